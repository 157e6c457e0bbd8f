// Package crowd is a seeded crowd of shops and what is asked of it: the data on
// which selecting is measured. A shop is made from its number alone, so that
// millions need not be in memory at once; the same seed and number of shops give
// the same shops and queries. It has no names or prices to trade with: the city
// of package sim has.
//
// # What is assumed
//
//   - Places: a city for each 2,500 shops, 3 at least and 300 at most, in eight
//     countries; their sizes follow Zipf's law with exponent 1. So 10,000 shops
//     are four cities, and from 750,000 on more shops stand closer. 85 % of the
//     shops stand in cities, in Gaussian quarters round the middle, the larger the
//     city the more of them; the rest is spread evenly over the countries.
//   - Codes: 4,800 in a tree of 12 roots and three levels. Their popularity, with
//     shops as with buyers, is Zipf's with exponent 1 in a random order, so that
//     codes of any level are held and asked for. A shop holds 1 to 12 codes,
//     geometric, 3 on average; two of three further codes are of the branch of
//     the first one.
//   - Manner: 300 patterns of opening hours used by Zipf's law, eight time zones,
//     1 to 3 of 12 languages, service radii of 1 to 20 km (as many from 1 to 2 as
//     from 10 to 20), 60 % answered by people, 97 % active, a sixth not rated.
//     40 % have a live line; a twentieth has none but spoke just now.
//   - The past: answer rates are Beta(0.45, 0.37), delays log-normal, prices
//     log-normal from 0.8 to 1.3, 94 % keep more than nine of ten promises. Shops
//     of which more than 20 calls are known have prices for each code. A tenth
//     are newcomers of whom nothing is known.
//   - Queries: round where a shop could stand (Gaussian, 2 km), 1 to 10 km wide,
//     for a code by its popularity, one of ten widened to the code above. By day
//     six of ten are for now, the others and all at night for an hour of the next
//     three days. Three of ten have needs: a price, a language, a capability or a
//     rating. Eight of ten end within two minutes, two in an hour, when shops
//     without a line count too.
package crowd

import (
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"outcry"
)

// Now is the moment at which queries are asked: a Wednesday, noon in London.
// All shops joined before it.
var Now = time.Date(2026, 3, 11, 12, 0, 0, 0, time.UTC)

// joined is when the first shop joined; the others came a second after each
// other.
var joined = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// The shares of the shops.
const (
	lined     = 0.4 // have a live line
	spoke     = 0.05
	byPeople  = 0.6
	newcomers = 0.1
	active    = 0.97
	unrated   = 1. / 6
)

// Crowd makes shops and queries. Its methods may be called from anywhere at
// once.
type Crowd struct {
	seed  uint64
	n     int
	world world
	tree  tree
	hours []string // patterns, the most used first
	use   zipf     // of hours
}

// New is a crowd of n shops.
func New(seed uint64, n int) *Crowd {
	return &Crowd{
		seed: seed, n: n, world: newWorld(seed, n), tree: newTree(seed), hours: newHours(seed, patterns), use: newZipf(patterns, 1),
	}
}

// Len is how many shops there are.
func (c *Crowd) Len() int { return c.n }

// Codes are all codes of the tree, those above before those below.
func (c *Crowd) Codes() []outcry.Code { return c.tree.codes }

// ID is the id of shop number i, from 0: like the product's, and growing with i.
func (c *Crowd) ID(i int) string {
	return outcry.NewID(outcry.ShopPrefix, joinedAt(i), reader{dice(c.seed, "id", i)})
}

func joinedAt(i int) time.Time { return joined.Add(time.Duration(i) * time.Second) }

// Listing is shop number i, from 0, with its book. All texts and lists are its
// own, as those of a shop read from a database are.
func (c *Crowd) Listing(i int) outcry.Listing {
	r := dice(c.seed, "shop", i)
	at := c.world.spot(r)
	s := outcry.Shop{
		ID: c.ID(i), Name: "Shop " + digits(i), Place: at.place, TimeZone: strings.Clone(at.country.zone),
		ServiceRadiusM: int(1000 * math.Exp(r.Float64()*math.Log(20))),
		Hours:          strings.Clone(c.hours[c.use.draw(r)]), Languages: at.country.spoken(r),
		PriceLevel: level(r), Capabilities: capabilities(r), Contact: "shop" + digits(i) + "@crowd.example",
		Answers: outcry.BySoftware, State: outcry.ShopActive, Rating: rated(r), Created: joinedAt(i), Updated: joinedAt(i),
	}
	if r.Float64() < byPeople {
		s.Answers = outcry.ByPerson
	}
	if u := r.Float64(); u >= active {
		s.State = outcry.ShopPending
		if u > (1+active)/2 {
			s.State, s.Reason = outcry.ShopSuspended, "complaints"
		}
	}
	c.spare(r, &s)
	return outcry.Listing{Shop: s, Codes: c.tree.book(r)}
}

// spare gives a few shops quiet hours, a pause or limits of their own.
func (c *Crowd) spare(r *rand.Rand, s *outcry.Shop) {
	if r.Float64() < 0.05 {
		s.QuietHours = strings.Clone(quiet[r.IntN(len(quiet))])
	}
	if r.Float64() < 0.01 {
		s.PausedUntil = Now.Add(time.Duration(r.IntN(48)) * time.Hour)
	}
	if r.Float64() < 0.05 {
		s.MostOpen, s.MostHourly = 1+r.IntN(5), 2+r.IntN(18)
	}
}

// quiet are hours in which a shop is not called.
var quiet = []string{"Mo-Su 20:00-08:00", "Mo-Su 12:00-13:00", "Mo-Fr 07:00-09:00", "Su 00:00-24:00"}

// Lined says whether shop number i has a live line.
func (c *Crowd) Lined(i int) bool { return dice(c.seed, "line", i).Float64() < lined }

// Spoke says when shop number i, which has no line, last spoke to the server; ok
// is false where that is too long ago to matter.
func (c *Crowd) Spoke(i int) (at time.Time, ok bool) {
	r := dice(c.seed, "line", i)
	u := r.Float64()
	return Now.Add(-time.Duration(r.IntN(900)) * time.Second), u >= lined && u < lined+spoke
}

// level draws a price level: 25, 45, 22 and 8 % for 1 to 4.
func level(r *rand.Rand) int {
	switch u := r.Float64(); {
	case u < 0.25:
		return 1
	case u < 0.70:
		return 2
	case u < 0.92:
		return 3
	}
	return 4
}

// capabilities draws what a shop can do, one thing at least.
func capabilities(r *rand.Rand) []outcry.Capability {
	var can []outcry.Capability
	for i, share := range []float64{0.4, 0.8, 0.15, 0.25} {
		if r.Float64() < share {
			can = append(can, outcry.Capabilities[i])
		}
	}
	if can == nil {
		can = append(can, outcry.Pickup)
	}
	return can
}

// rated draws the ratings of a shop: none for a sixth, else up to some hundred,
// most have few, round a mean of 4.2 stars.
func rated(r *rand.Rand) outcry.Rating {
	if r.Float64() < unrated {
		return outcry.Rating{}
	}
	quality := max(2.5, min(4.9, 4.2+0.4*r.NormFloat64()))
	n := int(math.Ceil(math.Exp(5 * r.Float64())))
	return outcry.Rating{Stars: max(n, min(5*n, int(math.Round(quality*float64(n))))), Count: n}
}
