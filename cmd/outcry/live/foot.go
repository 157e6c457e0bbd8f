package live

import (
	"outcry"
	"outcry/cmd/outcry/column"
	"outcry/wire"
)

// foot draws what has just happened, the question that stands, or the keys.
func (d *drawing) foot() {
	if d.Notice != "" {
		style := d.Strong
		if d.Bad {
			style = d.Bell
		}
		d.line("")
		d.text(" ", d.Notice, 2, style)
	}
	if d.Done {
		return
	}
	d.line("")
	switch d.Mode {
	case Accepting:
		if o, ok := d.Choice(); ok {
			d.question(o)
			return
		}
	case Leaving:
		d.line(" " + d.Strong.Render("Withdraw this request and leave?"))
		d.text("   ", "Shops are told at once; offers can no longer be accepted.", 2, d.Second)
		d.keys("y", "withdraw and leave", "n", "stay")
		return
	case Browsing:
	}
	d.keys(d.offered()...)
}

// question asks whether to accept an offer, with its terms.
func (d *drawing) question(o wire.BoardOffer) {
	d.text(" ", "Accept "+o.Price.String()+" from "+column.Clean(o.Shop.Name)+"?", 2, d.Deal.Bold(true))
	terms := "You can have it " + When(o.AvailableAt, d.now) + "."
	if o.AvailableAt == nil {
		terms = "You can have it at once."
	}
	d.text("   ", terms+" The terms are fixed then. The shop learns your name and exact place, and confirms.", 3, d.Second)
	d.keys("y", "accept "+o.Price.String(), "n", "back")
}

// offered are the keys that do something now, each with what it does.
func (d *drawing) offered() []string {
	if d.Order != nil {
		switch {
		case d.Order.State == outcry.OrderFulfilled:
			return []string{"c", "I have it", "q", "leave"}
		case d.Order.State == outcry.OrderCompleted && d.Order.Rated.ByBuyer == 0:
			return []string{"1-5", "stars", "q", "leave"}
		}
		return []string{"q", "leave"}
	}
	var keys []string
	if len(d.Live()) > 0 {
		keys = append(keys, "↑↓", "move", "enter", "accept", "s", "rank: "+string(d.Rank))
	}
	if d.Open() {
		return append(keys, "w", "wider", "e", "longer", "b", "broader", "q", "withdraw")
	}
	return append(keys, "q", "leave")
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
