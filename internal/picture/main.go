// Command picture turns the screen of a terminal, as `tmux capture-pane -e`
// gives it on standard input, into an SVG picture on standard output.
// scripts/picture takes the picture of the README with it.
package main

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The size of a character and of the edge, in pixels.
const (
	charWidth  = 8.43
	lineHeight = 20
	edge       = 18
	fontSize   = 14
)

// The colours of the pit and of what is written on it.
const (
	ground = "#0D2A2F"
	ink    = "#F3F7F5"
)

func main() {
	if err := draw(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "picture:", err)
		os.Exit(1) //nolint:forbidigo // this is main
	}
}

// draw reads a screen and writes its picture.
func draw(in io.Reader, out io.Writer) error {
	var lines []string
	for scan := bufio.NewScanner(in); scan.Scan(); {
		lines = append(lines, strings.TrimRight(scan.Text(), " "))
	}
	for len(lines) > 0 && bare(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	width := 0
	for _, l := range lines {
		width = max(width, utf8.RuneCountInString(bare(l)))
	}
	w, h := float64(width)*charWidth+2*edge, len(lines)*lineHeight+2*edge
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %d" width="%.0f" height="%d" `, w, h, w, h)
	fmt.Fprintf(&b, `font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="%d" role="img">`, fontSize)
	fmt.Fprintf(&b, "\n<title>A live board in the terminal</title>\n<rect width=\"100%%\" height=\"100%%\" rx=\"8\" fill=\"%s\"/>\n", ground)
	p := pen{out: &b, colour: ink}
	for i, l := range lines {
		p.line(l, edge+float64(i)*lineHeight+0.75*lineHeight)
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(out, b.String())
	return err
}

// bare is a line without its escape sequences.
func bare(l string) string {
	var out strings.Builder
	for text, escaped := range pieces(l) {
		if !escaped {
			out.WriteString(text)
		}
	}
	return out.String()
}

// pieces splits a line into text and the arguments of its colour sequences.
func pieces(l string) func(yield func(text string, escaped bool) bool) {
	return func(yield func(string, bool) bool) {
		for l != "" {
			before, rest, found := strings.Cut(l, "\x1b[")
			if before != "" && !yield(before, false) {
				return
			}
			if !found {
				return
			}
			arguments, after, _ := strings.Cut(rest, "m")
			if !yield(arguments, true) {
				return
			}
			l = after
		}
	}
}

// pen writes text in its present colour.
type pen struct {
	out    *strings.Builder
	colour string
	bold   bool
}

// line writes one line with its base at y.
func (p *pen) line(l string, y float64) {
	column := 0
	for text, escaped := range pieces(l) {
		if escaped {
			p.set(strings.Split(text, ";"))
			continue
		}
		// Every character has its own place, so that the columns stand whatever
		// font there is.
		var places []string
		for range text {
			places = append(places, fmt.Sprintf("%.1f", edge+float64(column)*charWidth))
			column++
		}
		if strings.TrimSpace(text) == "" {
			continue
		}
		weight := ""
		if p.bold {
			weight = ` font-weight="bold"`
		}
		fmt.Fprintf(p.out, "<text xml:space=\"preserve\" y=\"%.1f\" x=\"%s\" fill=\"%s\"%s>%s</text>\n",
			y, strings.Join(places, " "), p.colour, weight, html.EscapeString(text))
	}
}

// set follows a colour sequence.
func (p *pen) set(arguments []string) {
	for i := 0; i < len(arguments); i++ {
		switch a := arguments[i]; {
		case a == "" || a == "0":
			p.colour, p.bold = ink, false
		case a == "1":
			p.bold = true
		case a == "39":
			p.colour = ink
		case a == "38" && i+2 < len(arguments) && arguments[i+1] == "5":
			p.colour = indexed(arguments[i+2])
			i += 2
		case a == "38" && i+4 < len(arguments) && arguments[i+1] == "2":
			p.colour = fmt.Sprintf("rgb(%s,%s,%s)", arguments[i+2], arguments[i+3], arguments[i+4])
			i += 4
		}
	}
}

// indexed is a colour of the 256 that terminals number: from 16 a cube of six
// steps a side, from 232 greys.
func indexed(text string) string {
	n, err := strconv.Atoi(text)
	switch {
	case err != nil || n < 16 || n > 255:
		return ink
	case n >= 232:
		grey := 8 + 10*(n-232)
		return fmt.Sprintf("rgb(%d,%d,%d)", grey, grey, grey)
	}
	step := func(v int) int {
		if v == 0 {
			return 0
		}
		return 55 + 40*v
	}
	n -= 16
	return fmt.Sprintf("rgb(%d,%d,%d)", step(n/36), step(n/6%6), step(n%6))
}
