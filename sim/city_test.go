package sim_test

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"outcry"
	"outcry/matching/selection"
	"outcry/policy"
	"outcry/sim"
)

var edinburgh = outcry.Place{Lat: 55.95, Lon: -3.19}

func TestCity_SameSeedSameCity(t *testing.T) {
	t.Parallel()
	one := sim.City(7, 300, edinburgh, nil)
	if again := sim.City(7, 300, edinburgh, nil); !reflect.DeepEqual(one, again) {
		t.Error("the same seed gave another city")
	}
	other := sim.City(8, 300, edinburgh, nil)
	ids := map[string]bool{}
	for i := range one {
		ids[one[i].ID] = true
	}
	for _, l := range other {
		if ids[l.ID] {
			t.Errorf("another seed gave the same shop %s", l.ID)
		}
	}
	if sim.City(7, 0, edinburgh, nil) != nil {
		t.Error("a city of no shops has some")
	}
}

func TestCity_EveryShopIsComplete(t *testing.T) {
	t.Parallel()
	names, sources := map[string]bool{}, map[string]bool{}
	for _, l := range sim.City(1, 3000, edinburgh, nil) {
		if names[l.Name] || sources[l.Source] || l.Name == "" {
			t.Errorf("name %q or source %q stands twice", l.Name, l.Source)
		}
		names[l.Name], sources[l.Source] = true, true
		if h, err := outcry.ParseHours(l.Hours); err != nil || len(h.LeavesOut()) > 0 {
			t.Errorf("%s: hours %q: %v %v", l.Name, l.Hours, err, h.LeavesOut())
		}
		var bad outcry.Complaints
		l.Place.Check(&bad, "place")
		outcry.CheckRadius(&bad, "service", l.ServiceRadiusM)
		if bad.Err() != nil || l.State != outcry.ShopActive || l.PriceLevel < 1 || l.PriceLevel > 4 ||
			l.TimeZone != "Europe/London" || l.Languages[0] != "en" || len(l.Codes) == 0 || len(l.Capabilities) == 0 {
			t.Errorf("not a shop: %+v: %v", l, bad.Err())
		}
		if stars := l.Rating.Mean(); l.Rating.Count > 0 && (stars < 2 || stars > 5) {
			t.Errorf("%s has %v stars", l.Name, stars)
		}
	}
}

func TestCity_KindsByZipfsLaw(t *testing.T) {
	t.Parallel()
	kinds := sim.Everyday()
	city := sim.City(3, 5000, edinburgh, nil)
	counts := map[outcry.Code]int{}
	people := 0
	for _, l := range city {
		counts[l.Codes[0]]++
		if l.Answers == outcry.ByPerson {
			people++
		}
	}
	if len(counts) != len(kinds) {
		t.Errorf("%d kinds of %d", len(counts), len(kinds))
	}
	first, fifth, last := float64(counts[kinds[0]]), float64(counts[kinds[4]]), counts[kinds[len(kinds)-1]]
	if ratio := first / fifth; math.Abs(ratio-math.Pow(5, 0.8)) > 0.3 {
		t.Errorf("the first kind has %.2f times the shops of the fifth, not 5^0.8", ratio)
	}
	if last < 3 {
		t.Errorf("the last kind has %d shops", last)
	}
	if share := float64(people) / 5000; share < 0.58 || share > 0.62 {
		t.Errorf("people answer at %.3f of the shops", share)
	}
	for _, n := range []int{1, 7, 45, 46, 100} {
		if got := len(sim.City(3, n, edinburgh, nil)); got != n {
			t.Errorf("%d shops, not %d", got, n)
		}
	}
}

func TestCity_EverydayNeedsAreMetNearTheCentreAtAnyHour(t *testing.T) {
	t.Parallel()
	scan := selection.NewIndex()
	rules := policy.Default()
	for _, l := range sim.City(1, 1000, edinburgh, nil) {
		if err := scan.Put(l); err != nil {
			t.Fatal(err)
		}
	}
	for i, code := range sim.Everyday()[:32] {
		least := 3
		if i < 12 {
			least = 7
		}
		for hour := range 24 {
			at := time.Date(2026, 11, 22, hour, 30, 0, 0, time.UTC) // a Sunday
			q := selection.Query{
				Codes: []outcry.Code{code}, Place: edinburgh, RadiusM: 3000, When: at, Now: at,
				Deadline: at.Add(time.Hour), Policy: &rules,
			}
			if got := scan.Count(&q, 100); got < least {
				t.Errorf("%s at %d:30: %d shops, fewer than %d", code, hour, got, least)
			}
		}
	}
}

