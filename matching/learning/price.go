package learning

import (
	"math"
	"slices"

	"outcry"
	"outcry/policy"
)

const (
	// maxCodes is of how many codes a shop's prices are kept: those that it was
	// last asked for.
	maxCodes = 32
	// dearest is how many times dearer or cheaper than the others one offer may
	// show a shop to be.
	dearest = 5
	// strays is how many times dearer or cheaper than the middle an offer may
	// make the others' price look, so that nobody moves all by one absurd offer.
	strays = 2
)

// priced is what offers for a code taught of a shop's price: the sum of the
// logarithms of price / base, and how many offers there were, of which older
// ones count less.
type priced struct {
	code         outcry.Code
	logs, offers float32
}

// prices are those of a shop by code, the one that was last used first.
type prices []priced

// book adds an offer for a code, by the logarithm of its price against the
// others'.
func (p *prices) book(code outcry.Code, log, halfLife float64) {
	at := slices.IndexFunc(*p, func(one priced) bool { return one.code == code })
	one := priced{code: code}
	switch {
	case at >= 0:
		one = (*p)[at]
		*p = slices.Delete(*p, at, at+1)
	case len(*p) == maxCodes:
		*p = (*p)[:maxCodes-1]
	}
	fade := float32(math.Exp2(-1 / halfLife))
	one.logs, one.offers = one.logs*fade+float32(log), one.offers*fade+1
	*p = slices.Insert(*p, 0, one)
}

// sums are the sums over all codes.
func (p prices) sums() (logs, offers float64) {
	for _, one := range p {
		logs, offers = logs+float64(one.logs), offers+float64(one.offers)
	}
	return logs, offers
}

// lean is where the prices of a shop of a price level are taken to be, as a
// logarithm, before they are known. A level that was not said is the middle one.
func lean(rules *policy.Policy, level int) float64 { return math.Log(levelPrice(rules, level)) }

// levelPrice is the price that a shop's level lets expect.
func levelPrice(rules *policy.Policy, level int) float64 {
	if level == 0 {
		return 1
	}
	return max(1./dearest, 1+rules.Learning.PerLevel*float64(level-2))
}

// mixed is the mean of what offers taught, with weight offers at before.
func mixed(logs, offers, before, weight float64) float64 {
	if offers+weight <= 0 {
		return before
	}
	return (logs + weight*before) / (offers + weight)
}

// overall is the shop's price whatever is asked, as a logarithm.
func (p prices) overall(rules *policy.Policy, level int) float64 {
	logs, offers := p.sums()
	return mixed(logs, offers, lean(rules, level), rules.Learning.PriceWeight)
}

// plain is the shop's price for a code, as a logarithm, by its offers alone:
// those for the code, else those for others; by its level where there are none.
func (p prices) plain(code outcry.Code, lean float64) float64 {
	var own priced
	for _, one := range p {
		if one.code == code {
			own = one
		}
	}
	logs, offers := p.sums()
	return own.price(logs, offers, lean, 0)
}

// price is the shop's price for a code, as a logarithm: what its offers for it
// taught, mixed with what those for its other codes did, and that with where its
// prices lean before, so that no offer counts twice. logs and offers are the sums
// over all its codes, and weight as how many offers each counts that is mixed in.
func (o priced) price(logs, offers, lean, weight float64) float64 {
	others := mixed(logs-float64(o.logs), max(0, offers-float64(o.offers)), lean, weight)
	return mixed(float64(o.logs), float64(o.offers), others, weight)
}

// all are the prices of every code, against the others.
func (p prices) all(rules *policy.Policy, level int) []outcry.CodePrice {
	if len(p) == 0 {
		return nil
	}
	logs, offers := p.sums()
	before, weight := lean(rules, level), rules.Learning.PriceWeight
	out := make([]outcry.CodePrice, len(p))
	for i, one := range p {
		out[i] = outcry.CodePrice{Code: one.code, Price: math.Exp(one.price(logs, offers, before, weight))}
	}
	return out
}
