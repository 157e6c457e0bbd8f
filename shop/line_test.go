package shop_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"outcry"
	"outcry/shop"
	"outcry/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// offID is an offer, and callID its call.
var (
	request = outcry.NewID(outcry.RequestPrefix, time.Unix(1, 0), zeros{})
	offID   = outcry.OfferID(request, 3)
	callID  = outcry.CallID(request, 3)
)

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// atCounter opens a market with a line, and a client of it.
func atCounter(t *testing.T, c *counter) (*market, *shop.Client) {
	t.Helper()
	m := open()
	m.line = c
	t.Cleanup(m.Close)
	return m, shop.New(shop.Config{Server: m.URL, Key: "ock_1", Shop: "shop_1"})
}

func pounds(amount int64) wire.Bid {
	return wire.Bid{Price: outcry.Money{Amount: amount, Currency: "GBP"}}
}

func TestLine_SaysWhatTheProtocolNames(t *testing.T) {
	t.Parallel()
	c := &counter{}
	_, client := atCounter(t, c)
	ctx := t.Context()
	line := client.Open(ctx, 7)
	defer line.Close()
	for _, ask := range []struct {
		want string
		call func() error
	}{
		{`ack {"version":3}`, func() error { return second(line.Acknowledge(ctx, 3)) }},
		{`offer {"call_id":"call_1","price":{"amount":240,"currency":"GBP"}}`, func() error { return second(line.Offer(ctx, "call_1", pounds(240))) }},
		{`revise {"offer_id":"off_1","version":2,"price":{"amount":220,"currency":"GBP"}}`, func() error { return second(line.Revise(ctx, "off_1", 2, pounds(220))) }},
		{`withdraw {"offer_id":"off_1","version":3}`, func() error { return line.Withdraw(ctx, "off_1", 3) }},
		{`decline {"call_id":"call_1","reason":"sold out"}`, func() error { return line.Decline(ctx, "call_1", "sold out") }},
		{`message {"call_id":"call_1","text":"hello"}`, func() error { return second(line.Say(ctx, "call_1", "hello")) }},
	} {
		if err := ask.call(); err != nil {
			t.Errorf("%s: %v", ask.want, err)
		}
		said := c.all()
		last := said[len(said)-1]
		if got := last.Type + " " + string(last.Data); got != ask.want || last.Ref == "" || len(last.Ref) > 64 {
			t.Errorf("said %q with the ref %q, not %q", got, last.Ref, ask.want)
		}
	}
	if diff := cmp.Diff([]string{"7"}, c.after); diff != "" {
		t.Error("cursors", diff)
	}
}

func TestLine_EachEventOnceAcrossABrokenLine(t *testing.T) {
	t.Parallel()
	c := &counter{deaf: 1, frames: []wire.Frame{
		{Type: wire.EventHello, Data: wire.Hello{Name: "Bakery"}},
		{Type: wire.EventCall, Data: bread},
		{Type: wire.EventCall, Seq: 5, Data: bread},
		{Type: "past", Seq: 6},
		{Type: wire.EventClosed, Seq: 8, Data: wire.ClosedCall{ID: "call_1"}},
		{Type: "weather", Seq: 9, Data: "rain"},
	}}
	_, client := atCounter(t, c)
	ctx := t.Context()
	line := client.Open(ctx, 0)
	defer line.Close()
	var got []string
	for e, err := range line.Events(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(e.Kind, " ", e.Seq, " ", line.Cursor()))
		if e.SSE {
			t.Errorf("%s came as a server-sent event", e.Kind)
		}
		if e.Kind == "weather" {
			// The market hears it and breaks the line before it answers.
			if _, err := line.Offer(ctx, "call_1", pounds(240)); err != nil {
				t.Error(err)
			}
			break
		}
	}
	want := []string{"hello 0 0", "call 0 0", "call 5 5", "closed 8 8", "weather 9 9"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"", "9"}, c.after); diff != "" {
		t.Error("cursors", diff)
	}
	if said := c.all(); len(said) != 2 || said[0].Ref != said[1].Ref {
		t.Errorf("the offer was said %d times: %v", len(said), said)
	}
}

func TestLine_ManyAnswerAtOnce(t *testing.T) {
	t.Parallel()
	c := &counter{deaf: 3}
	_, client := atCounter(t, c)
	line := client.Open(t.Context(), 0)
	defer line.Close()
	var answering sync.WaitGroup
	for i := range 400 {
		answering.Go(func() {
			call := fmt.Sprint("call_", i)
			if o, err := line.Offer(t.Context(), call, pounds(int64(i))); err != nil || o.CallID != call || o.Price.Amount != int64(i) {
				t.Errorf("%s got %v, %v", call, o, err)
			}
		})
	}
	answering.Wait()
}

func TestLine_ALateOfferSaysWhy(t *testing.T) {
	t.Parallel()
	c := &counter{answer: func(said) wire.Frame {
		return wire.Frame{Type: wire.FrameProblem, Data: wire.Problem{Status: 409, Code: "call_closed", Detail: "time was up"}}
	}}
	_, client := atCounter(t, c)
	line := client.Open(t.Context(), 0)
	defer line.Close()
	_, err := line.Offer(t.Context(), "call_1", pounds(240))
	if outcry.KindOf(err) != outcry.Closed || outcry.CodeOf(err) != "call_closed" || len(c.all()) != 1 {
		t.Errorf("got %v after %d times", err, len(c.all()))
	}
}