func TestCity_AnywhereOnTheGlobe(t *testing.T) {
	t.Parallel()
	for zone, centre := range map[string]outcry.Place{
		"Asia/Seoul": {Lat: 37.5, Lon: 127}, "Pacific/Auckland": {Lat: -17, Lon: 179.999}, "Europe/Berlin": {Lat: 52.4, Lon: 13.1},
		"Europe/Helsinki": {Lat: 89.99, Lon: 25}, "America/New_York": {Lat: 40.7, Lon: -73.9}, "Europe/Madrid": {Lat: 40.4, Lon: -3.7},
	} {
		for _, l := range sim.City(5, 60, centre, nil) {
			var bad outcry.Complaints
			l.Place.Check(&bad, "place")
			if bad.Err() != nil || l.Place.DistanceM(centre) > 12_000 {
				t.Errorf("%s: %v is %.0f m from the centre", zone, l.Place, l.Place.DistanceM(centre))
			}
			if l.TimeZone != zone {
				t.Errorf("%v lies in %s, not %s", centre, l.TimeZone, zone)
			}
		}
	}
}

func TestCity_OnlyTheKindsThatAreAskedFor(t *testing.T) {
	t.Parallel()
	kinds := []outcry.Code{"shopify:aa-8-1", "osm:shop=bakery", "google:187", "osm:shop=pastry", "osm:shop"}
	known := map[outcry.Code]bool{}
	for _, k := range kinds {
		known[k] = true
	}
	both := 0
	for _, l := range sim.City(1, 200, edinburgh, kinds) {
		for _, c := range l.Codes {
			if !known[c] {
				t.Errorf("%s sells %s", l.Name, c)
			}
		}
		if len(l.Codes) == 2 {
			both++
		}
	}
	if both == 0 {
		t.Error("no bakery sells pastry")
	}
}

func TestMainKind_WhateverTheOrderOfTheBook(t *testing.T) {
	t.Parallel()
	for _, l := range sim.City(2, 800, edinburgh, nil) {
		kind := sim.MainKind(l.Codes)
		slices.Sort(l.Codes) // as stores give them
		if again := sim.MainKind(l.Codes); again != kind {
			t.Errorf("%v is %s, then %s", l.Codes, kind, again)
		}
	}
	for _, c := range []struct {
		want  outcry.Code
		codes []outcry.Code
	}{
		{"osm:shop=bakery", []outcry.Code{"osm:amenity=cafe", "osm:shop=bakery", "osm:shop=pastry"}},
		{"osm:amenity=cafe", []outcry.Code{"osm:amenity=cafe", "osm:shop=pastry"}},
		{"osm:craft=plumber", []outcry.Code{"osm:craft=hvac", "osm:craft=plumber"}},
		{"osm:shop=shoes", []outcry.Code{"google:187", "osm:shop=shoes", "osm:shop=sports", "shopify:aa-8-1"}},
		{"osm:shop=tea", []outcry.Code{"osm:shop=tea", "osm:shop=coffee"}},
		{"", nil},
	} {
		if got := sim.MainKind(c.codes); got != c.want {
			t.Errorf("%v is %s, not %s", c.codes, got, c.want)
		}
	}
}

func TestSummary_TellsKindsAndCounts(t *testing.T) {
	t.Parallel()
	city := sim.City(1, 100, edinburgh, []outcry.Code{"osm:shop=bakery", "osm:amenity=taxi", "osm:craft=plumber"})
	s := sim.SummaryOf(city)
	sum := 0
	for i, k := range s.Kinds {
		sum += k.Shops
		if i > 0 && k.Shops > s.Kinds[i-1].Shops {
			t.Errorf("%v stands behind %v", k, s.Kinds[i-1])
		}
	}
	if sum != 100 || s.Shops != 100 || s.People+s.Software != 100 || s.Sleepless < 33 || s.Kinds[0].Code != "osm:shop=bakery" {
		t.Errorf("%+v", s)
	}
	name := func(c outcry.Code) string { return strings.Repeat(string(c[4]), 30) }
	lines := s.Lines(name, 0, 70)
	if len(lines) != 3 || !strings.Contains(lines[0], "100 shops of 3 kinds") || !strings.Contains(lines[1], " · ") {
		t.Errorf("%q", lines)
	}
	for _, l := range lines[1:] {
		if len([]rune(l)) > 70 {
			t.Errorf("%q is too long", l)
		}
	}
	if lines := s.Lines(name, 1, 70); len(lines) != 2 {
		t.Errorf("one kind: %q", lines)
	}
}
