package selection_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"outcry"
	"outcry/matching/selection"
	"outcry/policy"
)

// restless is a shop that goes back and forth between two listings.
type restless struct{ one, other outcry.Listing }

// mayBe says whether a candidate may be the shop in either state.
func (r *restless) mayBe(c *selection.Candidate, q *selection.Query) bool {
	return slices.ContainsFunc([]outcry.Listing{r.one, r.other}, func(l outcry.Listing) bool {
		metres := l.Place.DistanceM(q.Place)
		return l.State == outcry.ShopActive && metres > c.DistanceM-2-metres/1e3 && metres < c.DistanceM+2+metres/1e3 &&
			c.DistanceM <= float64(max(r.one.ServiceRadiusM, r.other.ServiceRadiusM)) && c.DistanceM <= float64(q.RadiusM)
	}) && slices.ContainsFunc(q.Codes, func(code outcry.Code) bool {
		return slices.Contains(r.one.Codes, code) || slices.Contains(r.other.Codes, code)
	}) && (q.Skip == nil || !q.Skip(c.Shop))
}

func TestIndex_ManyAtOnce(t *testing.T) {
	t.Parallel()
	const shops, workers, rounds = 400, 3, 1500
	m := newMarket(31)
	x := selection.NewIndex()
	all := make([]restless, shops)
	for i := range all {
		id := fmt.Sprintf("shop_%03d", i)
		all[i] = restless{one: m.shop(id)}
		all[i].other = m.changed(&all[i].one)
		if err := x.Put(all[i].one); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	running := make(chan error, 1)
	go func() { running <- x.Run(ctx) }()
	var changing, asking sync.WaitGroup
	var over atomic.Bool
	for w := range workers {
		changing.Go(func() { change(t, x, all, newMarket(uint64(40+w)), rounds) })
		asking.Go(func() { query(t, x, all, newMarket(uint64(50+w)), &over) })
	}
	changing.Wait()
	over.Store(true)
	asking.Wait()
	cancel()
	if err := <-running; err != nil {
		t.Errorf("Run ends with %v", err)
	}
	settle(t, x, all, newMarket(60))
}

// change lets all sorts of things happen.
func change(t *testing.T, x *selection.Index, all []restless, m *market, rounds int) {
	limits := policy.Default().Limits
	for i := range rounds {
		r := &all[m.IntN(len(all))]
		id := r.one.ID
		switch m.IntN(8) {
		case 0, 1:
			if err := x.Put(pick(m, r.one, r.other)); err != nil {
				t.Error(err)
			}
		case 2, 3:
			x.Connect(id, pick(m, 1, -1), now)
		case 4:
			x.Figure(id, m.figures(&r.one))
		case 5:
			x.Rated(id, 1+m.IntN(5))
		case 6:
			x.Seen(id, now)
		case 7:
			if x.Hold(id, now, &limits) && m.IntN(3) > 0 {
				x.Release(id)
			}
		}
		if i%500 == 499 {
			x.Build()
		}
	}
}

// query looks at what is found meanwhile.
func query(t *testing.T, x *selection.Index, all []restless, m *market, over *atomic.Bool) {
	byID := map[string]*restless{}
	for i := range all {
		byID[all[i].one.ID] = &all[i]
	}
	for !over.Load() {
		q, most := m.query()
		found, _ := x.Select(q, most, nil)
		for i := range found {
			if r := byID[found[i].Shop]; r == nil || !r.mayBe(&found[i], q) {
				t.Errorf("%+v cannot be an answer to %+v", found[i], q)
				return
			}
			if i > 0 && selection.Compare(found[i-1], found[i]) >= 0 {
				t.Errorf("%+v stands before %+v", found[i-1], found[i])
			}
		}
		for _, c := range x.Explore(q, m.Rand, 3, m.IntN(2) == 0, nil) {
			if !byID[c.Shop].mayBe(&c, q) {
				t.Errorf("%+v cannot be drawn for %+v", c, q)
			}
		}
		id := all[m.IntN(len(all))].one.ID
		if shop, ok := x.Shop(id); !ok || shop.ID != id {
			t.Errorf("%s is not known", id)
		}
		x.Why(q, id)
		x.Count(q, most)
		x.Connected()
	}
}

// settle tells the index and a Scan the same once nothing else happens, and
// compares them three hours later, when the calls meanwhile no longer count.
func settle(t *testing.T, x *selection.Index, all []restless, m *market) {
	const later = 3 * time.Hour
	b := both{selection.NewScan(), x}
	for i := range all {
		l := pick(m, all[i].one, all[i].other)
		if err := b.Put(l); err != nil {
			t.Fatal(err)
		}
		f, lines := m.figures(&l), m.IntN(2)
		for _, index := range []interface {
			Figure(string, outcry.Figures)
			Connect(string, int, time.Time)
			Release(string)
		}{b.scan, b.index} {
			index.Figure(l.ID, f)
			index.Connect(l.ID, -5000, now) // all lines that there are
			index.Connect(l.ID, lines, now.Add(later-time.Minute))
			for range 10 {
				index.Release(l.ID)
			}
		}
	}
	for range 1000 {
		q, most := m.query()
		for _, at := range []*time.Time{&q.Now, &q.When, &q.Deadline} {
			*at = at.Add(later)
		}
		q.Until = time.Time{}
		if how := b.differ(q, most); how != "" {
			t.Fatalf("%d of %+v: %s", most, q, how)
		}
	}
	if b.index.Connected() != b.scan.Connected() {
		t.Errorf("%d connected, want %d", b.index.Connected(), b.scan.Connected())
	}
}

// It runs alone, so that merging and changing run beside each other.
func TestIndex_LosesNoChangeWhileItMerges(t *testing.T) {
	const shops = 40_000
	m := newMarket(32)
	b := both{selection.NewScan(), selection.NewIndex()}
	ctx, cancel := context.WithCancel(t.Context())
	running := make(chan error, 1)
	go func() { running <- b.index.Run(ctx) }()
	shop := func(i int) outcry.Listing {
		l := sells(fmt.Sprintf("shop_%05d", i))
		l.Place.Lat += 0.3 * m.Float64()
		l.PriceLevel = 1 + i%4
		return l
	}
	// All hold one code, so that merges are large and much happens meanwhile.
	for i := range shops {
		l := shop(i)
		m.tell(t, b, &l, 0)
		b.scan.Connect(l.ID, 1, now)
		b.index.Connect(l.ID, 1, now)
		l = shop(m.IntN(i + 1))
		switch m.IntN(4) {
		case 0:
			l.Codes = nil
		case 1:
			l.State = outcry.ShopSuspended
		case 2:
			f := m.figures(&l)
			b.scan.Figure(l.ID, f)
			b.index.Figure(l.ID, f)
			continue
		}
		m.tell(t, b, &l, 0)
	}
	cancel()
	if err := <-running; err != nil {
		t.Errorf("Run ends with %v", err)
	}
	for range 60 {
		q := ask()
		q.Place.Lat += 0.3 * m.Float64()
		if how := b.differ(q, 200); how != "" {
			t.Fatal(how)
		}
	}
}
