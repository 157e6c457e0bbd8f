// Package column lines up text in a terminal by its display width: a Korean or
// Chinese letter takes two cells, a combining mark none.
package column

import (
	"slices"
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// Column is one column of a table.
type Column struct {
	Head  string
	Right bool // figures stand at the right
	// Min is the width in cells to which the column may be cut; 0 is never cut.
	Min int
	// Drop says in which order columns go when the table is too wide: the
	// highest first, 0 never.
	Drop int
}

// gap is what stands between columns.
const gap = "  "

// Lines draws the head and the rows in at most width cells; each row has a cell
// for every column. Where that is too narrow, columns are cut to their Min, the
// widest first, then dropped by their Drop. Without rows there is the head alone.
func Lines(columns []Column, rows [][]string, width int) []string {
	natural := make([]int, len(columns))
	for i, c := range columns {
		natural[i] = Width(c.Head)
		for _, row := range rows {
			natural[i] = max(natural[i], Width(row[i]))
		}
	}
	keep, widths := fit(columns, natural, width)
	lines := make([]string, 0, 1+len(rows))
	head := make([]string, len(columns))
	for i, c := range columns {
		head[i] = c.Head
	}
	for _, row := range append([][]string{head}, rows...) {
		cells := make([]string, len(keep))
		for at, i := range keep {
			if columns[i].Right {
				cells[at] = Right(row[i], widths[i])
			} else {
				cells[at] = Left(row[i], widths[i])
			}
		}
		lines = append(lines, Cut(strings.TrimRight(strings.Join(cells, gap), " "), width))
	}
	return lines
}

// fit says which columns stand within width, and how wide each of them is.
func fit(columns []Column, natural []int, width int) (keep, widths []int) {
	for i := range columns {
		keep = append(keep, i)
	}
	for {
		widths = slices.Clone(natural)
		if cut(columns, keep, widths, width) {
			return keep, widths
		}
		first := -1
		for _, i := range keep {
			if d := columns[i].Drop; d > 0 && (first < 0 || d > columns[first].Drop) {
				first = i
			}
		}
		if first < 0 {
			return keep, widths
		}
		keep = slices.DeleteFunc(keep, func(i int) bool { return i == first })
	}
}

// cut makes the widest columns narrower until all stand within width; false
// where they cannot.
func cut(columns []Column, keep, widths []int, width int) bool {
	for {
		over, widest := -width-len(gap), -1
		for _, i := range keep {
			over += widths[i] + len(gap)
			if m := columns[i].Min; m > 0 && widths[i] > m && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		switch {
		case over <= 0:
			return true
		case widest < 0:
			return false
		}
		widths[widest]--
	}
}

// Width is how many cells a text takes; colours take none.
func Width(text string) int { return ansi.StringWidth(text) }

// Cut shortens a text to at most width cells, with "…" at the end of what was
// cut.
func Cut(text string, width int) string { return ansi.Truncate(text, max(0, width), "…") }

// Left cuts or fills a text to exactly width cells, the text at the left.
func Left(text string, width int) string {
	text = Cut(text, width)
	return text + strings.Repeat(" ", max(0, width-Width(text)))
}

// Right cuts or fills a text to exactly width cells, the text at the right.
func Right(text string, width int) string {
	text = Cut(text, width)
	return strings.Repeat(" ", max(0, width-Width(text))) + text
}

// Wrap breaks a text into lines of at most width cells, at most most of them;
// the last ends with "…" where more follows.
func Wrap(text string, width, most int) []string {
	if text == "" || width < 1 || most < 1 {
		return nil
	}
	lines := strings.Split(ansi.Wrap(text, width, ""), "\n")
	if len(lines) <= most {
		return lines
	}
	rest := strings.Join(lines[most-1:], " ")
	return append(lines[:most-1:most-1], Cut(rest, width))
}

// Clean makes a text that came from outside safe to show on one line: what
// would move the cursor, change colours or turn the direction of writing is
// gone, and every run of white space is one space.
func Clean(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r == unicode.ReplacementChar, unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, ansi.Strip(text))
	return strings.Join(strings.Fields(text), " ")
}
