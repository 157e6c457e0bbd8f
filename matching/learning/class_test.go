package learning_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"outcry"
)

func TestExpect_TakesThePolicysFiguresBeforeAnythingIsKnown(t *testing.T) {
	t.Parallel()
	c := newCity()
	person, software := c.Expect()
	for _, one := range []struct {
		got    outcry.Figures
		median float64
	}{{person, c.rules.Learning.Person.MedianS}, {software, c.rules.Learning.Software.MedianS}} {
		for i, d := range outcry.Delays[:7] {
			near(t, "chance", float64(one.got.Offers[i]), 0.54*d/(d+one.median), 1e-6)
		}
		near(t, "chance in the end", float64(one.got.Offers[7]), 0.54, 1e-6)
		near(t, "kept", one.got.Kept, 0.9, 1e-9)
		if one.got.Calls != 0 || one.got.Price != 1 || one.got.Prices != nil {
			t.Errorf("figures %+v", one.got)
		}
	}
	if software.Offers.By(1) < 1.5*person.Offers.By(1) {
		t.Errorf("software by a second: %v, people: %v", software.Offers.By(1), person.Offers.By(1))
	}
}

func TestFigures_OfAnUnknownShopAreWhatIsExpectedOfItsClassAndLevel(t *testing.T) {
	t.Parallel()
	c := newCity()
	c.shops["shop_software"] = outcry.Shop{Answers: outcry.BySoftware, PriceLevel: 4}
	c.shops["shop_person"] = outcry.Shop{Answers: outcry.ByPerson, PriceLevel: 1}
	c.shops["shop_unsaid"] = outcry.Shop{}
	person, software := c.Expect()
	for id, want := range map[string]outcry.Figures{
		"shop_software": {Offers: software.Offers, Price: 1.2},
		"shop_person":   {Offers: person.Offers, Price: 0.9},
		"shop_unsaid":   {Offers: person.Offers, Price: 1},
	} {
		got := c.figures(id)
		near(t, id+"'s price", got.Price, want.Price, 1e-9)
		if got.Offers != want.Offers || got.Calls != 0 || got.Prices != nil {
			t.Errorf("%s: %+v, want %+v", id, got, want)
		}
	}
	if got := c.Shops(); len(got) != 0 {
		t.Errorf("asking made %v known", got)
	}
}

func TestMoved_SaysWhenAClassIsNoLongerAsItWasExpected(t *testing.T) {
	t.Parallel()
	c := newCity()
	if !c.Moved() {
		t.Fatal("before the first Expect nothing had moved")
	}
	was, _ := c.Expect()
	for i := 0; !c.Moved(); i++ {
		if i > 100 {
			t.Fatal("a hundred new shops that never answer moved nothing")
		}
		c.teach(asks, answer{shop: fmt.Sprint("shop_", i), after: never})
	}
	is, software := c.Expect()
	far := was.Offers.By(60) - is.Offers.By(60)
	if far < 0.02 || far > 0.03 {
		t.Errorf("it moved from %v to %v, want just above 0.02", was.Offers, is.Offers)
	}
	if c.Moved() {
		t.Error("it moved since Expect, without a lesson")
	}
	near(t, "software's chance", software.Offers.By(60), 0.54, 1e-6)
}

// A class says what a shop does that is not known yet, though nearly all calls go
// to those that are known to be good.
func TestExpect_IsOfNewShopsAndNotOfTheBest(t *testing.T) {
	t.Parallel()
	c, r := newCity(), dice(3)
	rates, mean := make([]float64, 500), 0.0
	for i := range rates {
		rates[i] = beta(r)
		mean += rates[i] / float64(len(rates))
	}
	id := func(i int) string { return fmt.Sprint("shop_", i) }
	calls, offers := 0.0, 0.0
	for range 1000 {
		near := r.Perm(len(rates))[:40]
		slices.SortFunc(near, func(i, j int) int {
			return cmp.Compare(c.figures(id(j)).Offers.By(60), c.figures(id(i)).Offers.By(60))
		})
		var answers []answer
		for _, i := range append(near[:8], near[8+r.IntN(32)]) { // eight best, and one by chance
			a := answer{shop: id(i), after: never}
			if calls++; r.Float64() < rates[i] {
				a.after, a.price = 1, 100
				offers++
			}
			answers = append(answers, a)
		}
		c.teach(asks, answers...)
	}
	person, _ := c.Expect()
	t.Logf("shops offer to %.3f of calls, those called to %.3f; expected are %.3f", mean, offers/calls, person.Offers.By(60))
	near(t, "chance of a new shop", person.Offers.By(60), mean, 0.05)
	if offers/calls < mean+0.2 {
		t.Errorf("%v of the calls were offered to: the test called not the best", offers/calls)
	}
}
