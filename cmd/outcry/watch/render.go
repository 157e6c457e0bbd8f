package watch

import (
	"fmt"
	"strings"
	"time"

	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/live"
)

// The narrowest and widest pictures, in cells, and the lowest, in lines.
const (
	narrowest = 20
	widest    = 140
	lowest    = 4
)

// Render draws a state at a moment, in at most State.Height lines of at most
// width cells. Times are shown in the moment's zone. It depends on nothing else.
func Render(s State, width int, now time.Time) string {
	d := drawing{State: s, Paint: live.Painted(s.Light), width: max(narrowest, min(width, widest)), now: now}
	height := max(lowest, s.Height)
	top, foot := d.part(d.head), d.part(d.foot)
	foot = foot[max(0, len(foot)-(height-len(top)-1)):]
	room := height - len(top) - len(foot)
	var middle []string
	switch s.Mode {
	case Helping:
		middle = d.part(d.help)
	case Writing:
		middle = d.thread(room)
	case Browsing, Pricing, Declining, Refusing:
		middle = d.list(room)
	}
	middle = middle[:min(len(middle), room)]
	for len(middle) < room {
		middle = append(middle, "")
	}
	return strings.Join(append(append(top, middle...), foot...), "\n")
}

// drawing is a picture in the making.
type drawing struct {
	State
	live.Paint
	width int
	now   time.Time
	lines []string
}

// part is what a function draws.
func (d *drawing) part(draw func()) []string {
	d.lines = nil
	draw()
	return d.lines
}

// line adds a line, cut to the width.
func (d *drawing) line(text string) { d.lines = append(d.lines, column.Cut(text, d.width)) }

// text adds a text in as many lines as it takes, at most most, each indented.
func (d *drawing) text(indent, text string, most int, style interface{ Render(...string) string }) {
	for _, line := range column.Wrap(text, d.width-column.Width(indent), most) {
		d.line(indent + style.Render(strings.TrimRight(line, " ")))
	}
}

// head says whose calls these are, how many of them wait, how many orders are to be
// confirmed, and what time it is.
func (d *drawing) head() {
	calls, orders := d.Waiting(d.now)
	name := d.Shop
	if name == "" {
		name = "Calling the market…"
	}
	count := fmt.Sprintf("%d waiting", calls)
	if orders > 0 {
		count += fmt.Sprintf(", %d to confirm", orders)
	}
	right := count + "  " + d.now.Format("15:04:05")
	room := d.width - column.Width(right) - 4
	left := " " + d.Signal.Render("⬡") + " " + d.Strong.Render(column.Left(name, max(0, room)))
	d.line(left + " " + d.Second.Render(right))
	if !d.Lost.IsZero() {
		d.line(" " + d.Bell.Render("No connection since "+d.Lost.In(d.now.Location()).Format("15:04:05")+". Trying again."))
	}
	if d.Unseen > 0 {
		d.line(" " + d.Bell.Render(fmt.Sprintf("%s not shown: too many at once.", live.Counted(d.Unseen, "call"))))
	}
}
