package learning

import (
	"math"

	"outcry"
)

const (
	// usualHalfLife is after how many further offers an offer counts half for
	// what a code usually costs.
	usualHalfLife = 50
	// usualOffers is from how many offers on that is known.
	usualOffers = 5
)

// tender is what something is asked for in: a code and a currency.
type tender struct {
	code     outcry.Code
	currency string
}

// usual is what a unit of a tender costs at a shop of price 1: the sum of the
// logarithms of price / quantity / the shop's price, over offers of which older
// ones count less, and how many there were in all.
type usual struct {
	row
	tender
	logs, offers float64
	count        uint32
}

// perUnit is what a unit costs, as a logarithm of minor units; known is false
// where too few offers were seen.
func (u *usual) perUnit() (log float64, known bool) {
	if u == nil || u.count < usualOffers {
		return 0, false
	}
	return u.logs / u.offers, true
}

// book adds an offer. Where a price is known, one further off than dearest times
// it counts as that far off.
func (u *usual) book(log float64) {
	if usual, known := u.perUnit(); known {
		far := math.Log(dearest)
		log = min(usual+far, max(usual-far, log))
	}
	fade := math.Exp2(-1. / usualHalfLife)
	u.logs, u.offers = u.logs*fade+log, u.offers*fade+1
	if u.count < math.MaxUint32 {
		u.count++
	}
}

// costs is what a tender usually costs, begun where there is nothing yet.
func (l *Ledger) costs(t tender) *usual {
	u := l.usuals[t]
	if u == nil {
		u = &usual{row: row{subject: t.text()}, tender: t}
		l.usuals[t] = u
	}
	return u
}

// bookUsual adds the bids of a request to what its code usually costs.
func (l *Ledger) bookUsual(t tender, bids []bid, quantity int, seq int64) {
	u := l.costs(t)
	if !l.learns(u, seq) {
		return
	}
	for i := range bids {
		u.book(bids[i].worth() - math.Log(float64(max(1, quantity))))
	}
}

// Usual is what a unit of a code usually costs at a shop whose price is that of
// the others, in minor units of the currency; ok is false where fewer than 5
// offers were seen.
func (l *Ledger) Usual(code outcry.Code, currency string) (perUnit float64, ok bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	log, ok := l.usuals[tender{code, currency}].perUnit()
	if !ok {
		return 0, false
	}
	return math.Exp(log), true
}
