package shop

import (
	"context"
	"iter"

	"outcry/wire"
	"outcry/wire/dial"
)

// Event is something that the shop hears. Kind says which one of the pointers
// is set; a kind of a newer server has none.
type Event struct {
	// Kind is one of wire.EventCall and its like, dial.Lost or dial.Back.
	Kind string
	// Seq is the cursor behind this event; 0 for dial.Lost and dial.Back, and for
	// all but the last of the calls that follow a hello.
	Seq int64
	// Data is the event as it came.
	Data []byte
	// SSE says that it came as a server-sent event: the WebSocket of the line
	// cannot be had, since something between here and the market does not let it
	// through.
	SSE bool

	Hello   *wire.Hello
	Call    *wire.Call // a new call, or one whose request was extended or widened
	Closed  *wire.ClosedCall
	Book    *wire.BookNews // what the shop sells has changed: Acknowledge it
	Message *wire.Message
	Order   *wire.OrderNews
	// Err is why the line broke, with dial.Lost.
	Err error
}

// Watch gives what the shop hears, each once and in order, as Line.Events does.
// It is for those who hear and answer little: whoever answers many calls opens a
// Line, on which answers go up by the connection that the calls come down.
func (c *Client) Watch(ctx context.Context, after int64) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		line := c.Open(ctx, after)
		defer line.Close()
		for e, err := range line.Events(ctx) {
			if !yield(e, err) {
				return
			}
		}
	}
}

// event reads an event.
func event(raw dial.Event) (Event, error) {
	e := Event{Kind: raw.Kind, Seq: raw.Seq(), Data: raw.Data, SSE: raw.SSE, Err: raw.Err}
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
