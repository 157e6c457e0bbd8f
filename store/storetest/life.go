package storetest

import (
	"encoding/json"
	"sync"

	"outcry"
	"outcry/store"
)

// snapshot is what a store says of everything, to be compared.
func (m *market) snapshot(s *store.Store, q outcry.Request) string {
	m.Helper()
	var all []any
	note := func(v any, err error) {
		m.Helper()
		m.ok(err)
		all = append(all, v)
	}
	list := func(v any, _ string, err error) { note(v, err) }
	note(s.Member(m.ctx, q.Buyer))
	note(s.Request(m.ctx, q.ID))
	note(s.Tail(m.ctx, 0, 0))
	list(s.Shops(m.ctx, store.ShopFilter{}, outcry.Page{}))
	list(s.Orders(m.ctx, store.OrderFilter{}, outcry.Page{}))
	list(s.Audits(m.ctx, outcry.Page{}))
	note(s.Signals(m.ctx))
	note(s.Picks(m.ctx))
	m.ok(s.EachListing(m.ctx, func(l outcry.Listing) error {
		note(l, nil)
		list(s.Heard(m.ctx, l.ID, outcry.Page{}))
		return nil
	}))
	_, policy, err := s.Policy(m.ctx)
	note(string(policy), err)
	text, err := json.MarshalIndent(all, "", " ")
	m.ok(err)
	return string(text)
}

var lives = []promise{
	{"Life_ReopeningKeepsEverything", func(m *market) {
		if m.address == "" {
			m.Skip("a database in memory ends with its store")
		}
		q, orders := m.deal(2, 2)
		m.ok(m.place(orders...))
		m.write(q.ID, m.everything(q, []string{orders[0].Shop, orders[1].Shop})[1:]...)
		_, _, err := m.PutBook(m.ctx, orders[0].Shop, []outcry.Code{"x:a"}, m.tick())
		m.ok(err)
		m.ok(m.PutSignals(m.ctx, []outcry.Signal{{Code: "x:a", Names: map[string]string{"en": "A"}}}))
		m.ok(m.AddPick(m.ctx, "w", "x:a"))
		m.ok(m.PutPolicy(m.ctx, 1, "mem_1", []byte("p"), m.tick()))
		m.ok(m.AddAudit(m.ctx, store.Audit{At: m.tick(), Actor: "mem_1"}))
		before := m.snapshot(m.Store, q)
		if len(before) < 5000 {
			m.Fatalf("too little to compare:\n%s", before)
		}
		m.ok(m.Close())
		again := Open(m, m.address)
		m.same("what is there", m.snapshot(again, q), before)
		last, err := again.LastSeq(m.ctx)
		m.ok(err)
		_, err = again.Commit(m.ctx, outcry.Batch{Request: q.ID, Base: last - 1, Events: []outcry.Event{m.declined(0, "s")}})
		m.ok(err)
	}},
	{"Life_ClosingInTheMidstLosesNothingAcknowledged", func(m *market) {
		buyer := m.member().ID
		var mu sync.Mutex
		var kept []string
		started := make(chan struct{}, 1)
		done := make(chan []error, 1)
		go func() {
			done <- together(16, func(int) error {
				for {
					q := m.aRequest(buyer)
					if err := m.AddRequest(m.ctx, q); err != nil {
						return err
					}
					mu.Lock()
					kept = append(kept, q.ID)
					mu.Unlock()
					select {
					case started <- struct{}{}:
					default:
					}
				}
			})
		}()
		<-started
		m.ok(m.Close())
		m.ok(m.Close())
		m.same("writers told of the end", count(<-done, "closing"), 16)
		if _, err := m.Member(m.ctx, buyer); err == nil {
			m.Fatal("a closed store still reads")
		}
		if m.address == "" {
			return
		}
		again := Open(m, m.address)
		for _, id := range kept {
			_, err := again.Request(m.ctx, id)
			m.ok(err)
		}
	}},
	{"Life_PingAndDialect", func(m *market) {
		m.ok(m.Ping(m.ctx))
		if d := m.Dialect(); d != store.SQLite && d != store.Postgres {
			m.Fatalf("dialect %q", d)
		}
		m.ok(m.Close())
		if m.Ping(m.ctx) == nil {
			m.Fatal("a closed store answers")
		}
	}},
}
