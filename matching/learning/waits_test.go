package learning_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"outcry"
	"outcry/policy"
)

// uncut is what the plain formula says of a shop's calls, of which the last one
// is the newest: (offers by then + weight * class) / (calls + weight).
func uncut(c *city, calls []float64) (chances outcry.Curve, n float64) {
	person, _ := c.Expect()
	rules := c.rules.Learning.Person
	by := [len(chances)]float64{}
	for i, after := range calls {
		counts := math.Exp2(-float64(len(calls)-1-i) / rules.HalfLife)
		n += counts
		for at, d := range outcry.Delays {
			if after >= 0 && (after <= d || at == len(by)-1) {
				by[at] += counts
			}
		}
	}
	for at := range chances {
		chances[at] = float32((by[at] + rules.Weight*float64(person.Offers[at])) / (n + rules.Weight))
	}
	return chances, n
}

func TestFigures_OfCallsThatCameToTheirEndAreThePlainShare(t *testing.T) {
	t.Parallel()
	delays := []float64{never, no, 0, 0.2, 0.5, 0.7, 1.5, 2, 4, 9, 19.9, 29, 45, 59, 90}
	rapid.Check(t, func(t *rapid.T) {
		c := newCity()
		c.rules.Learning.Person.HalfLife = rapid.Float64Range(1, 100).Draw(t, "half-life")
		c.rules.Learning.Person.Weight = rapid.Float64Range(0.1, 20).Draw(t, "weight")
		calls := rapid.SliceOfN(rapid.SampledFrom(delays), 0, 60).Draw(t, "calls")
		q := asks
		q.closed = 100
		for _, after := range calls {
			c.teach(q, answer{shop: "shop_1", after: after, price: 100})
		}
		want, n := uncut(c, calls)
		got := c.figures("shop_1")
		for at := range want {
			if math.Abs(float64(got.Offers[at]-want[at])) > 1e-4 {
				t.Fatalf("by %v s: %v, want %v", outcry.Delays[at], got.Offers, want)
			}
		}
		if math.Abs(got.Calls-n) > 1e-3 {
			t.Fatalf("%v calls, want %v", got.Calls, n)
		}
	})
}

func TestFigures_TakeTheFirstVersionWhateverBecameOfIt(t *testing.T) {
	t.Parallel()
	plain, taken := newCity(), newCity()
	for range 5 {
		plain.teach(asks, answer{shop: "shop_1", after: 1.5, price: 100})
		taken.teach(asks, answer{shop: "shop_1", after: 1.5, price: 100, taken: true})
	}
	if got, want := taken.figures("shop_1").Offers, plain.figures("shop_1").Offers; got != want {
		t.Errorf("with the offer taken back %v, without %v", got, want)
	}
	if got := plain.figures("shop_1").Offers; got.By(1) > 0.1 || got.By(2) < 0.75 {
		t.Errorf("offers after 1.5 s give %v", got)
	}
}

func TestFigures_AreChancesWhateverHappens(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := newCity()
		c.rules.Learning.Person = policy.Class{
			Offers:   rapid.Float64Range(0.01, 1).Draw(t, "offers"),
			MedianS:  rapid.Float64Range(0.01, 86400).Draw(t, "median"),
			Weight:   rapid.Float64Range(0.1, 1000).Draw(t, "weight"),
			HalfLife: rapid.Float64Range(1, 1e6).Draw(t, "half-life"),
		}
		for range rapid.IntRange(1, 80).Draw(t, "calls") {
			q := asks
			q.closed = rapid.SampledFrom([]float64{0, 1e-9, 0.1, 0.5, 0.9, 3, 15, 59, 61, 1e6}).Draw(t, "closed")
			after := rapid.SampledFrom([]float64{never, no, 0, 0.05, 0.6, 2, 40, 60, 1e5}).Draw(t, "after")
			c.teach(q, answer{shop: "shop_1", after: after, price: 100})
			f := c.figures("shop_1")
			before := float32(0)
			for _, chance := range f.Offers {
				if !(chance >= before-1e-6 && chance <= 1) {
					t.Fatalf("chances %v", f.Offers)
				}
				before = chance
			}
			if !(f.Calls >= 0 && f.Calls <= 100) {
				t.Fatalf("%v calls", f.Calls)
			}
		}
	})
}

func TestFigures_CallsCutAtOnceTeachNothing(t *testing.T) {
	t.Parallel()
	for _, known := range []float64{0.3, 1.5, 8, never, no} {
		c := newCity()
		for range 12 {
			c.teach(asks, answer{shop: "shop_1", after: known, price: 100})
		}
		was := c.figures("shop_1")
		cut := asks
		cut.closed, cut.reason = 0.0001, outcry.ClosedEnough
		for range 2000 {
			c.teach(cut, answer{shop: "shop_1", after: never})
		}
		is := c.figures("shop_1")
		for at := range was.Offers {
			near(t, "chance", float64(is.Offers[at]), float64(was.Offers[at]), 0.01)
		}
		near(t, "calls", is.Calls, was.Calls, 0.25)
	}
}

// drawn is a shop with a truth of its own: the share of calls that it offers to,
// and how long it takes, evenly within each stretch of outcry.Delays.
type drawn struct {
	rate float64
	by   [len(outcry.Delays)]float64 // shares of its offers
}

