package trial

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"outcry"
	"outcry/sim"
)

// What buyers ask. All of it is assumed.
const (
	perShop    = 0.13 // requests an hour for each shop of the city
	rareShare  = 0.15 // of the requests are for one of the rareKinds
	rareKinds  = 10
	spreadM    = 1000. // of buyers round shops, standard deviation
	looks      = 2     // seconds from the closing to when the buyer looks, at least
	looksUpTo  = 8
	takes      = 0.75 // share of buyers that take the first offer
	widthM     = 3000 // how far for a kind with widthShops shops
	widthShops = 100
)

// asked is a request of the trial's world, and what calling everybody alone
// would bring.
type asked struct {
	outcry.Request
	n        int // its number, from 0
	measured bool
	alone    alone
}

// buyer asks for all.
var buyer = outcry.NewActor(outcry.Member{ID: "mem_buyer"}, outcry.Token{}, nil)

// kinds are what the shops of a city sell.
type kinds struct {
	traders []*trader
	shops   map[outcry.Code]int // how many sell a kind
	rare    []outcry.Code
}

func newKinds(traders []*trader) kinds {
	k := kinds{traders: traders, shops: map[outcry.Code]int{}}
	for _, t := range traders {
		for _, code := range t.Codes {
			if k.shops[code]++; k.shops[code] == 1 {
				k.rare = append(k.rare, code)
			}
		}
	}
	slices.SortStableFunc(k.rare, func(a, b outcry.Code) int { return k.shops[a] - k.shops[b] })
	k.rare = k.rare[:min(rareKinds, len(k.rare))]
	return k
}

// stream is all requests of a world, in the order of time.
func stream(seed uint64, s Setting, k kinds) []*asked {
	var all []*asked
	pace := sim.Dice(seed, "stream", "", 0)
	mean := float64(time.Hour) / (perShop * s.Load * float64(s.Shops))
	for at := s.begin(); ; {
		var ok bool
		if at, ok = s.next(at, time.Duration(mean*pace.ExpFloat64())); !ok {
			return all
		}
		all = append(all, k.ask(seed, len(all), at))
	}
}

// ask makes request number n.
func (k kinds) ask(seed uint64, n int, at time.Time) *asked {
	r := sim.Dice(seed, "request", "", n)
	code := k.traders[r.IntN(len(k.traders))].Codes[0]
	if r.Float64() < rareShare {
		code = k.rare[r.IntN(len(k.rare))]
	}
	width := widthM * math.Sqrt(widthShops/float64(k.shops[code])) * (0.8 + 0.4*r.Float64())
	a := &asked{n: n, measured: !at.Before(opening)}
	a.Request = outcry.Request{
		ID: outcry.NewID(outcry.RequestPrefix, at, chance{r}), Buyer: buyer.Member, Accepts: 1,
		State: outcry.RequestOpen, Created: at, Policy: 1,
		Ask: outcry.Ask{
			Code: code, Quantity: 1, Place: moved(r, k.traders[r.IntN(len(k.traders))].Place),
			RadiusM: int(max(500, min(4000, width))), Rank: outcry.RankBest,
			Deadline: at.Add(time.Duration(20_000+r.IntN(40_001)) * time.Millisecond), Wanted: 3 + r.IntN(3),
		},
	}
	return a
}

// moved is a place some way from another.
func moved(r *rand.Rand, p outcry.Place) outcry.Place {
	const perDegree = 111_195
	p.Lat += spreadM * r.NormFloat64() / perDegree
	p.Lon += spreadM * r.NormFloat64() / perDegree / math.Cos(p.Lat*math.Pi/180)
	return p
}

// chance gives the bytes of a draw, for what reads its chance.
type chance struct{ r *rand.Rand }

// Read fills p; it never fails.
func (c chance) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(c.r.Uint32())
	}
	return len(p), nil
}
