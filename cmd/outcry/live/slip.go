package live

import (
	"slices"
	"strings"
	"time"

	"outcry"
	"outcry/cmd/outcry/column"
	"outcry/wire"
)

// life are the states that an order passes when all goes well.
var life = []outcry.OrderState{outcry.OrderPlaced, outcry.OrderConfirmed, outcry.OrderFulfilled, outcry.OrderCompleted}

// Next says what happens next with an order, for its buyer.
func Next(o wire.Order) string {
	switch o.State {
	case outcry.OrderPlaced:
		return "Next: the shop confirms it."
	case outcry.OrderConfirmed:
		return "Next: the shop does it, and says so."
	case outcry.OrderFulfilled:
		return "Next: say that you have it."
	case outcry.OrderCompleted:
		if o.Rated.ByBuyer == 0 {
			return "Next: rate the shop, 1 to 5."
		}
		return "It is complete."
	case outcry.OrderRefused:
		return "The shop refused" + because(o.Reason)
	case outcry.OrderCancelled:
		return "It was cancelled" + because(o.Reason)
	}
	return ""
}

func because(reason string) string {
	if reason == "" {
		return "."
	}
	return ": " + column.Clean(reason) + "."
}

// order draws an accepted offer and where it stands.
func (d *drawing) order(o wire.Order) {
	shop := column.Clean(o.Shop.Name)
	d.text(" ", shapeDeal+" Accepted "+o.Terms.Price.String()+" from "+shop, 2, d.Deal.Bold(true))
	details := []string{"order " + o.ID}
	if o.Terms.AvailableAt != nil {
		details = append(details, "to be had "+When(o.Terms.AvailableAt, d.now))
	}
	details = append(details, Attributes(o.Terms.Attributes)...)
	d.text("   ", strings.Join(details, ", "), 2, d.Second)
	if o.Terms.Message != "" {
		d.text("   ", "\""+column.Clean(o.Terms.Message)+"\"", 3, d.Second)
	}
	if o.Shop.Contact != "" {
		d.text("   ", "Reach the shop: "+column.Clean(o.Shop.Contact), 2, d.Second)
	}
	d.line("")
	d.line("   " + d.steps(o.State))
	style := d.Strong
	if o.State == outcry.OrderRefused || o.State == outcry.OrderCancelled {
		style = d.Bell
	}
	d.text("   ", Next(o), 2, style)
	d.line("   " + d.Third.Render(capital(string(o.State))+" at "+time.Time(o.UpdatedAt).In(d.now.Location()).Format("15:04:05")))
}

// steps draws how far an order has come.
func (d *drawing) steps(state outcry.OrderState) string {
	at := slices.Index(life, state)
	steps := make([]string, len(life))
	for i, s := range life {
		if i <= at {
			steps[i] = d.Deal.Render(shapeDone + " " + string(s))
		} else {
			steps[i] = d.Third.Render(shapeWaiting + " " + string(s))
		}
	}
	if at < 0 {
		return d.Bell.Render(shapeDecline + " " + string(state))
	}
	return strings.Join(steps, "   ")
}
