package selection

import (
	"slices"
	"strings"
	"time"

	"outcry"
	"outcry/policy"
)

// entry is all that is known of one shop.
type entry struct {
	shop   outcry.Shop
	codes  []outcry.Code
	hours  outcry.Hours
	quiet  outcry.Hours // not looked at where shop.QuietHours is empty
	zone   *time.Location
	vector [3]float32
	presence
	figures *outcry.Figures // nil: not learned yet
	load    *load
}

// limits are the shop's under those of a policy.
func (e *entry) limits(limits *policy.Limits) policy.ShopLimit {
	return limits.Of(e.shop.Answers, e.shop.MostOpen, e.shop.MostHourly)
}

// quietAt says whether the shop is in its quiet hours.
func (e *entry) quietAt(now time.Time) bool {
	return strings.TrimSpace(e.shop.QuietHours) != "" && e.quiet.OpenAt(now.In(e.zone))
}

// pausedAt says whether the shop takes no calls for now.
func (e *entry) pausedAt(now time.Time) bool {
	return !e.shop.PausedUntil.IsZero() && e.shop.PausedUntil.After(now)
}

// look is a shop as a query sees it.
type look struct {
	*entry
	q      *Query
	metres float64
	fig    *outcry.Figures
	price  float64 // the lowest of its prices for the query's codes
	stars  uint8   // packed
	limit  policy.ShopLimit
	full   Rule // the limit that is reached, if any
	calls  int  // against that limit
}

// look looks at a shop for a query.
func (e *entry) look(q *Query, expected *expected) *look {
	l := &look{entry: e, q: q, fig: e.figures, stars: packStars(e.shop.Rating.Mean()), limit: e.limits(&q.Policy.Limits)}
	l.metres = metres(chord2(e.vector, vectorOf(q.Place)))
	if !q.Idle {
		l.full, l.calls = e.load.over(q.Now, l.limit)
	}
	if l.fig != nil {
		l.price = l.lowest()
		return l
	}
	l.price = levelPrice(e.shop.PriceLevel, q.Policy.Learning.PerLevel)
	if l.fig = &expected.person; e.shop.Answers == outcry.BySoftware {
		l.fig = &expected.software
	}
	return l
}

// lowest is the lowest of the shop's prices for those of the query's codes that
// it holds: at that one its score is best.
func (l *look) lowest() float64 {
	price, held := l.fig.Price, false
	for _, c := range l.q.Codes {
		if !slices.Contains(l.codes, c) {
			continue
		}
		if p := l.fig.For(c); !held || p < price {
			price, held = p, true
		}
	}
	return price
}

// candidate is the shop with its score.
func (l *look) candidate() Candidate {
	c := Candidate{
		Shop: l.shop.ID, Software: l.shop.Answers == outcry.BySoftware, DistanceM: l.metres,
		Chance: l.fig.Offers.By(l.q.until()), Price: l.price, Rating: starsOf(l.stars), Kept: l.fig.Kept,
		Calls: l.fig.Calls,
	}
	if !l.q.Idle {
		c.Hour = l.load.hour(l.q.Now)
	}
	c.Weigh(l.q.Policy)
	return c
}
