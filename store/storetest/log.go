package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"outcry"
	"outcry/store"
)

// everything is one event of every kind, of a request that called shops.
func (m *market) everything(q outcry.Request, shops []string) []outcry.Event {
	revised := m.offer(q.ID, 0, shops[0])
	revised.Kind, revised.Offer.Version = outcry.EventOfferRevised, 2
	withdrawn := m.offer(q.ID, 0, shops[0])
	withdrawn.Kind, withdrawn.Offer.Version = outcry.EventOfferWithdrawn, 3
	return []outcry.Event{
		m.called(1, 0, shops...), m.offer(q.ID, 0, shops[0]), revised, withdrawn, m.declined(1, shops[1]),
		{At: m.tick(), Kind: outcry.EventChanged, Change: &outcry.Change{
			Deadline: m.tick().Add(time.Hour), RadiusM: 9000, Code: "osm:shop", Wanted: 9,
		}},
		{At: m.tick(), Kind: outcry.EventMessage, Shop: shops[0], Message: &outcry.Message{
			ID: m.id(outcry.MessagePrefix), Request: q.ID, Shop: shops[0], From: outcry.PartyBuyer, Text: "<b>hot?</b> 뜨거워요?", At: m.tick(),
		}},
		{At: m.tick(), Kind: outcry.EventOrder, Shop: shops[0], Order: &outcry.OrderStep{
			Order: "ord_1", Offer: outcry.OfferID(q.ID, 0), State: outcry.OrderPlaced, By: outcry.PartyBuyer,
		}},
		m.closed(outcry.ClosedAccepted),
	}
}

