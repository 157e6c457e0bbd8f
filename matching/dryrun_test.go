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
		p := policy.Default()
		p.Waves.Margin = 1 // the first wave for one offer is two people
		p.Selecting.PerStar = 1
		ask := outcry.Ask{
			Code: bakery, Place: outcry.Place{Lat: 55.95, Lon: -3.19}, RadiusM: 3000,
			Deadline: time.Now().Add(time.Minute), Wanted: 1,
		}
		d, err := f.DryRunPolicy(t.Context(), operator, p, "", ask)
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
		f.with(func(c *matching.Config) { c.Policy = func() policy.Policy { return p } })
		d, err = f.DryRunPolicy(t.Context(), operator, policy.Default(), "", ask)
		if err != nil || len(d.Dropped) != 0 || !slices.Equal(d.Added, []string{"shop_nearly"}) {
			t.Errorf("the other way round: added %v, dropped %v, %v", d.Added, d.Dropped, err)
		}
		if len(f.bell.kinds()) != 0 {
			t.Error("trying has called somebody")
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
		p := policy.Default()
		p.Waves.MostCalls = 1
		d, err := f.DryRunPolicy(t.Context(), operator, p, id, outcry.Ask{})
		if err != nil || len(d.Present) != 3 || len(d.Proposed) != 1 || len(d.Dropped) != 2 || len(d.Added) != 0 {
			t.Errorf("%+v, %v; want 3 and 1", d, err)
		}
		if d, err = f.DryRunPolicy(t.Context(), operator, policy.Default(), id, outcry.Ask{}); err != nil || len(d.Added)+len(d.Dropped) != 0 {
			t.Errorf("the same policy: %+v, %v", d, err)
		}
		if now := len(f.bell.kinds()); now != told {
			t.Error("trying has called somebody")
		}
	})
}

func TestDryRun_IsTheOperatorsAndChecked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a")
		defer f.stop()
		id := f.ask(30, 1)
		_, err := f.DryRunPolicy(t.Context(), f.buyer, policy.Default(), id, outcry.Ask{})
		refused(t, "by the buyer", err, "operator_only")
		_, err = f.DryRunPolicy(t.Context(), operator, policy.Policy{}, id, outcry.Ask{})
		refused(t, "an empty policy", err, "invalid")
		_, err = f.DryRunPolicy(t.Context(), operator, policy.Default(), "req_none", outcry.Ask{})
		refused(t, "a request that is not there", err, "not_found")
	})
}
