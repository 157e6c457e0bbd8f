package matching_test

import (
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/matching"
	"outcry/matching/selection"
	"outcry/policy"
)

// TestExplain_EachRuleHasASentence makes a shop for each rule that leaves it out
// of a request, and reads why. Bubbles begin on Saturday, 1 January 2000.
func TestExplain_EachRuleHasASentence(t *testing.T) {
	t.Parallel()
	cases := map[selection.Rule]struct {
		change func(*outcry.Listing)
		why    string
	}{
		selection.RuleState:   {func(l *outcry.Listing) { l.State = outcry.ShopSuspended }, "the shop is suspended, not active"},
		selection.RuleCode:    {func(l *outcry.Listing) { l.Codes = []outcry.Code{"osm:shop=florist"} }, "its book holds neither osm:shop=bakery nor anything above or below it"},
		selection.RuleRadius:  {func(l *outcry.Listing) { l.Place.Lat = 56.0 }, "5.6 km away, the buyer asked within 3.0 km"},
		selection.RuleService: {func(l *outcry.Listing) { l.Place.Lat, l.ServiceRadiusM = 55.96, 500 }, "1.1 km away, it serves 500 m"},
		selection.RuleHours:   {func(l *outcry.Listing) { l.Hours = "Mo-Fr 09:00-18:00" }, "closed at that time: Mo-Fr 09:00-18:00"},
		selection.RuleQuiet:   {func(l *outcry.Listing) { l.QuietHours = "22:00-07:00" }, "takes no calls in its quiet hours: Mo-Su 22:00-07:00"},
		selection.RulePaused: {func(l *outcry.Listing) { l.PausedUntil = time.Now().Add(90 * time.Minute) },
			"paused until 2000-01-01 01:30 UTC"},
		selection.RuleLanguage:   {func(l *outcry.Listing) { l.Languages = []string{"ko"} }, "speaks ko, the buyer asked for de or en-GB"},
		selection.RuleCapability: {func(l *outcry.Listing) { l.Capabilities = nil }, "it does not deliver"},
		selection.RuleRating:     {func(l *outcry.Listing) { l.Rating = outcry.Rating{Stars: 20, Count: 15} }, "rated 2.0 stars, the buyer asked for at least 3.5"},
		selection.RuleOpen:       {func(l *outcry.Listing) { l.MostOpen = 1 }, "1 call waits for its answer, at most 1 may"},
		selection.RuleHourly:     {func(l *outcry.Listing) { l.MostHourly = 1 }, "1 call in the last hour, at most 1 may"},
	}
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		defer f.stop()
		for rule, c := range cases {
			f.set(string(rule), func(l *outcry.Listing) {
				l.Languages, l.Capabilities = []string{"en"}, []outcry.Capability{outcry.Deliver}
				c.change(l)
			})
		}
		for _, rule := range []selection.Rule{selection.RuleOpen, selection.RuleHourly} {
			if !f.shops.Hold(string(rule), time.Now(), &f.policy.Limits) {
				t.Fatalf("%s cannot be held", rule)
			}
		}
		f.shops.Release(string(selection.RuleHourly))
		id := f.askFor(30, 2, func(a *outcry.Ask) {
			a.Languages, a.Needs, a.LeastRating = []string{"de", "en-GB"}, []outcry.Capability{outcry.Deliver}, 3.5
		})
		for rule, c := range cases {
			x, err := f.Explain(t.Context(), f.buyer, id, string(rule))
			if err != nil || x.Called != nil || x.Verdict.OK || x.Verdict.Rule != rule || x.Verdict.Why != c.why {
				t.Errorf("%s: %+v, %v; want %q", rule, x.Verdict, err, c.why)
			}
		}
	})
}

// askFor is ask with something else asked for.
func (f *floor) askFor(seconds, wanted int, change func(*outcry.Ask)) string {
	f.t.Helper()
	r := f.request(seconds, wanted)
	change(&r.Ask)
	f.journal.mu.Lock()
	f.journal.requests[r.ID] = r
	f.journal.mu.Unlock()
	if err := f.Start(f.t.Context(), r); err != nil {
		f.t.Fatal(err)
	}
	synctest.Wait()
	return r.ID
}

