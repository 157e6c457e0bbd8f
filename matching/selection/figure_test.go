package selection_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"outcry"
	"outcry/matching/selection"
)

func TestExpect_OfShopsThatNothingIsKnownOf(t *testing.T) {
	t.Parallel()
	person, software := sells("shop_p"), sells("shop_s")
	person.PriceLevel, software.Answers, software.PriceLevel = 4, outcry.BySoftware, 1
	s := indexOf(t, person, software)
	of := func(id string) selection.Candidate {
		t.Helper()
		v, _ := s.Why(ask(), id)
		if !v.OK {
			t.Fatalf("%s: %+v", id, v)
		}
		return v.Candidate
	}
	check := func(id string, chance, price, kept, calls float64) {
		t.Helper()
		c := of(id)
		if math.Abs(c.Chance-chance) > 0.002 || math.Abs(c.Kept-kept) > 0.002 || math.Abs(c.Price-price) > 1e-9 || c.Calls != calls {
			t.Errorf("%s: %+v, want %v %v %v %v", id, c, chance, price, kept, calls)
		}
	}
	check("shop_p", 0.5, 1.2, 0.9, 0)
	check("shop_s", 0.5, 0.9, 0.9, 0)
	f, g := offersAll(0.3), offersAll(0.7)
	f.Kept, f.Price = 0.95, 5 // a price that plays no part
	f.Prices = []outcry.CodePrice{{Code: bakery, Price: 6}}
	g.Calls = 2
	s.Expect(f, g)
	check("shop_p", 0.3, 1.2, 0.95, 0)
	check("shop_s", 0.7, 0.9, 0.9, 2)
	own := offersAll(0.8)
	own.Price, own.Calls = 1.05, 9
	s.Figure("shop_p", own)
	s.Figure("shop_gone", own)
	check("shop_p", 0.8, 1.05, 0.9, 9)
	put(t, s, person)
	check("shop_p", 0.8, 1.05, 0.9, 9)
	software.Answers = outcry.ByPerson
	put(t, s, software)
	check("shop_s", 0.3, 0.9, 0.95, 0)
}

func TestFigure_TheBestPriceOfTheCodesItHolds(t *testing.T) {
	t.Parallel()
	l := sells("shop_a")
	l.Codes = []outcry.Code{bakery, "osm:shop", "osm:shop=florist"}
	s, f := indexOf(t, l), offersAll(0.5)
	f.Price = 1.1
	f.Prices = []outcry.CodePrice{{Code: bakery, Price: 1.2}, {Code: "osm:shop=florist", Price: 0.8}, {Code: "osm:shop=deli", Price: 0.5}}
	s.Figure("shop_a", f)
	f.Prices[0].Price = 0.1 // what was given is copied
	for _, c := range []struct {
		codes []outcry.Code
		want  float64
	}{
		{[]outcry.Code{bakery}, 1.2},
		{[]outcry.Code{bakery, "osm:shop"}, 1.1},
		{[]outcry.Code{bakery, "osm:shop=florist"}, 0.8},
		{[]outcry.Code{"osm:shop", "osm:shop=deli"}, 1.1}, // deli is not in its book
	} {
		q := ask()
		q.Codes = c.codes
		if got := best(s, q); len(got) != 1 || got[0].Price != c.want {
			t.Errorf("%v: %+v, want one at %v", c.codes, got, c.want)
		}
	}
}

