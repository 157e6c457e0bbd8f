package buyer

import (
	"context"
	"iter"
	"net/url"
	"strconv"

	"outcry"
	"outcry/wire"
	"outcry/wire/dial"
)

// Board shows how a request stands: its offers in their rank. by ranks in
// another way than the request asked; "" does not.
func (c *Client) Board(ctx context.Context, request string, by outcry.Rank) (b wire.Board, err error) {
	query := url.Values{}
	if by != "" {
		query.Set("rank", string(by))
	}
	err = c.get(ctx, dial.Path("v1", "requests", request, "board"), query, &b)
	return b, err
}

// Event is something that happened to a request. Kind says which one of the
// pointers is set; a kind of a newer server has none.
type Event struct {
	// Kind is one of wire.EventCalled and its like, dial.Lost or dial.Back.
	Kind string
	// Seq is the cursor behind this event; 0 for dial.Lost and dial.Back.
	Seq int64
	// Data is the event as it came.
	Data []byte

	Called   *wire.Called
	Offer    *wire.OfferNews // offered, revised or withdrawn
	Declined *wire.Declined
	Closed   *wire.Closed
	Message  *wire.Message
	Order    *wire.OrderNews
	// Board is the board anew, with wire.EventReset: the events in between are
	// no longer kept.
	Board *wire.Board
	// Err is why the line broke, with dial.Lost.
	Err error
}

// Watch gives the events of a request behind the cursor after, each once and in
// order; 0 is from the start. Where the line breaks it says dial.Lost, tries
// again by itself, and says dial.Back when it stands. It goes on after the
// request is closed, since messages and orders come then, and ends with ctx,
// with the caller's break, or with an error that trying again does not mend.
func (c *Client) Watch(ctx context.Context, request string, after int64) iter.Seq2[Event, error] {
	stream := dial.Stream{Path: dial.Path("v1", "requests", request, "events")}
	if after > 0 {
		stream.After = strconv.FormatInt(after, 10)
	}
	return func(yield func(Event, error) bool) {
		for raw, err := range c.caller.Follow(ctx, stream) {
			var e Event
			if err == nil {
				e, err = c.event(ctx, request, raw)
			}
			if err != nil {
				yield(Event{}, err)
				return
			}
			if e.Seq > 0 && e.Seq <= after && e.Board == nil {
				continue // a board that came with a reset has it
			}
			if e.Seq > 0 {
				after = e.Seq
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

// event reads an event; for a reset it takes the board anew.
func (c *Client) event(ctx context.Context, request string, raw dial.Event) (Event, error) {
	e := Event{Kind: raw.Kind, Seq: raw.Seq(), Data: raw.Data, Err: raw.Err}
	var err error
	switch raw.Kind {
	case wire.EventCalled:
		e.Called, err = dial.Read[wire.Called](raw)
	case wire.EventOffer, wire.EventOfferRevised, wire.EventOfferWithdrawn:
		e.Offer, err = dial.Read[wire.OfferNews](raw)
	case wire.EventDeclined:
		e.Declined, err = dial.Read[wire.Declined](raw)
	case wire.EventClosed:
		e.Closed, err = dial.Read[wire.Closed](raw)
	case wire.EventMessage:
		e.Message, err = dial.Read[wire.Message](raw)
	case wire.EventOrder:
		e.Order, err = dial.Read[wire.OrderNews](raw)
	case wire.EventReset:
		var b wire.Board
		b, err = c.Board(ctx, request, "")
		e.Board, e.Seq = &b, b.Seq
	}
	return e, err
}
