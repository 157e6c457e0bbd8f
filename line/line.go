package line

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"outcry"
)

// Presence knows which shops have a live line.
type Presence interface {
	Connect(shop string, by int, at time.Time)
	Seen(shop string, at time.Time)
}

// Line serves live events over HTTP. Whoever calls it has checked that the
// caller may hear them.
type Line struct {
	Tail     *Tail
	Presence Presence
	Clock    func() time.Time
	// Board and Shop say what buyers and shops see of an event.
	Board Data
	Shop  func(shop string) Data
	// Hello is the first thing that a shop hears on a new connection without a
	// cursor: where it stands and the calls that wait for it.
	Hello func(ctx context.Context, shop string) (hello any, calls []any, err error)
	// Draining is closed when the server stops: open streams end, so that their
	// receivers come back elsewhere or later with their cursors.
	Draining <-chan struct{}
}

// ServeBoard streams the events of a request as server-sent events, or answers
// a long poll (?after=&wait=).
func (l *Line) ServeBoard(w http.ResponseWriter, r *http.Request, request string) error {
	read := func(ctx context.Context, after int64, limit int) ([]outcry.Event, bool, error) {
		events, err := l.Tail.log.RequestLog(ctx, request, after, limit)
		if err == nil && len(events) == 0 {
			last, err := l.Tail.log.LastSeq(ctx)
			return nil, after > last, err
		}
		return events, false, err
	}
	after, _, err := cursor(r)
	if err != nil {
		return err
	}
	return l.serve(w, r, session{topic: RequestTopic(request), read: read, data: l.Board, after: after})
}

// ServeShop streams the events that concern a shop, or answers a long poll.
// While a stream is open the shop counts as connected.
func (l *Line) ServeShop(w http.ResponseWriter, r *http.Request, shop string) error {
	read := func(ctx context.Context, after int64, limit int) ([]outcry.Event, bool, error) {
		return l.Tail.log.ShopLog(ctx, shop, after, limit)
	}
	after, resumes, err := cursor(r)
	if err != nil {
		return err
	}
	l.Presence.Connect(shop, 1, l.Clock())
	defer func() { l.Presence.Connect(shop, -1, l.Clock()) }()
	s := session{topic: ShopTopic(shop), read: read, data: l.Shop(shop), after: after}
	if !resumes {
		if s.after, err = l.Tail.log.LastSeq(r.Context()); err != nil {
			return err
		}
		if s.greeting, err = l.greeting(r.Context(), shop, s.after); err != nil {
			return err
		}
	}
	return l.serve(w, r, s)
}

// greeting is a shop's hello and the calls that wait for it. Only the last item
// has the cursor: who is cut off before it is greeted again.
func (l *Line) greeting(ctx context.Context, shop string, seq int64) ([]item, error) {
	hello, calls, err := l.Hello(ctx, shop)
	if err != nil {
		return nil, err
	}
	items := []item{{Type: "hello", Data: hello}}
	for _, call := range calls {
		items = append(items, item{Type: "call", Data: call})
	}
	items[len(items)-1].Seq = seq
	return items, nil
}

// session is one receiver's wish.
type session struct {
	topic    string
	read     read
	data     Data
	after    int64
	greeting []item // what it hears first
}

// serve follows the log for one receiver. The ear is opened before the log is
// read, so that nothing falls between.
func (l *Line) serve(w http.ResponseWriter, r *http.Request, s session) error {
	wait, polls, err := waiting(r)
	if err != nil {
		return err
	}
	ear := l.Tail.Listen(s.topic, queueSize)
	defer ear.Close()
	if polls {
		return l.poll(w, r, s, ear, wait)
	}
	out, err := openStream(w, r, s.data)
	if err != nil {
		return nil // the receiver is gone
	}
	if err := out.greet(s.greeting); err != nil {
		return nil
	}
	f := follower{
		ear: ear, read: s.read, send: out.send, beat: out.beat, reset: out.reset,
		every: beatEvery, draining: l.Draining,
	}
	_ = f.follow(r.Context(), s.after) // an error here is a receiver that left: it comes back with its cursor
	return nil
}

// polled is the answer to a long poll.
type polled struct {
	Items []item `json:"items"`
	Next  int64  `json:"next"` // the cursor for the next poll
	Reset bool   `json:"reset,omitempty"`
}

type item struct {
	Type string `json:"type"`
	Seq  int64  `json:"seq,omitzero"`
	Data any    `json:"data"`
}

// poll answers at once when there are events, else when one comes or the time
// is over.
func (l *Line) poll(w http.ResponseWriter, r *http.Request, s session, ear *Ear, wait time.Duration) error {
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	answer := polled{Items: append([]item{}, s.greeting...), Next: s.after}
	for {
		events, reset, err := s.read(r.Context(), answer.Next, readPage)
		if err != nil {
			return err
		}
		if reset {
			answer.Reset = true
			if answer.Next, err = ear.tail.log.LastSeq(r.Context()); err != nil {
				return err
			}
		}
		for _, e := range events {
			answer.Next = e.Seq
			if name, data, ok := s.data(r.Context(), e); ok {
				answer.Items = append(answer.Items, item{Type: name, Seq: e.Seq, Data: data})
			}
		}
		if len(answer.Items) > 0 || reset {
			break
		}
		select {
		case <-ear.C:
			continue
		case <-ctx.Done():
		case <-l.Draining:
		}
		break
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		return fmt.Errorf("answer a poll: %w", err)
	}
	return nil
}
