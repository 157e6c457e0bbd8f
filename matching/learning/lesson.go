package learning

import (
	"outcry"
	"outcry/policy"
)

// taught is what one call of a request teaches.
type taught struct {
	shop  string
	by    outcry.Answering
	level int
	fate  fate
	// The offer that stands, and the code through which the shop was asked.
	stands bool
	price  outcry.Money
	code   outcry.Code
}

// Close takes the lesson of a request that has closed, by the event of the log
// with that number. b is its board then or later; by knows the shops, and held
// the code of a shop's book through which it was asked for a code. It gives the
// shops whose figures have changed, none where the lesson was given before.
//
// A shop is taught the time from the call to the first version of its offer,
// whatever became of that; that it declined; or that it stayed silent up to the
// closing. The price is the one that stands at the end. A shop that by does not
// know teaches nothing.
func (l *Ledger) Close(
	b *outcry.Board, seq int64, by func(shop string) (outcry.Shop, bool), held func(shop string, asked outcry.Code) outcry.Code,
) (changed []string) {
	if !b.Closed() {
		return nil
	}
	calls := read(b, by, held)
	rules := l.rules()
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.given.take(seq) {
		return nil
	}
	l.bookPrices(rules, &b.Request, calls, seq)
	l.bookFates(rules, calls, seq)
	for i := range calls {
		r := l.of(calls[i].shop)
		if l.learns(r, seq) {
			changed = append(changed, calls[i].shop)
		}
	}
	return changed
}

// read takes from a board what its calls teach. No lock is held: by and held
// may take their own.
func read(
	b *outcry.Board, by func(string) (outcry.Shop, bool), held func(string, outcry.Code) outcry.Code,
) []taught {
	calls := make([]taught, 0, len(b.Calls))
	for _, c := range b.Calls {
		shop, ok := by(c.Shop)
		if !ok {
			continue
		}
		t := taught{shop: c.Shop, by: shop.Answers, level: shop.PriceLevel, fate: fateOf(b, c)}
		if c.Offer != nil && !c.Withdrawn && c.Offer.Price.Amount > 0 {
			t.stands, t.price, t.code = true, c.Offer.Price, held(c.Shop, b.Request.Code)
		}
		calls = append(calls, t)
	}
	return calls
}

// fateOf is what became of a call.
func fateOf(b *outcry.Board, c *outcry.Call) fate {
	switch {
	case c.Offer != nil:
		return fate{after: max(0, c.Offer.First.Sub(c.At).Seconds()), offered: true}
	case c.Declined != nil:
		return declined
	}
	return fate{after: max(0, b.Request.Closed.Sub(c.At).Seconds())}
}

// bookFates notes how long the shops let the buyer wait. Every call is judged by
// what was known before the lesson.
func (l *Ledger) bookFates(rules *policy.Policy, calls []taught, seq int64) {
	var priors [2]prior
	for i := range priors {
		priors[i] = l.prior(rules, i)
	}
	for i := range calls {
		c := &calls[i]
		kind := classOf(c.by)
		r, k, learning := l.of(c.shop), &l.classes[kind], classRules(rules, kind)
		known := r.waits.calls()
		if seq > r.floor {
			r.waits.book(c.fate, 1, learning.HalfLife, priors[kind])
		}
		if l.learns(k, seq) {
			k.waits.book(c.fate, newness(learning, known), classHalfLife, granted(learning))
		}
	}
}
