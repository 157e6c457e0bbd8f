package live

import (
	"fmt"
	"strings"
	"time"

	"outcry"
	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/input"
	"outcry/wire"
)

// head says what was asked for and where.
func (d *drawing) head() {
	r := d.Board.Request
	what := column.Clean(d.asked())
	code := r.Code
	if d.Name != "" && !strings.EqualFold(d.Name, what) {
		code = column.Clean(d.Name) + "  " + code
	}
	room := d.width - column.Width(code) - 5
	if room < 12 {
		room, code = d.width-3, ""
	}
	d.line(" " + d.Signal.Render(shapeOffer) + " " + d.Strong.Render(column.Cut(what, room)) + "  " + d.Third.Render(code))
	d.text("   ", strings.Join(d.terms(), ", "), 2, d.Second)
	d.line("")
}

// terms are the rest of what was asked.
func (d *drawing) terms() []string {
	r := d.Board.Request
	terms := []string{fmt.Sprintf("within %s of %.4g, %.4g", input.Distance(r.RadiusM), r.Place.Lat, r.Place.Lon)}
	if r.Quantity > 1 {
		terms = append(terms, fmt.Sprintf("quantity %d", r.Quantity))
	}
	if r.Budget != nil {
		terms = append(terms, "up to "+r.Budget.Max.String())
	}
	if r.NeededAt != nil {
		terms = append(terms, "needed "+When(r.NeededAt, d.now))
	}
	terms = append(terms, Attributes(r.Attributes)...)
	return append(terms, Counted(r.Wanted, "offer")+" wanted")
}

// lastCall is how long before the deadline time turns vermilion.
const lastCall = 10 * time.Second

// time shows how much of it is left, as a figure and as a bar, or why there is
// none; and since when the line is broken, where it is.
func (d *drawing) time() {
	r := d.Board.Request
	if d.Open() {
		d.left(r)
	} else {
		d.text(" ", closing(r.ClosedReason, time.Time(r.ClosedAt).In(d.now.Location())), 2, d.Strong)
		d.bar(0, d.Third)
	}
	if !d.Lost.IsZero() {
		d.line(" " + d.Bell.Render("No connection since "+d.Lost.In(d.now.Location()).Format("15:04:05")+". Trying again."))
	}
}

// left shows the time that is left of an open request: vermilion in the end,
// grey while the line is broken.
func (d *drawing) left(r wire.Request) {
	deadline := time.Time(r.Deadline)
	left := max(0, deadline.Sub(d.now))
	colour := d.Signal
	if left <= lastCall {
		colour = d.Bell
	}
	if !d.Lost.IsZero() {
		colour = d.Third
	}
	d.line(" " + colour.Bold(true).Render(Clock(left)) + " left to answer")
	whole := deadline.Sub(time.Time(r.CreatedAt))
	share := 0.0
	if whole > 0 {
		share = float64(left) / float64(whole)
	}
	d.bar(share, colour)
}

// bar draws a share of the time as a line across the picture.
func (d *drawing) bar(share float64, left interface{ Render(...string) string }) {
	cells := d.width - 2
	lit := min(cells, int(share*float64(cells)+0.999))
	d.line(" " + left.Render(strings.Repeat(barLeft, lit)) + d.Third.Render(strings.Repeat(barSpent, cells-lit)))
}

// Clock writes a time as minutes and seconds, 0:42, or with hours, 2:00:42. A
// second that has begun counts.
func Clock(left time.Duration) string {
	s := int((left + time.Second - 1) / time.Second)
	switch {
	case s >= 48*3600:
		return fmt.Sprintf("%d days", s/86400)
	case s >= 3600:
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// closing says in words why a request closed.
func closing(reason outcry.ClosedReason, at time.Time) string {
	words := map[outcry.ClosedReason]string{
		outcry.ClosedEnough: "enough offers", outcry.ClosedDeadline: "time is up",
		outcry.ClosedWithdrawn: "you withdrew it", outcry.ClosedAccepted: "you accepted",
		outcry.ClosedNobody: "time is up and nobody offered",
	}[reason]
	return "Closed at " + at.Format("15:04:05") + ": " + words + "."
}

// tally counts the answers, each with its shape.
func (d *drawing) tally() {
	n := d.counts()
	d.line(" " + d.Signal.Render(shapeOffer) + " " + Counted(n.Offered, "offer") +
		"   " + shapeWaiting + fmt.Sprintf(" %d waiting", n.Waiting) +
		"   " + shapeDecline + fmt.Sprintf(" %d declined", n.Declined) +
		d.Third.Render(fmt.Sprintf("   %d called", n.Called)))
}

// Counted is a number with its noun: "1 offer", "3 offers".
func Counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
