package selection_test

import (
	"slices"
	"testing"
	"time"

	"outcry"
	"outcry/matching/selection"
	"outcry/policy"
)

const bakery = outcry.Code("osm:shop=bakery")

var (
	// noon is a Monday.
	noon  = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	place = outcry.Place{Lat: 55.95, Lon: -3.19}
)

// ask is a query for bread that a listing of sells answers.
func ask() selection.Query {
	return selection.Query{
		Codes: []outcry.Code{bakery, "osm:shop"}, Place: place, RadiusM: 3000, When: noon, Now: noon,
		Deadline: noon.Add(30 * time.Second), Rules: policy.Default().Selecting,
	}
}

// sells is an active bakery at the asker's place.
func sells(id string) outcry.Listing {
	return outcry.Listing{
		Shop: outcry.Shop{
			ID: id, Place: place, ServiceRadiusM: 5000, TimeZone: "UTC", Languages: []string{"en"}, PriceLevel: 2,
			State: outcry.ShopActive, Capabilities: []outcry.Capability{outcry.Pickup}, Answers: outcry.ByPerson,
		}, Codes: []outcry.Code{bakery},
	}
}

// scanOf is a Scan of connected shops.
func scanOf(t *testing.T, shops ...outcry.Listing) *selection.Scan {
	t.Helper()
	s := selection.NewScan()
	for _, l := range shops {
		if err := s.Put(l); err != nil {
			t.Fatal(err)
		}
		s.Connect(l.ID, 1, noon)
	}
	return s
}

func nobody(string) bool { return false }

// ids are the shops that are selected, in their order.
func ids(s *selection.Scan, q selection.Query) []string {
	var found []string
	for _, c := range s.Select(q, 1000, nobody) {
		found = append(found, c.Shop)
	}
	return found
}

func TestWhy_NamesTheFirstRuleThatLeavesAShopOut(t *testing.T) {
	t.Parallel()
	// Each row also breaks every rule below its own.
	steps := []struct {
		rule  selection.Rule
		why   string
		spoil func(*outcry.Listing, *selection.Query)
	}{
		{selection.RuleReachable, "not connected, and the request ends too soon to wait for it",
			func(*outcry.Listing, *selection.Query) {}},
		{selection.RuleCapability, "it does not deliver",
			func(_ *outcry.Listing, q *selection.Query) {
				q.Needs = []outcry.Capability{outcry.Pickup, outcry.Deliver}
			}},
		{selection.RuleLanguage, "speaks en, gd, the buyer asked for ko or fr",
			func(l *outcry.Listing, q *selection.Query) {
				l.Languages, q.Languages = []string{"en", "gd"}, []string{"ko", "fr"}
			}},
		{selection.RuleHours, "closed at that time: Mo-Fr 08:00-11:00",
			func(l *outcry.Listing, _ *selection.Query) { l.Hours = "Mo-Fr 08:00-11:00" }},
		{selection.RuleService, "1.1 km away, it serves 900 m",
			func(l *outcry.Listing, _ *selection.Query) { l.Place.Lat, l.ServiceRadiusM = place.Lat+0.01, 900 }},
		{selection.RuleRadius, "1.1 km away, the buyer asked within 500 m",
			func(_ *outcry.Listing, q *selection.Query) { q.RadiusM = 500 }},
		{selection.RuleCode, "its book holds neither osm:shop=bakery nor anything above or below it",
			func(l *outcry.Listing, _ *selection.Query) { l.Codes = []outcry.Code{"osm:shop=bakery.cakes"} }},
		{selection.RuleState, "the shop is suspended, not active",
			func(l *outcry.Listing, _ *selection.Query) { l.State = outcry.ShopSuspended }},
	}
	l, q := sells("shop_a"), ask()
	for _, c := range steps {
		c.spoil(&l, &q)
		s := selection.NewScan()
		if err := s.Put(l); err != nil {
			t.Fatal(err)
		}
		v, ok := s.Why(q, "shop_a")
		if !ok || v.OK || v.Rule != c.rule || v.Why != c.why {
			t.Errorf("%v %q (%s), want %q (%s)", ok, v.Rule, v.Why, c.rule, c.why)
		}
		if got := ids(s, q); len(got) != 0 {
			t.Errorf("%s: selected all the same", c.rule)
		}
	}
}

func TestWhy_SaysYesAndNoToUnknownShops(t *testing.T) {
	t.Parallel()
	s := scanOf(t, sells("shop_a"))
	if v, ok := s.Why(ask(), "shop_a"); !ok || !v.OK || v.Rule != "" || v.Candidate.Shop != "shop_a" {
		t.Errorf("%+v, %v; want a candidate", v, ok)
	}
	if v, ok := s.Why(ask(), "shop_z"); ok || v.OK {
		t.Errorf("a shop that is not there: %+v", v)
	}
	q := ask()
	q.Codes = nil // a code that has left the tree
	if v, ok := s.Why(q, "shop_a"); !ok || v.Rule != selection.RuleCode {
		t.Errorf("a request without codes: %+v", v)
	}
}

