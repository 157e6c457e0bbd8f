package selection

import (
	"math"

	"outcry"
)

// What is known of a shop is rounded when it comes in, so that an index that
// keeps a byte for each figure selects as one does that keeps numbers.

// packShare rounds a share, such as a chance, to steps of 1/255.
func packShare(x float64) uint8 { return uint8(math.Round(255 * within(x, 0, 1))) }

// shareOf is the share that was rounded to b.
func shareOf(b uint8) float64 { return float64(b) / 255 }

// packPrice rounds a price against the others to thousandths, up to 65.535.
func packPrice(x float64) uint16 { return uint16(math.Round(1000 * within(x, 0, 65.535))) }

// priceOf is the price that was rounded to p.
func priceOf(p uint16) float64 { return float64(p) / 1000 }

// packStars rounds a mean of 1 to 5 stars to steps of 1/63.75 of a star.
func packStars(mean float64) uint8 { return uint8(math.Round(63.75 * (within(mean, 1, 5) - 1))) }

// starsOf is the mean that was rounded to b.
func starsOf(b uint8) float64 { return 1 + float64(b)/63.75 }

// curve is outcry.Curve, rounded.
type curve [len(outcry.Delays)]uint8

// packCurve rounds each point of a curve to steps of 1/255. A point that lies
// below the one before it is raised to that.
func packCurve(c outcry.Curve) curve {
	var p curve
	least := uint8(0)
	for i, x := range c {
		least = max(least, packShare(float64(x)))
		p[i] = least
	}
	return p
}

// whole is the curve that was rounded to c.
func (c curve) whole() outcry.Curve {
	var w outcry.Curve
	for i, b := range c {
		w[i] = float32(shareOf(b))
	}
	return w
}

// rounded is figures as they are kept. The prices are copied.
func rounded(f outcry.Figures) outcry.Figures {
	f.Offers = packCurve(f.Offers).whole()
	f.Calls = float64(packCalls(f.Calls))
	f.Kept = shareOf(packShare(f.Kept))
	f.Price = priceOf(packPrice(f.Price))
	prices := make([]outcry.CodePrice, len(f.Prices))
	for i, p := range f.Prices {
		prices[i] = outcry.CodePrice{Code: p.Code, Price: priceOf(packPrice(p.Price))}
	}
	f.Prices = prices
	return f
}

// packCalls rounds a number of calls to what a float32 keeps.
func packCalls(x float64) float32 { return float32(within(x, 0, math.MaxFloat32)) }

// unlearned are the figures of shops that nothing is known of.
func unlearned() outcry.Figures {
	f := outcry.Figures{Kept: 0.9, Price: 1}
	for i := range f.Offers {
		f.Offers[i] = 0.5
	}
	return rounded(f)
}

// levelPrice is what a shop of a price level, 1 to 4, is taken to ask against
// the others while its own prices are not known.
func levelPrice(level int, perLevel float64) float64 { return 1 + perLevel*float64(level-2) }

// leastStars is the packed mean that a query asks for at least. Both are
// rounded alike, so that a shop of 4 stars has 4 stars.
func leastStars(q *Query) uint8 {
	return packStars(max(q.LeastRating, q.Policy.Selecting.LeastRating))
}

// until is for how many seconds after its call a shop may offer.
func (q *Query) until() float64 {
	if q.Until.IsZero() {
		return q.Deadline.Sub(q.Now).Seconds()
	}
	return q.Until.Sub(q.Now).Seconds()
}

// within is x, or the nearer of the bounds that it lies beyond; the lower one
// for what is no number.
func within(x, low, high float64) float64 {
	if !(x > low) {
		return low
	}
	return min(x, high)
}
