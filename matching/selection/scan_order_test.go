package selection_test

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"outcry"
	"outcry/matching/selection"
)

func TestSelect_BestFirstAndTiesNeverByChance(t *testing.T) {
	t.Parallel()
	like := func(id string, change func(*outcry.Listing)) outcry.Listing {
		l := sells(id)
		change(&l)
		return l
	}
	shops := []outcry.Listing{
		like("shop_far", func(l *outcry.Listing) { l.Place.Lat += 0.01 }),
		like("shop_b", func(*outcry.Listing) {}),
		like("shop_dear", func(l *outcry.Listing) { l.PriceLevel = 4 }),
		like("shop_quick", func(l *outcry.Listing) { l.Answers = outcry.BySoftware }),
		like("shop_loved", func(l *outcry.Listing) { l.Rating = outcry.Rating{Stars: 50, Count: 10} }),
		like("shop_a", func(*outcry.Listing) {}),
	}
	want := []string{"shop_quick", "shop_loved", "shop_a", "shop_b", "shop_far", "shop_dear"}
	for range 20 { // the order of a map changes from time to time
		if got := ids(scanOf(t, shops...), ask()); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	}
	s := scanOf(t, shops...)
	some := s.Select(ask(), 2, func(id string) bool { return id == "shop_quick" })
	if len(some) != 2 || some[0].Shop != "shop_loved" || some[1].Shop != "shop_a" {
		t.Errorf("the best 2 without one: %+v", some)
	}
	if none := s.Select(ask(), 0, nobody); len(none) != 0 {
		t.Errorf("the best 0: %+v", none)
	}
}

func TestSelect_NearerFirstWhenTheScoresAreEqual(t *testing.T) {
	t.Parallel()
	a, b := sells("shop_a"), sells("shop_b")
	a.Place.Lat += 0.01
	q := ask()
	q.Rules.PerKm = 0
	if got := ids(scanOf(t, a, b), q); !slices.Equal(got, []string{"shop_b", "shop_a"}) {
		t.Errorf("%v, want the nearer first", got)
	}
}

func TestSelect_SaysWhatTheScoreIsMadeOf(t *testing.T) {
	t.Parallel()
	l := sells("shop_a")
	l.PriceLevel, l.Place.Lat, l.Rating = 3, place.Lat+0.01, outcry.Rating{Stars: 25, Count: 5}
	got := scanOf(t, l).Select(ask(), 1, nobody)[0]
	// 1.11195 km away; chance 0.54; mean rating 4.5.
	want := []outcry.Part{{Name: "answers", Points: 0.54}, {Name: "price", Points: -1.1}, {Name: "near", Points: -0.022}, {Name: "rating", Points: 0.015}}
	if !slices.Equal(got.Parts, want) {
		t.Errorf("parts %v, want %v", got.Parts, want)
	}
	score := 0.54 * math.Pow(1.35-1.1-0.0222390+0.015, 4)
	if math.Abs(got.Score-score) > 1e-6 || got.Chance != 0.54 || math.Abs(got.DistanceM-1111.95) > 0.01 {
		t.Errorf("%+v, want a score of %v", got, score)
	}
}

var (
	someCodes     = []outcry.Code{bakery, "osm:shop", "osm:shop=florist", "shopify:aa"}
	someLanguages = []string{"en", "en-GB", "ko", "KO-kr", "fr"}
	somePlaces    = []outcry.Place{place, {Lat: 55.955, Lon: -3.19}, {Lat: 55.95, Lon: -3.2}, {Lat: 55.98, Lon: -3.3}, {Lat: 0, Lon: 180}, {Lat: 0, Lon: -179.99}, {Lat: 90}, {Lat: 89.99, Lon: 100}}
	// someHours are open in whole hours of the day, in each zone's own time.
	someHours = map[string][2]int{"": {0, 24}, "off": {0, 0}, "09:00-17:00": {9, 17}, "18:00-23:00": {18, 23}}
	someZones = map[string]int{"UTC": 0, "Asia/Seoul": 9, "America/Bogota": -5}
)

// told is a shop with what happened to it.
type told struct {
	outcry.Listing
	lines int
	seen  time.Duration // before now; -1 never
}

