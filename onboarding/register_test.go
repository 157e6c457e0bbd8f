package onboarding_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"outcry"
	"outcry/onboarding"
)

func TestRegister_WaitsForTheOperator(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	shop := h.register("ada")
	if shop.State != outcry.ShopPending || shop.Owner != "mem_ada" || shop.PriceLevel != 2 || shop.Answers != outcry.ByPerson ||
		!slices.Equal(shop.Languages, []string{"en"}) || !slices.Equal(shop.Capabilities, []outcry.Capability{outcry.Pickup}) {
		t.Errorf("the shop is %+v", shop)
	}
	if !h.actor("ada").Serves(shop.ID) || !h.actors.has("mem_ada") {
		t.Error("the owner is not its staff at once")
	}
	if h.listed(shop.ID).State != outcry.ShopPending {
		t.Error("it is selected from as active")
	}
}

func TestRegister_TellsEveryFaultAtOnce(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	_, err := h.Register(t.Context(), h.actor("ada"), onboarding.Registration{})
	wantsFaults(t, err, "body.name", "body.place", "body.service_radius_m", "body.time_zone")
	_, err = h.Register(t.Context(), h.actor("ada"), onboarding.Registration{
		Name: "a\nb", Place: &outcry.Place{Lat: math.NaN(), Lon: 181}, ServiceRadiusM: new(0), Hours: "Mo-Blah 9-17", TimeZone: "Mars/Olympus",
		Languages: []string{"en", "?"}, PriceLevel: new(5), Capabilities: []string{"fly"}, Contact: strings.Repeat("x", 301),
		QuietHours: "at night", MostOpen: -1, MostHourly: 1001,
	})
	wantsFaults(t, err, "body.name", "body.place.lat", "body.place.lon", "body.service_radius_m", "body.hours", "body.time_zone",
		"body.languages[1]", "body.price_level", "body.capabilities[0]", "body.contact", "body.quiet_hours", "body.limits.open", "body.limits.hourly")
}

func TestRegister_Faults(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	for name, c := range map[string]struct {
		change   func(*onboarding.Registration)
		location string
	}{
		"no name":                {func(r *onboarding.Registration) { r.Name = "  " }, "body.name"},
		"a name of 121":          {func(r *onboarding.Registration) { r.Name = strings.Repeat("빵", 121) }, "body.name"},
		"a name of no UTF-8":     {func(r *onboarding.Registration) { r.Name = "a\xff" }, "body.name"},
		"a huge radius":          {func(r *onboarding.Registration) { r.ServiceRadiusM = new(1_000_000_000) }, "body.service_radius_m"},
		"hours of 1,001 bytes":   {func(r *onboarding.Registration) { r.Hours = strings.Repeat("Mo 09:00-10:00;", 67) }, "body.hours"},
		"the machine's zone":     {func(r *onboarding.Registration) { r.TimeZone = "Local" }, "body.time_zone"},
		"a zone of the disk":     {func(r *onboarding.Registration) { r.TimeZone = "../../etc/passwd" }, "body.time_zone"},
		"price level 0":          {func(r *onboarding.Registration) { r.PriceLevel = new(0) }, "body.price_level"},
		"21 languages":           {func(r *onboarding.Registration) { r.Languages = slices.Repeat([]string{"en"}, 21) }, "body.languages"},
		"nine capabilities":      {func(r *onboarding.Registration) { r.Capabilities = slices.Repeat([]string{"visit"}, 9) }, "body.capabilities"},
		"a contact with NUL":     {func(r *onboarding.Registration) { r.Contact = "a\x00" }, "body.contact"},
		"a place off the globe":  {func(r *onboarding.Registration) { r.Place = &outcry.Place{Lat: -90.1} }, "body.place.lat"},
		"long quiet hours":       {func(r *onboarding.Registration) { r.QuietHours = strings.Repeat("Mo 09:00-10:00;", 67) }, "body.quiet_hours"},
		"endless quiet hours":    {func(r *onboarding.Registration) { r.QuietHours = "Mo-Su 00:00-24:00" }, "body.quiet_hours"},
		"1,001 open calls":       {func(r *onboarding.Registration) { r.MostOpen = 1001 }, "body.limits.open"},
		"-1 calls an hour":       {func(r *onboarding.Registration) { r.MostHourly = -1 }, "body.limits.hourly"},
		"an undetermined tongue": {func(r *onboarding.Registration) { r.Languages = []string{"und"} }, "body.languages[0]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := registration()
			c.change(&r)
			_, err := h.Register(t.Context(), h.actor("ada"), r)
			wantsFaults(t, err, c.location)
		})
	}
}

