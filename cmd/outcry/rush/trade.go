package rush

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// match has buyers trade as fast as they can, everything durable.
func (w *work) match(ctx context.Context) error {
	s, err := w.trade(ctx, Step{Step: "match", Over: w.Over}, true)
	if err == nil {
		w.got.MatchesPerS, w.got.ServerCPUUS = s.PerS, s.serverUS()
		w.got.Steps = append(w.got.Steps, s)
	}
	return err
}

// line does the same with the database in memory.
func (w *work) line(ctx context.Context) error {
	s, err := w.trade(ctx, Step{Step: "line", Over: w.Over}, false)
	if err == nil {
		w.got.LineCPUUS = s.serverUS()
		w.got.Steps = append(w.got.Steps, s)
	}
	return err
}

// hook does as match, with shops whose own software replies to webhooks.
func (w *work) hook(ctx context.Context) error {
	s, err := w.trade(ctx, Step{Step: "hook", Over: overHook}, true)
	if err == nil {
		w.got.HookCPUUS = s.serverUS()
		w.got.Steps = append(w.got.Steps, s)
	}
	return err
}

// trade measures buyers who ask the next request when the one before has closed.
func (w *work) trade(ctx context.Context, s Step, durable bool) (Step, error) {
	s.Buyers = w.Buyers
	err := w.play(ctx, &s, part{durable: durable, shops: w.Shops}, func(ctx context.Context, c *cast) error {
		c.over = s.Over
		if err := c.connect(0, w.Shops); err != nil {
			return err
		}
		l := loop{desk: c.desk, AtOnce: w.Buyers, For: w.For / 4}
		if err := c.warm(&s, "ask", l); err != nil {
			return err
		}
		w.Note("%s: %d shops are connected by %s, %d buyers ask for %s", s.Step, w.Shops, s.Over, w.Buyers, w.For)
		l.For = w.For
		return w.reap(ctx, c, &s, reaping{"ask", l})
	})
	return s, err
}

// warm has buyers ask before it is measured.
func (c *cast) warm(s *Step, do string, with any) error {
	var h harvest
	err := c.buyers.tell(do, with, &h)
	s.Warm, s.Failed, s.Failure = h.Answers, h.Failed, h.Failure
	return err
}

// reaping is what buyers are told to do.
type reaping struct {
	do   string
	with any
}

// reap has buyers ask and takes in what comes of it.
func (w *work) reap(ctx context.Context, c *cast, s *Step, r reaping) error {
	var h harvest
	err := w.profiled(c, func() error {
		return c.measure(s, func() (int, error) {
			err := c.buyers.tell(r.do, r.with, &h)
			return h.Answers, err
		})
	})
	if err != nil {
		return err
	}
	s.Matches, s.Answers, s.Failed = h.Matches, h.Answers, s.Failed+h.Failed
	if s.Failure == "" {
		s.Failure = h.Failure
	}
	s.PerS, s.AnswersS = float64(h.Matches)/h.Seconds, float64(h.Answers)/h.Seconds
	s.First, s.Whole, s.Late = h.First, h.Whole, h.Late
	if err := c.balance(ctx, s); err != nil {
		return err
	}
	if h.Matches == 0 {
		return fmt.Errorf("no request came to its end: %s; shops: %s", s.Failure, s.Calls.Problem)
	}
	w.Note("%s: %d matches in %.1f s, %.1f us of the server's CPU an answer", s.Step, s.Matches, s.Seconds, s.serverUS())
	return nil
}

// half has requests come by chance, half as many as the server can take: what
// buyers wait for when there is room. A tenth of them never have enough and close
// at their deadlines.
func (w *work) half(ctx context.Context) error {
	rate := w.Rate
	if rate == 0 && w.got.MatchesPerS == 0 {
		w.Note("half: first, how many the server can take")
		s, err := w.trade(ctx, Step{Step: "match", Over: w.Over}, true)
		if err != nil {
			return err
		}
		w.got.MatchesPerS = s.PerS
		defer func() { w.got.MatchesPerS = 0 }()
	}
	if rate == 0 {
		rate = w.got.MatchesPerS / 2
	}
	s := Step{Step: "half", Over: w.Over, Rate: rate}
	err := w.play(ctx, &s, part{durable: true, shops: w.Shops}, func(ctx context.Context, c *cast) error {
		c.over = w.Over
		if err := c.connect(0, w.Shops); err != nil {
			return err
		}
		r := rain{desk: c.desk, Rate: rate, For: w.For / 4, Seed: w.Seed}
		if err := c.warm(&s, "pour", r); err != nil {
			return err
		}
		w.Note("half: %.0f requests a second come for %s", rate, w.For)
		r.For, r.Seed = w.For, w.Seed+1
		return w.reap(ctx, c, &s, reaping{"pour", r})
	})
	if err != nil {
		return err
	}
	s.PerS, s.AnswersS = 0, 0 // they come as they like, and the last ones end later
	w.got.Steps = append(w.got.Steps, s)
	if s.First != nil {
		w.got.FirstP50MS, w.got.FirstP99MS = s.First.P50, s.First.P99
	}
	if s.Late != nil {
		w.got.CloseLateP50, w.got.CloseLateP99 = s.Late.P50, s.Late.P99
	}
	return nil
}

// patienceForOK is for how long the server may take to acknowledge the last offers, whose
// boards have them already, and how often that is looked at.
const (
	patienceForOK = 5 * time.Second
	lookAgain     = 20 * time.Millisecond
)

// errUneven says that something was lost or came twice.
var errUneven = errors.New("what shops heard and said and what boards showed do not agree")

// balance counts what shops have heard and said against what stood on boards. Where
// requests failed there is nothing to compare.
func (c *cast) balance(ctx context.Context, s *Step) error {
	s.Calls = &Tally{}
	for begin := time.Now(); ; {
		if err := c.shops.tell("tally", nil, s.Calls); err != nil {
			return err
		}
		t := s.Calls
		shown := s.Warm + s.Answers
		switch {
		case s.Failed > 0, t.even(shown, s.Over):
			return nil
		case time.Since(begin) > patienceForOK:
			return fmt.Errorf("%w: %d offers on boards, %+v", errUneven, shown, *t)
		}
		if !pause(ctx, lookAgain) {
			return ctx.Err()
		}
	}
}

// even says whether each call was heard and answered once and its offer shown. By
// webhook nobody acknowledges an offer, and a call may come again whose answer was
// not understood.
func (t *Tally) even(shown int, over string) bool {
	if t.Said != t.Heard || t.Refused > 0 || t.Lost > 0 {
		return false
	}
	if over == overHook {
		return t.Heard >= shown
	}
	return t.Heard == shown && t.Taken == shown
}
