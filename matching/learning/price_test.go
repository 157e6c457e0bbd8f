package learning_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"outcry"
)

// offers teaches one request to which every shop offers at its price.
func (c *city) offers(q request, prices map[string]int64) {
	var answers []answer
	for _, id := range slices.Sorted(keys(prices)) {
		answers = append(answers, answer{shop: id, after: 1, price: prices[id]})
	}
	c.teach(q, answers...)
}

func keys(m map[string]int64) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// mean is what the mixing of the policy makes of n offers of the same logarithm.
func (c *city) mean(log float64, n int) float64 {
	l := c.rules.Learning
	offers := 0.0
	for range n {
		offers = offers*math.Exp2(-1/l.PriceHalfLife) + 1
	}
	return math.Exp(log * offers / (offers + l.PriceWeight))
}

func TestPrice_IsHeldAgainstTheOthers(t *testing.T) {
	t.Parallel()
	c := newCity()
	c.offers(asks, map[string]int64{"shop_a": 800, "shop_b": 1000, "shop_c": 1250})
	// a against the geometric mean of b and c, and so on.
	for id, against := range map[string]float64{
		"shop_a": 800 / math.Sqrt(1000*1250), "shop_b": 1000 / math.Sqrt(800*1250), "shop_c": 1250 / math.Sqrt(800*1000),
	} {
		f := c.figures(id)
		near(t, id+"'s price for bread", f.For(bread), c.mean(math.Log(against), 1), 1e-6)
		near(t, id+"'s price", f.Price, f.For(bread), 1e-6)
	}
}

func TestPrice_IsTheOneThatStandsAtTheEnd(t *testing.T) {
	t.Parallel()
	c := newCity()
	c.seq++
	b := asks.board(answer{shop: "shop_a", after: 1, price: 5000}, answer{shop: "shop_b", after: 1, price: 1000},
		answer{shop: "shop_c", after: 1, price: 1000}, answer{shop: "shop_d", after: 1, price: 9000, taken: true})
	revised := *b.Calls[0].Offer
	revised.Version, revised.Price.Amount = 2, 1000
	b.Calls[0].Offer = &revised
	c.Close(b, c.seq, c.shop, held)
	for _, id := range []string{"shop_a", "shop_b", "shop_c"} {
		near(t, id+"'s price", c.figures(id).Price, 1, 1e-9)
	}
	if d := c.figures("shop_d"); d.Prices != nil || d.Offers.By(2) < 0.5 {
		t.Errorf("an offer taken back teaches of prices, or not of answering: %+v", d)
	}
}

func TestPrice_OtherCurrenciesAreHeldAgainstTheirOwn(t *testing.T) {
	t.Parallel()
	c := newCity()
	c.seq++
	b := asks.board(answer{shop: "shop_a", after: 1, price: 900}, answer{shop: "shop_b", after: 1, price: 90000},
		answer{shop: "shop_c", after: 1, price: 900}, answer{shop: "shop_d", after: 1, price: 90000}, answer{shop: "shop_e", after: 1, price: 5})
	for _, n := range []int{1, 3} {
		b.Calls[n].Offer.Price.Currency = "KRW"
	}
	b.Calls[4].Offer.Price.Currency = "EUR"
	c.Close(b, c.seq, c.shop, held)
	for _, id := range []string{"shop_a", "shop_b", "shop_c", "shop_d"} {
		f := c.figures(id)
		near(t, id+"'s price", f.For(bread), 1, 1e-6)
		if len(f.Prices) != 1 {
			t.Errorf("%s: prices %v", id, f.Prices)
		}
	}
	if f := c.figures("shop_e"); f.Prices != nil {
		t.Errorf("the only one in its currency is held against %v", f.Prices)
	}
}

