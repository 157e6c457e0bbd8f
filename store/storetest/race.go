package storetest

import (
	"outcry"
	"outcry/store"
)

var races = []promise{
	{"Race_OneOfManyWithTheSameBaseWins", func(m *market) {
		shop := m.shop().ID
		for range 5 {
			q := m.request(1)
			m.write(q.ID, m.called(1, 0, shop))
			base := m.end(q.ID)
			errs := together(64, func(int) error {
				_, err := m.Commit(m.ctx, outcry.Batch{Request: q.ID, Base: base, Events: []outcry.Event{
					m.offer(q.ID, 0, shop), m.declined(0, shop),
				}})
				return err
			})
			m.same("winners", count(errs, ""), 1)
			m.same("stale", count(errs, "stale"), 63)
			log, err := m.RequestLog(m.ctx, q.ID, base, 0)
			m.ok(err)
			m.same("events", len(log), 2)
		}
	}},
	{"Race_AtMostAsManyOrdersAsAccepted", func(m *market) {
		const accepts = 3
		nodes := []*store.Store{m.Store}
		if other := m.another(); other != nil {
			nodes = append(nodes, other)
		}
		q, orders := m.deal(accepts, 24)
		errs := together(len(orders), func(i int) error { return m.accept(nodes[i%len(nodes)], orders[i]) })
		m.same("orders made", count(errs, ""), accepts)
		m.same("refused", count(errs, "already_accepted"), len(orders)-accepts)
		made, _, err := m.Orders(m.ctx, store.OrderFilter{Request: q.ID}, outcry.Page{})
		m.ok(err)
		m.same("orders there", len(made), accepts)
		m.same("events", m.end(q.ID), int64(1+accepts))
	}},
	{"Race_OneOfferBecomesOneOrder", func(m *market) {
		q, orders := m.deal(10, 1)
		errs := together(16, func(int) error { return m.accept(m.Store, m.order(q, 0, orders[0].Shop)) })
		m.same("orders made", count(errs, ""), 1)
		m.same("refused", count(errs, "already_accepted"), 15)
	}},
	{"Race_EmailIsTakenOnce", func(m *market) {
		errs := together(16, func(i int) error {
			email := []string{"ann@example.org", "Ann@Example.org", "ANN@EXAMPLE.ORG"}[i%3]
			return m.AddMember(m.ctx, outcry.Member{ID: m.id(outcry.MemberPrefix), Email: email}, "")
		})
		m.same("joined", count(errs, ""), 1)
		m.same("taken", count(errs, "email_taken"), 15)
	}},
	{"Race_ManyRequestsDoNotDisturbEachOther", func(m *market) {
		shops := m.shops(3)
		requests := make([]outcry.Request, 32)
		for i := range requests {
			requests[i] = m.request(1)
		}
		for i, err := range together(len(requests), func(i int) error {
			id, base := requests[i].ID, int64(0)
			for _, e := range []outcry.Event{
				m.called(1, 0, shops...), m.offer(id, 0, shops[0]), m.offer(id, 1, shops[1]), m.declined(2, shops[2]),
				m.closed(outcry.ClosedEnough),
			} {
				events, err := m.Commit(m.ctx, outcry.Batch{Request: id, Base: base, Events: []outcry.Event{e}})
				if err != nil {
					return err
				}
				base = events[0].Seq
			}
			return nil
		}) {
			m.ok(err)
			log, err := m.RequestLog(m.ctx, requests[i].ID, 0, 0)
			m.ok(err)
			m.same("events", len(log), 5)
		}
		open, err := m.OpenRequests(m.ctx)
		m.ok(err)
		m.same("open requests", len(open), 0)
	}},
}

// accept makes o as a buyer's client would: it tries again while others are
// quicker.
func (m *market) accept(s *store.Store, o outcry.Order) error {
	for {
		log, err := s.RequestLog(m.ctx, o.Request, 0, 0)
		if err != nil {
			return err
		}
		_, err = s.Commit(m.ctx, outcry.Batch{
			Request: o.Request, Base: log[len(log)-1].Seq, Placed: []outcry.Order{o},
			Events: []outcry.Event{{At: m.tick(), Kind: outcry.EventOrder, Shop: o.Shop, Order: &outcry.OrderStep{
				Order: o.ID, Offer: o.Offer, State: o.State, By: outcry.PartyBuyer,
			}}},
		})
		if outcry.CodeOf(err) != "stale" {
			return err
		}
	}
}
