package learning

import (
	"math"

	"outcry"
)

// unknown is the record of a shop that was never called.
var unknown record

// Figures are what is known of a shop: for one that was never called, what is
// expected of those that are answered as it is, and its price by its level.
func (l *Ledger) Figures(shop string, s outcry.Shop) outcry.Figures {
	rules := l.rules()
	l.mu.RLock()
	defer l.mu.RUnlock()
	r := l.shops[shop]
	if r == nil {
		r = &unknown
	}
	return outcry.Figures{
		Offers: r.waits.curve(l.prior(rules, classOf(s.Answers))),
		Calls:  r.waits.calls(),
		Kept:   stands(rules, r.kept, r.broken),
		Price:  math.Exp(r.prices.overall(rules, s.PriceLevel)),
		Prices: r.prices.all(rules, s.PriceLevel),
	}
}

// Record is what is known of a shop, for its staff and the operator to read.
type Record struct {
	// Calls and Offers are what the shop was asked and what it offered, of which
	// older ones count less; a call that was cut short counts for the part that
	// it was waiting.
	Calls, Offers float64
	// Answered is the share of calls that it is expected to offer to, and Soon
	// within 2 seconds.
	Answered, Soon float64
	// MedianS is after how many seconds half of its offers have come; 0 where it
	// has made none.
	MedianS float64
	// Price is what it asks against the others, 1 for the same, and Prices that
	// for the codes that it was last asked for.
	Price  float64
	Prices []outcry.CodePrice
	// Kept and Broken count the orders that it fulfilled, and that it refused or
	// cancelled; Stands is the share of accepted offers that it is taken to
	// stand by.
	Kept, Broken int
	Stands       float64
}

// Tell gives the record of a shop.
func (l *Ledger) Tell(shop string, s outcry.Shop) Record {
	f := l.Figures(shop, s)
	rec := Record{
		Calls: f.Calls, Answered: f.Offers.By(math.Inf(1)), Soon: f.Offers.By(2),
		Price: f.Price, Prices: f.Prices, Stands: f.Kept,
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	if r := l.shops[shop]; r != nil {
		rec.Offers, rec.MedianS = r.waits.offers(), half(r.waits.curve(prior{}))
		rec.Kept, rec.Broken = int(r.kept), int(r.broken)
	}
	return rec
}

// half is after how many seconds half of all offers of a curve have come; 0
// where there are none.
func half(c outcry.Curve) float64 {
	middle := float64(c[stretches-1]) / 2
	begin, had := 0.0, 0.0
	for i, end := range outcry.Delays {
		has := float64(c[i])
		if has > had && has >= middle {
			return begin + (end-begin)*(middle-had)/(has-had)
		}
		begin, had = end, has
	}
	return 0
}
