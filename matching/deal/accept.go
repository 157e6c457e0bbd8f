// Package deal is step 9 of 9: matching utilizing. It decides who may accept
// what, how an order moves, who may say what in a thread and who rates whom. Its
// functions are pure: they look at a board and an order and give the events that
// follow; the matching unit makes those durable and tells both sides.
package deal

import (
	"fmt"
	"time"
	"unicode/utf8"

	"outcry"
)

// MaxContact is the longest contact a buyer gives with an acceptance, in
// characters.
const MaxContact = 300

// Accept turns the offer of a call, exactly in the version that the buyer saw,
// into an order with fixed terms. id is the new order's. An offer that was
// accepted already is a Conflict that names its order.
func Accept(b *outcry.Board, c *outcry.Call, a Acceptance) (outcry.Order, error) {
	if utf8.RuneCountInString(a.Contact) > MaxContact {
		return outcry.Order{}, outcry.BadField("body.contact", "write at most %d characters", MaxContact)
	}
	if err := acceptable(b, c, a); err != nil {
		return outcry.Order{}, err
	}
	asked, o := b.Request, *c.Offer
	return outcry.Order{
		ID: a.ID, Request: asked.ID, Offer: o.ID, Shop: c.Shop, Buyer: asked.Buyer, Contact: a.Contact,
		State: outcry.OrderPlaced, Created: a.At, Updated: a.At,
		Terms: outcry.Terms{
			Code: asked.Code, Quantity: asked.Quantity, Price: o.Price, Asked: asked.Attributes,
			Attributes: o.Attributes, Message: o.Message, Note: asked.Note, NeededAt: asked.NeededAt,
			Available: o.AvailableAt, Version: o.Version, Place: asked.Place, Accepted: a.At,
		},
	}, nil
}

// Acceptance is what a buyer says in accepting.
type Acceptance struct {
	ID      string // of the order to be
	Version int    // the version that the buyer saw
	Contact string // how the shop reaches the buyer
	At      time.Time
}

// acceptable says why an offer cannot be accepted.
func acceptable(b *outcry.Board, c *outcry.Call, a Acceptance) error {
	refuse := func(code, format string, args ...any) error {
		return &outcry.Error{Op: "accept offer", Kind: outcry.Conflict, Code: code, Msg: fmt.Sprintf(format, args...)}
	}
	switch state := b.OfferState(c, a.At); state {
	case outcry.OfferLive:
	case outcry.OfferAccepted:
		return refuse("already_accepted", "this offer was accepted already: order %s", c.Order)
	case outcry.OfferLost:
		if b.Request.Reason == outcry.ClosedWithdrawn {
			return refuse("request_withdrawn", "the request was withdrawn; ask again")
		}
		if c.Order != "" {
			return refuse("already_accepted", "this offer became order %s, which is %s; pick another offer", c.Order, c.OrderState)
		}
		return refuse("already_accepted", "the request has become all the orders it may")
	case outcry.OfferExpired:
		return refuse("offer_expired", "the offer stood until %s", c.Offer.ValidUntil.UTC().Format(time.RFC3339))
	case outcry.OfferWithdrawn:
		return refuse("offer_withdrawn", "the shop has withdrawn this offer")
	default:
		return outcry.Missing("offer")
	}
	if a.Version != c.Offer.Version {
		return refuse("offer_changed", "the offer is at version %d (%s), not %d; look again",
			c.Offer.Version, c.Offer.Price, a.Version)
	}
	return nil
}
