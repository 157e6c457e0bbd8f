package selection_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"outcry"
	"outcry/matching/selection"
)

// bakeries are an Index of shops that may be called, of which every third is no
// newcomer, and of one that may not be.
func bakeries(t *testing.T, n int) *selection.Index {
	t.Helper()
	s := selection.NewIndex()
	for i := range n {
		l := sells(fmt.Sprintf("shop_%02d", i))
		put(t, s, l)
		s.Connect(l.ID, 1, noon)
		if i%3 != 2 { // of which nothing is known
			f := offersAll(0.5)
			f.Calls = []float64{4, 3.9}[i%3]
			s.Figure(l.ID, f)
		}
	}
	pending := sells("shop_zz")
	pending.State = outcry.ShopPending
	put(t, s, pending)
	s.Connect(pending.ID, 1, noon)
	return s
}

func TestExplore_DrawsEachShopAboutEquallyOften(t *testing.T) {
	t.Parallel()
	const shops, draws, most = 30, 6000, 5
	s, q := bakeries(t, shops), ask()
	q.Skip = func(id string) bool { return id == "shop_07" }
	drawn := map[string]int{}
	r := rand.New(rand.NewPCG(3, 4))
	for range draws {
		found := s.Explore(q, r, most, false, nil)
		if len(found) != most {
			t.Fatalf("%d drawn, want %d", len(found), most)
		}
		once := map[string]bool{}
		for _, c := range found {
			if v, _ := s.Why(q, c.Shop); !v.OK || once[c.Shop] || v.Candidate.Score != c.Score || c.Score == 0 {
				t.Fatalf("%+v was drawn: %+v", c, v)
			}
			once[c.Shop] = true
			drawn[c.Shop]++
		}
	}
	if len(drawn) != shops-1 || drawn["shop_07"] > 0 {
		t.Errorf("%d shops were drawn, want all but the one skipped", len(drawn))
	}
	// 1034 are expected of each; the deviation is 29.
	for id, n := range drawn {
		if n < 890 || n > 1180 {
			t.Errorf("%s was drawn %d times, want about %d", id, n, draws*most/(shops-1))
		}
	}
}

func TestExplore_NewcomersOnly(t *testing.T) {
	t.Parallel()
	s, q := bakeries(t, 9), ask()
	r := rand.New(rand.NewPCG(5, 6))
	got := func(most int) (ids []string) {
		for _, c := range s.Explore(q, r, most, true, []selection.Candidate{{Shop: "before"}}) {
			ids = append(ids, c.Shop)
		}
		slices.Sort(ids)
		return ids
	}
	want := []string{"before", "shop_01", "shop_02", "shop_04", "shop_05", "shop_07", "shop_08"}
	if all := got(100); !slices.Equal(all, want) {
		t.Errorf("%v, want %v", all, want)
	}
	if none := got(0); len(none) != 1 {
		t.Errorf("%v, want none more", none)
	}
	if none := got(-1); len(none) != 1 {
		t.Errorf("%v, want none more", none)
	}
	q.Policy.Exploring.Newcomer = 0
	if none := got(5); len(none) != 1 {
		t.Errorf("%v where nobody is a newcomer", none)
	}
}

func TestExplore_TheSameChanceDrawsTheSame(t *testing.T) {
	t.Parallel()
	ids := func() (drawn []string) {
		for _, c := range bakeries(t, 30).Explore(ask(), rand.New(rand.NewPCG(7, 8)), 9, false, nil) {
			drawn = append(drawn, c.Shop)
		}
		return drawn
	}
	if a, b := ids(), ids(); !slices.Equal(a, b) {
		t.Errorf("%v, then %v", a, b)
	}
}
