package selection_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"outcry"
	"outcry/matching/selection"
	"outcry/policy"
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
		s := indexOf(t, shops...)
		s.Expect(offersAll(0.5), offersAll(0.9))
		if got := ids(s, ask()); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	}
}

// offersAll are the figures of shops that offer at once or never.
func offersAll(chance float32) outcry.Figures {
	f := outcry.Figures{Kept: 0.9, Price: 1}
	for i := range f.Offers {
		f.Offers[i] = chance
	}
	return f
}

func TestSelect_AppendsTheBestOfThoseNotSkipped(t *testing.T) {
	t.Parallel()
	s := indexOf(t, sells("shop_a"), sells("shop_b"), sells("shop_c"), sells("shop_d"))
	q := ask()
	q.Skip = func(id string) bool { return id == "shop_b" }
	before := []selection.Candidate{{Shop: "before"}}
	for most, want := range map[int][]string{
		-1: {"before"}, 0: {"before"}, 1: {"before", "shop_a"}, 2: {"before", "shop_a", "shop_c"},
		9: {"before", "shop_a", "shop_c", "shop_d"},
	} {
		found, tally := s.Select(q, most, before)
		var got []string
		for _, c := range found {
			got = append(got, c.Shop)
		}
		if !slices.Equal(got, want) {
			t.Errorf("the best %d: %v, want %v", most, got, want)
		}
		if most > 0 && tally != (selection.Tally{Free: 3}) {
			t.Errorf("the best %d: %+v, want 3 that are free", most, tally)
		}
		if n, want := s.Count(q, most), max(0, min(most, 3)); n != want {
			t.Errorf("counted %d up to %d, want %d", n, most, want)
		}
	}
}

func TestSelect_NearerFirstWhenTheScoresAreEqual(t *testing.T) {
	t.Parallel()
	a, b := sells("shop_a"), sells("shop_b")
	a.Place.Lat += 0.01
	q := ask()
	q.Policy.Score.PerKm = 0
	if got := ids(indexOf(t, a, b), q); !slices.Equal(got, []string{"shop_b", "shop_a"}) {
		t.Errorf("%v, want the nearer first", got)
	}
}

func TestSelect_SaysWhatTheScoreIsMadeOf(t *testing.T) {
	t.Parallel()
	l := sells("shop_a")
	l.Place.Lat, l.Rating = place.Lat+0.01, outcry.Rating{Stars: 25, Count: 5}
	s := indexOf(t, l)
	s.Figure("shop_a", outcry.Figures{
		Offers: outcry.Curve{0, 0, 0, 0, 0.2, 0.4, 0.6, 0.6}, Calls: 7, Kept: 0.8, Price: 1.1,
	})
	q := ask()
	q.Policy.Score.Spread = 20
	for range 5 {
		s.Note("shop_a", noon.Add(-time.Minute))
	}
	got := best(s, q)[0]
	// 1.11195 km away; mean rating 4.5; 5 calls in the hour.
	want := selection.Candidate{Shop: "shop_a", DistanceM: 1111.95, Chance: 0.6, Price: 1.1, Rating: 4.5, Kept: 0.8, Hour: 5, Calls: 7}
	want.Score = 0.6 * math.Pow(1.35-1.1-0.0222390+0.015, 4) * 0.8 / 1.25
	if d := far(got, want); d != "" {
		t.Errorf("%s: %+v, want %+v", d, got, want)
	}
	q.Until = noon.Add(15 * time.Second) // half way from 0.2 by 10 s to 0.4 by 20 s
	if got := best(s, q)[0].Chance; math.Abs(got-0.3) > 0.002 {
		t.Errorf("a chance of %v until then, want 0.3", got)
	}
}

