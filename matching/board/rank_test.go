package board_test

import (
	"crypto/rand"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"outcry"
	"outcry/matching/board"
	"outcry/policy"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// bid is what one shop offers: a price, from how far, how many stars of 5
// voices, in how many minutes.
type bid struct {
	shop    string
	price   int64
	metres  int
	stars   int
	minutes int // -1: at once
	gone    outcry.OfferState
	broken  float64 // share of accepted offers that the shop did not stand by
}

// scales weigh by those points, with the default policy's gate and the promises
// that the bids tell of.
func scales(w policy.Ranking, bids []bid) board.Scales {
	return board.Scales{Ranking: w, Promises: policy.Default().Promises, Kept: func(shop outcry.Shop) float64 {
		for _, x := range bids {
			if x.shop == shop.ID {
				return 1 - x.broken
			}
		}
		return 1
	}}
}

// town knows shops by their stars.
type town map[string]int

func (t town) Shop(id string) (outcry.Shop, bool) {
	return outcry.Shop{ID: id, Name: "The " + id, Contact: "+44 131 000", Rating: outcry.Rating{Stars: t[id], Count: 5}}, true
}

// slips ranks bids that came in the given order to a request within 1000 m.
func slips(t interface{ Helper() }, by outcry.Rank, w policy.Ranking, bids ...bid) []board.Slip {
	t.Helper()
	b := outcry.NewBoard(outcry.Request{
		ID: outcry.NewID(outcry.RequestPrefix, noon, rand.Reader), Accepts: 100, State: outcry.RequestOpen, Created: noon,
		Ask: outcry.Ask{RadiusM: 1000, Deadline: noon.Add(time.Hour)},
	})
	shops, wave := town{}, &outcry.Wave{N: 1}
	for _, x := range bids {
		shops[x.shop] = x.stars
		// The calls' numbers run against the order in which offers come.
		wave.Calls = append([]outcry.Called{{Shop: x.shop, DistanceM: x.metres}}, wave.Calls...)
	}
	wave.Calls = append(wave.Calls, outcry.Called{Shop: "silent"})
	for i := range wave.Calls {
		wave.Calls[i].N = i
	}
	b.Apply(outcry.Event{At: noon, Wave: wave})
	for _, x := range bids {
		c := b.Called(x.shop)
		o := outcry.Offer{ID: outcry.OfferID(b.Request.ID, c.N), Call: c.N, Version: 1, At: noon, First: noon,
			Bid: outcry.Bid{Price: outcry.Money{Amount: x.price, Currency: "GBP"}, ValidUntil: noon.Add(time.Hour)}}
		if x.minutes >= 0 {
			at := noon.Add(time.Duration(x.minutes) * time.Minute)
			o.AvailableAt = &at
		}
		if x.gone == outcry.OfferExpired {
			o.ValidUntil = noon
		}
		b.Apply(outcry.Event{Kind: outcry.EventOffer, Offer: &o})
		switch x.gone {
		case outcry.OfferWithdrawn:
			b.Apply(outcry.Event{Kind: outcry.EventOfferWithdrawn, Offer: &o})
		case outcry.OfferAccepted:
			b.Apply(outcry.Event{Order: &outcry.OrderStep{Order: "ord_1", Offer: o.ID, State: outcry.OrderPlaced}})
		}
	}
	return board.Slips(b, shops, by, scales(w, bids), noon.Add(time.Minute))
}

func order(slips []board.Slip) (shops []string) {
	for _, s := range slips {
		shops = append(shops, s.Shop.ID)
	}
	return shops
}

func TestSlips_EachRankPutsItsOwnFirst(t *testing.T) {
	t.Parallel()
	bids := []bid{
		{shop: "balanced", price: 110, metres: 100, stars: 20, minutes: 30},
		{shop: "cheap", price: 100, metres: 900, stars: 10, minutes: 300},
		{shop: "near", price: 300, metres: 10, stars: 11, minutes: 200},
		{shop: "loved", price: 400, metres: 800, stars: 25, minutes: 150},
		{shop: "quick", price: 500, metres: 950, stars: 12, minutes: -1},
	}
	for by, want := range map[outcry.Rank][]string{
		outcry.RankPrice:  {"cheap", "balanced", "near", "loved", "quick"},
		outcry.RankNear:   {"near", "balanced", "loved", "cheap", "quick"},
		outcry.RankRating: {"loved", "balanced", "quick", "near", "cheap"},
		outcry.RankSoon:   {"quick", "balanced", "loved", "near", "cheap"},
		outcry.RankBest:   {"balanced", "cheap", "near", "quick", "loved"},
	} {
		got := slips(t, by, policy.Default().Ranking, bids...)
		if !slices.Equal(order(got), want) {
			t.Errorf("by %s: %v, want %v", by, order(got), want)
		}
		for i, s := range got {
			if s.Rank != i+1 || s.State != outcry.OfferLive {
				t.Errorf("by %s: %s has rank %d, state %s", by, s.Shop.ID, s.Rank, s.State)
			}
		}
	}
}

func TestSlips_WhoCameFirstStandsFirstInATie(t *testing.T) {
	t.Parallel()
	same := bid{price: 100, metres: 50, stars: 20, minutes: 10}
	first, second, third := same, same, same
	first.shop, second.shop, third.shop = "z_first", "m_second", "a_third"
	for _, by := range outcry.Ranks {
		got := slips(t, by, policy.Default().Ranking, first, second, third)
		if want := []string{"z_first", "m_second", "a_third"}; !slices.Equal(order(got), want) || got[2].Came != 3 {
			t.Errorf("by %s: %v, want %v", by, order(got), want)
		}
	}
	second.metres = 10 // equal in price alone: the better of two stands first
	got := slips(t, outcry.RankPrice, policy.Default().Ranking, first, second)
	if got[0].Shop.ID != "m_second" {
		t.Errorf("%v at one price, want the better one first", order(got))
	}
}

func TestSlips_WhatIsNotLiveComesLastAsItCame(t *testing.T) {
	t.Parallel()
	for _, by := range outcry.Ranks {
		got := slips(t, by, policy.Default().Ranking,
			bid{shop: "expired", price: 50, stars: 20, gone: outcry.OfferExpired, minutes: 5},
			bid{shop: "withdrawn", price: 1, stars: 25, gone: outcry.OfferWithdrawn, minutes: -1},
			bid{shop: "dear", price: 900, metres: 999, stars: 5, minutes: 9000},
			bid{shop: "accepted", price: 2, stars: 25, gone: outcry.OfferAccepted, minutes: 1},
			bid{shop: "live", price: 800, metres: 998, stars: 6, minutes: 8000})
		if want := []string{"live", "dear", "expired", "withdrawn", "accepted"}; !slices.Equal(order(got), want) {
			t.Fatalf("by %s: %v, want %v", by, order(got), want)
		}
		for i, s := range got {
			if want := []int{1, 2, 0, 0, 0}[i]; s.Rank != want {
				t.Errorf("by %s: %s has rank %d, want %d", by, s.Shop.ID, s.Rank, want)
			}
		}
	}
}

func TestSlips_PointsOfEachPart(t *testing.T) {
	t.Parallel()
	w := policy.Ranking{Price: 40, Near: 25, Rating: 20, Soon: 15}
	for name, c := range map[string]struct {
		bids []bid
		want [4]float64 // price, near, rating, soon of the first that came
	}{
		"the best of all":                 {[]bid{{price: 100, metres: 0, stars: 0, minutes: -1}}, [4]float64{40, 25, 5, 15}},
		"at double the cheapest":          {[]bid{{price: 200, metres: 500, stars: 25, minutes: 60}, {price: 100}}, [4]float64{20, 12.5, 17.5, 7.5}},
		"at the radius and beyond":        {[]bid{{price: 100, metres: 1500, stars: 20, minutes: 180}}, [4]float64{40, 0, 15, 3.8}},
		"free":                            {[]bid{{price: 0, stars: 20, minutes: -1}, {price: 100}}, [4]float64{40, 25, 15, 15}},
		"beside one that is free":         {[]bid{{price: 100, stars: 20, minutes: -1}, {price: 0}}, [4]float64{0, 25, 15, 15}},
		"a penny beside one that is free": {[]bid{{price: 1, stars: 20, minutes: -1}, {price: 0}}, [4]float64{0, 25, 15, 15}},
		"a withdrawn one sets no price":   {[]bid{{price: 100, stars: 20, minutes: -1}, {price: 10, gone: outcry.OfferWithdrawn}}, [4]float64{40, 25, 15, 15}},
		"cheaper, but withdrawn":          {[]bid{{price: 10, stars: 20, minutes: -1, gone: outcry.OfferWithdrawn}, {price: 100}}, [4]float64{40, 25, 15, 15}},
		"no live price to be held beside": {[]bid{{price: 10, stars: 20, minutes: -1, gone: outcry.OfferExpired}}, [4]float64{40, 25, 15, 15}},
	} {
		for i := range c.bids {
			c.bids[i].shop = fmt.Sprintf("shop_%d", i)
		}
		for _, s := range slips(t, outcry.RankBest, w, c.bids...) {
			if s.Shop.ID != "shop_0" {
				continue
			}
			for i, part := range []string{"price", "near", "rating", "soon"} {
				if s.Parts[i].Name != part || s.Parts[i].Points != c.want[i] {
					t.Errorf("%s: %s gives %v points, want %s %v", name, s.Parts[i].Name, s.Parts[i].Points, part, c.want[i])
				}
			}
		}
	}
}

func TestSlips_PointsAddUpWithinAHundred(t *testing.T) {
	t.Parallel()
	states := []outcry.OfferState{"", "", outcry.OfferExpired, outcry.OfferWithdrawn, outcry.OfferAccepted}
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := rapid.Float64Range(0, 50).Draw(t, "a"), rapid.Float64Range(0, 25).Draw(t, "b"), rapid.Float64Range(0, 25).Draw(t, "c")
		w := policy.Ranking{Price: a, Near: b, Rating: c, Soon: 100 - a - b - c}
		var bids []bid
		for i := range rapid.IntRange(0, 8).Draw(t, "bids") {
			bids = append(bids, bid{
				shop: fmt.Sprintf("shop_%d", i), price: rapid.Int64Range(0, 3).Draw(t, "price"),
				metres: rapid.IntRange(0, 2000).Draw(t, "metres"), stars: rapid.IntRange(5, 25).Draw(t, "stars"),
				minutes: rapid.IntRange(-1, 100_000).Draw(t, "minutes"), gone: rapid.SampledFrom(states).Draw(t, "gone"),
			})
		}
		got := slips(t, rapid.SampledFrom(outcry.Ranks).Draw(t, "by"), w, bids...)
		if len(got) != len(bids) {
			t.Fatalf("%d slips of %d offers", len(got), len(bids))
		}
		live := true
		for i, s := range got {
			sum := 0.0
			for _, p := range s.Parts {
				sum += p.Points
				if p.Points < 0 || math.IsNaN(p.Points) {
					t.Fatalf("%s gives %v points", p.Name, p.Points)
				}
			}
			if math.Abs(sum-s.Score) > 0.051 || s.Score > 100.21 {
				t.Fatalf("%v points, the parts add up to %v", s.Score, sum)
			}
			if s.Shop.Contact != "" || s.Shop.Name == "" {
				t.Fatalf("the slip shows %+v", s.Shop)
			}
			isLive := s.State == outcry.OfferLive
			if isLive && (!live || s.Rank != i+1) || !isLive && s.Rank != 0 {
				t.Fatalf("slip %d is %s with rank %d", i, s.State, s.Rank)
			}
			live = isLive
		}
	})
}