// An absurd offer neither shows its shop to be more than five times off, nor
// moves the others far.
func TestPrice_AbsurdOffersMoveNobodyFar(t *testing.T) {
	t.Parallel()
	for _, absurd := range []int64{1, outcry.MaxAmount} {
		c := newCity()
		c.offers(asks, map[string]int64{"shop_a": 1000, "shop_b": 1000, "shop_c": 1000, "shop_d": 1000, "shop_x": absurd})
		for id := range map[string]bool{"shop_a": true, "shop_b": true, "shop_c": true, "shop_d": true} {
			near(t, id+"'s price", c.figures(id).Price, 1, 0.07)
		}
		far := math.Log(5)
		if absurd == 1 {
			far = -far
		}
		near(t, "the absurd shop's price", c.figures("shop_x").Price, c.mean(far, 1), 1e-6)
	}
}

func TestPrice_AloneIsHeldAgainstWhatIsUsual(t *testing.T) {
	t.Parallel()
	c := newCity()
	two := asks
	two.quantity = 2
	c.offers(two, map[string]int64{"shop_a": 2000})
	if f := c.figures("shop_a"); f.Prices != nil {
		t.Fatalf("nobody knows what bread costs, and yet: %v", f.Prices)
	}
	for range 4 {
		if usual, ok := c.Usual(bread, "GBP"); ok {
			t.Fatalf("known too soon: %v", usual)
		}
		c.offers(two, map[string]int64{"shop_b": 2000})
	}
	if _, ok := c.Usual(bread, "EUR"); ok {
		t.Fatal("pounds teach what it costs in euros")
	}
	usual, ok := c.Usual(bread, "GBP")
	near(t, "what bread costs", usual, 1000, 1e-6)
	if !ok {
		t.Fatal("five offers do not make it known")
	}
	c.offers(two, map[string]int64{"shop_a": 2600})
	near(t, "price of one that is dearer", c.figures("shop_a").Price, c.mean(math.Log(1.3), 1), 1e-6)
}

// What is usual is what a shop asks whose price is that of the others, whoever
// was called.
func TestUsual_IsCorrectedByWhoOffered(t *testing.T) {
	t.Parallel()
	c := newCity()
	for range 40 {
		c.offers(asks, map[string]int64{"shop_a": 800, "shop_b": 1000, "shop_c": 1250})
	}
	for range 60 { // the cheap one alone
		c.offers(asks, map[string]int64{"shop_a": 800})
	}
	usual, _ := c.Usual(bread, "GBP")
	near(t, "what bread costs", usual, 1000, 30)
	c.offers(asks, map[string]int64{"shop_a": 1})
	one, _ := c.Usual(bread, "GBP")
	near(t, "after an absurd offer", one, usual, 0.04*usual)
}

func TestPrice_OtherCodesSayWhatToExpect(t *testing.T) {
	t.Parallel()
	c := newCity()
	cakes := asks
	cakes.code = "osm:shop=pastry"
	for range 30 {
		c.offers(asks, map[string]int64{"shop_a": 700, "shop_b": 1000, "shop_c": 1000})
	}
	f := c.figures("shop_a")
	near(t, "price of what was never asked", f.For(cakes.code), f.Price, 1e-9)
	if f.Price > 0.85 {
		t.Fatalf("the shop's price is %v", f.Price)
	}
	c.offers(cakes, map[string]int64{"shop_a": 1000, "shop_b": 1000, "shop_c": 1000})
	after := c.figures("shop_a")
	if got := after.For(cakes.code); got <= f.Price || got >= 1 {
		t.Errorf("after one offer at the others' price for cakes: %v, want between %v and 1", got, f.Price)
	}
	near(t, "price for bread", after.For(bread), f.For(bread), 0.02)
}

func TestPrice_TheCodesLastAskedForAreKept(t *testing.T) {
	t.Parallel()
	c := newCity()
	code := func(n int) outcry.Code { return outcry.Code(fmt.Sprint("x:", n)) }
	for n := range 40 {
		for _, which := range []int{0, n} { // 0 is used again and again
			q := asks
			q.code = code(which)
			c.offers(q, map[string]int64{"shop_a": 900, "shop_b": 1000})
		}
	}
	var got []outcry.Code
	for _, p := range c.figures("shop_a").Prices {
		got = append(got, p.Code)
	}
	if len(got) != 32 || !slices.Contains(got, code(0)) || !slices.Contains(got, code(39)) || slices.Contains(got, code(5)) {
		t.Errorf("%d codes are kept: %v", len(got), got)
	}
}

