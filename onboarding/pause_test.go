package onboarding_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"outcry"
	"outcry/onboarding"
)

// clock is a time that stands still until it is set.
type clock struct{ time.Time }

// atNoon is a hall at noon of a winter's day.
func atNoon(t *testing.T) (*hall, *clock) {
	c := &clock{time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)}
	return newHall(t, func(config *onboarding.Config) { config.Clock = func() time.Time { return c.Time } }), c
}

func TestPause_UntilItIsOver(t *testing.T) {
	t.Parallel()
	seoul := time.FixedZone("KST", 9*3600)
	for name, c := range map[string]struct {
		pause onboarding.Pause
		want  string
	}{
		"two hours":             {onboarding.Pause{ForS: new(7200.0)}, "2026-12-01T14:00:00Z"},
		"a second and a half":   {onboarding.Pause{ForS: new(1.5)}, "2026-12-01T12:00:01.5Z"},
		"a time":                {onboarding.Pause{Until: new(time.Date(2026, 12, 2, 9, 0, 0, 123456, seoul))}, "2026-12-02T00:00:00Z"},
		"until told otherwise":  {onboarding.Pause{}, "2100-01-01T00:00:00Z"},
		"as long as can be":     {onboarding.Pause{Until: new(onboarding.UntilToldOtherwise)}, "2100-01-01T00:00:00Z"},
		"as long in seconds":    {onboarding.Pause{ForS: new(onboarding.UntilToldOtherwise.Sub(time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)).Seconds())}, "2100-01-01T00:00:00Z"},
		"a millisecond from it": {onboarding.Pause{Until: new(time.Date(2026, 12, 1, 12, 0, 0, 1e6, time.UTC))}, "2026-12-01T12:00:00.001Z"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, clock := atNoon(t)
			id := h.active("ada").ID
			paused, err := h.Pause(t.Context(), h.server("ada", id), id, c.pause)
			if err != nil || paused.PausedUntil.Format(time.RFC3339Nano) != c.want {
				t.Fatalf("paused until %s, %v; want %s", paused.PausedUntil.Format(time.RFC3339Nano), err, c.want)
			}
			if got := h.listed(id).PausedUntil; !got.Equal(paused.PausedUntil) {
				t.Errorf("selected from as paused until %s", got)
			}
			for _, past := range []bool{false, true} {
				clock.Time = paused.PausedUntil.Add(-time.Millisecond)
				if past {
					clock.Time = paused.PausedUntil
				}
				seen, err := h.Shop(t.Context(), h.actor("ada"), id)
				if err != nil || seen.PausedUntil.IsZero() != past {
					t.Errorf("seen at %s as paused until %s, %v", clock.Time, seen.PausedUntil, err)
				}
				for who, mine := range map[string]bool{"ada": true, "op": false} {
					list, _, err := h.Shops(t.Context(), h.actor(who), mine, "", outcry.Page{})
					if err != nil || len(list) != 1 || list[0].PausedUntil.IsZero() != past {
						t.Errorf("%s lists at %s %+v, %v", who, clock.Time, list, err)
					}
				}
			}
		})
	}
}

func TestPause_Faults(t *testing.T) {
	t.Parallel()
	h, clock := atNoon(t)
	id := h.active("ada").ID
	for name, c := range map[string]struct {
		pause    onboarding.Pause
		location string
	}{
		"both":              {onboarding.Pause{ForS: new(60.0), Until: new(clock.Add(time.Hour))}, "body.for_s"},
		"no time":           {onboarding.Pause{ForS: new(0.0)}, "body.for_s"},
		"less than none":    {onboarding.Pause{ForS: new(-60.0)}, "body.for_s"},
		"what is no number": {onboarding.Pause{ForS: new(math.NaN())}, "body.for_s"},
		"for ever":          {onboarding.Pause{ForS: new(math.Inf(1))}, "body.for_s"},
		"a hundred years":   {onboarding.Pause{ForS: new(100 * 365 * 86400.0)}, "body.for_s"},
		"until now":         {onboarding.Pause{Until: new(clock.Time)}, "body.until"},
		"until yesterday":   {onboarding.Pause{Until: new(clock.Add(-24 * time.Hour))}, "body.until"},
		"until no time":     {onboarding.Pause{Until: new(time.Time)}, "body.until"},
		"until 2100 passed": {onboarding.Pause{Until: new(onboarding.UntilToldOtherwise.Add(time.Millisecond))}, "body.until"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := h.Pause(t.Context(), h.actor("ada"), id, c.pause)
			wantsFaults(t, err, c.location)
		})
	}
}

