package trial

import (
	"context"
	"slices"
	"time"

	"outcry"
)

// load is what a shop has before it: the calls that it has not answered, and
// when it was called in the last hour.
type load struct {
	open   int
	recent []time.Time
}

// take notes a call, and says whether it was beyond what people can deal with.
func (l *load) take(at time.Time) (beyond bool) {
	from := slices.IndexFunc(l.recent, func(t time.Time) bool { return at.Sub(t) < time.Hour })
	if from < 0 {
		from = len(l.recent)
	}
	l.recent = append(l.recent[:0], l.recent[from:]...)
	beyond = l.open >= mostOpen || len(l.recent) >= mostHourly
	l.open++
	l.recent = append(l.recent, at)
	return beyond
}

// hearCalls has the shops of a wave hear their calls.
func (m *market) hearCalls(c *course, e *outcry.Event) {
	for _, called := range e.Wave.Calls {
		t := m.by[called.Shop]
		beyond := m.loads[t.n].take(m.now)
		m.tally.call(c.asked, t, beyond)
		c.calls++
		n := len(c.called)
		c.called = append(c.called, call{trader: t, id: outcry.CallID(c.ID, called.N), open: true})
		said, ok := t.answer(m.seed, c.asked)
		if !ok || beyond && t.person() {
			continue
		}
		c.called[n].answer = said
		m.agenda.add(m.now.Add(said.After.Truncate(time.Millisecond)), func(ctx context.Context) error { return m.answerCall(ctx, c, n) })
	}
}

// free takes a call off what a shop has before it.
func (m *market) free(c *call) {
	if c.open {
		c.open = false
		m.loads[c.n].open--
	}
}

// answerCall has a shop answer its call of a request, unless it has heard that
// the request is closed.
func (m *market) answerCall(ctx context.Context, c *course, n int) error {
	v := &c.called[n]
	if c.closed {
		return nil
	}
	m.free(v)
	if v.Declines {
		_, err := m.market.Decline(ctx, v.actor, v.id, "")
		return err
	}
	v.bid = outcry.Bid{Price: v.price}
	if _, err := m.market.Offer(ctx, v.actor, v.id, v.bid); err != nil {
		if outcry.KindOf(err) == outcry.Closed { // in the millisecond of the deadline
			return nil
		}
		return err
	}
	m.again(c, n)
	return nil
}

// again has a shop send its offer again, as careless software does.
func (m *market) again(c *course, n int) {
	v := &c.called[n]
	if v.Repeats == 0 {
		return
	}
	v.Repeats--
	m.agenda.add(m.now.Add(20*time.Millisecond), func(ctx context.Context) error {
		m.again(c, n)
		m.tally.repeats++
		_, err := m.market.Offer(ctx, v.actor, v.id, v.bid)
		return err
	})
}

// hearClosing has all shops hear that a request is closed, and the buyer look at
// the board soon.
func (m *market) hearClosing(c *course) {
	c.closed, c.over = true, m.now.Sub(c.Created)
	for i := range c.called {
		m.free(&c.called[i])
		if m.Omniscient {
			m.taught = append(m.taught, c.called[i].trader)
		}
	}
	m.agenda.add(m.now.Add(m.pause(c.asked, "look", looks, looksUpTo)), func(ctx context.Context) error { return m.look(ctx, c) })
	m.agenda.add(m.now.Add(forgotten), func(context.Context) error {
		m.tally.end(c)
		m.journal.drop(c.ID)
		delete(m.courses, c.ID)
		return nil
	})
}