// answers draws what the shop does with a call.
func (d *drawn) answers(r *rand.Rand) float64 {
	if r.Float64() >= d.rate {
		return never
	}
	begin, u := 0.0, r.Float64()
	for i, end := range outcry.Delays {
		if u < d.by[i] || i == len(d.by)-1 {
			return begin + (end-begin)*r.Float64()
		}
		u -= d.by[i]
		begin = end
	}
	panic("unreachable")
}

// truth is the chance of an offer by each delay.
func (d *drawn) truth() (c outcry.Curve) {
	sum := 0.0
	for i := range c {
		sum += d.by[i]
		c[i] = float32(d.rate * sum)
	}
	return c
}

// Most requests close within a second or so, and the others last: what is
// learned comes to the truth all the same, at every delay.
func TestFigures_ComeToTheTruthThoughMostCallsAreCut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawn{rate: rapid.Float64Range(0, 1).Draw(t, "rate")}
		sum := 0.0
		for i := range d.by {
			d.by[i] = rapid.Float64Range(0.01, 1).Draw(t, "by")
			sum += d.by[i]
		}
		for i := range d.by {
			d.by[i] /= sum
		}
		lasting := rapid.Float64Range(0.15, 0.5).Draw(t, "lasting")
		mean := rapid.Float64Range(0.2, 3).Draw(t, "mean of the others")
		r := dice(rapid.Uint64().Draw(t, "seed"))
		c := newCity()
		c.rules.Learning.Person.HalfLife = 1500
		for range 4000 {
			q := asks
			if r.Float64() >= lasting {
				q.closed, q.reason = mean*r.ExpFloat64(), outcry.ClosedEnough
			}
			c.teach(q, answer{shop: "shop_1", after: d.answers(r), price: 100})
		}
		truth, got := d.truth(), c.figures("shop_1").Offers
		for at := range truth {
			if math.Abs(float64(got[at]-truth[at])) > 0.09 {
				t.Fatalf("by %v s:\n got %.3f\nwant %.3f", outcry.Delays[at], got, truth)
			}
		}
	})
}

// Where every request closes within a second, nobody has seen what comes later:
// it goes by what was seen before.
func TestFigures_NotSeenLaterGoByWhatWasSeen(t *testing.T) {
	t.Parallel()
	cut := asks
	cut.closed, cut.reason = 1, outcry.ClosedEnough
	c, r := newCity(), dice(1)
	for range 60 {
		keen := never
		if r.Float64() < 0.6 {
			keen = 0.3
		}
		c.teach(cut, answer{shop: "shop_silent", after: never}, answer{shop: "shop_keen", after: keen, price: 100})
	}
	if got := c.figures("shop_silent").Offers; got.By(60) > 0.12 {
		t.Errorf("a shop that never answered is expected to: %v", got)
	}
	if got := c.figures("shop_keen").Offers; got.By(1) > 0.75 || got.By(60) < 0.85 {
		t.Errorf("a shop that offered to 60 %% within a second: %v", got)
	}
}

// Slow shops are known from the requests that last, however many do not.
func TestFigures_SlowShopsAreKnownFromRequestsThatLast(t *testing.T) {
	t.Parallel()
	c := newCity()
	cut := asks
	cut.closed, cut.reason = 1, outcry.ClosedEnough
	for i := range 200 {
		q := cut
		if i%10 == 0 {
			q = asks
		}
		c.teach(q, answer{shop: "shop_1", after: 3, price: 100})
	}
	if got := c.figures("shop_1").Offers; got.By(1) > 0.1 || got.By(5) < 0.8 {
		t.Errorf("chances %v of a shop that always offers after 3 s", got)
	}
}

// Shops answer in spells: what they did of late says more than all they ever
// did. Measured as the log loss of the next answer, as MATCHING does.
func TestFigures_ForeseeTheNextAnswerBetterThanWholeLifeCounts(t *testing.T) {
	t.Parallel()
	loss := func(halfLife float64) float64 {
		c, r := newCity(), dice(5)
		c.rules.Learning.Person.HalfLife = halfLife
		sum, n := 0.0, 0.0
		for s := range 150 {
			id := "shop_" + string(rune('a'+s))
			rate, mood, left := beta(r), false, 0.0
			for range 400 {
				if left--; left <= 0 { // a spell is about 15 calls long
					mood, left = r.Float64() < rate, 15
				}
				offers := r.Float64() < rate
				if r.Float64() < 0.735 {
					offers = mood
				}
				chance := min(0.999, max(0.001, c.figures(id).Offers.By(60)))
				after := never
				if n++; offers {
					after, sum = 1, sum-math.Log(chance)
				} else {
					sum -= math.Log(1 - chance)
				}
				c.teach(asks, answer{shop: id, after: after, price: 100})
			}
		}
		return sum / n
	}
	policys, life := loss(policy.Default().Learning.Person.HalfLife), loss(1e6)
	t.Logf("log loss %.3f with the default half-life, %.3f with whole-life counts", policys, life)
	if policys > 0.94*life {
		t.Errorf("log loss %.3f, with whole-life counts %.3f: want it clearly less", policys, life)
	}
}

// beta draws from Beta(0.45, 0.37), by Jöhnk's method.
func beta(r *rand.Rand) float64 {
	for {
		x, y := math.Pow(r.Float64(), 1/0.45), math.Pow(r.Float64(), 1/0.37)
		if sum := x + y; sum > 0 && sum <= 1 {
			return x / sum
		}
	}
}
