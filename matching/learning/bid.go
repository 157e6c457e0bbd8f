package learning

import (
	"math"
	"slices"

	"outcry"
	"outcry/policy"
)

// bid is one offer of a request, by what it teaches of prices. All figures are
// logarithms.
type bid struct {
	*taught
	shop    *record
	price   float64
	learned float64 // the shop's plain price against the others, before this offer
}

// worth is what the bid says the request costs at a shop of price 1.
func (b *bid) worth() float64 { return b.price - b.learned }

// bookPrices notes what shops ask against each other. The base of an offer is
// the mean of what the other offers to the same request in the same currency
// say that it costs, each divided by the price of its shop, so that cheap shops
// that were called together do not look average; where there is no other, it is
// what the code usually costs.
//
// The shops' prices are the plain ones here. Those that selecting sees lean to
// the middle; by them cheap shops that are always called together would look a
// little dearer with every request, until all of them were taken for average.
func (l *Ledger) bookPrices(rules *policy.Policy, request *outcry.Request, calls []taught, seq int64) {
	bids := l.bids(rules, calls)
	for len(bids) > 0 {
		currency := bids[0].taught.price.Currency
		n := partition(bids, func(b *bid) bool { return b.taught.price.Currency == currency })
		same := bids[:n]
		bids = bids[n:]
		common := tender{request.Code, currency}
		bases := l.bases(same, common, request.Quantity)
		for i := range bases {
			if b := &same[i]; seq > b.shop.floor {
				log := math.Log(dearest)
				against := min(log, max(-log, b.price-bases[i]))
				b.shop.prices.book(b.code, against, rules.Learning.PriceHalfLife)
			}
		}
		l.bookUsual(common, same, request.Quantity, seq)
	}
}

// bids are the offers that stand, by what is known before the lesson.
func (l *Ledger) bids(rules *policy.Policy, calls []taught) []bid {
	bids := make([]bid, 0, len(calls))
	for i := range calls {
		c := &calls[i]
		if !c.stands {
			continue
		}
		shop := l.of(c.shop)
		bids = append(bids, bid{
			taught: c, shop: shop, price: math.Log(float64(c.price.Amount)), learned: shop.prices.plain(c.code, lean(rules, c.level)),
		})
	}
	return bids
}

// bases are what each bid is held against; none where a bid is alone and nobody
// knows what the code usually costs.
func (l *Ledger) bases(bids []bid, t tender, quantity int) []float64 {
	if len(bids) == 1 {
		usual, known := l.usuals[t].perUnit()
		if !known {
			return nil
		}
		return []float64{usual + math.Log(float64(max(1, quantity)))}
	}
	worths := make([]float64, len(bids))
	for i := range bids {
		worths[i] = bids[i].worth()
	}
	middle, sum := median(worths), 0.0
	for i, w := range worths {
		worths[i] = min(middle+math.Log(strays), max(middle-math.Log(strays), w))
		sum += worths[i]
	}
	for i, w := range worths {
		worths[i] = (sum - w) / float64(len(bids)-1)
	}
	return worths
}

// median is the middle of values.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// partition brings the items for which is holds to the front, in their order,
// and says how many there are.
func partition[T any](items []T, is func(*T) bool) int {
	n := 0
	for i := range items {
		if is(&items[i]) {
			items[n], items[i] = items[i], items[n]
			n++
		}
	}
	return n
}