func anyShop(i int) *rapid.Generator[told] {
	return rapid.Custom(func(t *rapid.T) told {
		l := sells(fmt.Sprintf("shop_%02d", i))
		l.Place = rapid.SampledFrom(somePlaces).Draw(t, "place")
		l.ServiceRadiusM = rapid.SampledFrom([]int{500, 3000, 50_000}).Draw(t, "service")
		l.State = rapid.SampledFrom([]outcry.ShopState{outcry.ShopActive, outcry.ShopActive, outcry.ShopActive, outcry.ShopPending}).Draw(t, "state")
		l.Codes = rapid.SliceOfNDistinct(rapid.SampledFrom(someCodes), 0, 3, rapid.ID).Draw(t, "codes")
		l.Languages = rapid.SliceOfN(rapid.SampledFrom(someLanguages), 0, 2).Draw(t, "languages")
		l.Capabilities = rapid.SliceOfN(rapid.SampledFrom(outcry.Capabilities), 0, 4).Draw(t, "can")
		l.Hours = rapid.SampledFrom([]string{"", "", "off", "09:00-17:00", "18:00-23:00"}).Draw(t, "hours")
		l.TimeZone = rapid.SampledFrom([]string{"UTC", "Asia/Seoul", "America/Bogota"}).Draw(t, "zone")
		l.PriceLevel = rapid.IntRange(1, 4).Draw(t, "level")
		l.Answers = rapid.SampledFrom([]outcry.Answering{outcry.ByPerson, outcry.BySoftware}).Draw(t, "answers")
		l.Rating = outcry.Rating{Stars: rapid.IntRange(5, 25).Draw(t, "stars"), Count: 5}
		return told{
			Listing: l, lines: rapid.IntRange(0, 2).Draw(t, "lines"),
			seen: time.Duration(rapid.IntRange(-1, 1200).Draw(t, "seen")) * time.Second,
		}
	})
}

func anyQuery() *rapid.Generator[selection.Query] {
	return rapid.Custom(func(t *rapid.T) selection.Query {
		q := ask()
		q.Codes = rapid.SliceOfNDistinct(rapid.SampledFrom(someCodes), 1, 3, rapid.ID).Draw(t, "codes")
		q.Place = rapid.SampledFrom(somePlaces).Draw(t, "place")
		q.RadiusM = rapid.SampledFrom([]int{100, 2000, 30_000}).Draw(t, "radius")
		q.When = noon.Add(time.Duration(rapid.IntRange(0, 47).Draw(t, "when")) * time.Hour)
		q.Deadline = noon.Add(time.Duration(rapid.SampledFrom([]int{30, 599, 600}).Draw(t, "wait")) * time.Second)
		q.Languages = rapid.SliceOfN(rapid.SampledFrom(someLanguages), 0, 2).Draw(t, "languages")
		q.Needs = rapid.SliceOfN(rapid.SampledFrom(outcry.Capabilities), 0, 1).Draw(t, "needs")
		return q
	})
}

// fits judges a shop by plain loops; it shares nothing with the product but
// the distance.
func (s told) fits(q selection.Query) bool {
	overlap := false
	for _, a := range q.Codes {
		for _, b := range s.Codes {
			overlap = overlap || a == b
		}
	}
	metres := s.Place.DistanceM(q.Place)
	hour := (q.When.Hour() + someZones[s.TimeZone] + 24) % 24
	open := someHours[s.Hours]
	speaks := len(q.Languages) == 0
	for _, a := range q.Languages {
		for _, b := range s.Languages {
			speaks = speaks || (a[0]|32 == b[0]|32 && a[1]|32 == b[1]|32)
		}
	}
	can := 0
	for _, need := range q.Needs {
		if slices.Contains(s.Capabilities, need) {
			can++
		}
	}
	hears := s.lines > 0 || s.seen >= 0 && s.seen <= 600*time.Second || q.Deadline.Sub(q.Now) >= 600*time.Second
	return s.State == outcry.ShopActive && overlap && metres <= float64(q.RadiusM) && metres <= float64(s.ServiceRadiusM) &&
		hour >= open[0] && hour < open[1] && speaks && can == len(q.Needs) && hears
}

