package learning

import (
	"outcry"
	"outcry/policy"
)

// Order takes the lesson of an order's move, by the event of the log with that
// number. An order that the shop fulfils is a promise kept, one that the shop
// refuses or cancels a promise broken; no order counts twice, since none leaves
// refused or cancelled, and fulfilled leads to completed alone, which counts no
// more. What the buyer cancels says nothing of the shop. It gives the shop where
// its figures have changed.
func (l *Ledger) Order(shop string, step outcry.OrderStep, seq int64) (changed []string) {
	kept := step.State == outcry.OrderFulfilled
	broken := step.By == outcry.PartyShop && (step.State == outcry.OrderRefused || step.State == outcry.OrderCancelled)
	if shop == "" || !kept && !broken {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.given.take(seq) {
		return nil
	}
	r := l.of(shop)
	if !l.learns(r, seq) {
		return nil
	}
	if kept {
		r.kept++
	} else {
		r.broken++
	}
	return []string{shop}
}

// stands is the share of promises that a shop is taken to keep.
func stands(rules *policy.Policy, kept, broken uint32) float64 {
	p := &rules.Promises
	return (float64(kept) + p.Prior) / (float64(kept) + float64(broken) + p.Weight)
}
