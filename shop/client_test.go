package shop_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"outcry"
	"outcry/shop"
	"outcry/wire"
	"outcry/wire/dial"
)

func TestClient_CallsWhatTheContractNames(t *testing.T) {
	t.Parallel()
	m := open()
	defer m.Close()
	ctx := t.Context()
	c, err := shop.Pair(ctx, shop.Config{Server: m.URL}, "ABCD-EFGH", "till")
	if err != nil || c.Key() != "ock_1" || c.Shop() != "shop_1" || m.seen[0] != "POST /v1/pairings/ABCD-EFGH " {
		t.Fatal(err, m.seen)
	}
	for _, call := range []struct {
		want string
		call func() error
	}{
		{"GET /v1/shops/shop_1", func() error { return second(c.Show(ctx)) }},
		{"GET /v1/shops/shop_1/figures", func() error { return second(c.Figures(ctx)) }},
		{"POST /v1/shops/shop_1/pause", func() error { return second(c.Pause(ctx, wire.Pause{})) }},
		{"POST /v1/shops/shop_1/resume", func() error { return second(c.Resume(ctx)) }},
		{"GET /v1/shops/shop_1/book", func() error { return second(c.Book(ctx)) }},
		{"POST /v1/shops/shop_1/book/acknowledge", func() error { return second(c.Acknowledge(ctx, 3)) }},
		{"GET /v1/shops/shop_1/calls", func() error { return all(c.Calls(ctx)) }},
		{"GET /v1/shops/shop_1/calls?state=waiting&state=offered", func() error { return all(c.Calls(ctx, outcry.CallWaiting, outcry.CallOffered)) }},
		{"GET /v1/calls/call_1", func() error { return second(c.Call(ctx, "call_1")) }},
		{"POST /v1/calls/call_1/offer", func() error { return second(c.Offer(ctx, "call_1", wire.Bid{})) }},
		{"POST /v1/calls/call_1/decline", func() error { return c.Decline(ctx, "call_1", "closed") }},
		{`PUT /v1/offers/off_1"2"`, func() error { return second(c.Revise(ctx, "off_1", 2, wire.Bid{})) }},
		{`DELETE /v1/offers/off_1"3"`, func() error { return c.Withdraw(ctx, "off_1", 3) }},
		{"GET /v1/orders?shop_id=shop_1", func() error { return all(c.Orders(ctx)) }},
		{"GET /v1/orders/ord_1", func() error { return second(c.Order(ctx, "ord_1")) }},
		{"POST /v1/orders/ord_1/confirm", func() error { return second(c.Confirm(ctx, "ord_1")) }},
		{"POST /v1/orders/ord_1/refuse", func() error { return second(c.Refuse(ctx, "ord_1", "sold out")) }},
		{"POST /v1/orders/ord_1/fulfil", func() error { return second(c.Fulfil(ctx, "ord_1")) }},
		{"POST /v1/orders/ord_1/cancel", func() error { return second(c.Cancel(ctx, "ord_1", "ill")) }},
		{"POST /v1/orders/ord_1/rating", func() error { return second(c.Rate(ctx, "ord_1", 4, "")) }},
		{"GET /v1/calls/call_1/messages", func() error { return all(c.Messages(ctx, "call_1")) }},
		{"POST /v1/calls/call_1/messages", func() error { return second(c.Say(ctx, "call_1", "hello")) }},
	} {
		if err := call.call(); err != nil {
			t.Errorf("%s: %v", call.want, err)
		}
		if got := m.seen[len(m.seen)-1]; got != call.want+" Bearer ock_1" {
			t.Errorf("called %q, not %q", got, call.want)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// all reads a list to its end; one without items is an error of the test.
func all[T any](list func(func(T, error) bool)) error {
	n := 0
	for _, err := range list {
		if err != nil {
			return err
		}
		n++
	}
	if n == 0 {
		return outcry.Missing("item")
	}
	return nil
}

func TestWatch_EveryEventOnceAcrossABrokenStreamWithoutWebSockets(t *testing.T) {
	t.Parallel()
	m := open(
		event(4, wire.EventHello, wire.Hello{Name: "Bakery"})+event(5, wire.EventCall, bread),
		event(6, wire.EventClosed, wire.ClosedCall{ID: "call_1"})+event(7, wire.EventBook, wire.BookNews{Version: 4}),
		event(8, wire.EventMessage, wire.Message{Text: "hi"})+event(9, wire.EventOrder, wire.OrderNews{State: outcry.OrderPlaced}),
	)
	defer m.Close()
	got, err := watched(t, m, 0)
	want := []string{"hello", "call", "line_lost", "line_back", "closed", "book", "line_lost", "line_back", "message", "order", "line_lost"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"", "5", "7", "9"}, m.cursors); diff != "" {
		t.Error("cursors", diff)
	}
	if outcry.CodeOf(err) != "bad_token" {
		t.Errorf("a key that was removed ended it with %v", err)
	}
}

func TestWatch_AfterAResetTheWaitingCallsAreTold(t *testing.T) {
	t.Parallel()
	m := open(event(900, wire.EventReset, map[string]int{"seq": 900}))
	defer m.Close()
	got, _ := watched(t, m, 3)
	if diff := cmp.Diff([]string{"reset", "call", "line_lost"}, got); diff != "" {
		t.Error(diff)
	}
	if m.cursors[0] != "3" || m.cursors[1] != "900" || m.seen[1] != "GET /v1/shops/shop_1/calls?state=waiting Bearer ock_1" {
		t.Error(m.cursors, m.seen)
	}
}

// watched are the kinds of the events until the watch ends.
func watched(t *testing.T, m *market, after int64) (kinds []string, err error) {
	t.Helper()
	c := shop.New(shop.Config{Server: m.URL, Key: "ock_1", Shop: "shop_1"})
	for e, err := range c.Watch(t.Context(), after) {
		if err != nil {
			return kinds, err
		}
		if set := e.Hello != nil || e.Call != nil || e.Closed != nil || e.Book != nil || e.Message != nil || e.Order != nil; !set &&
			e.Kind != dial.Lost && e.Kind != dial.Back && e.Kind != wire.EventReset {
			t.Errorf("the event %s has nothing in it", e.Kind)
		}
		if control := e.Kind == dial.Lost || e.Kind == dial.Back; e.SSE == control {
			t.Errorf("the event %s came by SSE: %t", e.Kind, e.SSE)
		}
		kinds = append(kinds, e.Kind)
	}
	return kinds, t.Context().Err()
}

func TestOffer_ALateOneSaysWhyAndIsNotRepeated(t *testing.T) {
	t.Parallel()
	m := open()
	m.late = true
	defer m.Close()
	_, err := shop.New(shop.Config{Server: m.URL, Key: "ock_1", Shop: "shop_1"}).Offer(t.Context(), "call_1", wire.Bid{})
	if outcry.KindOf(err) != outcry.Closed || len(m.seen) != 1 {
		t.Errorf("got %v after %d calls", err, len(m.seen))
	}
}
