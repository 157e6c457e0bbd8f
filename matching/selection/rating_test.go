package selection_test

import (
	"fmt"
	"testing"

	"outcry"
	"outcry/matching/selection"
)

func TestRated_ARatingCountsAtOnce(t *testing.T) {
	t.Parallel()
	index := selection.NewIndex()
	if err := index.Put(outcry.Listing{Shop: outcry.Shop{ID: "shop_a", TimeZone: "UTC"}}); err != nil {
		t.Fatal(err)
	}
	index.Rated("shop_a", 5)
	index.Rated("shop_a", 2)
	index.Rated("shop_gone", 1)
	if got, _ := index.Shop("shop_a"); got.Rating != (outcry.Rating{Stars: 7, Count: 2}) {
		t.Errorf("rated %+v, want 7 stars of 2", got.Rating)
	}
}

func TestWhy_SaysARatingThatFitsItsVerdict(t *testing.T) {
	t.Parallel()
	x := indexOf(t, sells("shop_a"))
	for _, c := range []struct {
		rating outcry.Rating
		least  float64
		want   string
	}{
		{outcry.Rating{Stars: 79, Count: 20}, 4, "rated 3.9 stars, the buyer asked for at least 4"}, // 3.96
		{outcry.Rating{Stars: 79, Count: 20}, 4.5, "rated 4.0 stars, the buyer asked for at least 4.5"},
		{outcry.Rating{Stars: 78, Count: 20}, 3.95, "rated 3.9 stars, the buyer asked for at least 3.95"}, // 3.92
		{outcry.Rating{Stars: 30, Count: 10}, 3.5, "rated 3.3 stars, the buyer asked for at least 3.5"},   // 3.33
		{outcry.Rating{}, 4.04, "rated 4.0 stars, the buyer asked for at least 4.04"},
	} {
		if v := rated(t, x, c.rating, c.least); v.Rule != selection.RuleRating || v.Why != c.want {
			t.Errorf("%+v: %s %q, want %q", c.rating, v.Rule, v.Why, c.want)
		}
	}
	lower := 0
	for count := range 60 {
		for stars := count; stars <= 5*count; stars += 3 {
			for least := 1.05; least < 5; least += 0.15 {
				v := rated(t, x, outcry.Rating{Stars: stars, Count: count}, least)
				if v.OK {
					continue
				}
				lower++
				var says, asked float64
				if _, err := fmt.Sscanf(v.Why, "rated %f stars, the buyer asked for at least %f", &says, &asked); err != nil {
					t.Fatalf("%q: %v", v.Why, err)
				}
				if mean := (outcry.Rating{Stars: stars, Count: count}).Mean(); says >= asked || asked != least || says < mean-0.1 || says > mean+0.05001 {
					t.Fatalf("%q, of a mean of %v and at least %v", v.Why, mean, least)
				}
			}
		}
	}
	if lower < 1000 {
		t.Errorf("%d ratings were too low: too few to tell", lower)
	}
}

// rated is what is said of a shop with a rating where at least so many stars are
// asked for.
func rated(t *testing.T, x *selection.Index, rating outcry.Rating, least float64) selection.Verdict {
	t.Helper()
	l, q := sells("shop_a"), ask()
	l.Rating, q.LeastRating = rating, least
	put(t, x, l)
	v, _ := x.Why(q, "shop_a")
	return v
}
