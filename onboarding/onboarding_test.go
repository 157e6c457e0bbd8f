package onboarding_test

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"outcry"
	"outcry/matching/selection"
	"outcry/onboarding"
	"outcry/store"
)

var (
	_ onboarding.Shops    = (*store.Store)(nil)
	_ onboarding.Pairings = (*store.Store)(nil)
	_ onboarding.Books    = (*store.Store)(nil)
	_ onboarding.Listings = (*selection.Index)(nil)

	_ onboarding.Webhooks   = (*store.Store)(nil)
	_ onboarding.Deliveries = (*store.Store)(nil)
)

// hall is an onboarding on a store in memory, with members to act.
type hall struct {
	*onboarding.Onboarding
	t      *testing.T
	store  *store.Store
	scan   *selection.Index
	actors *actors
	sender *sender
}

func newHall(t *testing.T, change ...func(*onboarding.Config)) *hall {
	t.Helper()
	st, err := store.OpenMemory(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	h := &hall{t: t, store: st, scan: selection.NewIndex(), actors: &actors{}, sender: &sender{}}
	c := onboarding.Config{
		Shops: st, Pairings: st, Books: st, Listings: h.scan, Actors: h.actors, Kinds: kinds{}, Clock: time.Now, Random: rand.Reader,
		Webhooks: st, Deliveries: st, Sender: h.sender, Failing: func(string) (since, next time.Time) { return },
		Find: func(ctx context.Context, staff string, state outcry.ShopState, p outcry.Page) ([]outcry.Shop, string, error) {
			return st.Shops(ctx, store.ShopFilter{Staff: staff, State: state}, p)
		},
	}
	for _, do := range change {
		do(&c)
	}
	h.Onboarding = onboarding.New(c)
	for _, id := range []string{"ada", "bea", "op", "guest"} {
		if err := st.AddMember(t.Context(), outcry.Member{ID: "mem_" + id, Email: id, Operator: id == "op", Guest: id == "guest"}, ""); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// actor is a member as it is in the store now, with a session.
func (h *hall) actor(id string) outcry.Actor { return h.with(id, outcry.Token{}) }

// with is a member as a token shows it.
func (h *hall) with(id string, token outcry.Token) outcry.Actor {
	h.t.Helper()
	ctx := h.t.Context()
	m, err := h.store.Member(ctx, "mem_"+id)
	if err != nil {
		h.t.Fatal(err)
	}
	shops, _, err := h.store.Shops(ctx, store.ShopFilter{Staff: m.ID}, outcry.Page{Limit: outcry.MaxPage})
	if err != nil {
		h.t.Fatal(err)
	}
	var staff []string
	for _, s := range shops {
		staff = append(staff, s.ID)
	}
	token.Member = m.ID
	return outcry.NewActor(m, token, staff)
}

// key is a member as a key with the scopes shows it.
func (h *hall) key(id string, scopes ...outcry.Scope) outcry.Actor {
	return h.with(id, outcry.Token{Name: "k", Scopes: scopes})
}

// server is a shop's paired shop server.
func (h *hall) server(owner, shop string) outcry.Actor {
	return h.with(owner, outcry.Token{Name: "till", Shop: shop, Scopes: []outcry.Scope{outcry.ScopeShop}})
}

// registration is one that nothing is wrong with.
func registration() onboarding.Registration {
	return onboarding.Registration{
		Name: "Balgreen Bakery", Place: &outcry.Place{Lat: 55.93, Lon: -3.25}, ServiceRadiusM: new(3000), TimeZone: "Europe/London",
		Contact: "0131 496 0000",
	}
}

// register makes a shop of a member's.
func (h *hall) register(id string) outcry.Shop {
	h.t.Helper()
	shop, err := h.Register(h.t.Context(), h.actor(id), registration())
	if err != nil {
		h.t.Fatal(err)
	}
	return shop
}

// active makes an active shop of a member's.
func (h *hall) active(id string) outcry.Shop {
	h.t.Helper()
	shop, err := h.Approve(h.t.Context(), h.actor("op"), h.register(id).ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return shop
}

// listed is the shop as it is selected from.
func (h *hall) listed(id string) outcry.Shop {
	h.t.Helper()
	shop, ok := h.scan.Shop(id)
	if !ok {
		h.t.Fatalf("the shop %s is not selected from", id)
	}
	return shop
}

// actors notes who was forgotten.
type actors struct {
	mu        sync.Mutex
	forgotten []string
}

func (a *actors) Forget(member string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.forgotten = append(a.forgotten, member)
}

func (a *actors) has(member string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Contains(a.forgotten, member)
}

// kinds are a few kinds of shops.
type kinds struct{}

var kindNames = map[outcry.Code]string{
	"osm:shop=bakery": "Bakery", "osm:shop=shoes": "Shoe Shop", "osm:craft=plumber": "Plumber", "osm:amenity=restaurant": "Restaurant",
	"osm:amenity=restaurant.cuisine=italian": "Italian Restaurant", "osm:office=estate_agent": "Estate Agent", "osm:shop=hairdresser": "Hairdresser",
	"shopify:aa-8": "Shoes", "osm:tourism=hotel": "Hotel",
}

func (kinds) Get(code outcry.Code) (outcry.Signal, bool) {
	if code == "osm:shop=cobbler" {
		return outcry.Signal{Code: code, Retired: true, ReplacedBy: "osm:shop=shoes"}, true
	}
	name, ok := kindNames[code]
	return outcry.Signal{Code: code, Names: map[string]string{"en": name}}, ok
}

func (kinds) CodesForTags(tags map[string]string) []outcry.Code {
	var codes []outcry.Code
	for key, value := range tags {
		code := outcry.Code("osm:" + key + "=" + value)
		if narrow := code + ".cuisine=" + outcry.Code(tags["cuisine"]); kindNames[narrow] != "" {
			code = narrow
		}
		if kindNames[code] != "" {
			codes = append(codes, code)
		}
	}
	return codes
}

func (kinds) Best(words, _ string) (outcry.Code, bool) {
	var best outcry.Code
	for code, name := range kindNames {
		if strings.Contains(strings.ToLower(words), strings.ToLower(name)) && code.Scheme() == "osm" && len(name) > len(kindNames[best]) {
			best = code
		}
	}
	return best, best != ""
}

func (kinds) Sells(code outcry.Code) []outcry.Code {
	if code == "osm:shop=shoes" {
		return []outcry.Code{"shopify:aa-8"}
	}
	return nil
}

// wants checks the kind and code of an error.
func wants(t *testing.T, err error, kind outcry.Kind, code string) {
	t.Helper()
	if outcry.KindOf(err) != kind || outcry.CodeOf(err) != code {
		t.Errorf("error is %v (%s, %s), want %s, %s", err, outcry.KindOf(err), outcry.CodeOf(err), kind, code)
	}
}

// wantsFaults checks that an error is about these locations and no others.
func wantsFaults(t *testing.T, err error, locations ...string) {
	t.Helper()
	wants(t, err, outcry.Invalid, "invalid")
	var e *outcry.Error
	if !errors.As(err, &e) {
		return
	}
	var got []string
	for _, f := range e.Fields {
		got = append(got, f.Location)
	}
	slices.Sort(got)
	slices.Sort(locations)
	if !slices.Equal(got, locations) {
		t.Errorf("complains about %q, want %q", got, locations)
	}
}

//go:fix inline
