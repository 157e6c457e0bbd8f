package crowd

import (
	"math"
	"math/rand/v2"

	"outcry"
)

// The past of shops.
const (
	// Long-run answer rates are Beta(rateA, rateB), as in package sim.
	rateA, rateB = 0.45, 0.37
	// delaySpread is the spread of a shop's delays from call to call, as a
	// standard deviation of the logarithm; paceSpread that of shops' medians.
	delaySpread, paceSpread = 1.2, 0.8
	// The medians of the delays, in seconds.
	softwareMedian, peopleMedian = 0.4, 1.5
	// priceSpread is the spread of shops' prices, as a standard deviation of the
	// logarithm, and codeSpread that of a shop's codes.
	priceSpread, codeSpread = 0.12, 0.05
	cheapest, dearest       = 0.8, 1.3
	// knownWell is from how many calls on a shop's prices are known by code.
	knownWell = 20
	// reliable is the share of shops that keep more than nine of ten promises.
	reliable = 0.94
)

// Expected is what is taken of shops without figures of their own.
func Expected(by outcry.Answering) outcry.Figures {
	median := peopleMedian
	if by == outcry.BySoftware {
		median = softwareMedian
	}
	return outcry.Figures{Offers: curve(rateA/(rateA+rateB), median), Kept: 0.9, Price: 1}
}

// Figures are what the past says of a shop, number i with that listing; ok is
// false for a newcomer.
func (c *Crowd) Figures(i int, l *outcry.Listing) (f outcry.Figures, ok bool) {
	r := dice(c.seed, "past", i)
	if r.Float64() < newcomers {
		return f, false
	}
	median := peopleMedian
	if l.Answers == outcry.BySoftware {
		median = softwareMedian
	}
	f.Offers = curve(beta(r, rateA, rateB), median*math.Exp(paceSpread*r.NormFloat64()))
	f.Calls = 4 * math.Exp(r.Float64()*math.Log(100))
	f.Kept = 1 - 0.1*r.Float64()*r.Float64()
	if r.Float64() >= reliable {
		f.Kept = 0.2 + 0.7*r.Float64()
	}
	f.Price = priced(r, 1, priceSpread)
	if f.Calls > knownWell {
		for _, code := range l.Codes {
			f.Prices = append(f.Prices, outcry.CodePrice{Code: code, Price: priced(r, f.Price, codeSpread)})
		}
	}
	return f, true
}

func priced(r *rand.Rand, round, spread float64) float64 {
	return max(cheapest, min(dearest, round*math.Exp(spread*r.NormFloat64())))
}

// curve is the chance of an offer by each delay, for a shop that answers that
// share of calls, half of them within the median.
func curve(share, median float64) outcry.Curve {
	var c outcry.Curve
	for i, d := range outcry.Delays {
		c[i] = float32(share * normal(math.Log(d/median)/delaySpread))
	}
	return c
}
