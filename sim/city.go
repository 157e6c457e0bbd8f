package sim

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"outcry"
)

// The shape of a city. All of it is assumed.
const (
	// popularity is the exponent of Zipf's law: the kind at rank n has 1/n^0.8
	// as many shops as the first.
	popularity = 0.8
	// fewest is how many shops even the least popular kind has, where there are
	// enough.
	fewest = 3
	// peopleAnswer is the share of shops at which a person answers.
	peopleAnswer = 0.6
	// sleepless: of so many shops of a kind one never closes, most of them at the
	// centre, so that a city answers at any hour.
	sleepless = 3
	// inTheMiddle is the share of shops in the quarter at the centre; of those
	// that never close it is twice as many.
	inTheMiddle = 0.4
)

// cityEpoch is when all shops of a city were made: ids carry it.
var cityEpoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// City makes n active shops with their books round a centre: the same ones for
// the same seed, n, centre and kinds. kinds are codes, the most popular first;
// none are the everyday kinds. Names are made up; ids, and sources written
// "sim/SEED/N", say nothing of a real place. The owner is left to the caller.
func City(seed uint64, n int, centre outcry.Place, kinds []outcry.Code) []outcry.Listing {
	if n <= 0 {
		return nil
	}
	if len(kinds) == 0 {
		kinds = Everyday()
	}
	c := builder{
		seed: seed, town: townNear(centre), quarters: quarters(seed, n, centre),
		known: map[outcry.Code]bool{}, names: namesake{}, built: map[outcry.Code]int{},
	}
	for _, k := range kinds {
		c.known[k] = true
	}
	var plots []outcry.Code
	for i, count := range shares(n, len(kinds)) {
		for range count {
			plots = append(plots, kinds[i])
		}
	}
	r := Dice(seed, "plots", "", n)
	r.Shuffle(len(plots), func(i, j int) { plots[i], plots[j] = plots[j], plots[i] })
	city := make([]outcry.Listing, n)
	for i, kind := range plots {
		city[i] = c.build(i, kind)
	}
	return city
}

// shares divides n shops among kinds by Zipf's law, whole shops, adding up to n.
func shares(n, kinds int) []int {
	counts := make([]int, kinds)
	base := min(fewest, n/kinds)
	sum := 0.0
	for i := range kinds {
		sum += math.Pow(float64(i+1), -popularity)
	}
	left, rest := n, float64(n-base*kinds)
	for i := range counts {
		counts[i] = base + int(rest*math.Pow(float64(i+1), -popularity)/sum)
		left -= counts[i]
	}
	for i := 0; left > 0; i = (i + 1) % kinds {
		counts[i]++
		left--
	}
	return counts
}

// quarter is a part of a city round which shops gather.
type quarter struct {
	name   string
	middle outcry.Place
	spread float64 // metres, standard deviation
	upTo   float64 // share of all shops in this and the quarters before
}

// quarters lays out a city: one quarter at the centre, others up to 5.5 km from
// it, more of them the larger the city is.
func quarters(seed uint64, n int, centre outcry.Place) []quarter {
	r := Dice(seed, "quarters", "", 0)
	count := 4 + min(40, n/150)
	all := []quarter{{name: quarterName(r), middle: centre, spread: 700, upTo: inTheMiddle}}
	for i := 1; i < count; i++ {
		far := 800 + 4700*math.Sqrt(r.Float64())*float64(i)/float64(count)
		all = append(all, quarter{
			name: quarterName(r), middle: moved(centre, far, 2*math.Pi*r.Float64()), spread: 250 + 350*r.Float64(),
			upTo: inTheMiddle + (1-inTheMiddle)*float64(i)/float64(count-1),
		})
	}
	return all
}