func TestSelect_TakesEachShopAtTheEdgeOfItsRules(t *testing.T) {
	t.Parallel()
	far := sells("shop_a")
	far.Place.Lat += 0.02
	metres := far.Place.DistanceM(place)
	for name, c := range map[string]struct {
		change func(*outcry.Listing, *selection.Query)
		want   bool
	}{
		"within both radii":          {func(*outcry.Listing, *selection.Query) {}, true},
		"just in the buyer's radius": {func(_ *outcry.Listing, q *selection.Query) { q.RadiusM = int(metres) + 1 }, true},
		"just beyond it":             {func(_ *outcry.Listing, q *selection.Query) { q.RadiusM = int(metres) }, false},
		"just in its service radius": {func(l *outcry.Listing, _ *selection.Query) { l.ServiceRadiusM = int(metres) + 1 }, true},
		"just beyond that":           {func(l *outcry.Listing, _ *selection.Query) { l.ServiceRadiusM = int(metres) }, false},
		"a code above":               {func(l *outcry.Listing, _ *selection.Query) { l.Codes = []outcry.Code{"osm:shop"} }, true},
		"both codes":                 {func(l *outcry.Listing, _ *selection.Query) { l.Codes = []outcry.Code{"osm:shop", bakery} }, true},
		"no codes":                   {func(l *outcry.Listing, _ *selection.Query) { l.Codes = nil }, false},
		"pending":                    {func(l *outcry.Listing, _ *selection.Query) { l.State = outcry.ShopPending }, false},
		"open until noon":            {func(l *outcry.Listing, _ *selection.Query) { l.Hours = "08:00-12:00" }, false},
		"open from noon":             {func(l *outcry.Listing, _ *selection.Query) { l.Hours = "12:00-13:00" }, true},
		"open in its own zone":       {func(l *outcry.Listing, _ *selection.Query) { l.Hours, l.TimeZone = "20:30-22:00", "Asia/Seoul" }, true},
		"closed in its own zone":     {func(l *outcry.Listing, _ *selection.Query) { l.Hours, l.TimeZone = "12:00-13:00", "Asia/Seoul" }, false},
		"open when it is needed":     {func(l *outcry.Listing, q *selection.Query) { l.Hours, q.When = "18:00-20:00", noon.Add(7*time.Hour) }, true},
		"another variant it speaks": {func(l *outcry.Listing, q *selection.Query) {
			l.Languages, q.Languages = []string{"pt-BR"}, []string{"PT-pt"}
		}, true},
		"one of two languages": {func(_ *outcry.Listing, q *selection.Query) { q.Languages = []string{"ko", "en-GB"} }, true},
		"a language that starts alike": {func(l *outcry.Listing, q *selection.Query) {
			l.Languages, q.Languages = []string{"eng"}, []string{"en"}
		}, false},
		"speaks nothing it told": {func(l *outcry.Listing, q *selection.Query) { l.Languages, q.Languages = nil, []string{"en"} }, false},
		"can do what is needed":  {func(_ *outcry.Listing, q *selection.Query) { q.Needs = []outcry.Capability{outcry.Pickup} }, true},
		"can do only a part": {func(_ *outcry.Listing, q *selection.Query) {
			q.Needs = []outcry.Capability{outcry.Pickup, outcry.Visit}
		}, false},
	} {
		l, q := far, ask()
		c.change(&l, &q)
		s := scanOf(t, l)
		if got := len(ids(s, q)) == 1; got != c.want {
			t.Errorf("%s: selected %v, want %v", name, got, c.want)
		}
		if v, _ := s.Why(q, "shop_a"); v.OK != c.want {
			t.Errorf("%s: Why says %+v, want %v", name, v, c.want)
		}
	}
}

func TestSelect_AcrossTheAntimeridianAndAtThePoles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		shop, asks outcry.Place
		want       bool
	}{
		"over the antimeridian, eastwards": {outcry.Place{Lat: -17, Lon: -179.99}, outcry.Place{Lat: -17, Lon: 179.995}, true},
		"over the antimeridian, westwards": {outcry.Place{Lat: -17, Lon: 179.99}, outcry.Place{Lat: -17, Lon: -179.995}, true},
		"too far over it":                  {outcry.Place{Lat: -17, Lon: 179.98}, outcry.Place{Lat: -17, Lon: -179.98}, false},
		"the other side of the pole":       {outcry.Place{Lat: 89.99, Lon: 10}, outcry.Place{Lat: 89.99, Lon: -170}, true},
		"on the pole, by any longitude":    {outcry.Place{Lat: -90, Lon: 77}, outcry.Place{Lat: -89.98}, true},
		"too far over the pole":            {outcry.Place{Lat: 89.98, Lon: 10}, outcry.Place{Lat: 89.98, Lon: -170}, false},
	} {
		l, q := sells("shop_a"), ask()
		l.Place, q.Place = c.shop, c.asks
		if got := len(ids(scanOf(t, l), q)) == 1; got != c.want {
			t.Errorf("%s: selected %v, want %v (%.0f m)", name, got, c.want, c.shop.DistanceM(c.asks))
		}
	}
}