func TestRegister_TheHoursFaultSaysWhere(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	r := registration()
	r.Hours = "Mo-Fr 09:00-25:99"
	_, err := h.Register(t.Context(), h.actor("ada"), r)
	var e *outcry.Error
	if !errors.As(err, &e) || len(e.Fields) != 1 || !strings.Contains(e.Fields[0].Message, "25:99") {
		t.Errorf("says %v; want it to name the piece", err)
	}
}

func TestRegister_WhoMay(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	shop := h.register("bea")
	for name, c := range map[string]struct {
		actor outcry.Actor
		kind  outcry.Kind
		code  string
	}{
		"a member":        {h.actor("ada"), "", ""},
		"the operator":    {h.actor("op"), "", ""},
		"a key for shops": {h.key("ada", outcry.ScopeShop), "", ""},
		"a stranger":      {outcry.Actor{}, outcry.Unauthorized, "no_token"},
		"a guest":         {h.actor("guest"), outcry.Forbidden, "guest"},
		"a key to buy":    {h.key("ada", outcry.ScopeBuy), outcry.Forbidden, "scope"},
		"a key to read":   {h.key("ada", outcry.ScopeRead), outcry.Forbidden, "read_only"},
		"a shop server":   {h.server("bea", shop.ID), outcry.Forbidden, "scope"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := h.Register(t.Context(), c.actor, registration())
			wants(t, err, c.kind, c.code)
		})
	}
}

func TestRegister_AgainIsTheSameShop(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	ctx := outcry.WithSeed(t.Context(), outcry.Seed{At: time.Now(), Key: "mem_ada POST /v1/shops retry"})
	first, err := h.Register(ctx, h.actor("ada"), registration())
	if err != nil {
		t.Fatal(err)
	}
	second, err := h.Register(ctx, h.actor("ada"), registration())
	if err != nil || first.ID != second.ID || !first.Created.Equal(second.Created) {
		t.Errorf("registered %+v, then %+v, %v", first, second, err)
	}
}

func TestRegister_AHeapOfPendingShopsIsTooMany(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	for range 200 {
		h.register("ada")
	}
	_, err := h.Register(t.Context(), h.actor("ada"), registration())
	wants(t, err, outcry.Conflict, "too_many_pending")
	h.register("bea")
}

func TestChange_KeepsWhatIsNotNamed(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	shop := h.active("ada")
	changed, err := h.Change(t.Context(), h.server("ada", shop.ID), shop.ID, onboarding.ShopChange{Hours: new("24/7"), PriceLevel: new(4)})
	if err != nil {
		t.Fatal(err)
	}
	want := shop
	want.Hours, want.PriceLevel, want.Updated = "24/7", 4, changed.Updated
	if changed.Name != want.Name || changed.Place != want.Place || changed.Contact != want.Contact || changed.Hours != "24/7" ||
		changed.PriceLevel != 4 || changed.State != outcry.ShopActive || changed.TimeZone != want.TimeZone {
		t.Errorf("became %+v, want %+v", changed, want)
	}
	if got := h.listed(shop.ID); got.Hours != "24/7" || got.PriceLevel != 4 {
		t.Errorf("is selected from as %+v", got)
	}
}

