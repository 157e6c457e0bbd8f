package matching

import (
	"context"
	"time"

	"outcry"
)

const (
	// rememberEvery is how often what was learned is kept.
	rememberEvery = 5 * time.Second
	// rememberAtOnce is how many rows are kept in one go.
	rememberAtOnce = 2000
)

// learn takes the lesson of an event that is durable: what shops did with the
// calls of a request that has closed, and whether they stood by what was
// accepted.
func (m *Market) learn(b *outcry.Board, e *outcry.Event) {
	var taught []string
	switch {
	case m.shadow:
		return
	case e.Closing != nil:
		taught = m.Learning.Close(b, e.Seq, m.Shops.Shop, m.held)
	case e.Order != nil:
		taught = m.Learning.Order(e.Shop, *e.Order, e.Seq)
	default:
		return
	}
	for at := m.learned.Load(); at < e.Seq && !m.learned.CompareAndSwap(at, e.Seq); at = m.learned.Load() {
	}
	m.figure(taught)
}

// figure hands what is known of shops to selecting.
func (m *Market) figure(shops []string) {
	for _, id := range shops {
		if shop, ok := m.Shops.Shop(id); ok {
			m.Shops.Figure(id, m.Learning.Figures(id, shop))
		}
	}
	if m.Learning.Moved() {
		m.Shops.Expect(m.Learning.Expect())
	}
}

// held is the code of its book by which a shop was asked for a code.
func (m *Market) held(shop string, code outcry.Code) outcry.Code {
	held, ok := m.Shops.Held(shop, m.Tree.Around(code))
	if !ok {
		return code // its book has changed since
	}
	return held
}

// recall brings back, at a start, what was learned, the calls of the last hour
// and the runs of the requests that are open, with their open calls.
func (m *Market) recall(ctx context.Context) ([]*run, error) {
	if err := m.relearn(ctx); err != nil {
		return nil, err
	}
	if err := m.Orders.CallsSince(ctx, m.now().Add(-time.Hour), func(shop string, at time.Time) error {
		m.Shops.Note(shop, at)
		return nil
	}); err != nil {
		return nil, err
	}
	open, err := m.Journal.OpenRequests(ctx)
	if err != nil {
		return nil, err
	}
	var runs []*run
	for _, request := range open {
		r, fresh := m.own(request.ID)
		if !fresh {
			continue
		}
		if r.board, err = m.load(ctx, request.ID); err != nil {
			return nil, err
		}
		r.resume()
		runs = append(runs, r)
	}
	return runs, nil
}

// relearn reads what was learned, and learns from what happened after that was
// kept.
func (m *Market) relearn(ctx context.Context) error {
	var known []string // in the order in which they are kept: neighbours are quicker to find
	if err := m.Memory.EachLearned(ctx, func(row outcry.Learned) error {
		if err := m.Learning.Restore(row); err != nil {
			m.Log.Error("a row of what was learned cannot be read and is learned anew", "subject", row.Subject, "error", err)
			return nil
		}
		known = append(known, row.Subject)
		return nil
	}); err != nil {
		return err
	}
	m.Shops.Expect(m.Learning.Expect())
	m.figure(known)
	after, err := m.Memory.LearnedUpTo(ctx)
	if err != nil {
		return err
	}
	m.learned.Store(after)
	for {
		events, err := m.Memory.Lessons(ctx, after, logPage)
		if err != nil {
			return err
		}
		for i := range events {
			b, err := m.load(ctx, events[i].Request)
			if err != nil {
				return err
			}
			m.learn(b, &events[i])
			after = events[i].Seq
		}
		if len(events) < logPage {
			return nil
		}
	}
}

// remember keeps what was learned, again and again and once more at the end.
// Lessons that came by the last time are all in what is kept now.
func (m *Market) remember(ctx context.Context) {
	tick := time.NewTicker(rememberEvery)
	defer tick.Stop()
	for upTo := m.learned.Load(); ; {
		select {
		case <-tick.C:
			next := m.learned.Load()
			m.keep(ctx, upTo)
			upTo = next
		case <-ctx.Done():
			m.keep(context.WithoutCancel(ctx), m.learned.Load())
			return
		}
	}
}

// keep writes the rows that have changed. What could not be written is written
// the next time.
func (m *Market) keep(ctx context.Context, upTo int64) {
	for {
		rows := m.Learning.Dirty(rememberAtOnce)
		last := len(rows) < rememberAtOnce
		if last && len(rows) == 0 && upTo <= m.saved {
			return
		}
		kept := int64(0) // the watermark moves with the last row
		if last {
			kept = upTo
		}
		if err := m.Memory.SaveLearned(ctx, rows, kept); err != nil {
			m.Learning.Redo(rows)
			m.Log.Warn("what was learned of shops could not be kept and is tried again", "rows", len(rows), "error", err)
			return
		}
		if last {
			m.saved = upTo
			return
		}
	}
}
