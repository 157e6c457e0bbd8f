package calling

import (
	"encoding/json"
	"math"
	"time"

	"outcry"
)

// Need is what a called shop learns of a request: neither who asks nor exactly
// where.
type Need struct {
	Code       outcry.Code
	Attributes json.RawMessage
	Note       string
	Quantity   int
	Budget     *outcry.Money
	PlaceCell  outcry.Place // the middle of a cell about 1 km wide
	DistanceM  int          // from the shop to that middle
	NeededAt   *time.Time
	Locale     string
}

// Card is a call as its shop sees it.
type Card struct {
	ID       string
	Shop     string
	Need     Need
	Deadline time.Time
	Wave     int
	At       time.Time
	State    outcry.CallState
	// Closed is when and why the request closed; zero while it is open.
	Closed time.Time
	Reason outcry.ClosedReason
	// Declined is why the shop refused, where it did.
	Declined string
	// Offer is the shop's own; nil before it has offered.
	Offer      *outcry.Offer
	OfferState outcry.OfferState
}

// Shops knows the shops that are called.
type Shops interface {
	Shop(id string) (outcry.Shop, bool)
}

// CardOf is a call as its shop sees it at that moment.
func CardOf(b *outcry.Board, c *outcry.Call, now time.Time, shops Shops) Card {
	asked := b.Request
	cell := asked.Place.Cell()
	shop, _ := shops.Shop(c.Shop)
	card := Card{
		ID: outcry.CallID(asked.ID, c.N), Shop: c.Shop, Deadline: asked.Deadline, Wave: c.Wave, At: c.At,
		State: b.CallState(c), Closed: asked.Closed, Reason: asked.Reason,
		OfferState: b.OfferState(c, now),
		Need: Need{
			Code: asked.Code, Attributes: asked.Attributes, Note: asked.Note, Quantity: asked.Quantity,
			Budget: asked.Budget, PlaceCell: cell, DistanceM: int(math.Round(shop.Place.DistanceM(cell))),
			NeededAt: asked.NeededAt, Locale: asked.Locale,
		},
	}
	if c.Offer != nil {
		o := *c.Offer
		card.Offer = &o
	}
	if c.Declined != nil {
		card.Declined = c.Declined.Reason
	}
	return card
}
