package crowd

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // zones also where the machine knows none

	"outcry"
)

const (
	// perCity is for how many shops there is a city, until there are mostCities.
	perCity, fewestCities, mostCities = 2500, 3, 300
	// urban is the share of shops in cities.
	urban = 0.85
)

// country is where cities lie, by its outermost degrees.
type country struct {
	zone                     string
	language                 string // everybody's
	south, north, west, east float64
	weight                   float64 // of its cities and its countryside
	clock                    *time.Location
}

// countries are where shops stand.
var countries = sync.OnceValue(func() []country {
	list := []country{
		{"Europe/London", "en", 50.9, 55.9, -4, 0.3, 2, nil},
		{"Europe/Berlin", "de", 47.8, 53.8, 7, 13.5, 2.5, nil},
		{"Asia/Seoul", "ko", 34.8, 37.9, 126.6, 129.3, 2, nil},
		{"Asia/Tokyo", "ja", 33.5, 38, 130.5, 140.5, 3, nil},
		{"Asia/Kolkata", "hi", 10, 28, 73, 85, 3, nil},
		{"America/New_York", "en", 33, 43, -84, -71, 3, nil},
		{"America/Sao_Paulo", "pt", -28, -16, -51, -41, 2, nil},
		{"Pacific/Auckland", "en", -45, -36, 168, 178, 0.5, nil},
	}
	for i := range list {
		var err error
		if list[i].clock, err = time.LoadLocation(list[i].zone); err != nil {
			panic("crowd: " + err.Error())
		}
	}
	return list
})

// languages are those that shops speak.
var languages = []string{"en", "de", "ko", "ja", "hi", "pt", "es", "fr", "zh", "ar", "tr", "vi"}

// spoken draws what is spoken at a shop: the country's language, and up to two
// others.
func (c *country) spoken(r *rand.Rand) []string {
	list := []string{strings.Clone(c.language)}
	for range spokenBesides.draw(r) {
		if l := languages[r.IntN(len(languages))]; !slices.Contains(list, l) {
			list = append(list, strings.Clone(l))
		}
	}
	return list
}

// spokenBesides are the shares of shops that speak speak at most none,
// one and two languages besides the country's.
var spokenBesides = weights{0.6, 0.9, 1}

// quarter is a part of a city round whose middle shops stand.
type quarter struct {
	middle outcry.Place
	spread float64 // metres, standard deviation each way
}

// city is a city with its quarters.
type city struct {
	country  *country
	quarters []quarter
	size     weights // of the quarters
}

// world is all places.
type world struct {
	where   []country
	country weights // of the countries
	cities  []city
	size    weights // of the cities
}

// spot is where a shop stands.
type spot struct {
	place   outcry.Place
	country *country
}

// newWorld lays out the places of n shops.
func newWorld(seed uint64, n int) world {
	cities := max(fewestCities, min(mostCities, n/perCity))
	where := countries()
	w := world{
		where: where, size: newZipf(cities, 1),
		country: weighing(len(where), func(i int) float64 { return where[i].weight }),
	}
	for i := range cities {
		r := dice(seed, "city", i)
		w.cities = append(w.cities, newCity(r, &w.where[w.country.draw(r)], 1/float64(i+1)))
	}
	return w
}

// newCity lays out a city; size is its size against the largest. The largest has
// 43 quarters within about 12 km (one standard deviation), a small one three
// within 2.
func newCity(r *rand.Rand, in *country, size float64) city {
	middle := in.somewhere(r)
	wide := 1500 + 10_500*math.Pow(size, 0.4)
	c := city{country: in, quarters: []quarter{{middle, wide / 8}}}
	for range 2 + int(40*math.Sqrt(size)) {
		c.quarters = append(c.quarters, quarter{
			middle: moved(middle, wide*r.NormFloat64(), wide*r.NormFloat64()), spread: 300 + 1200*r.Float64(),
		})
	}
	c.size = newZipf(len(c.quarters), 0.7)
	return c
}

// somewhere draws a place, each part of the country as likely.
func (c *country) somewhere(r *rand.Rand) outcry.Place {
	return outcry.Place{Lat: round6(c.south + (c.north-c.south)*r.Float64()), Lon: round6(c.west + (c.east-c.west)*r.Float64())}
}

// spot draws where a shop stands.
func (w *world) spot(r *rand.Rand) spot {
	if r.Float64() >= urban {
		in := &w.where[w.country.draw(r)]
		return spot{in.somewhere(r), in}
	}
	c := &w.cities[w.size.draw(r)]
	q := &c.quarters[c.size.draw(r)]
	return spot{moved(q.middle, q.spread*r.NormFloat64(), q.spread*r.NormFloat64()), c.country}
}

// moved is the place so many metres north and east of p, to a few per mille at
// the scale of a city.
func moved(p outcry.Place, north, east float64) outcry.Place {
	const perDegree = 111_195
	lat := max(-89.9, min(89.9, p.Lat+north/perDegree))
	lon := p.Lon + east/perDegree/math.Cos(lat*math.Pi/180)
	return outcry.Place{Lat: round6(lat), Lon: round6(math.Remainder(lon, 360))}
}

func round6(x float64) float64 { return math.Round(x*1e6) / 1e6 }