func TestChange_Everything(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	shop := h.register("ada")
	changed, err := h.Change(t.Context(), h.actor("op"), shop.ID, onboarding.ShopChange{
		Name: new("New"), Place: &outcry.Place{Lat: 1, Lon: 2}, ServiceRadiusM: new(7), Hours: new(""), TimeZone: new("Asia/Seoul"),
		Languages: &[]string{"ko"}, PriceLevel: new(1), Capabilities: &[]string{"visit"}, Contact: new(""),
		QuietHours: new(" Mo-Su 22:00-07:00 "), MostOpen: new(1), MostHourly: new(1000),
	})
	if err != nil {
		t.Fatal(err)
	}
	if changed.Name != "New" || changed.Place.Lat != 1 || changed.ServiceRadiusM != 7 || changed.TimeZone != "Asia/Seoul" || changed.Languages[0] != "ko" ||
		changed.PriceLevel != 1 || changed.Capabilities[0] != outcry.Visit || changed.Contact != "" || changed.Owner != "mem_ada" ||
		changed.QuietHours != "Mo-Su 22:00-07:00" || changed.MostOpen != 1 || changed.MostHourly != 1000 {
		t.Errorf("became %+v", changed)
	}
	changed, err = h.Change(t.Context(), h.actor("op"), shop.ID, onboarding.ShopChange{MostOpen: new(0), QuietHours: new("")})
	if err != nil || changed.QuietHours != "" || changed.MostOpen != 0 || changed.MostHourly != 1000 {
		t.Errorf("became %+v, %v", changed, err)
	}
	_, err = h.Change(t.Context(), h.actor("op"), shop.ID, onboarding.ShopChange{Name: new(""), Hours: new("?"), TimeZone: new("")})
	wantsFaults(t, err, "body.name", "body.hours", "body.time_zone")
	_, err = h.Change(t.Context(), h.actor("op"), shop.ID, onboarding.ShopChange{})
	wantsFaults(t, err, "body")
}

func TestShop_WhoMayDoWhat(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	active, pending, other := h.active("ada"), h.register("ada"), h.active("bea")
	change := func(ctx context.Context, a outcry.Actor, id string) error {
		_, err := h.Change(ctx, a, id, onboarding.ShopChange{PriceLevel: new(3)})
		return err
	}
	pair := func(ctx context.Context, a outcry.Actor, id string) error {
		_, _, err := h.NewPairing(ctx, a, id)
		return err
	}
	pause := func(ctx context.Context, a outcry.Actor, id string) error {
		_, err := h.Pause(ctx, a, id, onboarding.Pause{})
		return err
	}
	resume := func(ctx context.Context, a outcry.Actor, id string) error { _, err := h.Resume(ctx, a, id); return err }
	approve := func(ctx context.Context, a outcry.Actor, id string) error {
		_, err := h.Approve(ctx, a, id)
		return err
	}
	see := func(ctx context.Context, a outcry.Actor, id string) error { _, err := h.Shop(ctx, a, id); return err }
	const ok, no, missing, operator = "", "no_token", "not_found", "operator_only"
	for name, c := range map[string]struct {
		actor                                        outcry.Actor
		seeActive, seePending, change, pair, approve string
	}{
		"a stranger":       {outcry.Actor{}, no, no, no, no, no},
		"another buyer":    {h.actor("bea"), ok, missing, missing, missing, operator},
		"a guest":          {h.actor("guest"), ok, missing, missing, missing, operator},
		"its staff":        {h.actor("ada"), ok, ok, ok, ok, operator},
		"its staff's key":  {h.key("ada", outcry.ScopeShop), ok, ok, ok, ok, operator},
		"its staff buying": {h.key("ada", outcry.ScopeBuy), ok, missing, missing, missing, operator},
		"its reader":       {h.key("ada", outcry.ScopeRead), ok, ok, "read_only", "read_only", "read_only"},
		"its shop server":  {h.server("ada", active.ID), ok, missing, ok, "scope", operator},
		"another's server": {h.server("bea", other.ID), ok, missing, missing, missing, operator},
		"the operator":     {h.actor("op"), ok, ok, ok, ok, ok},
		"op's buying key":  {h.key("op", outcry.ScopeBuy), ok, missing, missing, missing, operator},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for what, got := range map[string]struct {
				err  error
				want string
			}{
				"see an active shop": {see(t.Context(), c.actor, active.ID), c.seeActive},
				"see a pending one":  {see(t.Context(), c.actor, pending.ID), c.seePending},
				"change it":          {change(t.Context(), c.actor, active.ID), c.change},
				"pause it":           {pause(t.Context(), c.actor, active.ID), c.change},
				"let it go on":       {resume(t.Context(), c.actor, active.ID), c.change},
				"pair a server":      {pair(t.Context(), c.actor, active.ID), c.pair},
				"approve it":         {approve(t.Context(), c.actor, active.ID), c.approve},
			} {
				if outcry.CodeOf(got.err) != got.want {
					t.Errorf("to %s: %v, want %q", what, got.err, got.want)
				}
			}
		})
	}
}

