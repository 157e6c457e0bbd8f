package directory

import (
	"io"
	"strings"

	"outcry"
)

// LoadGoogle reads the text of Google's product taxonomy with ids, plain or
// gzipped: lines such as
//
//	5181 - Luggage & Bags > Backpacks
//
// with "#" before comments. The codes are "google:5181"; the parent is the line
// whose path is one name shorter, wherever it stands in the text. A line that
// says anything else is skipped and reported with its reason. The error is
// Invalid where the text as a whole cannot be read.
func LoadGoogle(r io.Reader) ([]outcry.Signal, Report, error) {
	g := google{byPath: map[string]outcry.Code{}, taken: map[outcry.Code]bool{}}
	if err := eachLine(r, &g.report, g.read); err != nil {
		return nil, g.report, err
	}
	return g.signals(), g.report, nil
}

// google gathers lines until all paths are known.
type google struct {
	lines  []googleLine
	byPath map[string]outcry.Code
	taken  map[outcry.Code]bool
	report Report
}

type googleLine struct {
	line       int
	text       string
	code       outcry.Code
	path, name string
}

// read notes one line.
func (g *google) read(n int, text string) (reason string) {
	id, path, ok := strings.Cut(text, " - ")
	id = strings.TrimSpace(id)
	if !ok || id == "" || len(id) > 12 || strings.Trim(id, "0123456789") != "" {
		return "write NUMBER - Name > Name"
	}
	names := splitPath(path)
	if names == nil || len(names) > MaxDepth {
		return "a name of the path is empty or too long"
	}
	code := outcry.Code("google:" + id)
	path = strings.Join(names, " > ")
	_, twice := g.byPath[path]
	switch {
	case g.taken[code] || twice:
		return "the number or the path stands twice; the first line counts"
	case len(g.lines) == MaxSignals:
		return "a tree holds at most 200,000 codes"
	}
	g.taken[code], g.byPath[path] = true, code
	g.lines = append(g.lines, googleLine{n, text, code, path, names[len(names)-1]})
	return ""
}

// signals links the lines to their parents; a line without a parent is skipped
// with all below it.
func (g *google) signals() []outcry.Signal {
	var out []outcry.Signal
	for _, l := range g.lines {
		parent, ok := g.parent(l.path)
		if !ok {
			g.report.Taken--
			g.report.skip(l.line, l.text, "no line has its parent's path")
			continue
		}
		out = append(out, outcry.Signal{
			Code: l.code, Parent: parent, Names: map[string]string{"en": l.name}, Forms: defaultForms()[l.code],
		})
	}
	return out
}

// parent is the code one step up; ok is false where a step of the way up is
// missing.
func (g *google) parent(path string) (parent outcry.Code, ok bool) {
	up := path
	for first := true; ; first = false {
		i := strings.LastIndex(up, " > ")
		if i < 0 {
			return parent, true
		}
		up = up[:i]
		code, known := g.byPath[up]
		if !known {
			return "", false
		}
		if first {
			parent = code
		}
	}
}
