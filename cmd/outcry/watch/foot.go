package watch

import (
	"fmt"
	"strings"

	"outcry"
	"outcry/cmd/outcry/column"
	"outcry/wire"
)

// foot draws what has just happened, the question that stands, and the keys.
func (d *drawing) foot() {
	if d.Notice != "" {
		style := d.Strong
		if d.Bad {
			style = d.Bell
		}
		d.text(" ", d.Notice, 2, style)
	}
	l := d.Choice()
	switch {
	case d.Mode == Helping:
		d.keys("any key", "back")
	case l == nil:
		d.keys("?", "help", "q", "leave")
	case d.Mode == Pricing:
		d.pricing(l)
	case d.Mode == Declining:
		d.reasons("Decline "+d.name(l.Call.Request.Code)+"?", declines)
	case d.Mode == Refusing:
		d.reasons("Refuse the order?", refusals)
	case d.Mode == Writing:
		d.line(" " + d.Strong.Render("> ") + tail(column.Clean(d.Typed+"."), d.width-5) + "▏")
		d.keys("enter", "send", "esc", "back")
	default:
		before := len(d.lines)
		if d.keys(d.offered(l)...); d.Height < enoughForKeys {
			d.lines = d.lines[:before+1]
		}
	}
}

// enoughForKeys is the height of the picture, in lines, from which all keys are
// shown, and not those of the first line alone.
const enoughForKeys = 14

// tail is the end of what is typed, without the full stop that kept its last
// space, in at most width cells.
func tail(text string, width int) string {
	r := []rune(strings.TrimSuffix(text, "."))
	for len(r) > 0 && column.Width(string(r)) > width {
		r = r[1:]
	}
	return string(r)
}

// pricing draws the price that is being typed.
func (d *drawing) pricing(l *Line) {
	what := d.name(l.Call.Request.Code)
	if n := l.quantity(); n > 1 {
		what = fmt.Sprintf("all %d %s", n, what)
	}
	price := " " + d.Typed + "▏ " + d.currency(l)
	d.line(" " + d.Strong.Render(column.Cut("Offer for "+what+":", d.width-column.Width(price)-2)) + d.Strong.Render(price))
	if bid, err := d.typed(l, d.now); err == nil {
		if b := l.Call.Request.Budget; b != nil && bid.Price.Amount > b.Max.Amount {
			d.line(" " + d.Bell.Render("Above the budget of "+b.Max.String()+"."))
		}
	}
	d.keys("enter", "offer", "esc", "back")
}

// reasons draws the reasons of which one is to be picked, as many to a line as
// fit.
func (d *drawing) reasons(question string, reasons []string) {
	d.line(" " + d.Strong.Render(question))
	pairs := make([]string, 0, 2*len(reasons)+2)
	for i, r := range reasons {
		if r == "" {
			r = "no reason"
		}
		pairs = append(pairs, fmt.Sprint(i+1), r)
	}
	d.keys(append(pairs, "esc", "back")...)
}

// offered are the keys that do something now, each with what it does.
func (d *drawing) offered(l *Line) []string {
	var keys []string
	bid, known := d.template(l, d.now)
	switch {
	case l.Order != nil && l.Order.State == outcry.OrderPlaced:
		keys = append(keys, "c", "confirm", "x", "refuse")
	case l.Order != nil && l.Order.State == outcry.OrderConfirmed:
		keys = append(keys, "f", "fulfilled")
	case l.Order != nil || l.left(d.now) == 0 || l.Call.State == outcry.CallDeclined:
	case known:
		keys = append(keys, "t", bid.Price.String(), "0-9", "price")
	default:
		keys = append(keys, "0-9", "price")
	}
	if l.Order == nil && l.offer() == nil && l.open(d.now) {
		keys = append(keys, "d", "decline")
	}
	if l.offer() != nil {
		keys = append(keys, "u", "take back")
	}
	return append(keys, "?", "help", "m", "message", "↑↓", "move", "q", "leave")
}

// keys draws pairs of a key and what it does, as many lines as they take.
func (d *drawing) keys(pairs ...string) {
	line := ""
	for i := 0; i+1 < len(pairs); i += 2 {
		next := d.Strong.Render(pairs[i]) + " " + d.Second.Render(pairs[i+1])
		switch {
		case line == "":
			line = next
		case column.Width(line)+2+column.Width(next) > d.width-1:
			d.line(" " + line)
			line = next
		default:
			line += "  " + next
		}
	}
	d.line(" " + line)
}

// help draws all keys, each with what it does.
func (d *drawing) help() {
	const key = 7
	for _, k := range [][2]string{
		{"↑↓ j k", "choose a call"}, {"0-9 .", "type a price; enter offers it"},
		{"t", "offer the price of the list, or the last one"}, {"d", "decline, with a reason"},
		{"u", "take the last offer back"}, {"c x f", "confirm, refuse, fulfil an order"},
		{"m", "read and write messages"}, {"q", "leave; offers stand"},
	} {
		d.line(" " + d.Strong.Render(column.Left(k[0], key)) + " " + d.Second.Render(k[1]))
	}
}

// thread draws the messages of the chosen line, the last ones, in at most room
// lines.
func (d *drawing) thread(room int) []string {
	l := d.Choice()
	if l == nil {
		return nil
	}
	head := d.part(func() {
		d.line(" " + d.Strong.Render(column.Cut(d.need(l), d.width-2)))
		if len(l.Thread) == 0 {
			d.line(" " + d.Second.Render("No messages yet."))
		}
	})
	lines := d.part(func() {
		for _, s := range l.Thread {
			style := d.Second
			if s.From == outcry.PartyBuyer {
				style = d.Signal
			}
			d.text("  ", said(s), mostDetail, style)
		}
	})
	return append(head, lines[max(0, len(lines)-max(1, room-len(head))):]...)
}

// said is a message in a line.
func said(s wire.Message) string {
	who := "Buyer: "
	if s.From == outcry.PartyShop {
		who = "You: "
	}
	return who + column.Clean(s.Text)
}