func TestSlips_PricesCompareWithinTheirCurrency(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	b := outcry.NewBoard(outcry.Request{ID: "req_x", Accepts: 1, State: outcry.RequestOpen, Created: now, Ask: outcry.Ask{RadiusM: 1000}})
	prices := []outcry.Money{{Amount: 300, Currency: "GBP"}, {Amount: 8000, Currency: "KRW"}, {Amount: 200, Currency: "GBP"}}
	wave := &outcry.Wave{N: 1}
	for i := range prices {
		wave.Calls = append(wave.Calls, outcry.Called{N: i, Shop: string(rune('a' + i))})
	}
	b.Apply(outcry.Event{Seq: 1, Kind: outcry.EventCalled, Wave: wave})
	for i, p := range prices {
		b.Apply(outcry.Event{Seq: int64(i + 2), Kind: outcry.EventOffer, Offer: &outcry.Offer{
			Call: i, Version: 1, Bid: outcry.Bid{Price: p, ValidUntil: now.Add(time.Hour)}, First: now, At: now,
		}})
	}
	slips := board.Slips(b, town{}, outcry.RankPrice, board.Scales{Ranking: policy.Default().Ranking}, now)
	points := map[string]float64{}
	for _, s := range slips {
		points[s.Offer.Price.String()] = s.Parts[0].Points
	}
	if points["£2"] != 60 || points["₩8,000"] != 60 || points["£3"] != 40 {
		t.Errorf("price points %v, want 60 for the cheapest of each currency and 40 for one half dearer", points)
	}
	if last := slips[2].Offer.Price.Amount; last != 300 {
		t.Errorf("%d stands last, want the dearer one of its currency", last)
	}
}

