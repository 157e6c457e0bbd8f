package crowd_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"outcry"
	"outcry/policy"
	"outcry/sim/crowd"
)

const some = 20_000

func TestCrowd_SameSeedAndNumberSameShops(t *testing.T) {
	t.Parallel()
	one, again, other := crowd.New(7, 10_000), crowd.New(7, 10_000), crowd.New(8, 10_000)
	p := policy.Default()
	for i := range 100 {
		a, b := one.Listing(i), again.Listing(i)
		if diff := cmp.Diff(a, b); diff != "" {
			t.Fatalf("shop %d differs: %s", i, diff)
		}
		if other.Listing(i).Place == a.Place {
			t.Errorf("shop %d stands at the same place with another seed", i)
		}
		if a.ID != one.ID(i) || i > 0 && a.ID <= one.ID(i-1) || !strings.HasPrefix(a.ID, outcry.ShopPrefix) {
			t.Errorf("shop %d has the id %s", i, a.ID)
		}
		f, known := one.Figures(i, &a)
		g, knownAgain := again.Figures(i, &b)
		if diff := cmp.Diff(f, g); diff != "" || known != knownAgain {
			t.Errorf("figures %d differ: %s", i, diff)
		}
		if diff := cmp.Diff(one.Query(i, &p), again.Query(i, &p)); diff != "" {
			t.Errorf("query %d differs: %s", i, diff)
		}
	}
}

// share is how often what was looked at was so.
type share struct{ of, was float64 }

func (s *share) count(was bool) {
	s.of++
	if was {
		s.was++
	}
}

func TestCrowd_HasTheSharesItSays(t *testing.T) {
	t.Parallel()
	c := crowd.New(1, some)
	shares := map[string]*share{}
	note := func(name string, was bool) {
		if shares[name] == nil {
			shares[name] = &share{}
		}
		shares[name].count(was)
	}
	codes, patterns := 0, map[string]bool{}
	for i := range some {
		l := c.Listing(i)
		f, known := c.Figures(i, &l)
		_, spoke := c.Spoke(i)
		codes += len(l.Codes)
		hours, err := outcry.ParseHours(l.Hours)
		if err != nil {
			t.Fatalf("shop %d: hours %q: %v", i, l.Hours, err)
		}
		patterns[hours.Pattern()] = true
		checkShop(t, &l, &f)
		note("lined", c.Lined(i))
		note("spoke", spoke)
		note("lined and spoke", spoke && c.Lined(i))
		note("people", l.Answers == outcry.ByPerson)
		note("active", l.State == outcry.ShopActive)
		note("unrated", l.Rating.Count == 0)
		note("newcomer", !known)
		note("nearer than 2 km", l.ServiceRadiusM < 2000)
		if known {
			note("rarely answers", f.Offers[7] < 0.1)
			note("reliable", f.Kept > 0.9)
			note("knows prices", len(f.Prices) == len(l.Codes))
		}
	}
	for name, want := range map[string]float64{
		"lined": 0.4, "spoke": 0.05, "lined and spoke": 0, "people": 0.6, "active": 0.97, "unrated": 1. / 6, "newcomer": 0.1,
		"nearer than 2 km": math.Log(2) / math.Log(20), "rarely answers": 0.2, "reliable": 0.94,
		"knows prices": 1 - math.Log(5)/math.Log(100),
	} {
		if got := shares[name].was / shares[name].of; math.Abs(got-want) > 0.015 {
			t.Errorf("%s: %.3f of the shops, not %.3f", name, got, want)
		}
	}
	if mean := float64(codes) / some; math.Abs(mean-3) > 0.1 {
		t.Errorf("%.2f codes a shop, not 3", mean)
	}
	if len(patterns) < 200 {
		t.Errorf("only %d patterns of hours", len(patterns))
	}
}

// checkShop checks what holds of every shop.
func checkShop(t *testing.T, l *outcry.Listing, f *outcry.Figures) {
	t.Helper()
	seen := map[outcry.Code]bool{}
	for _, code := range l.Codes {
		if _, err := outcry.ParseCode(string(code)); err != nil || seen[code] {
			t.Errorf("%s holds %s twice, or it is none (%v)", l.ID, code, err)
		}
		seen[code] = true
	}
	if n := len(l.Codes); n < 1 || n > 12 {
		t.Errorf("%s holds %d codes", l.ID, n)
	}
	if n := len(l.Languages); n < 1 || n > 3 {
		t.Errorf("%s speaks %v", l.ID, l.Languages)
	}
	if l.ServiceRadiusM < 1000 || l.ServiceRadiusM > 20_000 || l.PriceLevel < 1 || l.PriceLevel > 4 || len(l.Capabilities) == 0 {
		t.Errorf("%s: radius %d, level %d, can %v", l.ID, l.ServiceRadiusM, l.PriceLevel, l.Capabilities)
	}
	if _, err := time.LoadLocation(l.TimeZone); err != nil {
		t.Errorf("%s: %v", l.ID, err)
	}
	if _, err := outcry.ParseHours(l.QuietHours); l.QuietHours != "" && err != nil {
		t.Errorf("%s: quiet hours %q: %v", l.ID, l.QuietHours, err)
	}
	for i := range f.Offers {
		if i > 0 && f.Offers[i] < f.Offers[i-1] || f.Offers[i] > 1 {
			t.Errorf("%s: the curve %v falls", l.ID, f.Offers)
		}
	}
	if f.Price != 0 && (f.Price < 0.8 || f.Price > 1.3 || f.Kept > 1 || f.Calls < 4) {
		t.Errorf("%s: figures %+v", l.ID, f)
	}
}

