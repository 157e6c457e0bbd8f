package deal_test

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"outcry"
	"outcry/matching/deal"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// offered is a board on which two shops have offered at version 2, valid for an
// hour.
func offered() *outcry.Board {
	when := noon.Add(3 * time.Hour)
	b := outcry.NewBoard(outcry.Request{
		ID: outcry.NewID(outcry.RequestPrefix, noon, rand.Reader), Buyer: "mem_a", Accepts: 1,
		State: outcry.RequestOpen, Created: noon,
		Ask: outcry.Ask{
			Code: "osm:shop=bakery", Quantity: 3, Attributes: json.RawMessage(`{"seeds":true}`), Note: "sliced",
			Place: outcry.Place{Lat: 55.95331, Lon: -3.18127}, NeededAt: &when, Deadline: noon.Add(time.Minute), Wanted: 2,
		},
	})
	b.Apply(outcry.Event{Wave: &outcry.Wave{N: 1, Calls: []outcry.Called{{N: 0, Shop: "shop_0"}, {N: 1, Shop: "shop_1"}, {N: 2, Shop: "shop_2"}}}})
	for n := range 2 {
		b.Apply(outcry.Event{Kind: outcry.EventOffer, Offer: &outcry.Offer{
			ID: outcry.OfferID(b.Request.ID, n), Call: n, Version: 2,
			Bid: outcry.Bid{
				Price: outcry.Money{Amount: 750, Currency: "GBP"}, Message: "warm", AvailableAt: &when,
				Attributes: json.RawMessage(`{"seeds":"poppy"}`), ValidUntil: noon.Add(time.Hour),
			},
		}})
	}
	return b
}

func accept(b *outcry.Board, n int, a deal.Acceptance) (outcry.Order, error) {
	if a.At.IsZero() {
		a.At = noon.Add(time.Second)
	}
	a.ID = "ord_1"
	return deal.Accept(b, b.Call(n), a)
}

// order has the offer of a call become an order that stands at a state.
func order(b *outcry.Board, n int, state outcry.OrderState) {
	b.Apply(outcry.Event{Order: &outcry.OrderStep{Order: "ord_0", Offer: outcry.OfferID(b.Request.ID, n), State: state}})
}

func closed(b *outcry.Board, reason outcry.ClosedReason) {
	b.Apply(outcry.Event{At: noon, Closing: &outcry.Closing{Reason: reason}})
}

func TestAccept_FixesTheTerms(t *testing.T) {
	t.Parallel()
	b := offered()
	got, err := accept(b, 1, deal.Acceptance{Version: 2, Contact: "ann@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	at := noon.Add(time.Second)
	want := outcry.Order{
		ID: "ord_1", Request: b.Request.ID, Offer: outcry.OfferID(b.Request.ID, 1), Shop: "shop_1", Buyer: "mem_a",
		Contact: "ann@example.org", State: outcry.OrderPlaced, Created: at, Updated: at,
		Terms: outcry.Terms{
			Code: "osm:shop=bakery", Quantity: 3, Price: outcry.Money{Amount: 750, Currency: "GBP"},
			Asked: json.RawMessage(`{"seeds":true}`), Attributes: json.RawMessage(`{"seeds":"poppy"}`), Message: "warm",
			Note: "sliced", NeededAt: b.Request.NeededAt, Available: b.Call(1).Offer.AvailableAt, Version: 2,
			Place: outcry.Place{Lat: 55.95331, Lon: -3.18127}, Accepted: at,
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the order (-want +got):\n%s", diff)
	}
}

func TestAccept_RefusesWhatMayNotBeAccepted(t *testing.T) {
	t.Parallel()
	seen := deal.Acceptance{Version: 2}
	late := deal.Acceptance{Version: 2, At: noon.Add(time.Hour)}
	for name, c := range map[string]struct {
		happened func(*outcry.Board)
		a        deal.Acceptance
		code     string
		words    string
	}{
		"live":                        {func(*outcry.Board) {}, seen, "", ""},
		"closed, and still stood by":  {func(b *outcry.Board) { closed(b, outcry.ClosedDeadline) }, seen, "", ""},
		"enough, and still stood by":  {func(b *outcry.Board) { closed(b, outcry.ClosedEnough) }, seen, "", ""},
		"an older version":            {func(*outcry.Board) {}, deal.Acceptance{Version: 1}, "offer_changed", "the offer is at version 2 (£7.50), not 1; look again"},
		"no version":                  {func(*outcry.Board) {}, deal.Acceptance{}, "offer_changed", "not 0"},
		"one to come":                 {func(*outcry.Board) {}, deal.Acceptance{Version: 3}, "offer_changed", "not 3"},
		"accepted already":            {func(b *outcry.Board) { order(b, 0, outcry.OrderPlaced) }, seen, "already_accepted", "order ord_0"},
		"another was accepted":        {func(b *outcry.Board) { order(b, 1, outcry.OrderConfirmed) }, seen, "already_accepted", "all the orders it may"},
		"another was, and called off": {func(b *outcry.Board) { order(b, 1, outcry.OrderPlaced); order(b, 1, outcry.OrderCancelled) }, seen, "", ""},
		"its own order called off":    {func(b *outcry.Board) { order(b, 0, outcry.OrderPlaced); order(b, 0, outcry.OrderRefused) }, seen, "already_accepted", ""},
		"the request withdrawn":       {func(b *outcry.Board) { closed(b, outcry.ClosedWithdrawn) }, seen, "request_withdrawn", "ask again"},
		"expired":                     {func(*outcry.Board) {}, late, "offer_expired", "until 2026-11-23T13:00:00Z"},
		"withdrawn by the shop": {func(b *outcry.Board) {
			b.Apply(outcry.Event{Kind: outcry.EventOfferWithdrawn, Offer: b.Call(0).Offer})
		}, seen, "offer_withdrawn", ""},
	} {
		b := offered()
		c.happened(b)
		got, err := accept(b, 0, c.a)
		kind := outcry.Kind("")
		if c.code != "" {
			kind = outcry.Conflict
		}
		if outcry.CodeOf(err) != c.code || outcry.KindOf(err) != kind || (got.ID == "") != (err != nil) {
			t.Errorf("%s: %q, %v; want %q", name, got.ID, err, c.code)
		}
		if err != nil && !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v, want it to say %q", name, err, c.words)
		}
	}
	b := offered()
	if _, err := accept(b, 2, seen); outcry.KindOf(err) != outcry.NotFound {
		t.Errorf("a call without an offer: %v, want not_found", err)
	}
}

func TestAccept_ContactIsBounded(t *testing.T) {
	t.Parallel()
	if _, err := accept(offered(), 0, deal.Acceptance{Version: 2, Contact: strings.Repeat("é", deal.MaxContact)}); err != nil {
		t.Error(err)
	}
	_, err := accept(offered(), 0, deal.Acceptance{Version: 2, Contact: strings.Repeat("é", deal.MaxContact+1)})
	if got := fields(err); !slices.Equal(got, []string{"body.contact"}) {
		t.Errorf("a longer one: %v", err)
	}
}

// fields are the parts that an error complains about.
func fields(err error) (found []string) {
	var e *outcry.Error
	if errors.As(err, &e) && e.Kind == outcry.Invalid {
		for _, f := range e.Fields {
			found = append(found, f.Location)
		}
	}
	return found
}
