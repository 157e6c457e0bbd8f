package selection

import (
	"time"

	"outcry"
)

// Why says whether a query may call the shop, or the first rule that left it
// out. ok is false where there is no such shop. Skip plays no part.
func (x *Index) Why(q *Query, id string) (v Verdict, ok bool) {
	n, ok := x.roster.ids.find(id)
	if !ok {
		return Verdict{}, false
	}
	return x.entry(n).look(q, x.expected.Load()).verdict(), true
}

// entry is all that is known of a shop.
func (x *Index) entry(n uint32) *entry {
	x.mu.RLock()
	defer x.mu.RUnlock()
	shop, w := x.shop(n), x.waysOf(n)
	e := &entry{
		shop: shop, hours: w.hours.value, quiet: w.quiet.value, zone: w.zone.value, vector: vectorOf(shop.Place),
		figures: x.learned(n), load: &load{},
	}
	for _, code := range x.roster.codes(x.roster.cards.at(n), nil) {
		e.codes = append(e.codes, outcry.Code(x.codes.text(code)))
	}
	door := x.roster.ids.door(n).state.Load()
	e.lines = int(door & mostLines)
	if seen := door >> lineBits; seen > 0 {
		e.seen = time.UnixMicro(int64(seen))
	}
	if d := x.roster.desks.at(n).Load(); d != nil {
		e.load = &d.load
	}
	return e
}
