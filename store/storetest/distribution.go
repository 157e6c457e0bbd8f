package storetest

import (
	"fmt"
	"slices"

	"outcry"
)

// change puts a signal for each code, and has shops told of it.
func (m *market) change(codes ...outcry.Redefined) outcry.Distribution {
	m.Helper()
	var signals []outcry.Signal
	for i, c := range codes {
		codes[i].Cause = c.Code
		signals = append(signals, outcry.Signal{Code: c.Code, Names: map[string]string{"en": m.id("name")}})
	}
	m.ok(m.ChangeSignals(m.ctx, signals, outcry.Distribution{By: "mem_op", Codes: codes}))
	d, found, err := m.NextDistribution(m.ctx)
	m.ok(err)
	m.same("something to tell", found, true)
	return d
}

// sell makes codes the book of a shop.
func (m *market) sell(shop string, codes ...outcry.Code) {
	m.Helper()
	_, _, err := m.PutBook(m.ctx, shop, codes, m.tick())
	m.ok(err)
}

var distributions = []promise{
	{"Distribution_IsKeptWithTheSignalsAndNumbered", func(m *market) {
		_, found, err := m.NextDistribution(m.ctx)
		m.ok(err)
		m.same("something to tell", found, false)
		m.ok(m.ChangeSignals(m.ctx, []outcry.Signal{{Code: "x:new"}}, outcry.Distribution{By: "mem_op"}))
		_, found, err = m.NextDistribution(m.ctx)
		m.ok(err)
		m.same("something to tell of a change that concerns nobody", found, false)

		d := m.change(outcry.Redefined{Code: "x:b", Becomes: []outcry.Code{"x:z", "x:c"}}, outcry.Redefined{Code: "x:a"})
		m.same("change", d, outcry.Distribution{N: 1, By: "mem_op", Codes: []outcry.Redefined{
			{Code: "x:a"}, {Code: "x:b", Becomes: []outcry.Code{"x:z", "x:c"}},
		}})
		m.same("change while another is told", m.change(outcry.Redefined{Code: "x:c"}), d)
		m.ok(m.FinishDistribution(m.ctx, 1, m.tick()))
		next, _, err := m.NextDistribution(m.ctx)
		m.ok(err)
		m.same("next change", next.N, int64(2))
		signals, err := m.Signals(m.ctx)
		m.ok(err)
		m.same("signals", len(signals), 4)
	}},
	{"Distribution_OfThousandsIsOne", func(m *market) {
		codes := make([]outcry.Redefined, 2500)
		for i := range codes {
			codes[i].Code = outcry.Code(fmt.Sprintf("x:%04d", i))
		}
		d := m.change(codes...)
		m.same("number", d.N, int64(1))
		m.same("codes", len(d.Codes), len(codes))
	}},
	{"Distribution_TellsEachShopOnceByItsNextVersion", func(m *market) {
		ids := m.shops(4)
		m.sell(ids[0], "x:a", "x:k", "x:b")
		m.sell(ids[1], "x:k")
		m.sell(ids[2], "x:c", "x:b")
		before, err := m.LastSeq(m.ctx)
		m.ok(err)
		d := m.change(outcry.Redefined{Code: "x:a"}, outcry.Redefined{Code: "x:b", Becomes: []outcry.Code{"x:new", "x:c"}})
		at := m.tick()
		events, rest, err := m.TellBooks(m.ctx, d, ids, at)
		m.ok(err)
		m.same("left", len(rest), 0)
		want := []outcry.Event{
			{Seq: before + 1, At: at, Kind: outcry.EventBook, Shop: ids[0], Book: &outcry.BookChange{
				Version: 2, Codes: []outcry.Code{"x:a", "x:c", "x:k", "x:new"}, Changed: []outcry.Code{"x:a", "x:b"},
			}},
			{Seq: before + 2, At: at, Kind: outcry.EventBook, Shop: ids[2], Book: &outcry.BookChange{
				Version: 2, Codes: []outcry.Code{"x:c", "x:new"}, Changed: []outcry.Code{"x:b"},
			}},
		}
		m.same("events", events, want)
		m.same("log", m.tail(before), want)
		for i, codes := range [][]outcry.Code{want[0].Book.Codes, {"x:k"}, want[1].Book.Codes, nil} {
			b, err := m.Book(m.ctx, ids[i])
			m.ok(err)
			m.same("codes of "+ids[i], b.Codes, codes)
		}
		for code, n := range map[outcry.Code]int{"x:a": 1, "x:b": 0, "x:c": 2, "x:new": 2, "x:k": 2} {
			with, err := m.BooksWith(m.ctx, []outcry.Code{code})
			m.ok(err)
			m.same("holders of "+string(code), len(with), n)
		}
		events, _, err = m.TellBooks(m.ctx, d, ids, m.tick())
		m.ok(err)
		m.same("told again", len(events), 0)
		m.same("log after", len(m.tail(before)), 2)
	}},
	{"Distribution_CountsWhoAcknowledged", func(m *market) {
		ids := m.shops(3)
		for _, id := range ids {
			m.sell(id, "x:a")
		}
		d := m.change(outcry.Redefined{Code: "x:a"})
		_, _, err := m.TellBooks(m.ctx, d, ids[:2], m.tick())
		m.ok(err)
		for i, version := range []int{2, 1} {
			_, err := m.AcknowledgeBook(m.ctx, ids[i], version)
			m.ok(err)
		}
		got, err := m.Distributed(m.ctx, "x:a")
		m.ok(err)
		want := outcry.Distributed{Holding: 3, N: 1, By: "mem_op", Told: 2, Acknowledged: 1}
		m.same("on the way", got, want)
		m.sell(ids[0], "x:b") // says nothing of what it acknowledged
		want.Holding, want.Done = 2, m.tick()
		m.ok(m.FinishDistribution(m.ctx, d.N, want.Done))
		got, err = m.Distributed(m.ctx, "x:a")
		m.ok(err)
		m.same("done", got, want)
		got, err = m.Distributed(m.ctx, "x:none")
		m.ok(err)
		m.same("of no change", got, outcry.Distributed{})
	}},
	{"Distribution_GoesByPages", func(m *market) {
		owner := m.member().ID
		var all []outcry.Listing
		var ids []string
		for i := range 901 {
			l := m.aListing("", "x:a")
			for j := range i % 40 * 20 { // large books make small pages
				l.Codes = append(l.Codes, outcry.Code(fmt.Sprintf("y:%03d", j)))
			}
			all, ids = append(all, l), append(ids, l.ID)
		}
		_, err := m.ImportShops(m.ctx, owner, all)
		m.ok(err)
		slices.Sort(ids)
		d, left, pages := m.change(outcry.Redefined{Code: "x:a", Becomes: []outcry.Code{"x:b"}}), ids, 0
		var heard []string
		for ; len(left) > 0; pages++ {
			events, rest, err := m.TellBooks(m.ctx, d, left, m.tick())
			m.ok(err)
			codes := 0
			for _, e := range events {
				heard, codes = append(heard, e.Shop), codes+len(e.Book.Codes)
			}
			if len(events) > 200 || codes > 20_000 || len(rest) >= len(left) {
				m.Fatalf("a page told %d shops with %d codes, and left %d of %d", len(events), codes, len(rest), len(left))
			}
			left = rest
		}
		m.same("shops told", heard, ids)
		if pages < 15 { // 350,000 codes
			m.Fatalf("only %d pages", pages)
		}
	}},
	{"Distribution_KeepsABookWithinItsBound", func(m *market) {
		shop := m.shop().ID
		codes := make([]outcry.Code, outcry.MaxBook)
		for i := range codes {
			codes[i] = outcry.Code(fmt.Sprintf("x:%04d", i))
		}
		m.sell(shop, codes...)
		d := m.change(outcry.Redefined{Code: codes[7], Becomes: []outcry.Code{"x:new", "x:below"}})
		_, _, err := m.TellBooks(m.ctx, d, []string{shop}, m.tick())
		m.ok(err)
		b, err := m.Book(m.ctx, shop)
		m.ok(err)
		m.same("codes", len(b.Codes), outcry.MaxBook)
		m.same("has the one that replaces it", slices.Contains(b.Codes, "x:new"), true)
	}},
	{"Distribution_OldOnesAreForgotten", func(m *market) {
		shop := m.shop().ID
		m.sell(shop, "x:a")
		for range 4 {
			d := m.change(outcry.Redefined{Code: "x:a"}, outcry.Redefined{Code: outcry.Code(m.id("x:"))})
			_, _, err := m.TellBooks(m.ctx, d, []string{shop}, m.tick())
			m.ok(err)
			m.ok(m.FinishDistribution(m.ctx, d.N, m.tick()))
		}
		first := m.change(outcry.Redefined{Code: "x:b"})
		forget := func(keep int) (times int) {
			for {
				more, err := m.ForgetDistribution(m.ctx, keep)
				m.ok(err)
				if !more {
					return times
				}
				times++
			}
		}
		m.same("forgotten, of five", forget(4), 0)
		m.same("forgotten but for two", forget(2), 2)
		m.same("forgotten but for the last", forget(0), 2)
		got, err := m.Distributed(m.ctx, "x:a")
		m.ok(err)
		m.same("a forgotten change", got, outcry.Distributed{Holding: 1})
		next, _, err := m.NextDistribution(m.ctx)
		m.ok(err)
		m.same("what is left to tell", next, first)
	}},
}