func TestResume_EndsAPause(t *testing.T) {
	t.Parallel()
	h, _ := atNoon(t)
	id := h.active("ada").ID
	if _, err := h.Pause(t.Context(), h.actor("ada"), id, onboarding.Pause{}); err != nil {
		t.Fatal(err)
	}
	for _, times := range []string{"once", "again"} {
		shop, err := h.Resume(t.Context(), h.server("ada", id), id)
		if err != nil || !shop.PausedUntil.IsZero() || !h.listed(id).PausedUntil.IsZero() {
			t.Errorf("%s: it is %+v, %v, selected from as paused until %s", times, shop, err, h.listed(id).PausedUntil)
		}
	}
	_, err := h.Resume(t.Context(), h.actor("op"), "shop_none")
	wants(t, err, outcry.NotFound, "not_found")
}

func TestChange_PausesAndGoesOn(t *testing.T) {
	t.Parallel()
	h, clock := atNoon(t)
	id, ada := h.active("ada").ID, h.actor("ada")
	soon := clock.Add(time.Hour)
	shop, err := h.Change(t.Context(), ada, id, onboarding.ShopChange{PausedUntil: &soon})
	if err != nil || !shop.PausedUntil.Equal(soon) {
		t.Fatal(shop.PausedUntil, err)
	}
	_, err = h.Change(t.Context(), ada, id, onboarding.ShopChange{PausedUntil: new(clock.Time), Name: new("")})
	wantsFaults(t, err, "body.paused_until", "body.name")
	if shop, err = h.Change(t.Context(), ada, id, onboarding.ShopChange{PriceLevel: new(3)}); err != nil || !shop.PausedUntil.Equal(soon) {
		t.Errorf("another change left it paused until %s, %v", shop.PausedUntil, err)
	}
	clock.Time = soon
	if shop, err = h.Change(t.Context(), ada, id, onboarding.ShopChange{PriceLevel: new(2)}); err != nil || !shop.PausedUntil.IsZero() {
		t.Errorf("after the pause it is paused until %s, %v", shop.PausedUntil, err)
	}
	clock.Time = soon.Add(-time.Minute)
	if shop, err = h.Change(t.Context(), ada, id, onboarding.ShopChange{PausedUntil: new(time.Time)}); err != nil || !shop.PausedUntil.IsZero() {
		t.Errorf("the pause was ended, but it is paused until %s, %v", shop.PausedUntil, err)
	}
}

func TestRegister_TheFaultOfEndlessQuietHoursSaysToPause(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	r := registration()
	r.QuietHours = "24/7"
	_, err := h.Register(t.Context(), h.actor("ada"), r)
	e, ok := errors.AsType[*outcry.Error](err)
	if !ok || len(e.Fields) != 1 || !strings.Contains(e.Fields[0].Message, "pause the shop") {
		t.Errorf("says %v", err)
	}
	r.QuietHours = "Mo-Su 00:00-23:59"
	if shop, err := h.Register(t.Context(), h.actor("ada"), r); err != nil || shop.QuietHours != r.QuietHours || h.listed(shop.ID).QuietHours != r.QuietHours {
		t.Errorf("the quiet hours are %q, %v", shop.QuietHours, err)
	}
}

func TestImport_KeepsWhatAShopSaidOfItsCalls(t *testing.T) {
	t.Parallel()
	h, _ := atNoon(t)
	file := func(name string) *strings.Reader {
		return strings.NewReader("id,name,lat,lon,kind\n1," + name + ",1,1,bakery\n")
	}
	if _, err := h.Import(t.Context(), h.actor("op"), file("One"), onboarding.Plan{TimeZone: "UTC", Source: "x"}); err != nil {
		t.Fatal(err)
	}
	shop := h.from("x/1")
	if shop.QuietHours != "" || !shop.PausedUntil.IsZero() || shop.MostOpen != 0 || shop.MostHourly != 0 {
		t.Errorf("imported as %+v", shop)
	}
	said, err := h.Change(t.Context(), h.actor("op"), shop.ID, onboarding.ShopChange{
		QuietHours: new("Su"), MostOpen: new(2), MostHourly: new(9), PausedUntil: new(onboarding.UntilToldOtherwise),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Import(t.Context(), h.actor("op"), file("Two"), onboarding.Plan{TimeZone: "UTC", Source: "x"}); err != nil {
		t.Fatal(err)
	}
	for what, got := range map[string]outcry.Shop{"kept": h.from("x/1"), "selected from": h.listed(shop.ID)} {
		if got.Name != "Two" || got.QuietHours != "Su" || !got.PausedUntil.Equal(said.PausedUntil) || got.MostOpen != 2 || got.MostHourly != 9 {
			t.Errorf("%s as %+v", what, got)
		}
	}
}
