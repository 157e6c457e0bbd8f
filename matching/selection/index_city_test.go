package selection_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"

	"outcry"
	"outcry/matching/selection"
	"outcry/policy"
)

// cities is a made-up country: shops in cities of very different sizes, 4,800
// codes in a tree of three levels of which few are popular (Zipf), some hundred
// kinds of opening hours in five zones, and figures that are spread as those of
// real sellers are: most offer nearly always or nearly never.
type cities struct {
	*rand.Rand
	middles []outcry.Place
	size    []float64 // share of the shops, added up
	codes   []outcry.Code
	above   [][]outcry.Code // each code with all above it
	below   [][]outcry.Code // each code with all above and below it
	popular *rand.Zipf
	hours   []string
	policy  policy.Policy
}

const (
	cityCount = 60
	codeCount = 4800
)

var cityZones = []string{"Europe/London", "Europe/Berlin", "Asia/Seoul", "America/New_York", "Europe/Helsinki"}

func newCities(seed uint64) *cities {
	c := &cities{Rand: rand.New(rand.NewPCG(seed, 2)), policy: policy.Default()}
	sum := 0.0
	for i := range cityCount {
		c.middles = append(c.middles, outcry.Place{Lat: 70 * (c.Float64() - 0.3), Lon: 360 * (c.Float64() - 0.5)})
		sum += 1 / float64(i+5)
		c.size = append(c.size, sum)
	}
	c.popular = rand.NewZipf(c.Rand, 1.001, 1, codeCount-1)
	for len(c.hours) < 400 {
		from, to := 6+c.IntN(6), 16+c.IntN(8)
		c.hours = append(c.hours, fmt.Sprintf("Mo-Fr %02d:%02d-%02d:00; Sa %02d:00-%02d:00", from, 15*c.IntN(4), to, from+1, to-2))
	}
	c.tree()
	return c
}

// tree makes 20 codes with 15 each below them, with 15 each below those, in an
// order that has nothing to do with how popular they are.
func (c *cities) tree() {
	children := map[outcry.Code][]outcry.Code{}
	parent := map[outcry.Code]outcry.Code{}
	for i := 0; len(c.codes) < codeCount; i++ {
		top, middle := outcry.Code(fmt.Sprintf("city:%02d", i%20)), outcry.Code(fmt.Sprintf("city:%02d.%02d", i%20, i/20%15))
		list := []outcry.Code{outcry.Code(fmt.Sprintf("%s.%02d", middle, i/300))}
		parent[list[0]], parent[middle] = middle, top
		children[middle] = append(children[middle], list[0])
		if i < 300 {
			list, children[top] = append(list, middle), append(children[top], middle)
		}
		if i < 20 {
			list = append(list, top)
		}
		c.codes = append(c.codes, list...)
	}
	c.codes = c.codes[:codeCount]
	c.Shuffle(len(c.codes), func(i, j int) { c.codes[i], c.codes[j] = c.codes[j], c.codes[i] })
	for _, code := range c.codes {
		list := []outcry.Code{code}
		for p := parent[code]; p != ""; p = parent[p] {
			list = append(list, p)
		}
		c.above = append(c.above, slices.Clip(list))
		for _, child := range children[code] {
			list = append(append(list, child), children[child]...)
		}
		c.below = append(c.below, list)
	}
}

func (c *cities) listing(i int) outcry.Listing {
	at := c.Float64() * c.size[cityCount-1]
	city := 0
	for c.size[city] < at {
		city++
	}
	km := 2 + 10*math.Sqrt(5/float64(city+5))
	middle, zone := c.middles[city], city%len(cityZones)
	l := outcry.Listing{Shop: outcry.Shop{
		ID: fmt.Sprintf("shop_%026d", i*7919), Name: fmt.Sprintf("Shop no. %d of %d", i, city),
		Place: outcry.Place{
			Lat: middle.Lat + c.NormFloat64()*km/111,
			Lon: math.Remainder(middle.Lon+c.NormFloat64()*km/111/math.Cos(middle.Lat*math.Pi/180), 360),
		},
		ServiceRadiusM: []int{2000, 5000, 5000, 10_000, 20_000}[c.IntN(5)], Hours: c.hours[c.IntN(len(c.hours))], TimeZone: cityZones[zone],
		Languages: []string{[]string{"en", "de", "ko", "en", "fi"}[zone]}, PriceLevel: 1 + c.IntN(4),
		Capabilities: outcry.Capabilities[:1+c.IntN(4)], State: outcry.ShopActive, Answers: outcry.ByPerson,
		Rating: outcry.Rating{Stars: 40 + c.IntN(60), Count: 20},
	}}
	if c.Float64() < 0.4 {
		l.Answers = outcry.BySoftware
	}
	for range 1 + c.IntN(5) {
		l.Codes = append(l.Codes, c.codes[c.popular.Uint64()])
	}
	return l
}

func (c *cities) figures(l *outcry.Listing) outcry.Figures {
	chance := c.Float64()
	switch c.IntN(10) {
	case 0, 1, 2:
		chance *= 0.1
	case 3, 4, 5, 6:
		chance = 1 - 0.1*chance
	}
	median := 0.3 + 3*c.Float64()
	f := outcry.Figures{Calls: 30 * c.Float64(), Kept: 0.7 + 0.3*c.Float64(), Price: 1}
	for i, d := range outcry.Delays {
		f.Offers[i] = float32(chance * d / (d + median))
	}
	for _, code := range l.Codes {
		f.Prices = append(f.Prices, outcry.CodePrice{Code: code, Price: 0.85 + 0.3*c.Float64()})
	}
	return f
}

// filled puts n shops, of which 40 % are connected and 70 % have figures.
func (c *cities) filled(n int) (*selection.Index, []outcry.Place, time.Duration) {
	x := selection.NewIndex()
	places := make([]outcry.Place, 0, n)
	var took time.Duration
	const batch = 10_000
	for from := 0; from < n; from += batch {
		var list []outcry.Listing
		for i := from; i < min(n, from+batch); i++ {
			list = append(list, c.listing(i))
		}
		began := time.Now()
		for i := range list {
			if err := x.Put(list[i]); err != nil {
				panic(err)
			}
		}
		took += time.Since(began)
		for i := range list {
			places = append(places, list[i].Place)
			if c.Float64() < 0.4 {
				x.Connect(list[i].ID, 1, now)
			}
			if c.Float64() < 0.7 {
				x.Figure(list[i].ID, c.figures(&list[i]))
			}
		}
	}
	began := time.Now()
	x.Build()
	took += time.Since(began)
	runtime.GC()
	return x, places, took
}

// query asks near a shop for a code as popular as those of shops are.
func (c *cities) query(places []outcry.Place) *selection.Query {
	at := places[c.IntN(len(places))]
	at.Lat = max(-90, min(90, at.Lat+0.01*c.NormFloat64()))
	return &selection.Query{
		Codes: c.above[c.popular.Uint64()], Place: at, RadiusM: 1000 + c.IntN(9000),
		When: now, Now: now, Deadline: now.Add(30 * time.Second), Policy: &c.policy,
	}
}