func TestSlips_BrokenPromisesCostPointsAndTooManyThePlace(t *testing.T) {
	t.Parallel()
	bids := []bid{
		{shop: "bait", price: 50, metres: 10, stars: 25, minutes: -1, broken: 0.5},
		{shop: "sloppy", price: 100, metres: 100, stars: 20, minutes: -1, broken: 0.2},
		{shop: "true", price: 101, metres: 100, stars: 20, minutes: -1},
		{shop: "new", price: 102, metres: 100, stars: 20, minutes: -1, broken: 0.1}, // as any is taken to be
	}
	for _, by := range outcry.Ranks {
		if got := order(slips(t, by, policy.Default().Ranking, bids...)); got[3] != "bait" {
			t.Errorf("by %s: %v, want the bait last", by, got)
		}
	}
	got := slips(t, outcry.RankBest, policy.Default().Ranking, bids...)
	if want := []string{"true", "new", "sloppy", "bait"}; !slices.Equal(order(got), want) {
		t.Errorf("%v, want %v", order(got), want)
	}
	for _, s := range got {
		sum, said := 0.0, ""
		for _, p := range s.Parts {
			if sum += p.Points; p.Name == "promises" {
				said = p.Words
			}
			if p.Words == "" {
				t.Errorf("%s: part %s has no words", s.Shop.ID, p.Name)
			}
		}
		if math.Abs(sum-s.Score) > 0.05 {
			t.Errorf("%s: parts add up to %v, the score is %v", s.Shop.ID, sum, s.Score)
		}
		if (said == "") != (s.Shop.ID == "true" || s.Shop.ID == "new") {
			t.Errorf("%s: of promises it says %q", s.Shop.ID, said)
		}
	}
}
