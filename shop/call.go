package shop

import (
	"context"
	"iter"
	"net/url"
	"strconv"

	"outcry"
	"outcry/wire"
	"outcry/wire/dial"
)

// Calls are the shop's calls in those states, all where none is given, newest
// first.
func (c *Client) Calls(ctx context.Context, states ...outcry.CallState) iter.Seq2[wire.Call, error] {
	query := url.Values{}
	for _, s := range states {
		query.Add("state", string(s))
	}
	return dial.Pages[wire.Call](ctx, c.caller, c.path("calls"), query)
}

// Event is something that the shop hears. Kind says which one of the pointers
// is set; a kind of a newer server has none.
type Event struct {
	// Kind is one of wire.EventCall and its like, dial.Lost or dial.Back.
	Kind string
	// Seq is the cursor behind this event; 0 for dial.Lost and dial.Back.
	Seq int64
	// Data is the event as it came.
	Data []byte

	Hello   *wire.Hello
	Call    *wire.Call // a new call, or one whose request was extended or widened
	Closed  *wire.ClosedCall
	Book    *wire.BookNews // what the shop sells has changed: Acknowledge it
	Message *wire.Message
	Order   *wire.OrderNews
	// Err is why the line broke, with dial.Lost.
	Err error
}

// Watch gives what the shop hears, each once and in order. after is the cursor
// behind which it begins; 0 is from now, with a hello and the calls that wait.
// Where the line breaks it says dial.Lost, tries again by itself, and says
// dial.Back when it stands. After wire.EventReset what came in between is no
// longer kept: the calls that wait follow it, even such as were told before. It
// ends with ctx, with the caller's break, or with an error that trying again does
// not mend, such as a key that was removed.
func (c *Client) Watch(ctx context.Context, after int64) iter.Seq2[Event, error] {
	stream := dial.Stream{Path: c.path("events")}
	if after > 0 {
		stream.After = strconv.FormatInt(after, 10)
	}
	return func(yield func(Event, error) bool) {
		for raw, err := range c.caller.Follow(ctx, stream) {
			var e Event
			if err == nil {
				e, err = event(raw)
			}
			if err != nil {
				yield(Event{}, err)
				return
			}
			if !yield(e, nil) || e.Kind == wire.EventReset && !c.waiting(ctx, e.Seq, yield) {
				return
			}
		}
	}
}

// waiting tells the calls that wait; false ends the watch.
func (c *Client) waiting(ctx context.Context, seq int64, yield func(Event, error) bool) bool {
	for call, err := range c.Calls(ctx, outcry.CallWaiting) {
		if err != nil {
			yield(Event{}, err)
			return false
		}
		if !yield(Event{Kind: wire.EventCall, Seq: seq, Call: &call}, nil) {
			return false
		}
	}
	return true
}

func event(raw dial.Event) (Event, error) {
	e := Event{Kind: raw.Kind, Seq: raw.Seq(), Data: raw.Data, Err: raw.Err}
	var err error
	switch raw.Kind {
	case wire.EventHello:
		e.Hello, err = dial.Read[wire.Hello](raw)
	case wire.EventCall:
		e.Call, err = dial.Read[wire.Call](raw)
	case wire.EventClosed:
		e.Closed, err = dial.Read[wire.ClosedCall](raw)
	case wire.EventBook:
		e.Book, err = dial.Read[wire.BookNews](raw)
	case wire.EventMessage:
		e.Message, err = dial.Read[wire.Message](raw)
	case wire.EventOrder:
		e.Order, err = dial.Read[wire.OrderNews](raw)
	}
	return e, err
}
