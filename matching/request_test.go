package matching_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/matching"
	"outcry/matching/deal"
)

// shelf is a tree in which bakeries stand below shops and sell bread.
type shelf struct{}

func (shelf) Ancestors(code outcry.Code) []outcry.Code {
	return map[outcry.Code][]outcry.Code{
		bakery: {bakery, "osm:shop"}, "osm:shop": {"osm:shop"}, "osm:shop=florist": {"osm:shop=florist", "osm:shop"},
	}[code]
}

func (s shelf) Around(code outcry.Code) []outcry.Code {
	if code == "osm:shop" {
		return []outcry.Code{"osm:shop", bakery, "osm:shop=florist"}
	}
	return s.Ancestors(code)
}

func TestWithdraw_ClosesOnceAndForAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a")
		defer f.stop()
		ctx, id := t.Context(), f.ask(30, 2)
		o, err := f.offer(id, "shop_a", 300)
		if err != nil {
			t.Fatal(err)
		}
		r, err := f.Withdraw(ctx, f.buyer, id)
		if err != nil || r.State != outcry.RequestClosed || r.Reason != outcry.ClosedWithdrawn {
			t.Fatalf("%+v, %v", r, err)
		}
		time.Sleep(3 * time.Second)
		again, err := f.Withdraw(ctx, f.buyer, id)
		if err != nil || !again.Closed.Equal(r.Closed) {
			t.Errorf("again: closed at %v, %v; want %v", again.Closed, err, r.Closed)
		}
		_, err = f.Accept(ctx, f.buyer, o.ID, deal.Acceptance{Version: 1})
		refused(t, "accepting", err, "request_withdrawn")
		_, err = f.Extend(ctx, f.buyer, id, time.Now().Add(time.Hour))
		refused(t, "extending", err, "request_closed")
		_, err = f.Widen(ctx, f.buyer, id, matching.Widening{Wanted: 5})
		refused(t, "widening", err, "request_closed")
		closings := 0
		for _, k := range f.bell.kinds() {
			if k == outcry.EventClosed {
				closings++
			}
		}
		if last := f.bell.events[len(f.bell.events)-1]; closings != 1 || !slices.Equal(last.Hearers, []outcry.Hearer{{Shop: "shop_a", State: outcry.CallOffered}}) {
			t.Errorf("told %d closings, the last to %v", closings, last.Hearers)
		}
	})
}

func TestExtend_ClosesAtTheNewDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a")
		defer f.stop()
		ctx, began, id := t.Context(), time.Now(), f.ask(20, 2)
		r, err := f.Extend(ctx, f.buyer, id, began.Add(45*time.Second))
		if err != nil || r.Deadline.Sub(began) != 45*time.Second {
			t.Fatalf("%v, %v", r.Deadline, err)
		}
		time.Sleep(40 * time.Second)
		if _, err := f.offer(id, "shop_a", 300); err != nil {
			t.Errorf("an offer after the old deadline: %v", err)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if v := f.view(id); v.Request.Reason != outcry.ClosedDeadline || v.Request.Closed.Sub(began) != 45*time.Second {
			t.Errorf("closed for %q after %v, want 45s", v.Request.Reason, v.Request.Closed.Sub(began))
		}
	})
}

func TestExtend_IsLaterAndBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a")
		defer f.stop()
		ctx, began, id := t.Context(), time.Now(), f.ask(20, 2)
		for name, c := range map[string]struct {
			wait time.Duration
			code string
		}{
			"in the past":        {-time.Second, "invalid"},
			"earlier than it is": {19 * time.Second, "invalid"},
			"too far":            {outcry.MaxDeadline + time.Second, "invalid"},
			"as it is":           {20 * time.Second, ""},
		} {
			_, err := f.Extend(ctx, f.buyer, id, began.Add(c.wait))
			refused(t, name, err, c.code)
			if d := f.view(id).Request.Deadline.Sub(began); d != 20*time.Second {
				t.Errorf("%s: ends after %v now", name, d)
			}
		}
		if _, err := f.Extend(ctx, f.buyer, id, began.Add(outcry.MaxDeadline)); err != nil {
			t.Errorf("as far as it may: %v", err)
		}
	})
}