func TestLine_ARevisionThatWentThroughBeforeTheBreakIsTaken(t *testing.T) {
	t.Parallel()
	m, client := atCounter(t, &counter{answer: func(said) wire.Frame {
		return wire.Frame{Type: wire.FrameProblem, Data: wire.Problem{Status: 409, Code: "offer_changed", Detail: "at version 3, not 2"}}
	}})
	m.offer = wire.Offer{ID: offID, CallID: callID, Version: 3, Price: outcry.Money{Amount: 220, Currency: "GBP"}}
	line := client.Open(t.Context(), 0)
	defer line.Close()
	if o, err := line.Revise(t.Context(), offID, 2, pounds(220)); err != nil || o.Version != 3 {
		t.Errorf("the same revision: %v, %v", o, err)
	}
	if _, err := line.Revise(t.Context(), offID, 2, pounds(210)); outcry.CodeOf(err) != "offer_changed" {
		t.Errorf("another price: %v", err)
	}
	if _, err := line.Revise(t.Context(), offID, 1, pounds(220)); outcry.CodeOf(err) != "offer_changed" {
		t.Errorf("an older version: %v", err)
	}
}

func TestLine_AMessageIsNotSaidTwice(t *testing.T) {
	t.Parallel()
	c := &counter{deaf: 1}
	_, client := atCounter(t, c)
	line := client.Open(t.Context(), 0)
	defer line.Close()
	if _, err := line.Say(t.Context(), "call_1", "hello"); outcry.CodeOf(err) != "maybe" || len(c.all()) != 1 {
		t.Errorf("got %v after %d times", err, len(c.all()))
	}
}

func TestLine_AfterAResetTheWaitingCallsAreToldOnce(t *testing.T) {
	t.Parallel()
	changed := bread
	changed.Wave = 2
	c := &counter{frames: []wire.Frame{
		{Type: wire.EventReset, Seq: 900},
		{Type: wire.EventCall, Seq: 901, Data: bread},   // the list had it as well
		{Type: wire.EventCall, Seq: 902, Data: changed}, // news of it
		{Type: wire.EventMessage, Seq: 903, Data: wire.Message{}},
	}}
	_, client := atCounter(t, c)
	var got []string
	for e, err := range client.Watch(t.Context(), 3) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(e.Kind, e.Seq))
		if e.Message != nil {
			break
		}
	}
	if diff := cmp.Diff([]string{"reset900", "call900", "call902", "message903"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestLine_WithoutWebSocketsAnswersGoOverHTTP(t *testing.T) {
	t.Parallel()
	m := open(event(4, wire.EventHello, wire.Hello{Name: "Bakery"}) + event(5, wire.EventCall, bread) + held)
	defer m.Close()
	ctx := t.Context()
	line := shop.New(shop.Config{Server: m.URL, Key: "ock_1", Shop: "shop_1"}).Open(ctx, 0)
	defer line.Close()
	for e, err := range line.Events(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Call == nil {
			continue
		}
		if !e.SSE {
			t.Error("it does not say that it came as a server-sent event")
		}
		_, offer := line.Offer(ctx, e.Call.ID, pounds(240))
		_, revise := line.Revise(ctx, "off_1", 1, pounds(240))
		_, say := line.Say(ctx, e.Call.ID, "hello")
		_, ack := line.Acknowledge(ctx, 3)
		err := errors.Join(offer, revise, say, ack, line.Withdraw(ctx, "off_1", 2), line.Decline(ctx, e.Call.ID, ""))
		if err != nil {
			t.Error(err)
		}
		break
	}
	for _, want := range []string{"POST /v1/calls/call_1/offer", `PUT /v1/offers/off_1"1"`, "POST /v1/calls/call_1/messages",
		"POST /v1/shops/shop_1/book/acknowledge", `DELETE /v1/offers/off_1"2"`, "POST /v1/calls/call_1/decline"} {
		if !slices.Contains(m.seen, want+" Bearer ock_1") {
			t.Errorf("nobody called %s: %q", want, m.seen)
		}
	}
}

func TestLine_AKeyThatWasRemovedEndsIt(t *testing.T) {
	t.Parallel()
	m := open() // no stream, and no line
	defer m.Close()
	line := shop.New(shop.Config{Server: m.URL, Key: "ock_1", Shop: "shop_1"}).Open(t.Context(), 0)
	defer line.Close()
	var last error
	for _, err := range line.Events(t.Context()) {
		last = err
	}
	if outcry.CodeOf(last) != "bad_token" {
		t.Errorf("it ended with %v", last)
	}
	if _, err := line.Offer(t.Context(), "call_1", pounds(240)); outcry.CodeOf(err) != "bad_token" {
		t.Errorf("an offer ended with %v", err)
	}
}

func TestEvent_KeepsTheJSONAsItCame(t *testing.T) {
	t.Parallel()
	c := &counter{frames: []wire.Frame{{Type: "weather", Seq: 9, Data: json.RawMessage(`{"rain": 1.50}`)}}}
	_, client := atCounter(t, c)
	for e, err := range client.Watch(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if string(e.Data) != `{"rain":1.50}` {
			t.Errorf("got %s", e.Data)
		}
		break
	}
}
