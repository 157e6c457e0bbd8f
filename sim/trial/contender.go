package trial

import "outcry/policy"

// Contender is a policy that is tried.
type Contender struct {
	Name   string
	Policy policy.Policy
	// Omniscient: selecting knows each shop's chance of an offer in its present
	// spell, its prices and how it keeps promises, in the place of what was
	// learned.
	Omniscient bool
}

// plain is a policy without what makes it more than a list of shops that are
// called at once: no waves, limits, exploring, spreading or gate, and all offers
// are collected. The board ranks them as it does.
func plain(p policy.Policy) policy.Policy {
	p.Waves = policy.Waves{
		Ends: []float64{1}, Margin: 1e6, LoadMargin: 1e6, LoadFrom: 1, LoadFull: 1,
		TickS: 3600, StopS: p.Waves.StopS, MostCalls: p.Waves.MostCalls,
	}
	p.Score = policy.Score{
		Base: p.Score.Base, PerKm: p.Score.PerKm, PerStar: p.Score.PerStar, Exponent: p.Score.Exponent, Consider: p.Score.Consider,
	}
	p.Exploring.Share = 0
	p.Promises.Calling, p.Promises.Showing = false, false
	p.Limits.Person = policy.ShopLimit{}
	return p
}

// The names of the contenders that goals speak of.
const (
	ours = "ours"
	all  = "everybody"
)

// fixed is how many shops the policies call that do not look at what comes of it.
const fixed = 20

// Everybody calls all shops that may be called.
func Everybody(p policy.Policy) Contender {
	p = plain(p)
	p.Waves.MostCalls = 1024
	return Contender{Name: all, Policy: p}
}

// Nearest calls the 20 nearest shops: with all exponents 0 every shop has the
// same score, and of these the nearest come first.
func Nearest(p policy.Policy) Contender {
	p = plain(p)
	p.Waves.MostCalls = fixed
	p.Score.Exponent = 0
	return Contender{Name: "nearest 20", Policy: p}
}

// Static calls the 20 shops with the best score of what is known when a shop is
// registered: price level, distance and rating.
func Static(p policy.Policy) Contender {
	p = plain(p)
	p.Waves.MostCalls = fixed
	p.Learning.PriceWeight = 1e6
	return Contender{Name: "static score", Policy: p}
}

// Ours is the policy that is compared with the others.
func Ours(p policy.Policy) Contender { return Contender{Name: ours, Policy: p} }

// Ungated is the policy without the gate for broken promises.
func Ungated(p policy.Policy) Contender {
	p.Promises.Calling, p.Promises.Showing = false, false
	return Contender{Name: "ours, no gate", Policy: p}
}

// Oracle is the policy where selecting knows the truth about each shop.
func Oracle(p policy.Policy) Contender {
	return Contender{Name: "oracle", Policy: p, Omniscient: true}
}