func TestShop_OthersSeeNeitherItsContactNorWhenItIsCalled(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	until := time.Now().Add(time.Hour).UTC().Truncate(time.Millisecond)
	shop, err := h.Change(t.Context(), h.actor("op"), h.active("ada").ID, onboarding.ShopChange{
		QuietHours: new("Su"), MostOpen: new(2), MostHourly: new(9), PausedUntil: &until,
	})
	if err != nil {
		t.Fatal(err)
	}
	own := func(s outcry.Shop) []any {
		return []any{s.Contact, s.QuietHours, s.PausedUntil, s.MostOpen, s.MostHourly}
	}
	all, none := []any{"0131 496 0000", "Su", until, 2, 9}, []any{"", "", time.Time{}, 0, 0}
	for _, who := range []string{"bea", "guest"} {
		seen, err := h.Shop(t.Context(), h.actor(who), shop.ID)
		if err != nil || !slices.Equal(own(seen), none) || seen.Owner != "" || seen.Name != shop.Name {
			t.Errorf("%s sees %+v, %v", who, seen, err)
		}
		list, _, err := h.Shops(t.Context(), h.actor(who), false, "", outcry.Page{})
		if err != nil || len(list) != 1 || !slices.Equal(own(list[0]), none) || list[0].Owner != "" {
			t.Errorf("%s lists %+v, %v", who, list, err)
		}
	}
	for _, who := range []string{"ada", "op"} {
		if seen, err := h.Shop(t.Context(), h.actor(who), shop.ID); err != nil || !slices.Equal(own(seen), all) {
			t.Errorf("%s sees %+v, %v", who, seen, err)
		}
		list, _, err := h.Shops(t.Context(), h.actor(who), who == "ada", "", outcry.Page{})
		if err != nil || len(list) != 1 || !slices.Equal(own(list[0]), all) {
			t.Errorf("%s lists %+v, %v", who, list, err)
		}
	}
	_, err = h.Shop(t.Context(), h.actor("op"), "shop_none")
	wants(t, err, outcry.NotFound, "not_found")
}