func TestWiden_CallsFurtherShopsAtOnce(t *testing.T) {
	t.Parallel()
	for name, w := range map[string]matching.Widening{
		"a larger radius":  {RadiusM: 6000},
		"a code above":     {Code: "osm:shop"},
		"both, and offers": {RadiusM: 6000, Code: "osm:shop", Wanted: 4},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := open(t)
			defer func() { f.stop() }()
			f.with(func(c *matching.Config) { c.Tree = shelf{} })
			f.add("shop_near")
			f.set("shop_far", func(l *outcry.Listing) { l.Place.Lat, l.ServiceRadiusM = 55.99, 50_000 })
			f.set("shop_florist", func(l *outcry.Listing) { l.Codes = []outcry.Code{"osm:shop=florist"} })
			id := f.ask(30, 2)
			if n := f.view(id).Counts.Called; n != 1 {
				t.Fatalf("%d called before", n)
			}
			r, err := f.Widen(t.Context(), f.buyer, id, w)
			if err != nil || w.RadiusM != 0 && r.RadiusM != 6000 || w.Code != "" && r.Code != "osm:shop" || w.Wanted != 0 && r.Wanted != 4 {
				t.Fatalf("%s: %+v, %v", name, r, err)
			}
			want := 2
			if w.RadiusM != 0 && w.Code != "" {
				want = 3
			}
			called := 0 // by the log: looking at the board would call them too
			for _, e := range f.journal.events {
				if e.Wave != nil {
					called += len(e.Wave.Calls)
				}
			}
			if called != want {
				t.Errorf("%s: %d called, want %d without waiting", name, called, want)
			}
		})
	}
}

func TestWiden_NamesWhatDoesNotWiden(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		defer func() { f.stop() }()
		f.with(func(c *matching.Config) { c.Tree = shelf{} })
		id := f.ask(30, 2)
		for name, c := range map[string]struct {
			w    matching.Widening
			want []string
		}{
			"nothing":           {matching.Widening{}, []string{"body"}},
			"a smaller radius":  {matching.Widening{RadiusM: 2999}, []string{"body.radius_m"}},
			"no place so far":   {matching.Widening{RadiusM: outcry.MaxRadiusM + 1}, []string{"body.radius_m"}},
			"fewer offers":      {matching.Widening{Wanted: 1}, []string{"body.wanted_offers"}},
			"too many offers":   {matching.Widening{Wanted: outcry.MaxWanted + 1}, []string{"body.wanted_offers"}},
			"a code beside it":  {matching.Widening{Code: "osm:shop=florist"}, []string{"body.code"}},
			"several, all told": {matching.Widening{RadiusM: -1, Wanted: -1, Code: "x:y"}, []string{"body.radius_m", "body.wanted_offers", "body.code"}},
			"one good, one bad": {matching.Widening{RadiusM: 9000, Wanted: 1}, []string{"body.wanted_offers"}},
		} {
			_, err := f.Widen(t.Context(), f.buyer, id, c.w)
			var e *outcry.Error
			var got []string
			if errors.As(err, &e) && e.Kind == outcry.Invalid {
				for _, field := range e.Fields {
					got = append(got, field.Location)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: %v about %v, want %v", name, err, got, c.want)
			}
		}
		if r := f.view(id).Request; r.RadiusM != 3000 || r.Wanted != 2 || r.Code != bakery {
			t.Errorf("what was refused changed the request: %+v", r)
		}
	})
}

func TestOperate_CallsNobodyAtTheDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		defer f.stop()
		id := f.ask(10, 1)
		time.Sleep(9900 * time.Millisecond)
		f.add("shop_late")
		time.Sleep(time.Second)
		synctest.Wait()
		if v := f.view(id); v.Counts.Called != 0 || v.Request.Reason != outcry.ClosedNobody {
			t.Errorf("%d called at the deadline, closed for %q", v.Counts.Called, v.Request.Reason)
		}
	})
}