// moved is the place so many metres from p in a direction in radians, to a few
// per mille at the scale of a city.
func moved(p outcry.Place, metres, direction float64) outcry.Place {
	const perDegree = 111_195
	lat := p.Lat + metres*math.Cos(direction)/perDegree
	lat = max(-89.9, min(89.9, lat))
	lon := p.Lon + metres*math.Sin(direction)/perDegree/math.Cos(lat*math.Pi/180)
	return outcry.Place{Lat: round6(lat), Lon: round6(math.Remainder(lon, 360))}
}

func round6(x float64) float64 { return math.Round(x*1e6) / 1e6 }

// builder makes the shops of one city.
type builder struct {
	seed     uint64
	town     town
	quarters []quarter
	known    map[outcry.Code]bool // the kinds that the city has
	names    namesake
	built    map[outcry.Code]int // shops so far of a kind
}

// build makes shop number i, of a kind.
func (c *builder) build(i int, kind outcry.Code) outcry.Listing {
	r := Dice(c.seed, "shop", "", i)
	t := tradeOf(kind)
	c.built[kind]++
	never := c.built[kind]%sleepless == 1 // closes
	at, place := c.plot(r, never)
	name := c.names.name(r, t.nouns, at.name)
	shop := outcry.Shop{
		ID:   outcry.NewID(outcry.ShopPrefix, cityEpoch, reader{r}),
		Name: name, Place: place, ServiceRadiusM: 1000 * t.service.draw(r),
		Hours: oneOf(r, openings[t.hours]), TimeZone: c.town.zone, Languages: c.languages(r),
		PriceLevel: level(r), Capabilities: slices.Clone(t.can), Contact: "hello@" + slug(name) + ".example",
		Answers: outcry.BySoftware, State: outcry.ShopActive, Created: cityEpoch, Updated: cityEpoch,
		Source: fmt.Sprintf("sim/%d/%d", c.seed, i),
	}
	if never {
		shop.Hours = "24/7"
	}
	if r.Float64() < peopleAnswer {
		shop.Answers = outcry.ByPerson
	}
	for _, extra := range t.some {
		if r.Float64() < 0.5 {
			shop.Capabilities = append(shop.Capabilities, extra)
		}
	}
	shop.Rating = rated(r, qualityOf(c.seed, shop.ID))
	return outcry.Listing{Shop: shop, Codes: c.book(r, kind, t)}
}

// plot draws where a shop stands; central shops are twice as likely to stand in
// the quarter at the centre.
func (c *builder) plot(r *rand.Rand, central bool) (quarter, outcry.Place) {
	u := r.Float64()
	if central {
		u /= 2
	}
	q := c.quarters[len(c.quarters)-1]
	for _, candidate := range c.quarters {
		if u < candidate.upTo {
			q = candidate
			break
		}
	}
	far := min(3, math.Abs(r.NormFloat64())) * q.spread
	return q, moved(q.middle, far, 2*math.Pi*r.Float64())
}

// book is what a shop of a kind sells.
func (c *builder) book(r *rand.Rand, kind outcry.Code, t trade) []outcry.Code {
	codes := []outcry.Code{kind}
	if t.code != kind {
		return codes
	}
	for _, also := range t.also {
		if c.known[also] && r.Float64() < 0.5 {
			codes = append(codes, also)
		}
	}
	return codes
}

// languages draws what is spoken at a shop: the town's first language always,
// its others by half, and now and then one of the world's.
func (c *builder) languages(r *rand.Rand) []string {
	spoken := slices.Clone(c.town.languages[:1])
	for _, l := range c.town.languages[1:] {
		if r.Float64() < 0.5 {
			spoken = append(spoken, l)
		}
	}
	if l := oneOf(r, []string{"en", "ko", "ja", "de", "es", "fr", "zh"}); r.Float64() < 0.3 && !slices.Contains(spoken, l) {
		spoken = append(spoken, l)
	}
	return spoken
}

// level draws a price level: 25, 45, 22 and 8 % for 1 to 4.
func level(r *rand.Rand) int {
	u := r.Float64()
	switch {
	case u < 0.25:
		return 1
	case u < 0.70:
		return 2
	case u < 0.92:
		return 3
	}
	return 4
}