func TestFigure_IsKeptWithinItsRounding(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := sells("shop_a")
		l.Rating.Count = rapid.IntRange(0, 500).Draw(t, "ratings")
		l.Rating.Stars = rapid.IntRange(l.Rating.Count, 5*l.Rating.Count).Draw(t, "stars")
		s := selection.NewIndex()
		if err := s.Put(l); err != nil {
			t.Fatal(err)
		}
		f := outcry.Figures{Calls: 3, Kept: rapid.Float64Range(0, 1).Draw(t, "kept"), Price: rapid.Float64Range(0, 65.535).Draw(t, "price")}
		points := rapid.SliceOfN(rapid.Float32Range(0, 1), len(f.Offers), len(f.Offers)).Draw(t, "points")
		slices.Sort(points)
		copy(f.Offers[:], points)
		s.Figure("shop_a", f)
		q := ask()
		q.Policy.Selecting.PatienceS = 0
		q.Deadline = noon.Add(time.Duration(rapid.IntRange(0, 70_000).Draw(t, "wait")) * time.Millisecond)
		c := best(s, q)[0]
		if d := math.Abs(c.Chance - f.Offers.By(q.Deadline.Sub(noon).Seconds())); d > 0.5/255+1e-6 {
			t.Fatalf("a chance %v off", d)
		}
		if d := math.Abs(c.Price - f.Price); d > 0.0005+1e-9 {
			t.Fatalf("a price %v off", d)
		}
		if d := math.Abs(c.Kept - f.Kept); d > 0.5/255+1e-9 {
			t.Fatalf("a share %v off", d)
		}
		if d := math.Abs(c.Rating - l.Rating.Mean()); d > 0.5/63.75+1e-9 {
			t.Fatalf("a rating %v off", d)
		}
	})
}

func TestFigure_BeyondItsBounds(t *testing.T) {
	t.Parallel()
	s := indexOf(t, sells("shop_a"))
	nan := math.NaN()
	for _, c := range []struct {
		give                float64
		share, price, calls float64
	}{
		{nan, 0, 0, 0}, {-1, 0, 0, 0}, {1e9, 1, 65.535, 1e9}, {math.Inf(1), 1, 65.535, math.MaxFloat32},
	} {
		f := offersAll(float32(c.give))
		f.Kept, f.Price, f.Calls = c.give, c.give, c.give
		s.Figure("shop_a", f)
		v, _ := s.Why(ask(), "shop_a")
		if got := v.Candidate; got.Chance != c.share || got.Kept != c.share || got.Price != c.price || got.Calls != c.calls || math.IsNaN(got.Score) {
			t.Errorf("%v became %+v", c.give, got)
		}
	}
	falls := offersAll(0.4)
	falls.Offers[0] = 0.8
	s.Figure("shop_a", falls)
	if v, _ := s.Why(ask(), "shop_a"); math.Abs(v.Candidate.Chance-0.8) > 0.002 {
		t.Errorf("a chance that falls became %v, want 0.8 that it was before", v.Candidate.Chance)
	}
}

func TestSelect_DistancesAreWithinAMetre(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := sells("shop_a")
		anywhere := rapid.Custom(func(t *rapid.T) outcry.Place {
			return outcry.Place{Lat: rapid.Float64Range(-90, 90).Draw(t, "lat"), Lon: rapid.Float64Range(-180, 180).Draw(t, "lon")}
		})
		l.Place = anywhere.Draw(t, "shop")
		q := ask()
		q.Place = anywhere.Draw(t, "buyer")
		if rapid.Bool().Draw(t, "near") {
			q.Place.Lat = min(90, l.Place.Lat+rapid.Float64Range(0, 0.1).Draw(t, "north"))
			q.Place.Lon = min(180, l.Place.Lon+rapid.Float64Range(0, 0.1).Draw(t, "east"))
		}
		l.ServiceRadiusM, q.RadiusM, q.Policy.Selecting.PatienceS = outcry.MaxRadiusM, outcry.MaxRadiusM, 0
		s := selection.NewIndex()
		if err := s.Put(l); err != nil {
			t.Fatal(err)
		}
		got, want := best(s, q)[0].DistanceM, l.Place.DistanceM(q.Place)
		most := 1.0
		if want > 13e6 { // close to the other side of the globe a chord tells little
			most = 10_000
		}
		if math.Abs(got-want) > most {
			t.Fatalf("%v m, want %v", got, want)
		}
	})
}
