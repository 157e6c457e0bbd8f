package hook

import (
	"context"

	"outcry"
	"outcry/line"
)

const (
	// lagSpan is how much of the log is gone through at once for one target, and
	// lagPage how many of its events are read.
	lagSpan = 20_000
	lagPage = mostHeld / 2
)

// catchUp reads the log for targets that lag, each in turn a piece, until ctx
// ends.
func (s *Sender) catchUp(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.behind:
		}
		for t := s.laggard(); t != nil && ctx.Err() == nil; t = s.laggard() {
			if err := s.readFor(ctx, t); err != nil && ctx.Err() == nil {
				s.Warn.Warn("the log could not be read for a webhook; trying again", "webhook", t.hook.ID, "error", err)
				pause(ctx, readPause)
				s.mu.Lock()
				s.nudge(t)
				s.mu.Unlock()
			}
		}
	}
}

// laggard takes the first of those that are to be read for.
func (s *Sender) laggard() *target {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.laggards) == 0 {
		return nil
	}
	t := s.laggards[0]
	s.laggards[0] = nil
	s.laggards = s.laggards[1:]
	t.nudged = false
	return t
}

// readFor reads a piece of the log for a target. When it has all that was handed
// out, it lags no more.
func (s *Sender) readFor(ctx context.Context, t *target) error {
	s.mu.Lock()
	from, to, shop := t.read, min(t.read+lagSpan, s.taken), t.hook.Shop
	if !t.lagging || !t.roomy() {
		s.mu.Unlock()
		return nil
	}
	if from >= s.taken {
		t.lagging = false
		s.mu.Unlock()
		return nil
	}
	s.mu.Unlock()
	events, err := s.Log.ShopEvents(ctx, shop, from, to, lagPage)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.takeIn(t, events, to)
	out := s.admit()
	s.mu.Unlock()
	s.launch(out) //nolint:contextcheck // an attempt has the sender's own time
	return nil
}

// takeIn gives a target the events that were read for it up to a number: a page
// of them, for which it has room.
func (s *Sender) takeIn(t *target, events []outcry.Event, to int64) {
	if len(events) == lagPage {
		to = events[len(events)-1].Seq
	}
	for i := range events {
		e := &line.News{Event: events[i]}
		if kind := kindOf(&e.Event); kind != "" && t.wants(kind) && !t.stopped() {
			s.accept(t, e, kind, &letter{})
		}
	}
	t.read = max(t.read, to)
	s.nudge(t)
}
