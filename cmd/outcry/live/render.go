package live

import (
	"strings"
	"time"

	"outcry/cmd/outcry/column"
)

// The narrowest and widest pictures, in cells.
const (
	narrowest = 40
	widest    = 140
)

// Render draws a state at a moment, in lines of at most width cells. Times are
// shown in the moment's zone. It depends on nothing else.
func Render(s State, width int, now time.Time) string {
	d := drawing{State: s, Paint: Painted(s.Light), width: max(narrowest, min(width, widest)), now: now}
	d.head()
	d.time()
	d.tally()
	d.line("")
	if s.Order != nil {
		d.order(*s.Order)
	} else {
		d.offers()
	}
	d.foot()
	return strings.Join(d.lines, "\n")
}

// drawing is a picture in the making.
type drawing struct {
	State
	Paint
	width int
	now   time.Time
	lines []string
}

// line adds a line, cut to the width.
func (d *drawing) line(text string) { d.lines = append(d.lines, column.Cut(text, d.width)) }

// text adds a text in as many lines as it takes, at most most, each indented.
func (d *drawing) text(indent, text string, most int, style interface{ Render(...string) string }) {
	for _, line := range column.Wrap(text, d.width-column.Width(indent), most) {
		d.line(indent + style.Render(strings.TrimRight(line, " ")))
	}
}
