package trial

import (
	"math"
	"time"

	"outcry"
	"outcry/sim"
)

// What shops are like beyond their temper. All of it is assumed.
const (
	perLevel     = 0.1  // of the price, for each price level above 2
	codeSpread   = 0.08 // of a shop's own prices by code, as a standard deviation of the logarithm
	priceNoise   = 0.06 // the same, by call
	typical      = 10_000
	currency     = "GBP"
	baitPrice    = 0.75 // what bait asks against what it would
	baitBreaks   = 0.9  // share of its orders that a bait shop refuses
	breaks       = 0.03 // the same, of other shops
	joinsLate    = 0.05 // share of shops that join during the day
	goodRate     = 0.6
	goodPrice    = 1
	mostOpen     = 6  // calls that people can have before them
	mostHourly   = 20 // calls that people see in an hour
	learnedCalls = 100
)

// trader is a shop of the trial's city.
type trader struct {
	outcry.Listing
	n      int // its number, from 0
	actor  outcry.Actor
	temper sim.Temper
	prices map[outcry.Code]float64 // against the typical one, before the call's noise
	bait   bool
	joins  time.Time // zero: it is there from the start
	// eligible is for how many requests of the measured day it may be called, and
	// tenth the number of the tenth request after it has joined; -1: none.
	eligible, tenth int
}

// newTrader is shop number n of a world.
func newTrader(seed uint64, s Setting, n int, l outcry.Listing) *trader {
	t := &trader{
		Listing: l, n: n, temper: sim.TemperOf(seed, l.Shop), prices: map[outcry.Code]float64{}, tenth: -1,
		actor: outcry.NewActor(outcry.Member{ID: "mem_" + l.ID}, outcry.Token{}, []string{l.ID}),
	}
	r := sim.Dice(seed, "trader", l.ID, 0)
	t.bait = r.Float64() < s.Bait
	if r.Float64() < joinsLate {
		t.joins = opening.Add(time.Duration(0.6 * r.Float64() * float64(s.Day))).Truncate(time.Millisecond)
	}
	level := 1 + perLevel*float64(l.PriceLevel-2)
	for _, code := range l.Codes {
		t.prices[code] = level * t.temper.Price() * math.Exp(codeSpread*r.NormFloat64())
		if t.bait {
			t.prices[code] *= baitPrice
		}
	}
	return t
}

// person says whether people answer.
func (t *trader) person() bool { return t.Answers == outcry.ByPerson }

// good says whether the shop is one that a market should not forget: it answers
// more than six of ten calls and is cheaper than the average.
func (t *trader) good() bool {
	return !t.bait && t.joins.IsZero() && t.temper.Rate() > goodRate && t.prices[t.Codes[0]] < goodPrice
}

// kept is the share of its orders that the shop stands by.
func (t *trader) kept() float64 {
	if t.bait {
		return 1 - baitBreaks
	}
	return 1 - breaks
}

// truth is what nobody but a simulation can know of a shop: its chance of an
// offer in its present spell, its prices and the share of promises that it
// keeps; and until when that holds.
func (t *trader) truth(at time.Time) (outcry.Figures, time.Time) {
	share, ends := t.temper.Offers(at)
	f := outcry.Figures{Calls: learnedCalls, Kept: t.kept(), Price: t.prices[t.Codes[0]]}
	for i, d := range outcry.Delays {
		f.Offers[i] = float32(share * t.temper.By(d))
	}
	for _, code := range t.Codes {
		f.Prices = append(f.Prices, outcry.CodePrice{Code: code, Price: t.prices[code]})
	}
	return f, ends
}

// answer is what a shop says to a request.
type answer struct {
	sim.Plan
	price outcry.Money
	keeps bool // it would stand by a deal
}

// answer is what the shop says to a request, whoever makes the call and whenever;
// ok is false where it says nothing.
func (t *trader) answer(seed uint64, a *asked) (said answer, ok bool) {
	said.Plan, ok = t.temper.Plan(a.n, a.Created)
	if !ok {
		return answer{}, false
	}
	r := sim.Dice(seed, "answer", t.ID, a.n)
	exact := typical * t.prices[a.Code] * math.Exp(priceNoise*r.NormFloat64())
	said.price = outcry.Money{Amount: int64(math.Round(exact)), Currency: currency}
	said.keeps = r.Float64() < t.kept()
	return said, true
}

// worth is what an offer is worth to the buyer of a request.
func (t *trader) worth(price outcry.Money, a *asked) float64 {
	km := t.Place.DistanceM(a.Place) / 1000
	return max(0, 1.35-float64(price.Amount)/typical-0.02*km+0.03*(t.Rating.Mean()-4))
}