// TestExplain_ReachableAndBudget: a shop whose line is down, and one that is
// likely to ask too much.
func TestExplain_ReachableAndBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b", "shop_c", "shop_d", "shop_e")
		defer f.stop()
		id := f.ask(30, 5)
		for _, shop := range []string{"shop_a", "shop_b", "shop_c", "shop_d", "shop_e"} {
			if _, err := f.offer(id, shop, 300); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		f.set("dear", func(l *outcry.Listing) { l.PriceLevel = 4 })
		f.put(f.shop("away"))
		id = f.askFor(30, 2, func(a *outcry.Ask) { a.Budget = &outcry.Money{Amount: 240, Currency: "GBP"} })
		for shop, want := range map[string]string{
			"dear": "asks 20 % more than others, the budget allows what others ask",
			"away": "not connected, and the request ends too soon to wait for it",
		} {
			x, err := f.Explain(t.Context(), operator, id, shop)
			if err != nil || x.Verdict.Why != want {
				t.Errorf("%s: %+v, %v; want %q", shop, x.Verdict, err, want)
			}
		}
	})
}

// TestExplain_HoursTellWhatTheyLeaveOut: where the hours left a shop out, the
// reader hears what of their text is not gone by.
func TestExplain_HoursTellWhatTheyLeaveOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		defer f.stop()
		f.set("hours", func(l *outcry.Listing) { l.Hours = "Mo-Fr 09:00-18:00; PH 10:00-12:00" })
		f.set("quiet", func(l *outcry.Listing) { l.QuietHours = "22:00-07:00; PH off" })
		f.set("plain", func(l *outcry.Listing) { l.Hours = "Mo-Fr 09:00-18:00" })
		f.set("paused", func(l *outcry.Listing) {
			l.Hours, l.PausedUntil = "24/7; PH off", time.Now().Add(time.Hour)
		})
		id := f.ask(30, 2)
		for shop, want := range map[string]string{"hours": "PH 10:00-12:00: holidays", "quiet": "PH off: holidays", "plain": "", "paused": ""} {
			x, err := f.Explain(t.Context(), f.buyer, id, shop)
			if err != nil || x.Verdict.OK || len(x.Notes) != min(1, len(want)) || !strings.HasPrefix(strings.Join(x.Notes, ""), want) {
				t.Errorf("%s: %+v, notes %q, %v; want %q", shop, x.Verdict, x.Notes, err, want)
			}
		}
	})
}

// TestExplain_SaysWhatWasChance: with every slot explored, each call was drawn by
// chance, and says so; without any, it was one of the best.
func TestExplain_SaysWhatWasChance(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		share float64
		why   string
		parts int // named exploring
	}{
		"drawn": {1, "called in wave 1 by chance, so that shops become known", 1},
		"best":  {0, "called in wave 1 as one of the best", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := open(t, "shop_a", "shop_b")
				defer func() { f.stop() }()
				exploring := policy.Default()
				exploring.Exploring.Share = c.share
				f.with(func(config *matching.Config) { config.Policies = compiled(exploring) })
				id := f.ask(30, 2)
				x, err := f.Explain(t.Context(), operator, id, "shop_a")
				if err != nil || x.Called == nil || x.Verdict.Why != c.why {
					t.Fatalf("%+v, %v; want %q", x.Verdict, err, c.why)
				}
				exploringParts := 0
				for _, p := range x.Called.Parts {
					if p.Words == "" {
						t.Errorf("the part %s has no words", p.Name)
					}
					if p.Name == "exploring" {
						exploringParts++
					}
				}
				if exploringParts != c.parts {
					t.Errorf("its parts are %+v", x.Called.Parts)
				}
			})
		})
	}
}

// TestExplain_WeighsAsTheCallWasWeighed: a shop like the one that was called
// scores the same, though it was not called.
func TestExplain_WeighsAsTheCallWasWeighed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b")
		defer func() { f.stop() }()
		one := f.policy
		one.Waves.MostCalls = 1
		f.with(func(config *matching.Config) { config.Policies = compiled(one) })
		id := f.ask(30, 2)
		called, err := f.Explain(t.Context(), operator, id, "shop_a")
		if err != nil || called.Called == nil {
			t.Fatalf("%+v, %v", called, err)
		}
		x, err := f.Explain(t.Context(), operator, id, "shop_b")
		if err != nil || x.Verdict.Rule != matching.RuleRank || math.Abs(x.Verdict.Candidate.Score-called.Called.Score) > 1e-9 {
			t.Errorf("%+v, %v; the one called scored %g", x.Verdict, err, called.Called.Score)
		}
	})
}