func TestCrowd_GathersInCities(t *testing.T) {
	t.Parallel()
	// A city has 0.85 of the shops, times its share by Zipf's law: 1/H(4), 1/H(300).
	for n, want := range map[int]float64{10_000: 0.41, 1_000_000: 0.135} {
		c := crowd.New(1, n)
		cells := map[outcry.Place]int{}
		for i := range 10_000 {
			p := c.Listing(i).Place
			cells[outcry.Place{Lat: math.Round(p.Lat), Lon: math.Round(p.Lon)}]++
		}
		largest := 0
		for _, n := range cells {
			largest = max(largest, n)
		}
		// The largest city may lie in several square degrees, and others in the same.
		if got := float64(largest) / 10_000; got < want/3 || got > 2*want {
			t.Errorf("of %d shops the fullest square degree has %.3f, where the largest city has %.3f", n, got, want)
		}
		if len(cells) < 200 {
			t.Errorf("%d shops in %d square degrees only", n, len(cells))
		}
	}
}

func TestCrowd_CodesAreATreeOfThreeLevels(t *testing.T) {
	t.Parallel()
	levels := map[int]int{}
	for _, code := range crowd.New(3, 1).Codes() {
		levels[crowd.Depth(code)]++
	}
	if diff := cmp.Diff(map[int]int{0: 12, 1: 240, 2: 4548}, levels); diff != "" {
		t.Error(diff)
	}
}

func TestCrowd_CodesFollowZipf(t *testing.T) {
	t.Parallel()
	c := crowd.New(1, some)
	held := map[outcry.Code]int{}
	for i := range some {
		held[c.Listing(i).Codes[0]]++
	}
	most := 0
	for _, n := range held {
		most = max(most, n)
	}
	// The first of 4,800 has 1/H(4800) = 0.110 of all.
	if got := float64(most) / some; math.Abs(got-0.110) > 0.01 {
		t.Errorf("the most popular code is the first of %.3f of the books", got)
	}
	if len(held) < 2000 {
		t.Errorf("only %d codes are held", len(held))
	}
}

// above says whether a code lies above another in the tree.
func above(a, b outcry.Code) bool { return a != b && strings.HasPrefix(string(b), string(a)+"-") }

func TestQuery_NamesTheCodeThenAllAboveAndBelow(t *testing.T) {
	t.Parallel()
	c, p := crowd.New(1, some), policy.Default()
	all := c.Codes()
	for i := range 300 {
		q := c.Query(i, &p)
		want := 1
		for _, code := range all {
			if above(code, q.Codes[0]) || above(q.Codes[0], code) {
				want++
			}
		}
		seen := map[outcry.Code]bool{}
		for _, code := range q.Codes[1:] {
			if !above(code, q.Codes[0]) && !above(q.Codes[0], code) || seen[code] {
				t.Errorf("query %d for %s names %s", i, q.Codes[0], code)
			}
			seen[code] = true
		}
		if len(q.Codes) != want {
			t.Errorf("query %d for %s names %d codes, not %d", i, q.Codes[0], len(q.Codes), want)
		}
	}
}

func TestQuery_HasTheSharesItSays(t *testing.T) {
	t.Parallel()
	c, p := crowd.New(1, some), policy.Default()
	var needs, patient, now share
	depth := map[int]int{}
	for i := range some {
		q := c.Query(i, &p)
		needs.count(q.MostPrice > 0 || q.Languages != nil || q.Needs != nil || q.LeastRating > 0)
		patient.count(q.Deadline.Sub(q.Now) == time.Hour)
		now.count(q.When.Equal(q.Now))
		depth[crowd.Depth(q.Codes[0])]++
		if q.RadiusM < 1000 || q.RadiusM > 10_000 || q.When.Before(q.Now) || q.Deadline.Sub(q.Now) < 20*time.Second || q.Policy != &p {
			t.Fatalf("query %d: %+v", i, q)
		}
	}
	for name, s := range map[string]struct{ got, want, within float64 }{
		"needs": {needs.was / needs.of, 0.3, 0.015}, "patient": {patient.was / patient.of, 0.2, 0.015},
		"now": {now.was / now.of, 0.45, 0.15},
	} {
		if math.Abs(s.got-s.want) > s.within {
			t.Errorf("%s: %.3f of the queries, not %.3f", name, s.got, s.want)
		}
	}
	if depth[0] == 0 || depth[1] < some/20 || depth[2] < some/2 {
		t.Errorf("queries by level: %v", depth)
	}
}
