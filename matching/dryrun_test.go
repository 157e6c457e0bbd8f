package matching_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/matching"
	"outcry/policy"
)

// rules is the default policy, changed.
func rules(change func(*policy.Policy)) *policy.Rules {
	p := policy.Default()
	change(&p)
	return compiled(p).Now()
}

// defaults is the default policy.
func defaults() *policy.Rules { return rules(func(*policy.Policy) {}) }

func TestDryRun_ComparesWhoWouldBeCalledFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		defer func() { f.stop() }()
		f.set("shop_loved_far", func(l *outcry.Listing) {
			l.Place.Lat, l.Rating = 55.97, outcry.Rating{Stars: 500, Count: 100}
		})
		f.set("shop_near", func(*outcry.Listing) {})
		f.set("shop_nearly", func(l *outcry.Listing) { l.Place.Lat = 55.951 })
		fewer := rules(func(p *policy.Policy) {
			p.Waves.Margin = 1 // the first wave for one offer is two people
			p.Score.PerStar = 1
		})
		ask := outcry.Ask{
			Code: bakery, Place: outcry.Place{Lat: 55.95, Lon: -3.19}, RadiusM: 3000,
			Deadline: time.Now().Add(time.Minute), Wanted: 1,
		}
		d, err := f.DryRunPolicy(t.Context(), operator, fewer, "", ask)
		if err != nil || len(d.Present) != 3 || len(d.Proposed) != 2 {
			t.Fatalf("%+v, %v; want 3 and 2", d, err)
		}
		if d.Present[0].Shop != "shop_near" || d.Present[1].Shop != "shop_nearly" || d.Present[2].Shop != "shop_loved_far" {
			t.Errorf("now %+v", d.Present)
		}
		if d.Proposed[0].Shop != "shop_loved_far" || d.Proposed[1].Shop != "shop_near" {
			t.Errorf("proposed %+v", d.Proposed)
		}
		if len(d.Added) != 0 || !slices.Equal(d.Dropped, []string{"shop_nearly"}) {
			t.Errorf("added %v, dropped %v", d.Added, d.Dropped)
		}
		f.with(func(c *matching.Config) { c.Policies = onePolicy{fewer} })
		d, err = f.DryRunPolicy(t.Context(), operator, defaults(), "", ask)
		if err != nil || len(d.Dropped) != 0 || !slices.Equal(d.Added, []string{"shop_nearly"}) {
			t.Errorf("the other way round: added %v, dropped %v, %v", d.Added, d.Dropped, err)
		}
		if len(f.bell.kinds()) != 0 {
			t.Error("trying has called somebody")
		}
	})
}

func TestDryRun_HoldsTheOperatorsOwnRules(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b")
		defer f.stop()
		own := rules(func(p *policy.Policy) {
			p.Selecting.Require = []policy.Requirement{{Name: "not_a", When: `shop.id != "shop_a"`, Why: "not this one"}}
			p.Score.Add = []policy.Addition{{Name: "bonus", Points: "0.5", Why: "for all"}}
		})
		ask := outcry.Ask{
			Code: bakery, Place: outcry.Place{Lat: 55.95, Lon: -3.19}, RadiusM: 3000,
			Deadline: time.Now().Add(time.Minute), Wanted: 1,
		}
		d, err := f.DryRunPolicy(t.Context(), operator, own, "", ask)
		if err != nil || len(d.Present) != 2 || len(d.Proposed) != 1 || !slices.Equal(d.Dropped, []string{"shop_a"}) {
			t.Fatalf("%+v, %v; want shop_b alone", d, err)
		}
		if !slices.ContainsFunc(d.Proposed[0].Parts, func(p outcry.Part) bool { return p.Name == "bonus" && p.Points == 0.5 }) {
			t.Errorf("parts %+v, want the bonus among them", d.Proposed[0].Parts)
		}
	})
}

func TestDryRun_OnARequestThatClosedLongAgo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b")
		defer f.stop()
		id := f.ask(30, 1)
		time.Sleep(time.Hour)
		synctest.Wait()
		told := len(f.bell.kinds())
		f.add("shop_c") // it would be called today
		one := rules(func(p *policy.Policy) { p.Waves.MostCalls = 1 })
		d, err := f.DryRunPolicy(t.Context(), operator, one, id, outcry.Ask{})
		if err != nil || len(d.Present) != 3 || len(d.Proposed) != 1 || len(d.Dropped) != 2 || len(d.Added) != 0 {
			t.Errorf("%+v, %v; want 3 and 1", d, err)
		}
		if d, err = f.DryRunPolicy(t.Context(), operator, defaults(), id, outcry.Ask{}); err != nil || len(d.Added)+len(d.Dropped) != 0 {
			t.Errorf("the same policy: %+v, %v", d, err)
		}
		if now := len(f.bell.kinds()); now != told {
			t.Error("trying has called somebody")
		}
	})
}

func TestDryRun_IsTheOperators(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a")
		defer f.stop()
		id := f.ask(30, 1)
		_, err := f.DryRunPolicy(t.Context(), f.buyer, defaults(), id, outcry.Ask{})
		refused(t, "by the buyer", err, "operator_only")
		_, err = f.DryRunPolicy(t.Context(), operator, defaults(), "req_none", outcry.Ask{})
		refused(t, "a request that is not there", err, "not_found")
	})
}