func TestSelect_CallsWhoCanHear(t *testing.T) {
	t.Parallel()
	rules := policy.Default().Selecting
	seen := time.Duration(rules.SeenWithinS) * time.Second
	patience := time.Duration(rules.PatienceS) * time.Second
	for name, c := range map[string]struct {
		happened func(*selection.Scan)
		wait     time.Duration // from asking to the deadline
		want     bool
	}{
		"never heard of":               {func(*selection.Scan) {}, time.Minute, false},
		"with an open line":            {func(s *selection.Scan) { s.Connect("shop_a", 1, noon.Add(-9*time.Hour)) }, time.Minute, true},
		"with a line closed long ago":  {func(s *selection.Scan) { s.Connect("shop_a", 1, noon); s.Connect("shop_a", -1, noon.Add(-9*time.Hour)) }, time.Minute, false},
		"with a line closed just now":  {func(s *selection.Scan) { s.Connect("shop_a", 1, noon); s.Connect("shop_a", -1, noon) }, time.Minute, true},
		"with one of two lines closed": {func(s *selection.Scan) { s.Connect("shop_a", 2, noon); s.Connect("shop_a", -1, noon.Add(-9*time.Hour)) }, time.Minute, true},
		"closed more than it opened": {func(s *selection.Scan) {
			s.Connect("shop_a", -1, noon)
			s.Connect("shop_a", 1, noon.Add(-9*time.Hour))
		}, time.Minute, true},
		"seen within the time":     {func(s *selection.Scan) { s.Seen("shop_a", noon.Add(-seen)) }, time.Minute, true},
		"seen too long ago":        {func(s *selection.Scan) { s.Seen("shop_a", noon.Add(-seen-time.Second)) }, time.Minute, false},
		"seen late, then told old": {func(s *selection.Scan) { s.Seen("shop_a", noon); s.Seen("shop_a", noon.Add(-9*time.Hour)) }, time.Minute, true},
		"a patient request":        {func(*selection.Scan) {}, patience, true},
		"one that is nearly so":    {func(*selection.Scan) {}, patience - time.Millisecond, false},
		"another shop's line":      {func(s *selection.Scan) { s.Connect("shop_b", 1, noon); s.Seen("shop_b", noon) }, time.Minute, false},
	} {
		s := selection.NewScan()
		if err := s.Put(sells("shop_a")); err != nil {
			t.Fatal(err)
		}
		c.happened(s)
		q := ask()
		q.Deadline = noon.Add(c.wait)
		if got := len(ids(s, q)) == 1; got != c.want {
			t.Errorf("%s: selected %v, want %v", name, got, c.want)
		}
	}
}

func TestPut_ReplacesWhatWasKnownAndKeepsTheLine(t *testing.T) {
	t.Parallel()
	s := scanOf(t, sells("shop_a"))
	changed := sells("shop_a")
	changed.Name, changed.Codes = "New", []outcry.Code{"osm:shop=florist"}
	if err := s.Put(changed); err != nil {
		t.Fatal(err)
	}
	if got := ids(s, ask()); len(got) != 0 {
		t.Errorf("%v is selected by the book it had before", got)
	}
	q := ask()
	q.Codes = []outcry.Code{"osm:shop=florist"}
	if got := ids(s, q); !slices.Equal(got, []string{"shop_a"}) {
		t.Errorf("selected %v by its new book; its line is open still", got)
	}
	if shop, ok := s.Shop("shop_a"); !ok || shop.Name != "New" || s.Connected() != 1 {
		t.Errorf("%+v, %v, %d connected", shop, ok, s.Connected())
	}
	if shop, ok := s.Shop("shop_z"); ok || shop.ID != "" {
		t.Errorf("a shop that is not there: %+v", shop)
	}
}

func TestPut_RefusesWhatCannotBeReadAndKeepsTheShop(t *testing.T) {
	t.Parallel()
	s := scanOf(t, sells("shop_a"))
	for name, change := range map[string]func(*outcry.Listing){
		"hours": func(l *outcry.Listing) { l.Hours = "nine to five" },
		"zone":  func(l *outcry.Listing) { l.TimeZone = "Europe/Nowhere" },
	} {
		l := sells("shop_a")
		l.Codes = nil
		change(&l)
		if err := s.Put(l); outcry.KindOf(err) != outcry.Invalid {
			t.Errorf("%s: %v, want invalid", name, err)
		}
		if got := ids(s, ask()); len(got) != 1 {
			t.Errorf("%s: the shop did not stay as it was", name)
		}
	}
}
