package selection_test

import (
	"fmt"
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
func ask() *selection.Query {
	rules := policy.Default()
	return &selection.Query{
		Codes: []outcry.Code{bakery, "osm:shop"}, Place: place, RadiusM: 3000, When: noon, Now: noon,
		Deadline: noon.Add(30 * time.Second), Policy: &rules,
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

// indexOf is an Index of connected shops.
func indexOf(t *testing.T, shops ...outcry.Listing) *selection.Index {
	t.Helper()
	s := selection.NewIndex()
	for _, l := range shops {
		put(t, s, l)
		s.Connect(l.ID, 1, noon)
	}
	return s
}

func put(t *testing.T, s *selection.Index, l outcry.Listing) {
	t.Helper()
	if err := s.Put(l); err != nil {
		t.Fatal(err)
	}
}

// best are the candidates that are selected, in their order.
func best(s *selection.Index, q *selection.Query) []selection.Candidate {
	found, _ := s.Select(q, 1000, nil)
	return found
}

// ids are the shops that are selected, in their order.
func ids(s *selection.Index, q *selection.Query) []string {
	var found []string
	for _, c := range best(s, q) {
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
		{selection.RuleHourly, "2 calls in the last hour, at most 2 may",
			func(l *outcry.Listing, _ *selection.Query) { l.MostHourly = 2 }},
		{selection.RuleOpen, "1 call waits for its answer, at most 1 may",
			func(l *outcry.Listing, _ *selection.Query) { l.MostOpen = 1 }},
		{selection.RuleReachable, "not connected, and the request ends too soon to wait for it",
			func(_ *outcry.Listing, q *selection.Query) { q.Policy.Selecting.PatienceS = 31 }},
		{selection.RuleBudget, "asks 10 % more than others, the budget allows 5 % more",
			func(l *outcry.Listing, q *selection.Query) { l.PriceLevel, q.MostPrice = 3, 1.05 }},
		{selection.RuleRating, "rated 4.0 stars, the buyer asked for at least 4.5",
			func(_ *outcry.Listing, q *selection.Query) { q.LeastRating = 4.5 }},
		{selection.RuleCapability, "it does not deliver",
			func(_ *outcry.Listing, q *selection.Query) {
				q.Needs = []outcry.Capability{outcry.Pickup, outcry.Deliver}
			}},
		{selection.RuleLanguage, "speaks en, gd, the buyer asked for ko or fr",
			func(l *outcry.Listing, q *selection.Query) {
				l.Languages, q.Languages = []string{"en", "gd"}, []string{"ko", "fr"}
			}},
		{selection.RulePaused, "paused until 2026-11-23 21:30 KST",
			func(l *outcry.Listing, _ *selection.Query) {
				l.TimeZone, l.PausedUntil = "Asia/Seoul", noon.Add(30*time.Minute)
			}},
		{selection.RuleQuiet, "takes no calls in its quiet hours: Mo-Su 19:00-22:00",
			func(l *outcry.Listing, _ *selection.Query) { l.QuietHours = "19:00-22:00" }},
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
	q.Policy.Selecting.PatienceS = 30 // a patient request, until the row that it is not
	s := selection.NewIndex()
	put(t, s, l)
	// Two calls in the hour, one of them open.
	for range 2 {
		if !s.Hold(l.ID, noon, &q.Policy.Limits) {
			t.Fatal("a call was refused")
		}
	}
	s.Release(l.ID)
	if v, _ := s.Why(q, "shop_a"); !v.OK {
		t.Fatalf("left out before anything is wrong: %+v", v)
	}
	for _, c := range steps {
		c.spoil(&l, q)
		put(t, s, l)
		v, ok := s.Why(q, "shop_a")
		if !ok || v.OK || v.Rule != c.rule || v.Why != c.why {
			t.Errorf("%v %q (%s), want %q (%s)", ok, v.Rule, v.Why, c.rule, c.why)
		}
		if got := ids(s, q); len(got) != 0 {
			t.Errorf("%s: selected all the same", c.rule)
		}
		if n := s.Count(q, 5); n != 0 {
			t.Errorf("%s: counted all the same", c.rule)
		}
	}
}

func TestWhy_OtherWordsOfARule(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*outcry.Listing, *selection.Query)
		rule   selection.Rule
		why    string
	}{
		"a rating the operator asks for": {func(_ *outcry.Listing, q *selection.Query) {
			q.LeastRating, q.Policy.Selecting.LeastRating = 4.1, 4.2
		}, selection.RuleRating, "rated 4.0 stars, the market asks for at least 4.2"},
		"a budget below what others ask": {func(_ *outcry.Listing, q *selection.Query) { q.MostPrice = 0.8 },
			selection.RuleBudget, "asks what others do, the budget allows 20 % less"},
		"a budget for what others ask": {func(l *outcry.Listing, q *selection.Query) { l.PriceLevel, q.MostPrice = 4, 1 },
			selection.RuleBudget, "asks 20 % more than others, the budget allows what others ask"},
		"a shop that named no language": {func(l *outcry.Listing, q *selection.Query) {
			l.Languages, q.Languages = nil, []string{"ko"}
		}, selection.RuleLanguage, "speaks no language that it named, the buyer asked for ko"},
		"a request without codes": {func(_ *outcry.Listing, q *selection.Query) { q.Codes = nil },
			selection.RuleCode, "the tree no longer has the code that was asked for"},
	} {
		l, q := sells("shop_a"), ask()
		c.change(&l, q)
		if v, _ := indexOf(t, l).Why(q, "shop_a"); v.Rule != c.rule || v.Why != c.why {
			t.Errorf("%s: %s %q, want %s %q", name, v.Rule, v.Why, c.rule, c.why)
		}
	}
}

func TestWhy_SaysYesAndNoToUnknownShops(t *testing.T) {
	t.Parallel()
	s := indexOf(t, sells("shop_a"))
	if v, ok := s.Why(ask(), "shop_a"); !ok || !v.OK || v.Rule != "" || v.Candidate.Shop != "shop_a" {
		t.Errorf("%+v, %v; want a candidate", v, ok)
	}
	if v, ok := s.Why(ask(), "shop_z"); ok || v.OK {
		t.Errorf("a shop that is not there: %+v", v)
	}
	q := ask()
	q.Skip = func(string) bool { return true }
	if v, ok := s.Why(q, "shop_a"); !ok || !v.OK {
		t.Errorf("a shop called already: %+v, want what it would be otherwise", v)
	}
}

func TestSelect_TakesEachShopAtTheEdgeOfItsRules(t *testing.T) {
	t.Parallel()
	far := sells("shop_a")
	far.Place.Lat += 0.02
	metres := far.Place.DistanceM(place) // within a metre
	for name, c := range map[string]struct {
		change func(*outcry.Listing, *selection.Query)
		want   bool
	}{
		"within both radii":          {func(*outcry.Listing, *selection.Query) {}, true},
		"just in the buyer's radius": {func(_ *outcry.Listing, q *selection.Query) { q.RadiusM = int(metres) + 2 }, true},
		"just beyond it":             {func(_ *outcry.Listing, q *selection.Query) { q.RadiusM = int(metres) - 1 }, false},
		"just in its service radius": {func(l *outcry.Listing, _ *selection.Query) { l.ServiceRadiusM = int(metres) + 2 }, true},
		"just beyond that":           {func(l *outcry.Listing, _ *selection.Query) { l.ServiceRadiusM = int(metres) - 1 }, false},
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
		"paused until later":     {func(l *outcry.Listing, _ *selection.Query) { l.PausedUntil = noon.Add(1) }, false},
		"paused until now":       {func(l *outcry.Listing, _ *selection.Query) { l.PausedUntil = noon }, true},
		"quiet until noon":       {func(l *outcry.Listing, _ *selection.Query) { l.QuietHours = "22:00-12:00" }, true},
		"quiet from noon":        {func(l *outcry.Listing, _ *selection.Query) { l.QuietHours = "12:00-13:00" }, false},
		"quiet in its own zone":  {func(l *outcry.Listing, _ *selection.Query) { l.QuietHours, l.TimeZone = "21:00-22:00", "Asia/Seoul" }, false},
		"blank quiet hours":      {func(l *outcry.Listing, _ *selection.Query) { l.QuietHours = "  " }, true},
		"quiet when it is needed": {func(l *outcry.Listing, q *selection.Query) {
			l.QuietHours, q.When = "18:00-20:00", noon.Add(7*time.Hour)
		}, true},
		"rated as asked":            {func(_ *outcry.Listing, q *selection.Query) { q.LeastRating = 4 }, true},
		"rated below what is asked": {func(_ *outcry.Listing, q *selection.Query) { q.LeastRating = 4.05 }, false},
		"rated below the policy's":  {func(_ *outcry.Listing, q *selection.Query) { q.Policy.Selecting.LeastRating = 4.05 }, false},
		"as dear as the budget":     {func(l *outcry.Listing, q *selection.Query) { l.PriceLevel, q.MostPrice = 3, 1.1 }, true},
		"dearer than the budget":    {func(l *outcry.Listing, q *selection.Query) { l.PriceLevel, q.MostPrice = 4, 1.1 }, false},
		"as dear with a dear market": {func(l *outcry.Listing, q *selection.Query) {
			l.PriceLevel, q.MostPrice, q.Policy.Learning.PerLevel = 3, 1.1, 0.2
		}, false},
		"can do only a part": {func(_ *outcry.Listing, q *selection.Query) {
			q.Needs = []outcry.Capability{outcry.Pickup, outcry.Visit}
		}, false},
	} {
		l, q := far, ask()
		c.change(&l, q)
		s := indexOf(t, l)
		if got := len(ids(s, q)) == 1; got != c.want {
			t.Errorf("%s: selected %v, want %v", name, got, c.want)
		}
		if n := s.Count(q, 9); n == 1 != c.want {
			t.Errorf("%s: counted %d, selected %v", name, n, c.want)
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
		if got := len(ids(indexOf(t, l), q)) == 1; got != c.want {
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
		happened func(*selection.Index)
		wait     time.Duration // from asking to the deadline
		want     bool
	}{
		"never heard of":    {func(*selection.Index) {}, time.Minute, false},
		"with an open line": {func(s *selection.Index) { s.Connect("shop_a", 1, noon.Add(-9*time.Hour)) }, time.Minute, true},
		"with a line closed long ago": {func(s *selection.Index) {
			s.Connect("shop_a", 1, noon)
			s.Connect("shop_a", -1, noon.Add(-9*time.Hour))
		}, time.Minute, false},
		"with a line closed just now": {func(s *selection.Index) { s.Connect("shop_a", 1, noon); s.Connect("shop_a", -1, noon) }, time.Minute, true},
		"with one of two lines closed": {func(s *selection.Index) {
			s.Connect("shop_a", 2, noon)
			s.Connect("shop_a", -1, noon.Add(-9*time.Hour))
		}, time.Minute, true},
		"closed more than it opened": {func(s *selection.Index) {
			s.Connect("shop_a", -1, noon)
			s.Connect("shop_a", 1, noon.Add(-9*time.Hour))
		}, time.Minute, true},
		"seen within the time":     {func(s *selection.Index) { s.Seen("shop_a", noon.Add(-seen)) }, time.Minute, true},
		"seen too long ago":        {func(s *selection.Index) { s.Seen("shop_a", noon.Add(-seen-time.Second)) }, time.Minute, false},
		"seen late, then told old": {func(s *selection.Index) { s.Seen("shop_a", noon); s.Seen("shop_a", noon.Add(-9*time.Hour)) }, time.Minute, true},
		"a patient request":        {func(*selection.Index) {}, patience, true},
		"one that is nearly so":    {func(*selection.Index) {}, patience - time.Millisecond, false},
		"another shop's line":      {func(s *selection.Index) { s.Connect("shop_b", 1, noon); s.Seen("shop_b", noon) }, time.Minute, false},
	} {
		s := selection.NewIndex()
		put(t, s, sells("shop_a"))
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
	s := indexOf(t, sells("shop_a"))
	changed := sells("shop_a")
	changed.Name, changed.Codes = "New", []outcry.Code{"osm:shop=florist"}
	put(t, s, changed)
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

func TestConnect_BeforeTheShopIsKnown(t *testing.T) {
	t.Parallel()
	s := selection.NewIndex()
	s.Connect("shop_a", 1, noon.Add(-9*time.Hour))
	s.Connect("shop_b", 1, noon)
	s.Connect("shop_b", -1, noon)
	s.Connect("shop_b", -1, noon) // never below none
	s.Connect("shop_c", -1, noon)
	s.Connect("shop_c", 1, noon)
	if n := s.Connected(); n != 0 {
		t.Errorf("%d connected, of shops that are not known", n)
	}
	for _, id := range []string{"shop_a", "shop_b", "shop_c"} {
		put(t, s, sells(id))
	}
	if got := ids(s, ask()); s.Connected() != 2 || !slices.Equal(got, []string{"shop_a", "shop_c"}) {
		t.Errorf("%v selected, %d connected, want the 2 that have a line", got, s.Connected())
	}
	s.Connect("shop_a", -1, noon.Add(-9*time.Hour))
	put(t, s, sells("shop_a"))
	if got := ids(s, ask()); !slices.Equal(got, []string{"shop_c"}) {
		t.Errorf("%v selected, want one: the line was closed since", got)
	}
}

func TestConnect_RemembersABoundedNumberOfUnknownShops(t *testing.T) {
	t.Parallel()
	const many = 70_000
	s := selection.NewIndex()
	id := func(i int) string { return fmt.Sprintf("shop_%d", i) }
	for i := range many {
		s.Connect(id(i), 1, noon)
	}
	for i := range many {
		put(t, s, sells(id(i)))
	}
	n := s.Connected()
	if n < 10_000 || n >= many {
		t.Errorf("%d of %d are remembered, want a bounded number", n, many)
	}
	s.Connect("shop_late", 1, noon)
	put(t, s, sells("shop_late"))
	if s.Connected() != n+1 {
		t.Error("those that are known by now still take up room")
	}
}

func TestPut_RefusesWhatCannotBeReadAndKeepsTheShop(t *testing.T) {
	t.Parallel()
	s := indexOf(t, sells("shop_a"))
	for name, change := range map[string]func(*outcry.Listing){
		"hours": func(l *outcry.Listing) { l.Hours = "nine to five" },
		"quiet": func(l *outcry.Listing) { l.QuietHours = "at night" },
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