// far says what of two candidates differs by more than a figure's rounding.
func far(a, b selection.Candidate) string {
	switch {
	case a.Shop != b.Shop || a.Software != b.Software || a.Calls != b.Calls:
		return "another shop"
	case math.Abs(a.DistanceM-b.DistanceM) > 1:
		return "distance"
	case math.Abs(a.Chance-b.Chance) > 0.002 || math.Abs(a.Kept-b.Kept) > 0.002:
		return "chance or promises"
	case math.Abs(a.Price-b.Price) > 0.0005 || math.Abs(a.Rating-b.Rating) > 0.0079:
		return "price or rating"
	case math.Abs(a.Hour-b.Hour) > 1e-9:
		return "hour"
	case math.Abs(a.Score-b.Score) > 0.02*b.Score:
		return "score"
	}
	return ""
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
	lines       int
	seen        time.Duration // before now; -1 never
	figures     *outcry.Figures
	held, noted int // calls held just now, and calls of the hour before
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
		l.QuietHours = rapid.SampledFrom([]string{"", "", "", "off", "09:00-17:00", "18:00-23:00"}).Draw(t, "quiet")
		l.TimeZone = rapid.SampledFrom([]string{"UTC", "Asia/Seoul", "America/Bogota"}).Draw(t, "zone")
		l.PausedUntil = rapid.SampledFrom([]time.Time{{}, {}, noon, noon.Add(time.Second)}).Draw(t, "paused")
		l.PriceLevel = rapid.IntRange(1, 4).Draw(t, "level")
		l.Answers = rapid.SampledFrom([]outcry.Answering{outcry.ByPerson, outcry.BySoftware}).Draw(t, "answers")
		l.Rating = outcry.Rating{Stars: rapid.IntRange(5, 25).Draw(t, "stars"), Count: 5}
		l.MostOpen = rapid.SampledFrom([]int{0, 0, 2, 9}).Draw(t, "most open")
		l.MostHourly = rapid.SampledFrom([]int{0, 0, 3, 30}).Draw(t, "most hourly")
		return told{
			Listing: l, lines: rapid.IntRange(0, 2).Draw(t, "lines"),
			seen:    time.Duration(rapid.IntRange(-1, 1200).Draw(t, "seen")) * time.Second,
			figures: rapid.OneOf(rapid.Just[*outcry.Figures](nil), someFigures()).Draw(t, "figures"),
			held:    rapid.IntRange(0, 3).Draw(t, "held"), noted: rapid.SampledFrom([]int{0, 0, 1, 20}).Draw(t, "noted"),
		}
	})
}

func someFigures() *rapid.Generator[*outcry.Figures] {
	return rapid.Custom(func(t *rapid.T) *outcry.Figures {
		f := offersAll(rapid.Float32Range(0, 1).Draw(t, "chance"))
		f.Calls = float64(rapid.IntRange(0, 8).Draw(t, "calls"))
		f.Kept = rapid.Float64Range(0.4, 1).Draw(t, "kept")
		f.Price = rapid.Float64Range(0.7, 1.2).Draw(t, "price")
		for _, c := range rapid.SliceOfNDistinct(rapid.SampledFrom(someCodes), 0, 2, rapid.ID).Draw(t, "priced") {
			f.Prices = append(f.Prices, outcry.CodePrice{Code: c, Price: rapid.Float64Range(0.7, 1.2).Draw(t, "code price")})
		}
		return &f
	})
}

func anyQuery() *rapid.Generator[*selection.Query] {
	return rapid.Custom(func(t *rapid.T) *selection.Query {
		q := ask()
		q.Codes = rapid.SliceOfNDistinct(rapid.SampledFrom(someCodes), 1, 3, rapid.ID).Draw(t, "codes")
		q.Place = rapid.SampledFrom(somePlaces).Draw(t, "place")
		q.RadiusM = rapid.SampledFrom([]int{100, 2000, 30_000}).Draw(t, "radius")
		q.When = noon.Add(time.Duration(rapid.IntRange(0, 47).Draw(t, "when")) * time.Hour)
		q.Deadline = noon.Add(time.Duration(rapid.SampledFrom([]int{30, 599, 600}).Draw(t, "wait")) * time.Second)
		q.Languages = rapid.SliceOfN(rapid.SampledFrom(someLanguages), 0, 2).Draw(t, "languages")
		q.Needs = rapid.SliceOfN(rapid.SampledFrom(outcry.Capabilities), 0, 1).Draw(t, "needs")
		q.LeastRating = rapid.SampledFrom([]float64{0, 0, 3.5}).Draw(t, "least")
		q.Policy.Selecting.LeastRating = rapid.SampledFrom([]float64{0, 0, 4}).Draw(t, "policy's least")
		q.MostPrice = rapid.SampledFrom([]float64{0, 0, 0.95, 1}).Draw(t, "most price")
		q.Policy.Promises.Calling = rapid.Bool().Draw(t, "gate")
		q.Skip = func(id string) bool { return id == "shop_03" }
		return q
	})
}

