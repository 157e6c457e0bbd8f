package outcry

import "time"

// Event is one row of the log: something that happened, in the one order in
// which everything happened. Boards, calls and threads are what their events
// add up to. Kind says which one of the pointers is set.
type Event struct {
	// Seq is the event's number in the log, growing with time; it is the
	// cursor from which a client resumes.
	Seq     int64
	At      time.Time
	Kind    EventKind
	Request string // "" for events outside a request
	// Shop is the one shop concerned; "" for waves and closings, which concern
	// every shop called.
	Shop string

	Wave    *Wave
	Offer   *Offer
	Decline *Decline
	Change  *Change
	Closing *Closing
	Message *Message
	Order   *OrderStep
	Book    *BookChange

	// Hearers are the shops to be told, where they are many, and Asked is the
	// request as it stood then. Neither is kept in the log: what is read from it
	// has neither, or Hearers alone.
	Hearers []Hearer
	Asked   *Request
}

// Hearer is a called shop that an event is told to.
type Hearer struct {
	Shop  string
	N     int       // its call's number
	State CallState // of its call by then; "" where it is not known
}

// EventKind says what happened.
type EventKind string

// The kinds of event.
const (
	EventCalled         EventKind = "called"          // Wave: shops were called
	EventOffer          EventKind = "offer"           // Offer: a shop has offered
	EventOfferRevised   EventKind = "offer_revised"   // Offer: a new version
	EventOfferWithdrawn EventKind = "offer_withdrawn" // Offer: taken back
	EventDeclined       EventKind = "declined"        // Decline: a shop has refused
	EventChanged        EventKind = "changed"         // Change: extended or widened
	EventClosed         EventKind = "closed"          // Closing: no more answers
	EventMessage        EventKind = "message"         // Message: a party wrote
	EventOrder          EventKind = "order"           // Order: placed or moved on
	EventBook           EventKind = "book"            // Book: what a shop sells changed
)

// Change is an extension or a widening of an open request: the values that
// hold from now on.
type Change struct {
	Deadline time.Time `json:"deadline"`
	RadiusM  int       `json:"radius_m"`
	Code     Code      `json:"code"`
	Wanted   int       `json:"wanted_offers"`
}

// Closing says why a request takes no more answers.
type Closing struct {
	Reason ClosedReason `json:"reason"`
}

// OrderStep is one move of an order.
type OrderStep struct {
	Order  string     `json:"order_id"`
	Offer  string     `json:"offer_id"`
	State  OrderState `json:"state"`
	By     Party      `json:"by"`
	Reason string     `json:"reason,omitempty"`
}

// BookChange says that a shop's book has a new version.
type BookChange struct {
	Version int    `json:"version"`
	Codes   []Code `json:"codes"`
	// Changed are the codes that the book held before and that mean something
	// else since a change of the tree; one that is not in Codes was replaced.
	// None where the shop itself changed its book.
	Changed []Code `json:"changed,omitempty"`
}
