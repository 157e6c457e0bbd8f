package selection_test

import (
	"testing"
	"time"

	"outcry"
	"outcry/matching/selection"
	"outcry/policy"
)

func TestBusy_CountsOpenCallsAndThoseOfTheHour(t *testing.T) {
	t.Parallel()
	x := selection.NewIndex()
	l := outcry.Listing{Shop: outcry.Shop{ID: "shop_a", State: outcry.ShopActive, TimeZone: "UTC", Answers: outcry.ByPerson}}
	if err := x.Put(l); err != nil {
		t.Fatal(err)
	}
	now, limits := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC), policy.Default().Limits
	is := func(what string, at time.Time, open int, hour float64) {
		t.Helper()
		if gotOpen, gotHour := x.Busy("shop_a", at); gotOpen != open || gotHour != hour {
			t.Errorf("%s: %d open and %g in the hour, want %d and %g", what, gotOpen, gotHour, open, hour)
		}
	}
	is("never called", now, 0, 0)
	for i := range 3 {
		if !x.Hold("shop_a", now.Add(time.Duration(i)*time.Minute), &limits) {
			t.Fatal("it may not be called")
		}
	}
	x.Release("shop_a")
	is("called three times", now.Add(3*time.Minute), 2, 3)
	is("an hour after the first", now.Add(time.Hour), 2, 2)
	if open, hour := x.Busy("shop_b", now); open != 0 || hour != 0 {
		t.Errorf("a shop that is not known has %d and %g", open, hour)
	}
}