var logs = []promise{
	{"Log_EveryKindOfEventIsKeptWhole", func(m *market) {
		shops, q := m.shops(3), m.request(1)
		events := m.everything(q, shops)
		events[0].Hearers, events[0].Asked = []outcry.Hearer{{Shop: shops[0]}}, &q
		got := m.write(q.ID, events...)
		for i := range events {
			events[i].Seq, events[i].Request = int64(i+1), q.ID
		}
		m.same("events as committed", got, events)
		events[0].Hearers, events[0].Asked = nil, nil
		for limit, want := range map[int][]outcry.Event{0: events, len(events): events, 2: events[:2]} {
			read, err := m.RequestLog(m.ctx, q.ID, 0, limit)
			m.ok(err)
			m.same("request's log", read, want)
			read, err = m.Tail(m.ctx, 0, limit)
			m.ok(err)
			m.same("tail", read, want)
		}
		read, err := m.RequestLog(m.ctx, q.ID, 7, 1)
		m.ok(err)
		m.same("one event", read, events[7:8])
		last, err := m.LastSeq(m.ctx)
		m.ok(err)
		m.same("last number", last, int64(len(events)))
	}},
	{"Log_ClosesAndChangesTheRequest", func(m *market) {
		q := m.request(1)
		events := m.everything(q, m.shops(2))
		m.write(q.ID, events...)
		m.write(q.ID, m.closed(outcry.ClosedWithdrawn)) // a second closing changes nothing
		got, err := m.Request(m.ctx, q.ID)
		m.ok(err)
		c := events[5].Change
		q.Deadline, q.RadiusM, q.Code, q.Wanted = c.Deadline, c.RadiusM, c.Code, c.Wanted
		q.State, q.Reason, q.Closed = outcry.RequestClosed, outcry.ClosedAccepted, events[8].At
		m.same("request", got, q)
	}},
	{"Log_NumbersAreOneOrderWithoutHoles", func(m *market) {
		one, two, shop := m.request(1), m.request(1), m.shop()
		for range 3 {
			m.write(one.ID, m.declined(0, "s"), m.declined(1, "s"))
			m.write(two.ID, m.declined(0, "s"))
			_, err := m.Commit(m.ctx, outcry.Batch{Request: two.ID, Base: 1 << 40, Events: []outcry.Event{m.declined(0, "s")}})
			m.fails(err, outcry.Conflict, "stale")
			_, _, err = m.PutBook(m.ctx, shop.ID, []outcry.Code{outcry.Code(m.id("x:"))}, m.tick())
			m.ok(err)
		}
		for i, e := range m.tail(0) {
			m.same("number", e.Seq, int64(i+1))
		}
	}},
	{"Log_StaleBaseIsRefused", func(m *market) {
		q := m.request(1)
		first := m.write(q.ID, m.declined(0, "s"))
		m.write(m.request(1).ID, m.declined(0, "s"))
		for _, base := range []int64{0, first[0].Seq - 1, first[0].Seq + 1} {
			_, err := m.Commit(m.ctx, outcry.Batch{Request: q.ID, Base: base, Events: []outcry.Event{m.declined(1, "s")}})
			m.fails(err, outcry.Conflict, "stale")
		}
		_, err := m.Commit(m.ctx, outcry.Batch{Request: q.ID, Base: first[0].Seq, Events: []outcry.Event{m.declined(1, "s")}})
		m.ok(err)
	}},
	{"Log_BadBatchesWriteNothing", func(m *market) {
		q, shop := m.request(1), m.shop().ID
		m.write(q.ID, m.called(1, 0, shop))
		base := m.end(q.ID)
		foreign, bare, bad := m.declined(0, shop), m.declined(0, shop), m.declined(0, shop)
		foreign.Request, bare.Decline, bad.Decline.Reason = "req_other", nil, "\xff"
		unknown := m.declined(0, shop)
		unknown.Kind = "unheard of"
		nul := m.declined(0, "a\x00b")
		for _, c := range []struct {
			event outcry.Event
			kind  outcry.Kind
			code  string
		}{
			{foreign, outcry.Invalid, "invalid"},
			{bare, outcry.Invalid, "invalid"},
			{unknown, outcry.Invalid, "invalid"},
			{nul, outcry.Invalid, "invalid"},
			{m.called(2, 1, shop), outcry.Conflict, "called_twice"},
			{m.called(2, 1, "shop_a", "shop_a"), outcry.Conflict, "called_twice"},
		} {
			_, err := m.Commit(m.ctx, outcry.Batch{Request: q.ID, Base: base, Events: []outcry.Event{m.declined(0, shop), c.event}})
			m.fails(err, c.kind, c.code)
		}
		_, err := m.Commit(m.ctx, outcry.Batch{Events: []outcry.Event{m.declined(0, shop)}})
		m.fails(err, outcry.Invalid, "invalid")
		_, err = m.Commit(m.ctx, outcry.Batch{Request: "req_none", Events: []outcry.Event{m.declined(0, shop)}})
		m.fails(err, outcry.NotFound, "not_found")
		m.same("log", len(m.tail(0)), 1)
		m.same("end", m.end(q.ID), base)
	}},
	{"Log_HeardListsTheNewestFirst", func(m *market) {
		shops := m.shops(2)
		var want []store.HeardCall
		for i := range 7 {
			q := m.request(1)
			m.write(q.ID, m.called(1, i, shops...))
			want = append([]store.HeardCall{{Request: q.ID, N: i + 1}}, want...)
		}
		got := pages(m, func(p outcry.Page) ([]store.HeardCall, string, error) { return m.Heard(m.ctx, shops[1], p) })
		m.same("heard", got, want)
	}},
	{"ShopLog_IsTheTailOfWhatConcernsTheShop", func(m *market) {
		rapid.Check(m.TB, func(r *rapid.T) { m.shopLogIsItsTail(r) })
	}},
	{"ShopLog_ResetsACursorThatIsNoneOrTooOld", func(m *market) {
		if testing.Short() {
			m.Skip("writes 100,001 events")
		}
		shop, q := m.shop().ID, m.request(1)
		last := m.write(q.ID, m.called(1, 0, shop))
		events := make([]outcry.Event, 5000)
		for i := range events {
			events[i] = m.declined(1, "shop_other")
		}
		for range store.MaxBehind / len(events) {
			var err error
			last, err = m.Commit(m.ctx, outcry.Batch{Request: q.ID, Base: last[len(last)-1].Seq, Events: events})
			m.ok(err)
		}
		for _, c := range []struct {
			after int64
			reset bool
		}{{0, true}, {1, false}, {store.MaxBehind + 1, false}, {store.MaxBehind + 2, true}} {
			_, reset, err := m.ShopLog(m.ctx, shop, c.after, 10)
			m.ok(err)
			m.same(fmt.Sprintf("reset after %d", c.after), reset, c.reset)
		}
	}},
}