func TestPrice_IsOfTheCodeThatTheShopHolds(t *testing.T) {
	t.Parallel()
	c := newCity()
	c.seq++
	b := asks.board(answer{shop: "shop_a", after: 1, price: 900}, answer{shop: "shop_b", after: 1, price: 1000})
	c.Close(b, c.seq, c.shop, func(shop string, asked outcry.Code) outcry.Code {
		if shop == "shop_a" {
			return "osm:shop"
		}
		return asked
	})
	for id, code := range map[string]outcry.Code{"shop_a": "osm:shop", "shop_b": bread} {
		if p := c.figures(id).Prices; len(p) != 1 || p[0].Code != code {
			t.Errorf("%s: prices %v, want one for %s", id, p, code)
		}
	}
}

// market is a city of shops with prices of their own, of which those that look
// cheap are called.
type market struct {
	*city
	r      *rand.Rand
	ids    []string
	prices []float64 // logarithms
	drawn  int       // of twelve calls, so many go to shops by chance
}

// trade lets so many requests go by.
func (m *market) trade(requests int) {
	for range requests {
		near := m.r.Perm(len(m.ids))[:40]
		slices.SortFunc(near, func(i, j int) int {
			return cmp.Compare(m.figures(m.ids[i]).Price, m.figures(m.ids[j]).Price)
		})
		called := near[:12-m.drawn]
		for range m.drawn {
			called = append(called, near[12+m.r.IntN(28)])
		}
		costs := math.Exp(9 + 0.5*m.r.NormFloat64())
		asked := map[string]int64{}
		for _, i := range called {
			if m.r.Float64() < 0.6 { // of those called
				asked[m.ids[i]] = int64(costs * math.Exp(m.prices[i]+0.06*m.r.NormFloat64()))
			}
		}
		m.offers(asks, asked)
	}
}

// compare gives the rank correlation of the learned prices with the true ones,
// and the mean of how far they are off.
func (m *market) compare() (correlation, off float64) {
	var truth, learned []float64
	for i, id := range m.ids {
		if f := m.figures(id); len(f.Prices) > 0 {
			truth, learned = append(truth, m.prices[i]), append(learned, math.Log(f.For(bread)))
			off += math.Abs(m.prices[i] - math.Log(f.For(bread)))
		}
	}
	n, squares := float64(len(truth)), 0.0
	a, b := ranks(truth), ranks(learned)
	for i := range a {
		squares += (a[i] - b[i]) * (a[i] - b[i])
	}
	return 1 - 6*squares/(n*(n*n-1)), off / n
}

func ranks(values []float64) []float64 {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(values[i], values[j]) })
	ranks := make([]float64, len(values))
	for rank, i := range order {
		ranks[i] = float64(rank)
	}
	return ranks
}

// Learned prices come close to the true ones though mostly cheap shops, or only
// such, are called together; and they stay there.
func TestPrice_ComesToTheTruthThoughTheCheapAreCalled(t *testing.T) {
	t.Parallel()
	for _, want := range []struct {
		drawn            int
		correlation, off float64
	}{{2, 0.97, 0.09}, {0, 0.9, 0.1}} {
		m := &market{city: newCity(), r: dice(11), drawn: want.drawn}
		for i := range 200 {
			m.ids = append(m.ids, fmt.Sprint("shop_", i))
			m.prices = append(m.prices, 0.25*m.r.NormFloat64())
		}
		for _, requests := range []int{600, 900} {
			m.trade(requests)
			correlation, off := m.compare()
			t.Logf("%d of 12 by chance, %d requests on: rank correlation %.3f, off by %.3f", want.drawn, requests, correlation, off)
			if correlation < want.correlation || off > want.off {
				t.Errorf("want at least %v, off by at most %v", want.correlation, want.off)
			}
		}
	}
}
