package hook

import (
	"context"
	"time"

	"outcry"
	"outcry/line"
)

const (
	// earSize is how many events wait to be handed to targets.
	earSize = 4096
	// readPage is how many events are read at once.
	readPage = 500
	// readPause is how long it waits after the log could not be read.
	readPause = time.Second
)

// follow hands every event to the targets that it concerns, in order, until ctx
// ends.
func (s *Sender) follow(ctx context.Context) error {
	wake, rung := line.Bell()
	ear := s.Tail.Listen(line.Topic{}, earSize, wake)
	defer ear.Close()
	gap := true
	for {
		if gap {
			gap = !s.readOn(ctx)
		}
		if !gap {
			news, missed := ear.Take()
			for i := range news {
				s.handOut(news[i]) //nolint:contextcheck // an attempt has the sender's own time
			}
			if gap = missed; gap {
				continue
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-rung:
		}
	}
}

// readOn hands out what the log has beyond what was; false where it could not be
// read now, which rings again.
func (s *Sender) readOn(ctx context.Context) bool {
	for {
		after, some := s.cursor()
		if !some { // nobody is to be told: a webhook that comes is told from where it was made
			return s.skip(ctx)
		}
		events, err := s.Log.Tail(ctx, after, readPage)
		for i := 0; i < len(events) && err == nil; i++ {
			err = s.address(ctx, &events[i])
			if err == nil {
				s.handOut(&line.News{Event: events[i]}) //nolint:contextcheck // an attempt has the sender's own time
			}
		}
		switch {
		case err != nil && ctx.Err() == nil:
			s.Warn.Warn("the log could not be read for webhooks; trying again", "error", err)
			pause(ctx, readPause)
		case err != nil:
			return false
		case len(events) < readPage:
			return true
		}
	}
}

func (s *Sender) cursor() (taken int64, some bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.taken, len(s.targets) > 0
}

// skip moves to the end of the log.
func (s *Sender) skip(ctx context.Context) bool {
	last, err := s.Log.LastSeq(ctx)
	if err != nil {
		pause(ctx, readPause)
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken = max(s.taken, last)
	return true
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// address finds the shops that an event read from the log concerns.
func (s *Sender) address(ctx context.Context, e *outcry.Event) error {
	switch {
	case e.Wave != nil:
		for _, c := range e.Wave.Calls {
			e.Hearers = append(e.Hearers, outcry.Hearer{Shop: c.Shop, N: c.N})
		}
	case e.Closing != nil || e.Change != nil:
		before, err := s.Log.RequestLog(ctx, e.Request, 0, 0)
		if err != nil {
			return err
		}
		for _, w := range before {
			if w.Wave == nil || w.Seq > e.Seq {
				continue
			}
			for _, c := range w.Wave.Calls {
				e.Hearers = append(e.Hearers, outcry.Hearer{Shop: c.Shop, N: c.N})
			}
		}
	}
	return nil
}

// kindOf is what shops are told of an event; "" for nothing.
func kindOf(e *outcry.Event) outcry.Told {
	switch {
	case e.Wave != nil || e.Change != nil:
		return outcry.ToldCall
	case e.Closing != nil:
		return outcry.ToldClosed
	case e.Message != nil:
		return outcry.ToldMessage
	case e.Order != nil:
		return outcry.ToldOrder
	case e.Book != nil:
		return outcry.ToldBook
	}
	return ""
}

// handOut hands an event to the targets of the shops that it concerns.
func (s *Sender) handOut(e *line.News) {
	kind := kindOf(&e.Event)
	s.mu.Lock()
	if e.Seq <= s.taken {
		s.mu.Unlock()
		return
	}
	s.taken = e.Seq
	if kind != "" {
		if e.Shop != "" {
			s.give(e, e.Shop, kind)
		}
		for i := range e.Hearers {
			s.give(e, e.Hearers[i].Shop, kind)
		}
	}
	out := s.admit()
	s.mu.Unlock()
	s.launch(out)
}

// give hands an event to the targets of a shop.
func (s *Sender) give(e *line.News, shop string, kind outcry.Told) {
	var l *letter
	for _, t := range s.shops[shop] {
		switch {
		case !t.wants(kind) || t.stopped():
		case t.lagging:
			s.nudge(t)
		case t.held() >= mostHeld:
			s.lag(t, e.Seq-1)
		default:
			if l == nil {
				l = &letter{}
			}
			s.accept(t, e, kind, l)
		}
	}
}