// history makes events of some requests that call some of shops, with what the
// store has to say about them.
func (m *market) history(r *rapid.T, shops []string) {
	for range rapid.IntRange(1, 4).Draw(r, "requests") {
		q := m.request(1)
		uncalled := rapid.Permutation(shops).Draw(r, "order")
		var called []string
		var events []outcry.Event
		for range rapid.IntRange(1, 8).Draw(r, "steps") {
			switch step := rapid.IntRange(0, 4).Draw(r, "step"); {
			case step == 0 && len(uncalled) > 0:
				n := rapid.IntRange(1, len(uncalled)).Draw(r, "calls")
				events = append(events, m.called(1, len(called), uncalled[:n]...))
				called, uncalled = append(called, uncalled[:n]...), uncalled[n:]
			case step == 1 && len(called) > 0:
				n := rapid.IntRange(0, len(called)-1).Draw(r, "offers")
				events = append(events, m.offer(q.ID, n, called[n]))
			case step == 2:
				events = append(events, m.declined(0, rapid.SampledFrom(shops).Draw(r, "declines")))
			case step == 3:
				events = append(events, m.closed(outcry.ClosedEnough))
			default:
				events = append(events, m.everything(q, shops)[5])
			}
		}
		m.write(q.ID, events...)
	}
	_, _, err := m.PutBook(m.ctx, rapid.SampledFrom(shops).Draw(r, "book"), []outcry.Code{outcry.Code(m.id("x:"))}, m.tick())
	m.ok(err)
}

func (m *market) shopLogIsItsTail(r *rapid.T) {
	before, err := m.LastSeq(m.ctx)
	m.ok(err)
	shops := m.shops(3)
	m.history(r, shops)
	tail := m.tail(before)
	for _, shop := range shops {
		after := before + int64(rapid.IntRange(0, len(tail)).Draw(r, "after"))
		want := concerning(shop, tail, after)
		got, reset, err := m.ShopLog(m.ctx, shop, after, 0)
		m.ok(err)
		if diff := cmp.Diff(want, got); diff != "" || reset {
			r.Fatalf("shop log after %d, reset %v (-want +got):\n%s", after, reset, diff)
		}
		limit := rapid.IntRange(1, 3).Draw(r, "limit")
		got, _, err = m.ShopLog(m.ctx, shop, after, limit)
		m.ok(err)
		if diff := cmp.Diff(want[:min(limit, len(want))], got, cmpopts.EquateEmpty()); diff != "" {
			r.Fatalf("shop log after %d, at most %d (-want +got):\n%s", after, limit, diff)
		}
	}
}

// concerning is what ShopLog promises, found by looking at every event.
func concerning(shop string, tail []outcry.Event, after int64) []outcry.Event {
	called := make(map[string]bool)
	var out []outcry.Event
	for _, e := range tail {
		concerns := e.Shop == shop
		if e.Kind == outcry.EventCalled {
			for _, c := range e.Wave.Calls {
				if c.Shop == shop {
					called[e.Request], concerns = true, true
				}
			}
		}
		toAll := e.Kind == outcry.EventClosed || e.Kind == outcry.EventChanged
		if concerns = concerns || toAll && called[e.Request]; concerns && e.Seq > after {
			out = append(out, e)
		}
	}
	return out
}
