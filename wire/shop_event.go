package wire

import (
	"slices"

	"outcry"
)

// ClosedCall is the data of a shop's event closed.
type ClosedCall struct {
	ID       string              `json:"id" doc:"the call's"`
	State    outcry.CallState    `json:"state"`
	Reason   outcry.ClosedReason `json:"reason"`
	ClosedAt Time                `json:"closed_at"`
}

// BookNews is the data of a shop's event book.
type BookNews struct {
	Version int      `json:"version"`
	Codes   []string `json:"codes"`
	Changed []string `json:"changed,omitempty" doc:"the codes that mean something else since the operator changed the tree: other names, another parent, other forms, retired; one that is not among codes was replaced"`
}

// Hello is what a shop hears first on a new line.
type Hello struct {
	ShopID string `json:"shop_id"`
	Name   string `json:"name"`
	Book   Book   `json:"book"`
	At     Time   `json:"at" doc:"the server's time"`
}

// Frame is one event on a shop's line or in the answer to a long poll.
type Frame struct {
	Type string `json:"type"`
	Seq  int64  `json:"seq,omitzero" doc:"the cursor behind this event"`
	Ref  string `json:"ref,omitempty"`
	Data any    `json:"data"`
}

// Polled is the answer to a long poll.
type Polled struct {
	Items []Frame `json:"items"`
	Next  int64   `json:"next" doc:"the cursor for the next poll, given as ?after="`
	Reset bool    `json:"reset,omitzero" doc:"the past is gone: take the state anew"`
}

// ShopEvent is what a shop hears of an event; ok is false where it hears
// nothing: of others' offers, declines, messages and orders never, and of its
// own answers neither. call is the shop's call in the event's request; without
// it the shop hears of no call and no closing. A request that was extended or
// widened is its call once more, while it waits.
func ShopEvent(e outcry.Event, shop string, call *Call) (name string, data any, ok bool) {
	its := e.Shop == shop
	called := call != nil && call.ShopID == shop
	switch {
	case e.Wave != nil && called && calls(e.Wave, shop):
		return EventCall, *call, true
	case e.Change != nil && called && call.State == outcry.CallWaiting:
		return EventCall, *call, true
	case e.Closing != nil && called:
		return EventClosed, ClosedCall{ID: call.ID, State: call.State, Reason: e.Closing.Reason, ClosedAt: Time(e.At)}, true
	case e.Message != nil && its:
		return EventMessage, MessageOf(*e.Message), true
	case e.Order != nil && its:
		return EventOrder, orderNews(e), true
	case e.Book != nil && its:
		return EventBook, bookNews(e.Book), true
	}
	return "", nil, false
}

func bookNews(b *outcry.BookChange) BookNews {
	n := BookNews{Version: b.Version, Codes: Texts(b.Codes)}
	if len(b.Changed) > 0 {
		n.Changed = Texts(b.Changed)
	}
	return n
}

// calls says whether a wave calls the shop.
func calls(w *outcry.Wave, shop string) bool {
	return slices.ContainsFunc(w.Calls, func(c outcry.Called) bool { return c.Shop == shop })
}
