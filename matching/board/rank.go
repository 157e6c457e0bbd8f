// Package board is step 8 of 9: response providing. It ranks the offers that
// stand on a request's board and says why each stands where it does. It does no
// input or output and may be called from anywhere at once.
package board

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"outcry"
	"outcry/policy"
)

// Slip is one offer as the board shows it.
type Slip struct {
	Offer     outcry.Offer
	State     outcry.OfferState
	Shop      outcry.Shop // name, rating and place; never its contact
	DistanceM int
	Came      int // the how manieth offer of its request it was
	// Rank counts from 1 among the live offers; 0 for others.
	Rank  int
	Score float64 // points of 100
	Parts []outcry.Part
	dear  float64 // see dearness
	last  bool    // its shop stands by too few of its offers
}

// Shops knows the shops that offers come from.
type Shops interface {
	Shop(id string) (outcry.Shop, bool)
}

// Scales are what offers are weighed with.
type Scales struct {
	Ranking  policy.Ranking
	Promises policy.Promises
	// Kept is the share of promises that a shop kept; nil: all of them.
	Kept func(shop outcry.Shop) float64
}

// Slips are the offers of a board at that moment: the live ones in the rank
// that is asked for, those of shops that kept too few promises behind the
// others; then those that are not live, by when they came.
func Slips(b *outcry.Board, shops Shops, by outcry.Rank, scales Scales, now time.Time) []Slip {
	slips := make([]Slip, 0, len(b.Calls))
	for _, c := range b.Calls {
		if c.Offer == nil {
			continue
		}
		shop, _ := shops.Shop(c.Shop)
		shop.ID, shop.Contact = c.Shop, ""
		slips = append(slips, Slip{
			Offer: *c.Offer, State: b.OfferState(c, now), Shop: shop, DistanceM: c.DistanceM, Came: c.Came,
		})
	}
	weigh(b, slips, scales.Ranking)
	if scales.Promises.Showing && scales.Kept != nil {
		gate(slips, scales)
	}
	slices.SortFunc(slips, func(x, y Slip) int { return compare(x, y, by) })
	for i := range slips {
		if slips[i].State == outcry.OfferLive {
			slips[i].Rank = i + 1
		}
	}
	return slips
}

// weigh gives each slip its points: the cheapest live price, the asker's own
// place, five stars and "at once" get a part's whole weight.
func weigh(b *outcry.Board, slips []Slip, w policy.Ranking) {
	cheapest := map[string]int64{}
	for _, s := range slips {
		if least, ok := cheapest[s.Offer.Price.Currency]; s.State == outcry.OfferLive && (!ok || s.Offer.Price.Amount < least) {
			cheapest[s.Offer.Price.Currency] = s.Offer.Price.Amount
		}
	}
	for i := range slips {
		s := &slips[i]
		s.dear = 1
		if least, ok := cheapest[s.Offer.Price.Currency]; ok {
			s.dear = dearness(s.Offer.Price.Amount, least)
		}
		near := 1 - min(1, float64(s.DistanceM)/float64(max(1, b.Request.RadiusM)))
		soon := soonness(availableAt(s.Offer), b.Request.When(b.Request.Created))
		s.Parts = []outcry.Part{
			{Name: "price", Points: round1(w.Price / s.dear), Words: sayPrice(s)},
			{Name: "near", Points: round1(w.Near * near), Words: sayMetres(s.DistanceM)},
			{Name: "rating", Points: round1(w.Rating * (s.Shop.Rating.Mean() - 1) / 4), Words: sayRating(s.Shop.Rating)},
			{Name: "soon", Points: round1(w.Soon * soon), Words: saySoon(availableAt(s.Offer).Sub(b.Request.When(b.Request.Created)))},
		}
		for _, p := range s.Parts {
			s.Score += p.Points
		}
		s.Score = round1(s.Score)
	}
}

// gate takes points from the offers of shops that stood by less of what they
// offered than is taken for granted of a new shop.
func gate(slips []Slip, scales Scales) {
	for i := range slips {
		s := &slips[i]
		kept := scales.Kept(s.Shop)
		s.last = kept < scales.Promises.Floor
		lost := round1(s.Score * (scales.Promises.Shown(kept) - 1))
		if lost == 0 {
			continue
		}
		s.Parts = append(s.Parts, outcry.Part{
			Name: "promises", Points: lost, Words: fmt.Sprintf("taken to stand by about %.0f of 100 accepted offers", 100*kept),
		})
		s.Score = round1(s.Score + lost)
	}
}

func round1(x float64) float64 { return math.Round(x*10) / 10 }

// compare orders slips: live before others; the live ones by what is asked for,
// then by score; then the one that came first.
func compare(x, y Slip, by outcry.Rank) int {
	if xLive, yLive := x.State == outcry.OfferLive, y.State == outcry.OfferLive; xLive != yLive {
		if xLive {
			return -1
		}
		return 1
	}
	if x.State != outcry.OfferLive {
		return cmp.Compare(x.Came, y.Came)
	}
	if x.last != y.last {
		if y.last {
			return -1
		}
		return 1
	}
	order := 0
	switch by {
	case outcry.RankPrice:
		order = cmp.Compare(x.dear, y.dear)
	case outcry.RankNear:
		order = cmp.Compare(x.DistanceM, y.DistanceM)
	case outcry.RankRating:
		order = cmp.Compare(y.Shop.Rating.Mean(), x.Shop.Rating.Mean())
	case outcry.RankSoon:
		order = availableAt(x.Offer).Compare(availableAt(y.Offer))
	case outcry.RankBest:
	}
	return cmp.Or(order, cmp.Compare(y.Score, x.Score), cmp.Compare(x.Came, y.Came))
}

// dearness is how many times the cheapest live price of its currency a price is,
// 1 at the least: amounts of different currencies do not compare.
func dearness(amount, cheapest int64) float64 {
	switch {
	case amount <= cheapest:
		return 1
	case cheapest == 0:
		return math.Inf(1)
	}
	return float64(amount) / float64(cheapest)
}

// availableAt is when the buyer can have what is offered.
func availableAt(o outcry.Offer) time.Time {
	if o.AvailableAt == nil {
		return o.First
	}
	return *o.AvailableAt
}

// soonness is 1 for what can be had by the moment it is needed, a half an hour
// later, and goes on falling as 1/(1+hours).
func soonness(at, needed time.Time) float64 {
	return 1 / (1 + max(0, at.Sub(needed).Hours()))
}
