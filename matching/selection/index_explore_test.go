package selection_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"outcry"
	"outcry/matching/selection"
)

func TestIndex_ExploresOnlyWhatMayBeCalled(t *testing.T) {
	t.Parallel()
	m := newMarket(21)
	b, _ := m.filled(t, 4000, 3)
	for range 400 {
		q, most := m.query()
		newcomers := m.IntN(2) == 0
		want := map[string]selection.Candidate{}
		all, _ := b.scan.Select(q, 1<<20, nil)
		for _, c := range all {
			if !newcomers || c.Calls < q.Policy.Exploring.Newcomer {
				want[c.Shop] = c
			}
		}
		got := b.index.Explore(q, m.Rand, most, newcomers, nil)
		if len(got) != min(most, len(want)) {
			t.Fatalf("%d shops, want %d of %d", len(got), min(most, len(want)), len(want))
		}
		for _, c := range got {
			if !reflect.DeepEqual(c, want[c.Shop]) {
				t.Fatalf("draws\n%+v, want another shop or\n%+v", c, want[c.Shop])
			}
			delete(want, c.Shop) // none twice
		}
	}
}

func TestIndex_ExploresEachShopAlike(t *testing.T) {
	t.Parallel()
	codes := []outcry.Code{bakery, "osm:shop", "osm:shop=pastry"}
	for name, c := range map[string]struct{ shops, useless, draws int }{
		"few":  {50, 50, 5000},
		"many": {50, 600, 5000},
	} {
		x := selection.NewIndex()
		r := rand.New(rand.NewPCG(3, 4))
		for i := range c.shops + c.useless {
			l := sells(fmt.Sprintf("shop_%05d", i))
			l.Place.Lat += 0.02 * (r.Float64() - 0.5)
			l.Codes = codes[:1+i%3]
			if i%7 == 0 {
				l.Codes = codes[1:]
			}
			if err := x.Put(l); err != nil {
				t.Fatal(err)
			}
			if i < c.shops {
				x.Connect(l.ID, 1, noon)
			}
			if i == c.shops/2 {
				x.Build()
			}
		}
		q := ask()
		q.Codes = codes
		times := map[string]float64{}
		for range c.draws {
			for _, found := range x.Explore(q, r, 2, false, nil) {
				times[found.Shop]++
			}
		}
		want, off := 2*float64(c.draws)/float64(c.shops), 0.0
		for i := range c.shops {
			d := times[fmt.Sprintf("shop_%05d", i)] - want
			off += d * d / want
		}
		// Chi squared with 49 degrees of freedom is above 85 once in 1,000 times.
		if off > 85 || len(times) != c.shops {
			t.Errorf("%s: %d of %d shops are drawn, chi squared %.0f: %v", name, len(times), c.shops, off, times)
		}
	}
}

func TestIndex_ExploresTheSameByTheSameChance(t *testing.T) {
	t.Parallel()
	var first []selection.Candidate
	for range 3 {
		m := newMarket(22)
		b, _ := m.filled(t, 2000, 2)
		q := ask()
		q.RadiusM, q.Codes, q.Deadline = outcry.MaxRadiusM, m.codes, noon.Add(time.Hour)
		got := b.index.Explore(q, rand.New(rand.NewPCG(5, 6)), 5, false, nil)
		if first == nil {
			first = got
		}
		if !slices.EqualFunc(got, first, func(a, b selection.Candidate) bool { return a.Shop == b.Shop }) || len(got) == 0 {
			t.Errorf("%v, want %v", got, first)
		}
	}
}
