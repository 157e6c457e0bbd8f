package outcry

import (
	"encoding/json"
	"time"
)

// Order is an accepted offer with fixed terms, and its life after that.
type Order struct {
	ID      string
	Request string
	Offer   string
	Shop    string
	Buyer   string
	Terms   Terms
	// Contact is how the shop reaches the buyer.
	Contact string
	State   OrderState
	Reason  string // of a refusal or cancelling
	Created time.Time
	Updated time.Time
	// Stars that each side gave the other; 0 before.
	BuyerRated, ShopRated int
}

// Terms are what was agreed. They never change after acceptance.
type Terms struct {
	Code       Code            `json:"code"`
	Quantity   int             `json:"quantity"`
	Price      Money           `json:"price"`
	Asked      json.RawMessage `json:"asked,omitempty"`      // the request's attributes
	Attributes json.RawMessage `json:"attributes,omitempty"` // the offer's
	Message    string          `json:"message,omitempty"`
	Note       string          `json:"note,omitempty"`
	NeededAt   *time.Time      `json:"needed_at,omitempty"`
	Available  *time.Time      `json:"available_at,omitempty"`
	Version    int             `json:"offer_version"`
	Place      Place           `json:"place"` // the buyer's, exact
	Accepted   time.Time       `json:"accepted_at"`
}

// OrderState is where an order stands.
type OrderState string

// The states of an order.
const (
	OrderPlaced    OrderState = "placed"    // accepted by the buyer
	OrderConfirmed OrderState = "confirmed" // the shop will do it
	OrderFulfilled OrderState = "fulfilled" // the shop has done it
	OrderCompleted OrderState = "completed" // the buyer has it
	OrderRefused   OrderState = "refused"   // the shop will not
	OrderCancelled OrderState = "cancelled" // called off by either
)

// OrderVerb is something that a party does to an order.
type OrderVerb string

// The verbs.
const (
	Confirm  OrderVerb = "confirm"
	Refuse   OrderVerb = "refuse"
	Fulfil   OrderVerb = "fulfil"
	Complete OrderVerb = "complete"
	Cancel   OrderVerb = "cancel"
)

// move is one allowed step of the order's life.
type move struct {
	from OrderState
	verb OrderVerb
	by   Party
	to   OrderState
}

// moves are all the steps there are: who may do what, and when.
var moves = []move{
	{OrderPlaced, Confirm, PartyShop, OrderConfirmed},
	{OrderPlaced, Refuse, PartyShop, OrderRefused},
	{OrderPlaced, Cancel, PartyBuyer, OrderCancelled},
	{OrderPlaced, Cancel, PartyShop, OrderCancelled},
	{OrderConfirmed, Fulfil, PartyShop, OrderFulfilled},
	{OrderConfirmed, Cancel, PartyBuyer, OrderCancelled},
	{OrderConfirmed, Cancel, PartyShop, OrderCancelled},
	{OrderFulfilled, Complete, PartyBuyer, OrderCompleted},
}

// After is the state to which verb takes an order in state s when party does
// it. A step already taken gives the same state again and moved false, so that
// a repeated call is harmless. A verb that the party never has is Forbidden; one
// that the state does not allow is a Conflict.
func (s OrderState) After(verb OrderVerb, by Party) (to OrderState, moved bool, err error) {
	theirs := false
	for _, m := range moves {
		if m.verb != verb || m.by != by {
			continue
		}
		if m.from == s {
			return m.to, true, nil
		}
		theirs = true
		to = m.to
	}
	switch {
	case !theirs:
		return s, false, &Error{Op: string(verb) + " order", Kind: Forbidden, Code: "wrong_party",
			Msg: "the " + string(by) + " cannot " + string(verb) + " an order"}
	case to == s:
		return s, false, nil
	}
	return s, false, &Error{Op: string(verb) + " order", Kind: Conflict, Code: "wrong_state",
		Msg: "the order is " + string(s) + ", so it cannot be moved to " + string(to)}
}