// score is the documented score.
func (s told) score(q selection.Query) float64 {
	chance := 0.54
	if s.Answers == outcry.BySoftware {
		chance = 0.9
	}
	mean := float64(s.Rating.Stars+20) / 10
	value := 1.35 - (1 + 0.1*float64(s.PriceLevel-2)) - 0.02*s.Place.DistanceM(q.Place)/1000 + 0.03*(mean-4)
	return chance * math.Pow(max(0.01, value), 4)
}

func TestSelect_EqualsBruteForce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := selection.NewScan()
		var shops []told
		for i := range rapid.IntRange(0, 12).Draw(t, "shops") {
			shop := anyShop(i).Draw(t, "shop")
			shops = append(shops, shop)
			if err := s.Put(shop.Listing); err != nil {
				t.Fatal(err)
			}
			if shop.seen >= 0 {
				s.Seen(shop.ID, noon.Add(-shop.seen))
			}
			if shop.lines > 0 {
				s.Connect(shop.ID, shop.lines, noon.Add(-shop.seen))
			}
		}
		q := anyQuery().Draw(t, "query")
		skipped := map[string]bool{"shop_03": true}
		var want []told
		for _, shop := range shops {
			if v, ok := s.Why(q, shop.ID); !ok || v.OK != shop.fits(q) {
				t.Fatalf("%s: %+v, want %v", shop.ID, v, shop.fits(q))
			}
			if shop.fits(q) && !skipped[shop.ID] {
				want = append(want, shop)
			}
		}
		most := rapid.IntRange(0, 12).Draw(t, "most")
		got := s.Select(q, most, func(id string) bool { return skipped[id] })
		if len(got) != min(most, len(want)) {
			t.Fatalf("%d candidates, want %d of %d", len(got), most, len(want))
		}
		slices.SortStableFunc(want, func(a, b told) int { // by id already
			if d := b.score(q) - a.score(q); math.Abs(d) > 1e-12 {
				return int(math.Copysign(1, d))
			}
			return int(math.Round(a.Place.DistanceM(q.Place) - b.Place.DistanceM(q.Place)))
		})
		for i, c := range got {
			if c.Shop != want[i].ID || math.Abs(c.Score-want[i].score(q)) > 1e-12 {
				t.Fatalf("%d is %s with %v, want %s with %v", i, c.Shop, c.Score, want[i].ID, want[i].score(q))
			}
		}
	})
}

func TestScan_ManyAtOnce(t *testing.T) {
	t.Parallel()
	const shops, rounds = 20, 100
	s := selection.NewScan()
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			for i := range rounds {
				l := sells(fmt.Sprintf("shop_%02d", (i*7+w)%shops))
				l.Codes = [][]outcry.Code{{bakery}, {"osm:shop=florist"}, {bakery, "osm:shop"}}[i%3]
				if err := s.Put(l); err != nil {
					t.Error(err)
				}
				s.Connect(l.ID, 1, noon)
				s.Seen(l.ID, noon)
				s.Connect(l.ID, -1, noon)
			}
		})
		all.Go(func() {
			for i := range rounds {
				found := s.Select(ask(), 5, nobody)
				if len(found) > 5 {
					t.Errorf("%d candidates, 5 were asked for", len(found))
				}
				for k := 1; k < len(found); k++ {
					if found[k-1].Score < found[k].Score || found[k-1].Shop >= found[k].Shop {
						t.Errorf("%s stands before %s", found[k-1].Shop, found[k].Shop)
					}
				}
				s.Why(ask(), fmt.Sprintf("shop_%02d", i%shops))
				if n := s.Connected(); n < 0 || n > shops {
					t.Errorf("%d of %d are connected", n, shops)
				}
			}
		})
	}
	all.Wait()
	if n := s.Connected(); n != 0 {
		t.Errorf("%d lines are left open, all were closed", n)
	}
	for i := range shops { // whatever raced, a shop is found by the last book alone
		l := sells(fmt.Sprintf("shop_%02d", i))
		if err := s.Put(l); err != nil {
			t.Fatal(err)
		}
	}
	q := ask()
	q.Codes = []outcry.Code{"osm:shop=florist"}
	if left := ids(s, q); len(left) != 0 {
		t.Errorf("%v are found by a book they no longer have", left)
	}
	if n := len(ids(s, ask())); n != shops {
		t.Errorf("%d selected, want %d", n, shops)
	}
}