func TestShops_WhoListsWhich(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	active, pending, other := h.active("ada"), h.register("ada"), h.active("bea")
	for name, c := range map[string]struct {
		actor outcry.Actor
		mine  bool
		state outcry.ShopState
		want  []string
	}{
		"mine":                {h.actor("ada"), true, "", []string{active.ID, pending.ID}},
		"mine that wait":      {h.actor("ada"), true, outcry.ShopPending, []string{pending.ID}},
		"a shop server's":     {h.server("ada", active.ID), true, "", []string{active.ID}},
		"a buying key's":      {h.key("ada", outcry.ScopeBuy), true, "", nil},
		"everybody's":         {h.actor("guest"), false, "", []string{active.ID, other.ID}},
		"everybody's active":  {h.actor("guest"), false, outcry.ShopActive, []string{active.ID, other.ID}},
		"the operator's view": {h.actor("op"), false, "", []string{active.ID, pending.ID, other.ID}},
		"what waits":          {h.actor("op"), false, outcry.ShopPending, []string{pending.ID}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			items, _, err := h.Shops(t.Context(), c.actor, c.mine, c.state, outcry.Page{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range items {
				got = append(got, s.ID)
			}
			slices.Sort(got)
			slices.Sort(c.want)
			if !slices.Equal(got, c.want) {
				t.Errorf("lists %q, want %q", got, c.want)
			}
		})
	}
	_, _, err := h.Shops(t.Context(), outcry.Actor{}, false, "", outcry.Page{})
	wants(t, err, outcry.Unauthorized, "no_token")
	_, _, err = h.Shops(t.Context(), h.actor("bea"), false, outcry.ShopPending, outcry.Page{})
	wants(t, err, outcry.Forbidden, "operator_only")
	_, _, err = h.Shops(t.Context(), h.actor("op"), false, "open", outcry.Page{})
	wantsFaults(t, err, "query.state")
}

func TestStates_FromPendingToActiveToSuspendedAndBack(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	op, id := h.actor("op"), h.register("ada").ID
	step := func(name string, do func() (outcry.Shop, error), want outcry.ShopState, code string) {
		t.Helper()
		shop, err := do()
		if outcry.CodeOf(err) != code || err == nil && shop.State != want {
			t.Errorf("%s: %+v, %v; want %s%s", name, shop, err, want, code)
		}
		if got := h.listed(id).State; got != want {
			t.Errorf("%s: selected from as %s, want %s", name, got, want)
		}
	}
	approve := func() (outcry.Shop, error) { return h.Approve(t.Context(), op, id) }
	restore := func() (outcry.Shop, error) { return h.Restore(t.Context(), op, id) }
	suspend := func(reason string) func() (outcry.Shop, error) {
		return func() (outcry.Shop, error) { return h.Suspend(t.Context(), op, id, reason) }
	}
	step("restore a pending one", restore, outcry.ShopPending, "shop_pending")
	step("approve", approve, outcry.ShopActive, "")
	step("approve again", approve, outcry.ShopActive, "")
	step("suspend without a reason", suspend(" "), outcry.ShopActive, "invalid")
	step("suspend for long", suspend(strings.Repeat("x", 301)), outcry.ShopActive, "invalid")
	step("suspend", suspend("does not answer"), outcry.ShopSuspended, "")
	step("approve a suspended one", approve, outcry.ShopSuspended, "shop_suspended")
	if shop, err := h.Shop(t.Context(), h.actor("ada"), id); err != nil || shop.Reason != "does not answer" {
		t.Errorf("the shop is told %q, %v", shop.Reason, err)
	}
	step("restore", restore, outcry.ShopActive, "")
	step("restore again", restore, outcry.ShopActive, "")
	if shop := h.listed(id); shop.Reason != "" {
		t.Errorf("still has the reason %q", shop.Reason)
	}
	_, err := h.Approve(t.Context(), op, "shop_none")
	wants(t, err, outcry.NotFound, "not_found")
}

func TestChange_ManyAtOnceEndWithWhatIsKept(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	shop := h.active("ada")
	staff, op := h.actor("ada"), h.actor("op")
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if _, err := h.Change(context.Background(), staff, shop.ID, onboarding.ShopChange{ServiceRadiusM: new(1000 + i)}); err != nil {
				t.Error(err)
			}
		})
		all.Go(func() {
			if _, err := h.Suspend(context.Background(), op, shop.ID, strings.Repeat("x", i+1)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	kept, err := h.store.Shop(t.Context(), shop.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got := h.listed(shop.ID); got.ServiceRadiusM != kept.ServiceRadiusM || got.State != outcry.ShopSuspended {
		t.Errorf("selected from as %+v, kept as %+v", got, kept)
	}
}

func TestChange_AnotherInBetweenIsListedToo(t *testing.T) {
	t.Parallel()
	in := &overtaken{}
	h := newHall(t, func(c *onboarding.Config) { in.Listings = c.Listings; c.Listings = in })
	shop, op := h.active("ada"), h.actor("op")
	in.meanwhile = func() {
		if _, err := h.Suspend(t.Context(), op, shop.ID, "rude"); err != nil {
			t.Error(err)
		}
	}
	if _, err := h.Change(t.Context(), h.actor("ada"), shop.ID, onboarding.ShopChange{PriceLevel: new(4)}); err != nil {
		t.Fatal(err)
	}
	if got := h.listed(shop.ID); got.State != outcry.ShopSuspended || got.PriceLevel != 4 {
		t.Errorf("selected from as %+v: what came in between is lost", got)
	}
}

// overtaken lets something else happen once before it takes a listing.
type overtaken struct {
	onboarding.Listings
	meanwhile func()
}

func (o *overtaken) Put(l outcry.Listing) error {
	if do := o.meanwhile; do != nil {
		o.meanwhile = nil
		do()
	}
	return o.Listings.Put(l)
}

func TestChange_IsListedThoughTheCallerHangsUp(t *testing.T) {
	t.Parallel()
	ctx, hangUp := context.WithCancel(t.Context())
	var on bool
	h := newHall(t, func(c *onboarding.Config) {
		c.Shops = hangingUp{c.Shops, func() {
			if on {
				hangUp()
			}
		}}
	})
	shop := h.active("ada")
	on = true
	if _, err := h.Change(ctx, h.actor("ada"), shop.ID, onboarding.ShopChange{PriceLevel: new(4)}); err != nil {
		t.Fatal(err)
	}
	if h.listed(shop.ID).PriceLevel != 4 {
		t.Error("the change is kept but not selected from")
	}
}

// hangingUp ends the caller's context when a change has been kept.
type hangingUp struct {
	onboarding.Shops
	hangUp func()
}

func (h hangingUp) ChangeShop(ctx context.Context, id string, change func(*outcry.Shop) error) (outcry.Shop, error) {
	defer h.hangUp()
	return h.Shops.ChangeShop(ctx, id, change)
}
