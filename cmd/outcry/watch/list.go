package watch

import (
	"fmt"
	"strings"
	"time"

	"outcry"
	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/input"
	"outcry/cmd/outcry/live"
)

// columns are those of the list.
var columns = []column.Column{
	{Head: " Left", Right: true},
	{Head: "Need", Min: 10},
	{Head: "Qty", Right: true, Drop: 2},
	{Head: "Budget", Right: true, Drop: 1},
	{Head: "Away", Right: true, Drop: 3},
	{Head: "State", Min: 14},
}

// enoughForHead and enoughForDetail are the heights of the list, in lines, from
// which it has a head, and more about the chosen line below it.
const (
	enoughForHead   = 6
	enoughForDetail = 8
	mostDetail      = 6
)

// list draws the calls in at most room lines, the chosen one always among them.
func (d *drawing) list(room int) []string {
	if len(d.Lines) == 0 {
		return d.part(d.nobody)
	}
	var detail []string
	if l := d.Choice(); l != nil && room >= enoughForDetail {
		detail = d.part(func() { d.detail(l) })
		detail = append([]string{""}, detail[:min(len(detail), mostDetail, room-enoughForHead)]...)
		room -= len(detail)
	}
	head := room >= enoughForHead
	if head {
		room--
	}
	shown, before, after := d.window(room)
	rows := make([][]string, len(shown))
	for i := range shown {
		rows[i] = d.row(&shown[i])
	}
	lines := column.Lines(columns, rows, d.width-2)
	return append(d.part(func() {
		if head {
			d.line("  " + d.Third.Render(lines[0]))
		}
		if before > 0 {
			d.line("  " + d.Third.Render(fmt.Sprintf("%d more above", before)))
		}
		for i := range shown {
			d.draw(&shown[i], lines[i+1])
		}
		if after > 0 {
			d.line("  " + d.Third.Render(fmt.Sprintf("%d more below", after)))
		}
	}), detail...)
}

// nobody says that no call waits.
func (d *drawing) nobody() {
	d.line("")
	d.line("  No call waits.")
	d.text("  ", "New ones appear here by themselves.", 2, d.Second)
}

// window is the part of the list that is shown in room lines, those of "more"
// counted.
func (d *drawing) window(room int) (shown []Line, before, after int) {
	all := d.Lines
	if len(all) <= room {
		return all, 0, 0
	}
	rows := max(1, room-2)
	before = max(0, min(d.index(d.Chosen)-rows/2, len(all)-rows))
	shown, after = all[before:before+rows], len(all)-before-rows
	if room < 3 { // there is no room to say how many more there are
		return shown, 0, 0
	}
	return shown, before, after
}

// row are the cells of a line.
func (d *drawing) row(l *Line) []string {
	r := l.Call.Request
	left, quantity, budget, away := "", "", "", ""
	if t := l.left(d.now); t > 0 {
		left = " " + live.Clock(t) // the place of the mark
	}
	if l.urgent(d.now) {
		left = "!" + live.Clock(l.left(d.now))
	}
	if r.Quantity > 1 {
		quantity = fmt.Sprint(r.Quantity)
	}
	if r.Budget != nil {
		budget = r.Budget.Max.String()
	}
	if r.DistanceM > 0 {
		away = input.Distance(r.DistanceM).String()
	}
	state := l.standing(d.now)
	if l.Unread > 0 {
		state = fmt.Sprintf("(%d) %s", l.Unread, state)
	}
	return []string{left, d.need(l), quantity, budget, away, column.Clean(state)}
}

// draw colours a line of the list by what it asks for: an order and a waiting
// call come forward, what is over steps back.
func (d *drawing) draw(l *Line, text string) {
	marker := "  "
	if l.Call.ID == d.Chosen {
		marker = d.Strong.Render("❯") + " "
	}
	switch {
	case l.urgent(d.now):
		text = d.Bell.Bold(true).Render(text)
	case l.Order != nil && l.Order.State == outcry.OrderPlaced:
		text = d.Deal.Bold(true).Render(text)
	case l.over(d.now):
		text = d.Third.Render(text)
	case l.open(d.now):
		text = d.Signal.Render(text)
	}
	d.line(marker + text)
}

// detail says more of the chosen line: all that is asked for, what the shop
// offers and what t would, and what went wrong.
func (d *drawing) detail(l *Line) {
	r := l.Call.Request
	if l.Trouble != "" {
		d.text("  ", "Not taken: "+l.Trouble, 2, d.Bell)
	}
	d.text("  ", d.need(l), 2, d.Strong)
	d.text("  ", strings.Join(d.terms(l), ", "), 2, d.Second)
	if o := l.Order; o != nil {
		d.text("  ", d.deal(l), 2, d.Deal)
		return
	}
	if o := l.offer(); o != nil {
		d.text("  ", "Your offer: "+o.Price.String()+", "+live.When(o.AvailableAt, d.now)+", stands until "+
			time.Time(o.ValidUntil).In(d.now.Location()).Format("15:04:05"), 2, d.Second)
	}
	if bid, ok := d.template(l, d.now); ok && l.left(d.now) > 0 {
		words := "t offers " + bid.Price.String()
		if bid.AvailableAt != nil {
			words += ", " + live.When(bid.AvailableAt, d.now)
		}
		if b := r.Budget; b != nil && bid.Price.Currency == b.Max.Currency && bid.Price.Amount > b.Max.Amount {
			words += ", above the budget"
		}
		d.text("  ", words, 1, d.Second)
	}
	if n := len(l.Thread); n > 0 {
		d.text("  ", said(l.Thread[n-1]), 2, d.Second)
	}
}

// terms are the rest of what is asked.
func (d *drawing) terms(l *Line) []string {
	r := l.Call.Request
	terms := []string{column.Clean(r.Code), fmt.Sprintf("quantity %d", l.quantity())}
	if r.Budget != nil {
		terms = append(terms, "up to "+r.Budget.Max.String())
	}
	if r.DistanceM > 0 {
		terms = append(terms, input.Distance(r.DistanceM).String()+" away")
	}
	if r.NeededAt != nil {
		terms = append(terms, "needed "+live.When(r.NeededAt, d.now))
	}
	return terms
}

// deal says what was agreed, and with whom.
func (d *drawing) deal(l *Line) string {
	o := l.Order
	words := []string{"Order " + o.ID, o.Terms.Price.String(), string(o.State)}
	if o.Terms.AvailableAt != nil {
		words = append(words, "promised "+live.When(o.Terms.AvailableAt, d.now))
	}
	for _, w := range []string{o.Buyer.Name, o.Buyer.Contact, o.Reason} {
		if w != "" {
			words = append(words, w)
		}
	}
	return column.Clean(strings.Join(words, ", "))
}
