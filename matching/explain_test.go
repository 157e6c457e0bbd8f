package matching_test

import (
	"testing"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/matching/selection"
)

func TestSelection_OutlineForTheBuyerAllForTheOperator(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b")
		defer f.stop()
		id := f.ask(30, 2)
		if _, err := f.offer(id, "shop_a", 300); err != nil {
			t.Fatal(err)
		}
		outline, err := f.Selection(t.Context(), f.buyer, id)
		if err != nil || outline.Full || len(outline.Calls) != 2 {
			t.Fatalf("%+v, %v", outline, err)
		}
		whole, err := f.Selection(t.Context(), operator, id)
		if err != nil || !whole.Full || len(whole.Calls) != 2 {
			t.Fatalf("%+v, %v", whole, err)
		}
		states := map[string]outcry.CallState{"shop_a": outcry.CallOffered, "shop_b": outcry.CallWaiting}
		for i, c := range outline.Calls {
			if c.Score != 0 || c.Parts != nil || c.State != states[c.Shop] || c.ID != outcry.CallID(id, c.N) || c.Wave != 1 {
				t.Errorf("the buyer sees %+v", c)
			}
			if w := whole.Calls[i]; w.Score <= 0 || len(w.Parts) != 6 || w.Parts[0].Words == "" || w.State != c.State {
				t.Errorf("the operator sees %+v", w)
			}
		}
	})
}

func TestExplain_SaysWhyAShopWasCalledOrNot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a")
		defer f.stop()
		id := f.ask(30, 2)
		f.set("shop_far", func(l *outcry.Listing) { l.Place.Lat = 56.5 })
		f.set("shop_florist", func(l *outcry.Listing) { l.Codes = []outcry.Code{"osm:shop=florist"} })
		for shop, rule := range map[string]selection.Rule{"shop_a": "", "shop_far": selection.RuleRadius, "shop_florist": selection.RuleCode} {
			for name, actor := range map[string]outcry.Actor{"buyer": f.buyer, "operator": operator} {
				x, err := f.Explain(t.Context(), actor, id, shop)
				if err != nil || x.Shop.ID != shop || x.Verdict.Rule != rule || x.Verdict.OK != (rule == "") || (x.Called != nil) != (rule == "") {
					t.Errorf("%s to the %s: %+v, %v; want rule %q", shop, name, x, err, rule)
				}
			}
		}
		x, err := f.Explain(t.Context(), f.buyer, id, "shop_a")
		if err != nil || x.Called == nil || x.Called.Score <= 0 || x.Called.ID != f.call(id, "shop_a") {
			t.Errorf("the call: %+v, %v", x.Called, err)
		}
		_, err = f.Explain(t.Context(), f.buyer, id, "shop_z")
		refused(t, "a shop that is not there", err, "not_found")
		_, err = f.Explain(t.Context(), by("shop_a"), id, "shop_a")
		refused(t, "to the shop itself", err, "not_found")
	})
}

func TestExplain_OfAClosedRequestLooksAtTheTimeOfAsking(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		defer f.stop()
		// The bubble's clock starts at midnight.
		f.set("shop_night", func(l *outcry.Listing) { l.Hours = "00:00-00:30" })
		id := f.ask(60, 1)
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		x, err := f.Explain(t.Context(), f.buyer, id, "shop_night")
		if err != nil || !x.Verdict.OK || x.Called == nil || x.Called.State != outcry.CallMissed {
			t.Errorf("%+v, %v; it was open when it was called", x, err)
		}
	})
}

func TestPreview_CountsWithoutCalling(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b")
		defer f.stop()
		f.set("shop_far", func(l *outcry.Listing) { l.Place.Lat = 56.5 })
		ask := outcry.Ask{
			Code: bakery, Place: outcry.Place{Lat: 55.95, Lon: -3.19}, RadiusM: 3000,
			Deadline: time.Now().Add(time.Minute), Wanted: 1,
		}
		if got := f.Preview(ask); got != 2 {
			t.Errorf("%d shops, want shop_a and shop_b", got)
		}
		synctest.Wait()
		if len(f.bell.kinds()) != 0 || f.Waiting() != 0 {
			t.Error("looking has called somebody")
		}
	})
}
