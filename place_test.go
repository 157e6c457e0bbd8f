package outcry_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"outcry"
)

var (
	london    = outcry.Place{Lat: 51.5074, Lon: -0.1278}
	paris     = outcry.Place{Lat: 48.8566, Lon: 2.3522}
	seoul     = outcry.Place{Lat: 37.5665, Lon: 126.9780}
	tokyo     = outcry.Place{Lat: 35.6762, Lon: 139.6503}
	newYork   = outcry.Place{Lat: 40.7128, Lon: -74.0060}
	suva      = outcry.Place{Lat: -18.1248, Lon: 178.4501}
	apia      = outcry.Place{Lat: -13.8506, Lon: -171.7513}
	northPole = outcry.Place{Lat: 90}
	southPole = outcry.Place{Lat: -90}
)

// halfRound is half of the way round the sphere of the earth's mean radius.
const halfRound = math.Pi * 6_371_008.8

func TestDistance_BetweenCities(t *testing.T) {
	t.Parallel()
	// On the ellipsoid, in km; the sphere is within 0.6 % of it.
	for _, c := range []struct {
		name string
		a, b outcry.Place
		km   float64
	}{
		{"London to Paris", london, paris, 343.9},
		{"Seoul to Tokyo", seoul, tokyo, 1155.4},
		{"London to New York", london, newYork, 5585.2},
		{"Suva to Apia, across the antimeridian", suva, apia, 1146.7},
	} {
		got := c.a.DistanceM(c.b) / 1000
		if math.Abs(got-c.km) > c.km*0.006 {
			t.Errorf("%s: %.1f km, want %.1f", c.name, got, c.km)
		}
	}
}

func TestDistance_AtTheEndsOfTheWorld(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		a, b outcry.Place
		want float64
	}{
		{"pole to pole", northPole, southPole, halfRound},
		{"a pole by two longitudes", northPole, outcry.Place{Lat: 90, Lon: 137}, 0},
		{"the antimeridian by its two names", outcry.Place{Lon: 180}, outcry.Place{Lon: -180}, 0},
		{"a thousandth of a degree over the antimeridian", outcry.Place{Lon: 179.9995}, outcry.Place{Lon: -179.9995}, 111.195},
		{"antipodes", outcry.Place{Lat: 30, Lon: 20}, outcry.Place{Lat: -30, Lon: -160}, halfRound},
	} {
		if got := c.a.DistanceM(c.b); math.Abs(got-c.want) > 0.5 {
			t.Errorf("%s: %.3f m, want %.3f", c.name, got, c.want)
		}
	}
}

// anywhere draws a place, often near the antimeridian and the poles.
func anywhere() *rapid.Generator[outcry.Place] {
	return rapid.Custom(func(t *rapid.T) outcry.Place {
		return outcry.Place{
			Lat: rapid.OneOf(rapid.Float64Range(-90, 90), rapid.Float64Range(89.9, 90), rapid.Float64Range(-90, -89.9),
				rapid.SampledFrom([]float64{-90, 0, 0.29, 89.995, 90})).Draw(t, "lat"),
			Lon: rapid.OneOf(rapid.Float64Range(-180, 180), rapid.Float64Range(179.9, 180), rapid.Float64Range(-180, -179.9),
				rapid.SampledFrom([]float64{-180, 0, 180})).Draw(t, "lon"),
		}
	})
}

// chord is the distance through unit vectors, which knows no antimeridian.
func chord(p, q outcry.Place) float64 {
	vector := func(p outcry.Place) (v [3]float64) {
		lat, lon := p.Lat*math.Pi/180, p.Lon*math.Pi/180
		return [3]float64{math.Cos(lat) * math.Cos(lon), math.Cos(lat) * math.Sin(lon), math.Sin(lat)}
	}
	a, b := vector(p), vector(q)
	x, y, z := a[0]-b[0], a[1]-b[1], a[2]-b[2]
	return 2 * halfRound / math.Pi * math.Asin(min(1, math.Sqrt(x*x+y*y+z*z)/2))
}

func TestDistance_IsTheSameBothWaysAndRoundTheGlobe(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, q := anywhere().Draw(t, "p"), anywhere().Draw(t, "q")
		d := p.DistanceM(q)
		if back := q.DistanceM(p); math.Abs(d-back) > 1e-3 {
			t.Fatalf("%v m there, %v m back", d, back)
		}
		if !(d >= 0 && d <= halfRound+1e-3) {
			t.Fatalf("%v m is more than half the way round", d)
		}
		// Near antipodes both formulas lose digits: a metre there.
		if want := chord(p, q); math.Abs(d-want) > 1 {
			t.Fatalf("%v m, the unit vectors say %v", d, want)
		}
		mirror := func(p outcry.Place) outcry.Place { return outcry.Place{Lat: p.Lat, Lon: -p.Lon} }
		if m := mirror(p).DistanceM(mirror(q)); math.Abs(d-m) > 1e-3 {
			t.Fatalf("%v m, mirrored at the antimeridian %v", d, m)
		}
	})
}

func TestCell_ItsMiddleLiesInItNearEveryPlaceOfIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := anywhere().Draw(t, "p")
		cell := p.Cell()
		if again := cell.Cell(); again != cell {
			t.Fatalf("the cell of %v is %v, whose own is %v", p, cell, again)
		}
		if d := p.DistanceM(cell); d > 1000 {
			t.Fatalf("%v is %.0f m from its cell's middle %v", p, d, cell)
		}
		var bad outcry.Complaints
		if cell.Check(&bad, "cell"); len(bad) > 0 {
			t.Fatalf("the cell of %v is no place: %v", p, bad)
		}
	})
}

func TestCell_HidesWhereInItAPlaceIs(t *testing.T) {
	t.Parallel()
	home := outcry.Place{Lat: 55.9533, Lon: -3.1883}
	cell := home.Cell()
	same, metres := 0, 0.0
	for i := range 41 {
		for k := range 41 {
			near := outcry.Place{Lat: home.Lat + float64(i-20)*0.0005, Lon: home.Lon + float64(k-20)*0.0009}
			if near.Cell() == cell {
				same++
				metres = max(metres, near.DistanceM(home))
			}
		}
	}
	if same < 300 || metres < 600 {
		t.Errorf("%d places up to %.0f m away share the cell; a cell is about 1 km wide", same, metres)
	}
}

func TestPlace_IsBounded(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for _, c := range []struct {
		place outcry.Place
		bad   []string
	}{
		{outcry.Place{Lat: 90, Lon: 180}, nil},
		{outcry.Place{Lat: -90, Lon: -180}, nil},
		{outcry.Place{Lat: 90.001}, []string{"body.place.lat"}},
		{outcry.Place{Lon: -180.001}, []string{"body.place.lon"}},
		{outcry.Place{Lat: nan, Lon: nan}, []string{"body.place.lat", "body.place.lon"}},
		{outcry.Place{Lat: math.Inf(-1), Lon: math.Inf(1)}, []string{"body.place.lat", "body.place.lon"}},
	} {
		var bad outcry.Complaints
		c.place.Check(&bad, "body.place")
		if got := locations(bad); !slices.Equal(got, c.bad) {
			t.Errorf("%v: complaints about %v, want %v", c.place, got, c.bad)
		}
	}
	for metres, ok := range map[int]bool{0: false, -1: false, 1: true, outcry.MaxRadiusM: true, outcry.MaxRadiusM + 1: false} {
		var bad outcry.Complaints
		if outcry.CheckRadius(&bad, "body.radius_m", metres); (len(bad) == 0) != ok {
			t.Errorf("a radius of %d m: %v", metres, bad)
		}
	}
}
