// Package line brings events to those whom they concern, live and without a
// gap: shops hear of calls, buyers see their boards move (the delivery side of
// steps 4, 7 and 8 of 9). Everybody follows the one log by a cursor. Whoever
// cannot keep up, or was away, reads on from the cursor; nobody waits for them.
package line

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"outcry"
)

// Log is the durable log as the line reads it.
type Log interface {
	// Tail gives events with numbers above after, in order.
	Tail(ctx context.Context, after int64, limit int) ([]outcry.Event, error)
	// LastSeq is the number of the newest event.
	LastSeq(ctx context.Context) (int64, error)
	// RequestLog gives the events of one request with numbers above after.
	RequestLog(ctx context.Context, request string, after int64, limit int) ([]outcry.Event, error)
	// ShopLog gives the events that concern one shop with numbers above after;
	// reset says that there are too many to catch up.
	ShopLog(ctx context.Context, shop string, after int64, limit int) (events []outcry.Event, reset bool, err error)
}

const (
	// gapWait is for how long an event may be missing before it is read from
	// the log.
	gapWait = 50 * time.Millisecond
	// pollEvery is how often the log is looked at though nobody rang.
	pollEvery = time.Second
	// readPage is how many events are read at once.
	readPage = 500
)

// Tail puts events into the order of the log and hands each to the ears that
// listen for it. Rings come in any order; what is missing is read from the log.
type Tail struct {
	log    Log
	warn   *slog.Logger
	missed chan struct{} // holds a token while an event is missing

	mu      sync.Mutex
	last    int64                  // all up to here were handed out
	pending map[int64]outcry.Event // rung, but something before them is missing
	ears    map[Topic]*Ear
}

// NewTail is a tail of the log from its present end on; Run must be called.
func NewTail(ctx context.Context, log Log, warn *slog.Logger) (*Tail, error) {
	last, err := log.LastSeq(ctx)
	if err != nil {
		return nil, err
	}
	return &Tail{
		log: log, warn: warn, missed: make(chan struct{}, 1), last: last,
		pending: map[int64]outcry.Event{}, ears: map[Topic]*Ear{},
	}, nil
}

// Ring takes events that are durable.
func (t *Tail) Ring(events []outcry.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, e := range events {
		switch {
		case e.Seq == t.last+1: // as most are
			t.last++
			t.hand(e)
		case e.Seq > t.last:
			t.pending[e.Seq] = e
		}
	}
	if len(t.pending) > 0 {
		t.drain()
	}
	if len(t.pending) > 0 {
		select {
		case t.missed <- struct{}{}:
		default:
		}
	}
}

// drain hands out what follows without a gap. The lock is held.
func (t *Tail) drain() {
	for {
		e, ok := t.pending[t.last+1]
		if !ok {
			return
		}
		delete(t.pending, e.Seq)
		t.last = e.Seq
		t.hand(e)
	}
}

// hand gives an event to the ears that it concerns. The lock is held.
func (t *Tail) hand(e outcry.Event) {
	n := &News{Event: e}
	t.tell(Topic{}, n)
	if e.Request != "" {
		t.tell(RequestTopic(e.Request), n)
	}
	if e.Shop != "" {
		t.tell(ShopTopic(e.Shop), n)
	}
	for i := range e.Hearers {
		t.tell(ShopTopic(e.Hearers[i].Shop), n)
	}
}

func (t *Tail) tell(topic Topic, n *News) {
	for ear := t.ears[topic]; ear != nil; ear = ear.next {
		ear.hear(n)
	}
}

// Run reads from the log what rings did not bring, until ctx ends.
func (t *Tail) Run(ctx context.Context) error {
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-poll.C:
		case <-t.missed:
			if !pause(ctx, gapWait) {
				return nil
			}
		}
		if err := t.catchUp(ctx); err != nil && ctx.Err() == nil {
			t.warn.Warn("the log could not be read; trying again", "error", err)
		}
	}
}

// pause waits; false when ctx ended before.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// catchUp reads the log from the last event handed out.
func (t *Tail) catchUp(ctx context.Context) error {
	for {
		t.mu.Lock()
		after := t.last
		t.mu.Unlock()
		events, err := t.log.Tail(ctx, after, readPage)
		if err != nil || len(events) == 0 {
			return err
		}
		for i := range events {
			if err := t.address(ctx, &events[i]); err != nil {
				return err
			}
		}
		t.takeIn(events)
		if len(events) < readPage {
			return nil
		}
	}
}

// takeIn hands out events read from the log, in their order.
func (t *Tail) takeIn(events []outcry.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, e := range events {
		if e.Seq <= t.last {
			continue
		}
		delete(t.pending, e.Seq)
		t.last = e.Seq
		t.hand(e)
	}
	t.drain()
}

// address finds the shops that an event read from the log concerns.
func (t *Tail) address(ctx context.Context, e *outcry.Event) error {
	switch {
	case e.Wave != nil:
		for _, c := range e.Wave.Calls {
			e.Hearers = append(e.Hearers, outcry.Hearer{Shop: c.Shop, N: c.N})
		}
	case e.Closing != nil || e.Change != nil:
		before, err := t.log.RequestLog(ctx, e.Request, 0, outcry.MaxCalls)
		if err != nil {
			return err
		}
		for _, w := range before {
			if w.Wave != nil && w.Seq < e.Seq {
				for _, c := range w.Wave.Calls {
					e.Hearers = append(e.Hearers, outcry.Hearer{Shop: c.Shop, N: c.N})
				}
			}
		}
	}
	return nil
}
