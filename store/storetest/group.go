package storetest

import (
	"context"
	"errors"

	"outcry"
)

// impatient is a context that ends when somebody begins to wait for its end:
// after the write was queued.
type impatient struct {
	context.Context //nolint:containedctx // it is one
	leave           context.CancelFunc
}

// Done ends the context.
func (c impatient) Done() <-chan struct{} {
	c.leave()
	return c.Context.Done()
}

// queue puts a write into the queue of a writer that is held, and leaves.
func (m *market) queue(write func(context.Context) error) {
	m.Helper()
	ctx, leave := context.WithCancel(m.ctx)
	err := write(impatient{ctx, leave})
	m.fails(err, outcry.Unavailable, "maybe")
	if !errors.Is(err, context.Canceled) {
		m.Fatalf("error %v does not say that the context was cancelled", err)
	}
}

var groups = []promise{
	{"Group_AFailureDoesNotHarmItsNeighbours", func(m *market) {
		shop, q, calledBefore := m.shop().ID, m.request(1), m.request(1)
		m.write(calledBefore.ID, m.called(1, 0, shop))
		base := m.end(calledBefore.ID)
		other, orders := m.deal(3, 1)
		end := m.end(other.ID)
		no := errors.New("no")
		bad := []func() error{
			func() error { // fails when what waits is flushed
				_, err := m.Commit(m.ctx, outcry.Batch{Request: calledBefore.ID, Base: base, Events: []outcry.Event{
					m.declined(0, shop), m.called(2, 1, shop),
				}})
				return err
			},
			func() error { // fails after a statement has written
				_, err := m.Commit(m.ctx, outcry.Batch{Request: other.ID, Base: end, Placed: []outcry.Order{
					orders[0], m.order(other, 0, shop),
				}})
				return err
			},
			func() error { return m.AddShop(m.ctx, m.aShop("mem_none")) }, // fails in the database
			func() error { // fails by itself
				_, err := m.ChangeShop(m.ctx, shop, func(*outcry.Shop) error { return no })
				return err
			},
			func() error { // does not even fail decently
				_, err := m.ChangeShop(m.ctx, shop, func(*outcry.Shop) error { panic("out of order") })
				return err
			},
		}
		release := m.held(shop)
		defer release()
		good := make(chan []error, 1)
		failed := make(chan []error, 1)
		go func() { failed <- together(len(bad), func(i int) error { return bad[i]() }) }()
		go func() {
			good <- together(10, func(i int) error {
				if i == 0 {
					_, err := m.Commit(m.ctx, outcry.Batch{Request: q.ID, Events: []outcry.Event{m.called(1, 0, shop), m.offer(q.ID, 0, shop)}})
					return err
				}
				return m.AddRequest(m.ctx, m.aRequest(q.Buyer))
			})
		}()
		release()
		for _, err := range <-good {
			m.ok(err)
		}
		for i, err := range <-failed {
			m.same("failure", outcry.CodeOf(err), []string{"called_twice", "already_accepted", "not_found", "internal", "internal"}[i])
		}
		open, err := m.CountOpen(m.ctx, q.Buyer)
		m.ok(err)
		m.same("open requests", open, 10)
		m.same("events of the good", m.end(q.ID) > base, true)
		m.same("events of the bad", []int64{m.end(calledBefore.ID), m.end(other.ID)}, []int64{base, end})
		_, err = m.Order(m.ctx, orders[0].ID)
		m.fails(err, outcry.NotFound, "not_found")
		for i, e := range m.tail(0) {
			m.same("number", e.Seq, int64(i+1))
		}
	}},
	{"Group_BuyerLeavesButTheWriteIsDone", func(m *market) {
		shop, q := m.shop(), m.request(1)
		release := m.held(shop.ID)
		defer release()
		m.queue(func(ctx context.Context) error {
			_, err := m.Commit(ctx, outcry.Batch{Request: q.ID, Events: []outcry.Event{m.declined(0, shop.ID)}})
			return err
		})
		release()
		m.ok(m.AddRequest(m.ctx, m.aRequest(q.Buyer))) // behind it in the queue
		m.same("events", len(m.tail(0)), 1)
	}},
	{"Group_AFailureLeavesItsRequestAsItWas", func(m *market) {
		shop, q := m.shop().ID, m.request(1)
		m.write(q.ID, m.called(1, 0, shop))
		base := m.end(q.ID)
		release := m.held(shop)
		defer release()
		m.queue(func(ctx context.Context) error {
			_, err := m.Commit(ctx, outcry.Batch{Request: q.ID, Base: base, Events: []outcry.Event{
				m.declined(0, shop), m.called(2, 1, shop),
			}})
			return err
		})
		good := make(chan error, 1)
		go func() {
			_, err := m.Commit(m.ctx, outcry.Batch{Request: q.ID, Base: base, Events: []outcry.Event{m.offer(q.ID, 0, shop)}})
			good <- err
		}()
		release()
		m.ok(<-good)
		log, err := m.RequestLog(m.ctx, q.ID, base, 0)
		m.ok(err)
		m.same("events", len(log), 1)
		m.same("event", log[0].Kind, outcry.EventOffer)
	}},
	{"Group_SeesWhatWasQueuedBefore", func(m *market) {
		shop, q := m.shop(), m.aRequest(m.member().ID)
		release := m.held(shop.ID)
		defer release()
		m.queue(func(ctx context.Context) error { return m.AddRequest(ctx, q) })
		m.queue(func(ctx context.Context) error {
			_, err := m.Commit(ctx, outcry.Batch{Request: q.ID, Events: []outcry.Event{m.declined(0, shop.ID)}})
			return err
		})
		foreign := m.aRequest("mem_none")
		m.queue(func(ctx context.Context) error { return m.AddRequest(ctx, foreign) })
		m.queue(func(ctx context.Context) error {
			_, err := m.Commit(ctx, outcry.Batch{Request: foreign.ID, Events: []outcry.Event{m.declined(0, shop.ID)}})
			return err
		})
		release()
		m.ok(m.AddRequest(m.ctx, m.aRequest(q.Buyer))) // behind them in the queue
		tail := m.tail(0)
		m.same("events", len(tail), 1)
		m.same("request", tail[0].Request, q.ID)
	}},
	{"Group_NothingIsWrittenForOneWhoHasLeft", func(m *market) {
		q := m.request(1)
		ctx, leave := context.WithCancel(m.ctx)
		leave()
		_, err := m.Commit(ctx, outcry.Batch{Request: q.ID, Events: []outcry.Event{m.declined(0, "s")}})
		if !errors.Is(err, context.Canceled) || outcry.CodeOf(err) == "maybe" {
			m.Fatalf("error %v, want the cancelled context alone", err)
		}
		_, err = m.Shop(ctx, "shop_none")
		if !errors.Is(err, context.Canceled) {
			m.Fatalf("error %v of a read, want the cancelled context", err)
		}
		m.ok(m.AddRequest(m.ctx, m.aRequest(q.Buyer)))
		m.same("events", len(m.tail(0)), 0)
	}},
	{"Group_AFullQueueRefusesAtOnce", func(m *market) {
		shop := m.shop().ID
		release := m.held(shop)
		defer release()
		const writers = 6000
		answered := make(chan error, writers)
		for range writers {
			go func() { answered <- m.AddPick(m.ctx, "words", "x:a") }()
		}
		// While the writer is held, only refusals are answered.
		var refused *outcry.Error
		if err := <-answered; !errors.As(err, &refused) || refused.Code != "overloaded" || refused.Retry != 1 {
			m.Fatalf("error %v, want overloaded, try again after 1 s", err)
		}
		release()
		errs := []error{refused}
		for range writers - 1 {
			errs = append(errs, <-answered)
		}
		done := count(errs, "")
		m.same("answers", done+count(errs, "overloaded"), writers)
		picks, err := m.Picks(m.ctx)
		m.ok(err)
		m.same("picks", picks["words"]["x:a"], done)
	}},
}
