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
	// spellWeight is the share of calls that a shop's mood decides; its square,
	// times the share of pairs of calls that fall into one spell, is their
	// correlation.
	spellWeight = 0.735
	// paceShare is how much of a shop's speed is its own, and not the call's.
	paceShare = 0.5
	// dearSpread is the spread of shops' own prices, as a standard deviation of
	// the logarithm.
	dearSpread = 0.12
	// stutters is the share of shops that send everything again and again.
	stutters = 0.02
)

// SpellLength is how long a shop is in one mood: in the mood to answer, or not.
const SpellLength = 15 * time.Minute

// Temper is what makes a shop trade as it does. It never changes.
type Temper struct {
	seed uint64
	shop string
	rate float64 // share of calls that it answers in the long run
	pace float64 // how slow it is, in standard deviations
	dear float64 // its own prices against others'
	// stutter is how often at most it sends an answer again; 0 for most.
	stutter int
}

// TemperOf is the temper of a shop: the same one for the same seed, id and
// answering.
func TemperOf(seed uint64, s outcry.Shop) Temper {
	r := Dice(seed, "temper", s.ID, 0)
	t := Temper{seed: seed, shop: s.ID, rate: beta(r, rateA, rateB)}
	t.pace = paceOf(r, s.Answers)
	t.dear = math.Exp(dearSpread * r.NormFloat64())
	if r.Float64() < stutters {
		t.stutter = 8
	}
	return t
}

// Rate is the share of all calls that the shop answers in the long run, 0 to 1.
func (t Temper) Rate() float64 { return t.rate }

// Price is what the shop asks against others of its price level, 1 for the same.
func (t Temper) Price() float64 { return t.dear }

// answers says whether the shop answers a call heard at that moment. A spell's
// mood decides most calls, and the rest are decided one by one at the shop's
// long-run rate.
func (t Temper) answers(r *rand.Rand, at time.Time) bool {
	if r.Float64() >= spellWeight {
		return r.Float64() < t.rate
	}
	on, _ := t.mood(at)
	return on
}

// mood says whether the shop is in the mood to answer at that moment, as it is
// for the long-run share of its spells, and when the spell ends.
func (t Temper) mood(at time.Time) (on bool, ends time.Time) {
	spell, into := at.UnixNano()/int64(SpellLength), at.UnixNano()%int64(SpellLength)
	begins := Dice(t.seed, "spell begins", t.shop, 0).Int64N(int64(SpellLength))
	if into < begins { // each shop's spells begin at a time of its own
		spell--
	}
	return Dice(t.seed, "spell", t.shop, int(spell)).Float64() < t.rate,
		time.Unix(0, (spell+1)*int64(SpellLength)+begins).UTC()
}

// Offers is the share of its calls that the shop offers to in its present spell,
// and when that spell ends: what nobody but a simulation can know.
func (t Temper) Offers(at time.Time) (share float64, ends time.Time) {
	on, ends := t.mood(at)
	share = (1 - spellWeight) * t.rate
	if on {
		share += spellWeight
	}
	return share * (1 - declines), ends
}

// By is the share of the shop's answers that have come by so many seconds after
// the call.
func (t Temper) By(seconds float64) float64 {
	z := math.Sqrt2 * math.Erfinv(2*delayShare(seconds)-1)
	return normal((z - math.Sqrt(paceShare)*t.pace) / math.Sqrt(1-paceShare))
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
func (t Temper) delay(r *rand.Rand) time.Duration {
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

// delayShare is the share of all answers that have come within so many seconds.
func delayShare(seconds float64) float64 {
	if seconds <= delays[0].seconds {
		return delays[0].share
	}
	for i, q := range delays[1:] {
		if p := delays[i]; seconds < q.seconds {
			return p.share + (q.share-p.share)*math.Log(seconds/p.seconds)/math.Log(q.seconds/p.seconds)
		}
	}
	return delays[len(delays)-1].share
}

// qualityOf is the mean of the stars that buyers give a shop: 4.2 on average,
// hardly below 3.
func qualityOf(seed uint64, shop string) float64 {
	q := 4.2 + 0.4*Dice(seed, "quality", shop, 0).NormFloat64()
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
func (t Temper) key(n int) uint64 {
	return Dice(t.seed, "key", t.shop+strconv.Itoa(n), 0).Uint64()
}
