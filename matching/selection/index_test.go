package selection_test

import (
	"context"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/matching/selection"
)

func TestIndex_SelectsAsScanDoes(t *testing.T) {
	t.Parallel()
	for _, size := range []struct{ shops, events, queries, seeds int }{
		{3, 3, 100, 20}, {300, 3, 500, 10}, {10_000, 3, 10_000, 1}, {100_000, 2, 1000, 1}, {1_000_000, 1, 100, 1},
	} {
		t.Run(fmt.Sprint(size.shops), func(t *testing.T) {
			t.Parallel()
			if size.shops > 10_000 && testing.Short() {
				t.Skip("takes a while; run without -short")
			}
			if size.shops > 100_000 && raced {
				t.Skip("nothing runs at once in it, and it takes a while; run without -race")
			}
			if raced {
				size.queries = max(100, size.queries/5)
			}
			found := 0
			for seed := range size.seeds {
				m := newMarket(uint64(seed))
				b, _ := m.filled(t, size.shops, size.events)
				for i := range size.queries {
					if i == size.queries/2 {
						b.index.Build()
					}
					q, most := m.query()
					if how := b.differ(q, most); how != "" {
						t.Fatalf("seed %d, query %d for %d of %+v: %s", seed, i, most, q, how)
					}
					if b.index.Count(q, 1) > 0 {
						found++
					}
				}
			}
			if all := size.queries * size.seeds; found < all/20 && size.shops > 3 {
				t.Errorf("%d of %d queries find any shop: too few to tell", found, all)
			}
		})
	}
}

func TestIndex_CountsAndExplainsAsScanDoes(t *testing.T) {
	t.Parallel()
	m := newMarket(11)
	b, shops := m.filled(t, 2000, 3)
	for range 1000 {
		q, most := m.query()
		if got, want := b.index.Count(q, most), b.scan.Count(q, most); got != want {
			t.Fatalf("counts %d of at most %d, want %d: %+v", got, most, want, q)
		}
		for range 10 {
			id := shops[m.IntN(len(shops))].ID
			got, ok := b.index.Why(q, id)
			if want, _ := b.scan.Why(q, id); !ok || !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: %+v, want %+v", id, got, want)
			}
		}
	}
	if _, ok := b.index.Why(&selection.Query{}, "shop_of_nobody"); ok {
		t.Error("explains a shop that is not there")
	}
	if b.index.Connected() != b.scan.Connected() {
		t.Errorf("%d connected, want %d", b.index.Connected(), b.scan.Connected())
	}
}

func TestIndex_KnowsShopsAsTheyWerePut(t *testing.T) {
	t.Parallel()
	m := newMarket(12)
	b, shops := m.filled(t, 500, 1)
	for i := range shops {
		got, ok := b.index.Shop(shops[i].ID)
		want, _ := b.scan.Shop(shops[i].ID)
		if !ok || !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v\nwant %+v", got, want)
		}
	}
	if _, ok := b.index.Shop("shop_of_nobody"); ok {
		t.Error("knows a shop that was never put")
	}
}

func TestIndex_SeesEachChangeAtOnce(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		m := newMarket(100 + seed)
		b, shops := m.filled(t, 12, 2)
		for step := range 200 {
			i := m.IntN(len(shops))
			switch m.IntN(3) {
			case 0:
				shops[i] = m.changed(&shops[i])
				m.tell(t, b, &shops[i], 0)
			case 1:
				if err := b.happens(m, &shops[i]); err != nil {
					t.Fatal(err)
				}
			case 2:
				if m.IntN(10) == 0 {
					b.index.Build()
				}
			}
			// A query that the shop may well answer.
			q, most := m.query()
			q.Place, q.Languages, q.Needs, q.RadiusM = shops[i].Place, nil, nil, 100_000
			if len(shops[i].Codes) > 0 {
				q.Codes = m.family(shops[i].Codes[0])
			}
			if how := b.differ(q, most); how != "" {
				t.Fatalf("seed %d, step %d: %s", seed, step, how)
			}
		}
	}
}

func TestIndex_SelectsTheSameWhateverIsMerged(t *testing.T) {
	t.Parallel()
	m := newMarket(13)
	b, shops := m.filled(t, 3000, 2)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.index.Run(ctx) }()
	for range 3000 {
		i := m.IntN(len(shops))
		shops[i] = m.changed(&shops[i])
		m.tell(t, b, &shops[i], 1)
		if m.IntN(4) == 0 {
			q, most := m.query()
			if how := b.differ(q, most); how != "" {
				t.Fatal(how)
			}
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Run ends with %v", err)
	}
}

