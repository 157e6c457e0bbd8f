package rush

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"
)

// cast are the processes of one step.
type cast struct {
	desk
	dir                   string
	market, shops, buyers *process
	over                  string
}

// part says what a step plays with.
type part struct {
	durable bool
	shops   int // that there are
}

// play opens a market with its shops and buyers, does the work and ends
// everything. What the processes took in all is added to the step.
func (w *work) play(ctx context.Context, s *Step, with part, do func(ctx context.Context, c *cast) error) (err error) {
	s.Store, s.Shops, s.Load1 = "memory", with.shops, loadNow()
	if with.durable {
		s.Store = "durable"
	}
	dir, err := os.MkdirTemp(w.Dir, "outcry-rush-*")
	if err != nil {
		return fmt.Errorf("make a folder: %w; name another with --dir", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	ctx, stop := context.WithCancel(ctx) // ends what is left of the processes
	defer stop()
	c := &cast{desk: desk{Town: town{Seed: w.Seed, Shops: with.shops, Buyers: max(1, w.Buyers)}}, dir: dir}
	for _, side := range []struct {
		name string
		into **process
	}{{marketSide, &c.market}, {shopSide, &c.shops}, {buyerSide, &c.buyers}} {
		if *side.into, err = w.start(ctx, side.name); err != nil {
			return errors.Join(err, c.end(s))
		}
	}
	err = c.market.tell("open", opening{Dir: dir, Durable: with.durable, Town: c.Town}, &c.Address)
	if err == nil {
		err = do(ctx, c)
	}
	if gone := context.Cause(ctx); gone != nil {
		err = gone
	}
	return errors.Join(err, c.end(s))
}

// sides are the processes that run.
func (c *cast) sides() (all []*process) {
	for _, p := range []*process{c.buyers, c.shops, c.market} {
		if p != nil {
			all = append(all, p)
		}
	}
	return all
}

// end ends the processes, the server last.
func (c *cast) end(s *Step) (err error) {
	for _, p := range c.sides() {
		whole, gone := p.end()
		err = errors.Join(err, gone)
		for i := range s.Sides {
			if s.Sides[i].Side == p.name {
				s.Sides[i].WholeS = whole
			}
		}
	}
	return err
}

// connect connects shops.
func (c *cast) connect(from, to int) error {
	do := "connect"
	if c.over == overHook {
		do = "hook"
	}
	return c.shops.tell(do, crew{Address: c.Address, Town: c.Town, From: from, To: to, Over: c.over}, nil)
}

// watched does the work and notes what each process takes for it; the work gives
// how many answers there were, or whatever else one thing is.
func (c *cast) measure(s *Step, do func() (each int, err error)) error {
	before, busyBefore, err := c.spent()
	if err != nil {
		return err
	}
	begin := time.Now()
	each, err := do()
	if err != nil {
		return err
	}
	s.Seconds = time.Since(begin).Seconds()
	after, busyAfter, err := c.spent()
	if err != nil {
		return err
	}
	own := 0.0
	s.Sides = nil
	for i, p := range c.sides() {
		user, system := after[i].User-before[i].User, after[i].System-before[i].System
		own += user + system
		s.Sides = append(s.Sides, Used{
			Side: p.name, CPUS: user + system, System: system, AnswerUS: 1e6 * (user + system) / float64(max(1, each)), RSSMB: float64(after[i].RSS) / (1 << 20),
		})
	}
	if busyAfter > busyBefore {
		s.Others = max(0, busyAfter-busyBefore-own) / s.Seconds
	}
	return nil
}

// spent is what each process has taken so far, and all of the machine.
func (c *cast) spent() (each []spent, machine float64, err error) {
	for _, p := range c.sides() {
		var now spent
		if err := p.tell("spent", nil, &now); err != nil {
			return nil, 0, err
		}
		each = append(each, now)
	}
	machine, _ = busy()
	return each, machine, nil
}

// profiled does the work while a CPU profile of the server is made, where one is
// asked for.
func (w *work) profiled(c *cast, do func() error) error {
	if w.Profile == "" {
		return do()
	}
	if err := c.market.tell("profile", w.Profile, nil); err != nil {
		return err
	}
	return errors.Join(do(), c.market.tell("profiled", nil, nil))
}

// serverUS is the server's CPU an answer in a step, or whatever else was counted.
func (s *Step) serverUS() float64 {
	for _, u := range s.Sides {
		if u.Side == marketSide {
			return u.AnswerUS
		}
	}
	return 0
}

// settled is the memory of the server when nothing goes on.
func (c *cast) settled(ctx context.Context) (h heap, err error) {
	for range 3 { // what ends is ended a moment later
		runtime.Gosched()
		if !pause(ctx, settling) {
			return h, ctx.Err()
		}
		if err = c.market.tell("settle", nil, &h); err != nil {
			return h, err
		}
	}
	return h, nil
}

// settling is for how long a server is left alone before its memory is looked at.
const settling = 300 * time.Millisecond