// fits judges a shop by plain loops; it shares nothing with the product but
// the distance. busy is whether only its limits leave it out.
func (s told) fits(q *selection.Query) (fits, busy bool) {
	metres := s.Place.DistanceM(q.Place)
	at := func(text string, t time.Time) bool {
		hour, open := (t.Hour()+someZones[s.TimeZone]+24)%24, someHours[text]
		return hour >= open[0] && hour < open[1]
	}
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
	price, sells := s.price(q)
	hears := s.lines > 0 || s.seen >= 0 && s.seen <= 600*time.Second || q.Deadline.Sub(q.Now) >= 600*time.Second
	fits = s.State == outcry.ShopActive && sells && metres <= float64(q.RadiusM) && metres <= float64(s.ServiceRadiusM) &&
		at(s.Hours, q.When) && (s.QuietHours == "" || !at(s.QuietHours, q.Now)) && !s.PausedUntil.After(q.Now) &&
		speaks && can == len(q.Needs) && hears && s.mean() >= max(q.LeastRating, q.Policy.Selecting.LeastRating) &&
		(q.MostPrice == 0 || price <= q.MostPrice)
	most, hourly := 6, 20
	if s.Answers == outcry.BySoftware {
		most, hourly = math.MaxInt, math.MaxInt
	}
	if s.MostOpen > 0 {
		most = min(most, s.MostOpen)
	}
	if s.MostHourly > 0 {
		hourly = min(hourly, s.MostHourly)
	}
	busy = fits && (s.held >= most || s.held+s.noted >= hourly)
	return fits && !busy, busy
}

func (s told) mean() float64 { return float64(s.Rating.Stars+20) / 10 }

// price is the lowest of the shop's prices for the codes, if it sells any.
func (s told) price(q *selection.Query) (lowest float64, sells bool) {
	lowest = math.Inf(1)
	for _, a := range q.Codes {
		for _, b := range s.Codes {
			if a != b {
				continue
			}
			sells = true
			price := 1 + 0.1*float64(s.PriceLevel-2)
			if s.figures != nil {
				price = s.figures.Price
				for _, p := range s.figures.Prices {
					if p.Code == a {
						price = p.Price
					}
				}
				price = math.Round(1000*price) / 1000
			}
			lowest = min(lowest, price)
		}
	}
	return lowest, sells
}

// score is the documented score.
func (s told) score(q *selection.Query) float64 {
	chance, kept := 0.5, 0.9
	if s.figures != nil {
		chance, kept = float64(s.figures.Offers[0]), s.figures.Kept
	}
	// Shares are kept in 255 steps, and stars in as many from 1 to 5.
	chance, kept = math.Round(255*chance)/255, math.Round(255*kept)/255
	stars := 1 + math.Round((s.mean()-1)*63.75)/63.75
	price, _ := s.price(q)
	value := 1.35 - price - 0.02*s.Place.DistanceM(q.Place)/1000 + 0.03*(stars-4)
	score := chance * math.Pow(max(0.01, value), 4)
	if q.Policy.Promises.Calling && kept < 0.65 {
		score *= 0.05
	} else if q.Policy.Promises.Calling {
		score *= kept
	}
	return score / (1 + float64(s.held+s.noted)/q.Policy.Score.Spread)
}

// selector is an Index or a Scan.
type selector interface {
	Put(l outcry.Listing) error
	Connect(id string, by int, at time.Time)
	Seen(id string, at time.Time)
	Figure(id string, f outcry.Figures)
	Note(id string, at time.Time)
	Hold(id string, now time.Time, limits *policy.Limits) bool
	Select(q *selection.Query, most int, into []selection.Candidate) ([]selection.Candidate, selection.Tally)
	Count(q *selection.Query, most int) int
	Why(q *selection.Query, id string) (selection.Verdict, bool)
}

