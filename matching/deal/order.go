package deal

import (
	"time"
	"unicode/utf8"

	"outcry"
)

// Placed is the event of a new order.
func Placed(o outcry.Order) outcry.Event {
	return Moved(o, outcry.PartyBuyer)
}

// Moved is the event of an order that is now as given.
func Moved(o outcry.Order, by outcry.Party) outcry.Event {
	return outcry.Event{
		At: o.Updated, Kind: outcry.EventOrder, Request: o.Request, Shop: o.Shop,
		Order: &outcry.OrderStep{Order: o.ID, Offer: o.Offer, State: o.State, By: by, Reason: o.Reason},
	}
}

// Step moves an order. moved is false where it stood there already. A refusal
// and a cancelling give a reason.
func Step(o outcry.Order, verb outcry.OrderVerb, by outcry.Party, reason string, at time.Time) (outcry.Order, bool, error) {
	if utf8.RuneCountInString(reason) > outcry.MaxReason {
		return o, false, outcry.BadField("body.reason", "write at most %d characters", outcry.MaxReason)
	}
	to, moved, err := o.State.After(verb, by)
	if err != nil || !moved {
		return o, false, err
	}
	o.State, o.Updated = to, at
	if verb == outcry.Refuse || verb == outcry.Cancel {
		o.Reason = reason
	}
	return o, true, nil
}
