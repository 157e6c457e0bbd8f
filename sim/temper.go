package sim

import (
	"math"
	"math/rand/v2"
	"strconv"
	"time"

	"outcry"
)

// The answering of shops. rateA, rateB and spellWeight are fitted (see the
// package's doc), the others assumed.
const (
	// Long-run answer rates are Beta(rateA, rateB).
	rateA, rateB = 0.45, 0.37
	// spellLength is how long a shop is in one mood. spellWeight is the share of
	// calls that the mood decides; its square, times the share of pairs of calls
	// that fall into one spell, is their correlation.
	spellLength = 15 * time.Minute
	spellWeight = 0.735
	// paceShare is how much of a shop's speed is its own, and not the call's.
	paceShare = 0.5
	// dearSpread is the spread of shops' own prices, as a standard deviation of
	// the logarithm.
	dearSpread = 0.12
	// stutters is the share of shops that send everything again and again.
	stutters = 0.02
)

// temper is what makes a shop trade as it does. It never changes.
type temper struct {
	seed uint64
	shop string
	rate float64 // share of calls that it answers in the long run
	pace float64 // how slow it is, in standard deviations
	dear float64 // its own prices against others'
	// stutter is how often at most it sends an answer again; 0 for most.
	stutter int
}

// temperOf is the temper of a shop.
func temperOf(seed uint64, s outcry.Shop) temper {
	r := dice(seed, "temper", s.ID, 0)
	t := temper{seed: seed, shop: s.ID, rate: beta(r, rateA, rateB)}
	t.pace = paceOf(r, s.Answers)
	t.dear = math.Exp(dearSpread * r.NormFloat64())
	if r.Float64() < stutters {
		t.stutter = 8
	}
	return t
}

// answers says whether the shop answers its call number n, heard at that moment.
// A spell's mood is on for the shop's long-run share of spells; it decides most
// calls, and the rest are decided one by one at the same rate.
func (t temper) answers(r *rand.Rand, at time.Time) bool {
	if r.Float64() >= spellWeight {
		return r.Float64() < t.rate
	}
	spell, into := at.UnixNano()/int64(spellLength), at.UnixNano()%int64(spellLength)
	begins := dice(t.seed, "spell begins", t.shop, 0).Int64N(int64(spellLength))
	if into < begins { // each shop's spells begin at a time of its own
		spell--
	}
	return dice(t.seed, "spell", t.shop, int(spell)).Float64() < t.rate
}

// beta draws from Beta(a, b) for a and b up to 1, by Jöhnk's method.
func beta(r *rand.Rand, a, b float64) float64 {
	for {
		x, y := math.Pow(r.Float64(), 1/a), math.Pow(r.Float64(), 1/b)
		if sum := x + y; sum > 0 && sum <= 1 {
			return x / sum
		}
	}
}

// paceOf draws the speed of a shop from a normal distribution, of which software
// takes the fast side and people the slow one: of the shops with a share u of
// all shops faster than them, (1-u)^1.5 are software, which makes 40 % of all.
func paceOf(r *rand.Rand, by outcry.Answering) float64 {
	for {
		z := r.NormFloat64()
		software := math.Pow(1-normal(z), 1.5)
		if (r.Float64() < software) == (by == outcry.BySoftware) {
			return z
		}
	}
}

// normal is the standard normal distribution function.
func normal(z float64) float64 { return 0.5 * math.Erfc(-z/math.Sqrt2) }

// delay draws how long the shop takes to answer a call.
func (t temper) delay(r *rand.Rand) time.Duration {
	z := math.Sqrt(paceShare)*t.pace + math.Sqrt(1-paceShare)*r.NormFloat64()
	return delayAt(normal(z))
}

// delays are the quantiles of the time from call to answer, in seconds.
var delays = []struct{ share, seconds float64 }{
	{0, 0.04}, {0.1, 0.1}, {0.5, 0.47}, {0.79, 2}, {0.88, 5}, {0.90, 6.5}, {0.985, 30}, {1, 120},
}

// delayAt is the time within which a share of all answers have come, between
// the quantiles by the logarithm.
func delayAt(share float64) time.Duration {
	for i, q := range delays[1:] {
		if p := delays[i]; share <= q.share {
			part := (share - p.share) / (q.share - p.share)
			return time.Duration(p.seconds * math.Pow(q.seconds/p.seconds, part) * float64(time.Second))
		}
	}
	return time.Duration(delays[len(delays)-1].seconds * float64(time.Second))
}

// qualityOf is the mean of the stars that buyers give a shop: 4.2 on average,
// hardly below 3.
func qualityOf(seed uint64, shop string) float64 {
	q := 4.2 + 0.4*dice(seed, "quality", shop, 0).NormFloat64()
	return max(2.5, min(4.9, q))
}

// starsOf draws what a buyer gives a shop of that quality.
func starsOf(r *rand.Rand, quality float64) int {
	return int(max(1, min(5, math.Round(quality+0.7*r.NormFloat64()))))
}

// rated draws the ratings that a shop has from before: none for a sixth of the
// shops, else up to some hundred, most have few.
func rated(r *rand.Rand, quality float64) outcry.Rating {
	var sum outcry.Rating
	if r.Float64() < 1./6 {
		return sum
	}
	for range int(math.Exp(5 * r.Float64())) {
		sum.Stars += starsOf(r, quality)
		sum.Count++
	}
	return sum
}

// key orders what happens at the same moment: by shop and how often it was
// called, never by who was first to ask for it.
func (t temper) key(n int) uint64 {
	return dice(t.seed, "key", t.shop+strconv.Itoa(n), 0).Uint64()
}