func TestIndex_RefusesWhatCannotBeReadAndKeepsTheShop(t *testing.T) {
	t.Parallel()
	m := newMarket(14)
	b, shops := m.filled(t, 3, 0)
	for name, spoil := range map[string]func(*outcry.Listing){
		"hours":       func(l *outcry.Listing) { l.Hours = "nine to five" },
		"zone":        func(l *outcry.Listing) { l.TimeZone = "Europe/Nowhere" },
		"quiet hours": func(l *outcry.Listing) { l.QuietHours = "at night, please" },
	} {
		l := m.shop(shops[0].ID)
		spoil(&l)
		if err := b.Put(l); outcry.KindOf(err) != outcry.Invalid {
			t.Errorf("%s: %v, want invalid", name, err)
		}
		if got, _ := b.index.Shop(l.ID); !reflect.DeepEqual(got, shops[0].Shop) {
			t.Errorf("%s: the shop is now %+v", name, got)
		}
		l.ID = "shop_new"
		if _, ok := b.index.Shop(l.ID); ok || b.Put(l) == nil {
			t.Errorf("%s: a new shop is taken in", name)
		}
	}
}

func TestIndex_TakesLongIdsAndBooks(t *testing.T) {
	t.Parallel()
	m := newMarket(15)
	b := both{selection.NewScan(), selection.NewIndex()}
	for i := range 300 {
		l := m.shop(fmt.Sprintf("shop_%0*d", 1+m.IntN(200), i))
		if i%50 == 0 {
			for k := range outcry.MaxBook {
				l.Codes = append(l.Codes, outcry.Code(fmt.Sprintf("test:a_rather_long_code_that_many_shops_hold_%d", k)))
			}
		}
		m.tell(t, b, &l, 2)
	}
	for range 300 {
		q, most := m.query()
		q.Codes = append(q.Codes, outcry.Code(fmt.Sprintf("test:a_rather_long_code_that_many_shops_hold_%d", m.IntN(3000))))
		if how := b.differ(q, most); how != "" {
			t.Fatal(how)
		}
	}
}

// It runs alone: it measures the heap.
func TestIndex_ForgetsWhatNoShopHasAnyMore(t *testing.T) {
	m := newMarket(16)
	x := selection.NewIndex()
	l := m.shop("shop_restless")
	l.Codes = m.codes[:3]
	change := func(i int) {
		l.Hours = fmt.Sprintf("Mo-Fr %02d:%02d-%02d:%02d", i/60%12, i%60, 12+i/720/60%12, i/720%60)
		l.Name = fmt.Sprint("Restless ", i*i)
		l.Place = m.place()
		if err := x.Put(l); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 5000 {
		change(i)
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range 50_000 {
		change(i)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(x)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 4<<20 {
		t.Errorf("50,000 changes of one shop take up %d more bytes", grown)
	}
}

// It runs alone: it counts what all allocate.
func TestIndex_AllocatesNothing(t *testing.T) {
	if raced {
		t.Skip("the race detector takes things out of pools")
	}
	m := newMarket(17)
	b, _ := m.filled(t, 3000, 2)
	var queries []*selection.Query
	for range 200 {
		q, _ := m.query()
		queries = append(queries, q)
	}
	into := make([]selection.Candidate, 0, 200)
	once := func() {
		for _, q := range queries {
			b.index.Select(q, 200, into)
		}
	}
	once()
	if n := testing.AllocsPerRun(10, once); n > 1 { // the pool may be emptied once
		t.Errorf("%v allocations in %d queries", n, len(queries))
	}
}

func TestIndex_ReachesShopsThatSpokeLately(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x := selection.NewIndex()
		q := ask()
		within := time.Duration(q.Policy.Selecting.SeenWithinS) * time.Second
		silent := []time.Duration{72 * time.Hour, -time.Hour, 0, within, within + time.Second}
		for i := range silent {
			if err := x.Put(sells(fmt.Sprint("shop_", i))); err != nil {
				t.Fatal(err)
			}
			x.Seen(fmt.Sprint("shop_", i), noon.Add(-silent[i]))
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- x.Run(ctx) }()
		synctest.Wait() // until it has noted who has fallen silent
		if found := named(x, q); !slices.Equal(found, []string{"shop_1", "shop_2", "shop_3"}) {
			t.Errorf("%v are reached", found)
		}
		before := *q
		for _, at := range []*time.Time{&before.Now, &before.When, &before.Deadline} {
			*at = at.Add(-72 * time.Hour)
		}
		if found := named(x, &before); len(found) != 5 {
			t.Errorf("%v are reached days before, when none of them was silent yet", found)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// named are the shops that are selected, in their order.
func named(x *selection.Index, q *selection.Query) (shops []string) {
	found, _ := x.Select(q, 10, nil)
	for _, c := range found {
		shops = append(shops, c.Shop)
	}
	return shops
}
