package wire

import (
	"encoding/json"
	"time"

	"outcry"
)

// Bid is the body of POST /v1/calls/{id}/offer and PUT /v1/offers/{id}.
type Bid struct {
	Price       outcry.Money    `json:"price"`
	Attributes  json.RawMessage `json:"attributes,omitempty" doc:"an object that fills in the code's offer form"`
	Message     string          `json:"message,omitempty" doc:"to the buyer, at most 2,000 characters"`
	AvailableAt *Time           `json:"available_at,omitempty" doc:"when the buyer can have it; none: at once"`
	ValidUntil  *Time           `json:"valid_until,omitempty" doc:"how long the shop stands by it; the policy's time unless said"`
}

// Bid is what the body says, in the words of the market.
func (b Bid) Bid() outcry.Bid {
	out := outcry.Bid{Price: b.Price, Attributes: b.Attributes, Message: b.Message, AvailableAt: b.AvailableAt.Std()}
	if b.ValidUntil != nil {
		out.ValidUntil = time.Time(*b.ValidUntil)
	}
	return out
}

// Offer is an offer as the shop that made it sees it.
type Offer struct {
	ID          string            `json:"id"`
	CallID      string            `json:"call_id"`
	Version     int               `json:"version" doc:"from 1; each revision and the withdrawal count"`
	State       outcry.OfferState `json:"state" enum:"live,withdrawn,expired,accepted,lost"`
	Price       outcry.Money      `json:"price"`
	Attributes  json.RawMessage   `json:"attributes,omitempty"`
	Message     string            `json:"message,omitempty"`
	AvailableAt *Time             `json:"available_at,omitempty"`
	ValidUntil  Time              `json:"valid_until"`
	CreatedAt   Time              `json:"created_at"`
	UpdatedAt   Time              `json:"updated_at"`
}

// OfferOf is an offer where it stands as state says.
func OfferOf(o outcry.Offer, state outcry.OfferState) Offer {
	call := ""
	if request, n, ok := outcry.RequestOf(o.ID); ok {
		call = outcry.CallID(request, n)
	}
	return Offer{
		ID: o.ID, CallID: call, Version: o.Version, State: state, Price: o.Price, Attributes: o.Attributes,
		Message: o.Message, AvailableAt: Maybe(o.AvailableAt), ValidUntil: Time(o.ValidUntil),
		CreatedAt: Time(o.First), UpdatedAt: Time(o.At),
	}
}