// tell tells a selector of shops and of what happened to them.
func tell(t *rapid.T, s selector, shops []told) {
	most := policy.ShopLimit{Hourly: 1000}
	put := func(l outcry.Listing) {
		if err := s.Put(l); err != nil {
			t.Fatal(err)
		}
	}
	for _, shop := range shops {
		if shop.lines > 0 { // before it is put, too
			s.Connect(shop.ID, shop.lines, noon.Add(-shop.seen))
		}
		l := shop.Listing // that can be called
		l.State, l.QuietHours, l.PausedUntil, l.MostOpen, l.MostHourly = outcry.ShopActive, "", time.Time{}, 0, 0
		put(l)
		if shop.seen >= 0 {
			s.Seen(shop.ID, noon.Add(-shop.seen))
		}
		for range shop.noted {
			s.Note(shop.ID, noon.Add(-10*time.Minute))
		}
		for range shop.held {
			if !s.Hold(shop.ID, noon, &policy.Limits{Person: most, Software: most}) {
				t.Fatalf("%s cannot be called", shop.ID)
			}
		}
		if shop.figures != nil {
			s.Figure(shop.ID, *shop.figures)
		}
		put(shop.Listing)
	}
}

func TestSelect_EqualsBruteForce(t *testing.T) {
	t.Parallel()
	for name, empty := range map[string]func() selector{
		"Index": func() selector { return selection.NewIndex() },
		"Scan":  func() selector { return selection.NewScan() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) { equalsBruteForce(t, empty()) })
		})
	}
}

// equalsBruteForce asks a selector about shops and compares what it says with
// what told works out of each by itself.
func equalsBruteForce(t *rapid.T, s selector) {
	var shops []told
	for i := range rapid.IntRange(0, 12).Draw(t, "shops") {
		shops = append(shops, anyShop(i).Draw(t, "shop"))
	}
	tell(t, s, shops)
	q := anyQuery().Draw(t, "query")
	var want []told
	tally := selection.Tally{}
	for _, shop := range shops {
		fits, busy := shop.fits(q)
		v, ok := s.Why(q, shop.ID)
		if limited := v.Rule == selection.RuleOpen || v.Rule == selection.RuleHourly; !ok || v.OK != fits || limited != busy {
			t.Fatalf("%s: %+v, want %v, at a limit %v", shop.ID, v, fits, busy)
		}
		switch {
		case q.Skip(shop.ID):
		case fits:
			want = append(want, shop)
		case busy:
			tally.AtLimit++
		}
	}
	tally.Free = len(want)
	most := rapid.IntRange(1, 12).Draw(t, "most")
	got, counted := s.Select(q, most, nil)
	few := most < len(want) // what could not be among the best may be left out of the tally
	if len(got) != min(most, len(want)) || !few && counted != tally || s.Count(q, most) != len(got) {
		t.Fatalf("%d candidates of %+v, want %d of %+v", len(got), counted, most, tally)
	}
	inOrder(t, q, got, want)
}

// inOrder says whether candidates are the best of those wanted, the best first.
func inOrder(t *rapid.T, q *selection.Query, got []selection.Candidate, want []told) {
	slices.SortFunc(want, func(a, b told) int { return cmp.Compare(b.score(q), a.score(q)) })
	byID := map[string]told{}
	for _, shop := range want {
		byID[shop.ID] = shop
	}
	for i, c := range got {
		own := byID[c.Shop].score(q)
		// The product's distance may be a metre off, which tells in a value near none.
		if math.Abs(c.Score-own) > 0.02*own || math.Abs(c.Score-want[i].score(q)) > 0.02*own {
			t.Fatalf("%d is %s with %v, want its %v and the place's %v", i, c.Shop, c.Score, own, want[i].score(q))
		}
		delete(byID, c.Shop)
	}
	if !slices.IsSortedFunc(got, selection.Compare) {
		t.Fatalf("not the best first: %+v", got)
	}
}

func TestIndex_SelectsWhileAllChange(t *testing.T) {
	t.Parallel()
	const shops, rounds = 20, 100
	s := selection.NewIndex()
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			for i := range rounds {
				l := sells(fmt.Sprintf("shop_%02d", (i*7+w)%shops))
				l.Codes = [][]outcry.Code{{bakery}, {"osm:shop=florist"}, {bakery, "osm:shop"}}[i%3]
				if err := s.Put(l); err != nil {
					t.Error(err)
				}
				s.Figure(l.ID, offersAll(0.5))
				if s.Hold(l.ID, noon, &policy.Limits{}) {
					s.Undo(l.ID, noon)
				}
				s.Connect(l.ID, 1, noon)
				s.Seen(l.ID, noon)
				s.Connect(l.ID, -1, noon)
			}
		})
		all.Go(func() {
			for i := range rounds {
				found, _ := s.Select(ask(), 5, nil)
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
