package outcry

import (
	"encoding/json"
	"time"
)

// Offer is a shop's answer to a call. Each revision is a version of it, from 1;
// a withdrawal is the last version.
type Offer struct {
	ID      string `json:"id"`
	Call    int    `json:"call"` // the call's number in its request
	Version int    `json:"version"`
	Bid
	At    time.Time `json:"at"`    // when this version was made
	First time.Time `json:"first"` // when its first version was made
}

// Bid is what a shop says in an offer.
type Bid struct {
	Price      Money           `json:"price"`
	Attributes json.RawMessage `json:"attributes,omitempty"`
	Message    string          `json:"message,omitempty"`
	// AvailableAt is when the buyer can have it; nil is at once.
	AvailableAt *time.Time `json:"available_at,omitempty"`
	// ValidUntil is how long the shop stands by it.
	ValidUntil time.Time `json:"valid_until"`
}

// MaxMessage is the longest text in an offer or a thread, in characters.
const MaxMessage = 2000

// OfferState is where an offer stands.
type OfferState string

// The states of an offer.
const (
	OfferLive      OfferState = "live"      // may be accepted
	OfferWithdrawn OfferState = "withdrawn" // taken back by the shop
	OfferExpired   OfferState = "expired"   // no longer stood by
	OfferAccepted  OfferState = "accepted"  // became an order
	OfferLost      OfferState = "lost"      // the buyer took others
)

// Decline is a shop's refusal of a call.
type Decline struct {
	Call   int    `json:"call"`
	Reason string `json:"reason,omitempty"`
}

// MaxReason is the longest reason of a decline or a cancelling, in characters.
const MaxReason = 300
