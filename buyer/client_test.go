package buyer_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"outcry"
	"outcry/buyer"
	"outcry/wire"
	"outcry/wire/dial"
)

func TestClient_CallsWhatTheContractNames(t *testing.T) {
	t.Parallel()
	m := open()
	defer m.Close()
	ctx := t.Context()
	stranger := buyer.New(buyer.Config{Server: m.URL})
	c, _, err := stranger.SignIn(ctx, "a@b.test", "secret secret")
	guest, member, errGuest := stranger.Guest(ctx, "", "")
	if err != nil || errGuest != nil || c.Token() != "ocs_member" || guest.Token() != "ocs_guest" || member.Token != "" || stranger.Token() != "" {
		t.Fatal(err, errGuest, c.Token(), guest.Token(), stranger.Token())
	}
	for _, call := range []struct {
		want string
		call func() error
	}{
		{"DELETE /v1/sessions/current", func() error { return c.SignOut(ctx) }},
		{"GET /v1/me", func() error { return second(c.Me(ctx)) }},
		{"POST /v1/requests/preview", func() error { return second(c.Preview(ctx, wire.NewRequest{})) }},
		{"GET /v1/requests/req_1", func() error { return second(c.Request(ctx, "req_1")) }},
		{"POST /v1/requests/req_1/withdraw", func() error { return second(c.Withdraw(ctx, "req_1")) }},
		{"POST /v1/requests/req_1/extend", func() error { return second(c.Extend(ctx, "req_1", wire.Extension{})) }},
		{"POST /v1/requests/req_1/widen", func() error { return second(c.Widen(ctx, "req_1", wire.Widening{RadiusM: 1})) }},
		{"GET /v1/requests/req_1/board", func() error { return second(c.Board(ctx, "req_1", "")) }},
		{"GET /v1/requests/req_1/board?rank=price", func() error { return second(c.Board(ctx, "req_1", outcry.RankPrice)) }},
		{"GET /v1/orders/ord_1", func() error { return second(c.Order(ctx, "ord_1")) }},
		{"POST /v1/orders/ord_1/complete", func() error { return second(c.Complete(ctx, "ord_1")) }},
		{"POST /v1/orders/ord_1/cancel", func() error { return second(c.Cancel(ctx, "ord_1", "late")) }},
		{"POST /v1/orders/ord_1/rating", func() error { return second(c.Rate(ctx, "ord_1", 5, "")) }},
		{"POST /v1/requests/req_1/threads/shop_1/messages", func() error { return second(c.Say(ctx, "req_1", "shop_1", "hello")) }},
		{"GET /v1/signals?limit=5&locale=ko&q=%EB%B9%B5", func() error { return second(c.Signals(ctx, "빵", "ko", 5)) }},
		{"GET /v1/signals/osm:shop=bakery", func() error { return second(c.Signal(ctx, "osm:shop=bakery")) }},
	} {
		if err := call.call(); err != nil {
			t.Errorf("%s: %v", call.want, err)
		}
		if got := m.seen[len(m.seen)-1]; got != call.want+" Bearer ocs_member" {
			t.Errorf("called %q, not %q", got, call.want)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestLists_GoOnToTheLastPage(t *testing.T) {
	t.Parallel()
	m := open()
	defer m.Close()
	c := buyer.New(buyer.Config{Server: m.URL, Token: "x"})
	want := []string{"first", "second", "third"}
	for name, got := range map[string][]string{
		"requests": ids(t, c.Requests(t.Context()), func(r wire.Request) string { return r.ID }),
		"orders":   ids(t, c.Orders(t.Context()), func(o wire.Order) string { return o.ID }),
		"messages": ids(t, c.Messages(t.Context(), "req_1", "shop_1"), func(m wire.Message) string { return m.ID }),
	} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if !slices.Contains(m.seen, "GET /v1/orders?after=two&mine=true Bearer x") {
		t.Errorf("the second page of one's own orders was asked for as %q", m.seen)
	}
}

func ids[T any](t *testing.T, list iter.Seq2[T, error], id func(T) string) []string {
	t.Helper()
	var got []string
	for item, err := range list {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, id(item))
	}
	return got
}

func TestWatch_EveryEventOnceAcrossABrokenLine(t *testing.T) {
	t.Parallel()
	m := open(
		event(4, wire.EventCalled, wire.Called{Wave: 2})+event(5, wire.EventDeclined, wire.Declined{Reason: "closed"}),
		event(6, wire.EventOfferRevised, wire.OfferNews{BoardOffer: bread})+event(7, wire.EventMessage, wire.Message{Text: "hi"}),
		event(8, wire.EventOrder, wire.OrderNews{State: outcry.OrderPlaced})+event(9, wire.EventClosed, wire.Closed{Reason: outcry.ClosedAccepted}),
	)
	defer m.Close()
	got, err := watched(t, m, 3)
	want := []string{"called", "declined", "line_lost", "line_back", "offer_revised", "message", "line_lost", "line_back", "order", "closed", "line_lost"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"3", "5", "7", "9"}, m.cursors); diff != "" {
		t.Error("cursors", diff)
	}
	if outcry.KindOf(err) != outcry.NotFound {
		t.Errorf("ended with %v", err)
	}
}

func TestWatch_AResetBringsTheBoardAndRepeatsNothingOnIt(t *testing.T) {
	t.Parallel()
	m := open(event(5, wire.EventReset, map[string]int{"seq": 5}) + // the board is at 7
		event(6, wire.EventCalled, wire.Called{}) + event(7, wire.EventOffer, wire.OfferNews{BoardOffer: bread}) +
		event(8, wire.EventClosed, wire.Closed{}))
	defer m.Close()
	c := buyer.New(buyer.Config{Server: m.URL, Token: "x"})
	var got []int64
	for e, err := range c.Watch(t.Context(), "req_1", 900) {
		if err != nil || e.Kind == dial.Lost {
			break
		}
		if e.Kind == wire.EventReset && (e.Board == nil || len(e.Board.Offers) != 1) {
			t.Errorf("the reset brought %v", e.Board)
		}
		got = append(got, e.Seq)
	}
	if diff := cmp.Diff([]int64{7, 8}, got); diff != "" {
		t.Error(diff)
	}
}

func TestWatch_AnUnreadableEventEndsIt(t *testing.T) {
	t.Parallel()
	m := open("id: 1\nevent: offer\ndata: {\"version\":\"one\"}\n\n")
	defer m.Close()
	if got, err := watched(t, m, 0); err == nil || len(got) != 0 {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestWatch_AKindOfANewerServerIsHandedOn(t *testing.T) {
	t.Parallel()
	m := open(event(1, "weather", "rain"))
	defer m.Close()
	if got, _ := watched(t, m, 0); !slices.Contains(got, "weather") {
		t.Errorf("got %v", got)
	}
}

// watched are the kinds of the events until the watch ends.
func watched(t *testing.T, m *market, after int64) (kinds []string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for e, err := range buyer.New(buyer.Config{Server: m.URL, Token: "x"}).Watch(ctx, "req_1", after) {
		if err != nil {
			return kinds, err
		}
		kinds = append(kinds, e.Kind)
	}
	return kinds, ctx.Err()
}

func TestClient_WhatTheServerRefusesIsItsError(t *testing.T) {
	t.Parallel()
	m := open()
	defer m.Close()
	_, err := watched(t, m, 0)
	var e *outcry.Error
	if !errors.As(err, &e) || e.Code != "not_found" || !strings.Contains(e.Msg, "no such request") {
		t.Errorf("got %v", err)
	}
}
