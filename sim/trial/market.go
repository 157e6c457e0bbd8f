package trial

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"outcry"
	"outcry/matching"
	"outcry/matching/learning"
	"outcry/matching/selection"
	"outcry/policy"
)

// market is the trade of a world under one policy, in virtual time. All of it
// happens in one goroutine.
type market struct {
	*world
	Contender
	market  *matching.Market
	shops   *selection.Index
	journal *journal
	agenda  agenda
	now     time.Time
	courses map[string]*course // requests that are not long over
	loads   []load             // by the trader's number
	taught  []*trader          // those that something was just learned of
	tally   tally
	alarmed error // what the market logged as wrong
}

// course is how a request goes.
type course struct {
	*asked
	outcome
	called []call // by number
	wake   time.Time
	closed bool
}

// call is one call of a request.
type call struct {
	*trader
	answer
	id      string
	open    bool // it counts as one before the shop
	offered bool
	bid     outcry.Bid
}

// forgotten is how long after its closing a request is dropped.
const forgotten = 10 * time.Minute

// newMarket opens a market in a world.
func newMarket(w *world, c Contender) (*market, error) {
	m := &market{
		world: w, Contender: c, shops: selection.NewIndex(), journal: newJournal(), now: w.begin(),
		courses: map[string]*course{}, loads: make([]load, len(w.traders)), tally: newTally(len(w.traders)),
	}
	rules, err := policy.Compile(c.Policy)
	if err != nil {
		return nil, fmt.Errorf("policy %s: %w", c.Name, err)
	}
	m.market = matching.Stepped(matching.Config{
		Journal: m.journal, Orders: m.journal, Memory: memory{}, Tree: anything{}, Forms: anything{}, Shops: m.shops,
		Learning: learning.New(rules.Policy), Bell: m, Policies: always{rules},
		Clock: func() time.Time { return m.now }, Random: chance{rand.New(rand.NewPCG(w.seed, 1))}, //nolint:gosec // a simulation must come out the same again
		Log: slog.New(alarm{&m.alarmed}),
	}, m.wakeAt)
	return m, nil
}

// run lets the market trade until everything is over.
func (m *market) run(ctx context.Context) (Figures, error) {
	if err := m.open(); err != nil {
		return Figures{}, err
	}
	for n := 0; ; n++ {
		e, ok := m.agenda.next()
		if !ok {
			return m.tally.figures(m.world), nil
		}
		if n%4096 == 0 && ctx.Err() != nil {
			return Figures{}, ctx.Err()
		}
		m.now = e.at
		if err := e.do(ctx); err != nil {
			return Figures{}, fmt.Errorf("%s at %s: %w", m.Name, m.now.Format(time.RFC3339), err)
		}
		if m.alarmed != nil {
			return Figures{}, fmt.Errorf("%s at %s: %w", m.Name, m.now.Format(time.RFC3339), m.alarmed)
		}
		if m.Omniscient {
			m.correct()
		}
	}
}

// open lets in the shops and the first buyer.
func (m *market) open() error {
	for _, t := range m.traders {
		if t.joins.IsZero() {
			if err := m.enter(t); err != nil {
				return err
			}
			continue
		}
		m.agenda.add(t.joins, func(context.Context) error { return m.enter(t) })
	}
	m.shops.Build()
	m.come(0)
	return nil
}

// enter has a shop join the market.
func (m *market) enter(t *trader) error {
	if err := enter(m.shops, t, m.now); err != nil {
		return err
	}
	if m.Omniscient {
		m.know(t)
	}
	return nil
}

// come has buyer number n ask, and the next one after it.
func (m *market) come(n int) {
	if n == len(m.asked) {
		return
	}
	a := m.asked[n]
	m.agenda.add(a.Created, func(ctx context.Context) error {
		m.come(n + 1)
		m.courses[a.ID] = &course{asked: a}
		m.journal.add(a.Request)
		return m.market.Start(ctx, a.Request)
	})
}

// wakeAt notes when a request wants to be woken.
func (m *market) wakeAt(request string, at time.Time) {
	c := m.courses[request]
	if c == nil {
		return
	}
	// The market's clock shows whole milliseconds: before the next one it is not
	// yet that time.
	if whole := at.Truncate(time.Millisecond); whole.Before(at) {
		at = whole.Add(time.Millisecond)
	}
	at = later(at, m.now)
	if at.Equal(c.wake) {
		return
	}
	c.wake = at
	m.agenda.add(at, func(ctx context.Context) error {
		if !c.wake.Equal(at) {
			return nil // another word came
		}
		c.wake = time.Time{}
		return m.market.Wake(ctx, request)
	})
}

// later is the later one of two times.
func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// Ring hears what the market tells of a request.
func (m *market) Ring(events []outcry.Event) {
	for i := range events {
		e := &events[i]
		c := m.courses[e.Request]
		switch {
		case e.Wave != nil:
			m.hearCalls(c, e)
		case e.Offer != nil:
			if !c.offered(e, m.now) {
				m.tally.taken++
			}
		case e.Closing != nil:
			m.hearClosing(c)
		case e.Order != nil && m.Omniscient:
			m.taught = append(m.taught, m.by[e.Shop])
		}
	}
}
