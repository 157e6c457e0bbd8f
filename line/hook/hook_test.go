package hook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"outcry"
	"outcry/line/hook"
)

// verify checks a signature as Standard Webhooks tells receivers to, and says by
// which of its parts it is good.
func verify(t *testing.T, h hit, secret string) int {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", h.head.Get("webhook-id"), h.head.Get("webhook-timestamp"), h.body)
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	return slices.Index(strings.Split(h.head.Get("webhook-signature"), " "), want)
}

func TestSign_AsOthersCompute(t *testing.T) {
	t.Parallel()
	// Computed by: openssl dgst -sha256 -mac HMAC
	got := hook.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, `{"test": 2432232314}`, secret)
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("the signature is %s, want %s", got, want)
	}
}

func TestSend_SignedInTheStandardsShape(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		w := o.hook(ok)
		e := o.call(w)
		o.pass(time.Second)
		hits := o.came(w)
		if len(hits) != 1 {
			t.Fatalf("%d requests came, want 1", len(hits))
		}
		h := hits[0]
		if verify(t, h, secret) != 0 || h.head.Get("webhook-timestamp") != fmt.Sprint(e.At.Unix()) || h.head.Get("Content-Type") != "application/json" ||
			h.id != (outcry.Delivery{Webhook: w.ID, Seq: e.Seq}).ID() {
			t.Errorf("the headers are %v", h.head)
		}
		var body map[string]any
		if err := json.Unmarshal([]byte(h.body), &body); err != nil {
			t.Fatal(err)
		}
		want := map[string]any{"type": "call", "timestamp": e.At.Format("2006-01-02T15:04:05.000Z"), "data": map[string]any{"shop": w.Shop, "seq": float64(e.Seq)}}
		if fmt.Sprint(body) != fmt.Sprint(want) {
			t.Errorf("the body is %v, want %v", body, want)
		}
		d := o.only(w)
		if d.State != outcry.DeliveryDelivered || d.Attempts != 1 || d.Status != 200 || d.Type != outcry.ToldCall || d.Error != "" || !d.Next.IsZero() {
			t.Errorf("the delivery is %+v", d)
		}
	})
}

func TestSend_OnlyWhatIsWantedAndItsOwn(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		orders, all, other := o.hook(ok, outcry.ToldOrder), o.hook(ok), o.hook(ok)
		o.call(orders, all)
		o.order(orders)
		o.write(all)
		o.happens(outcry.Event{Kind: outcry.EventDeclined, Shop: all.Shop, Decline: &outcry.Decline{}})
		o.pass(time.Second)
		for w, want := range map[*outcry.Webhook]string{&orders: "order", &all: "call message", &other: ""} {
			var got []string
			for _, d := range o.deliveries(*w) {
				got = append(got, string(d.Type))
			}
			if strings.Join(got, " ") != want || len(o.came(*w)) != len(got) {
				t.Errorf("%s was told %v by %d requests, want %q", w.Shop, got, len(o.came(*w)), want)
			}
		}
	})
}

func TestSend_TwoSecretsUntilTheFormerEnds(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		w := o.hook(ok)
		w, err := o.store.ChangeWebhook(t.Context(), w.ID, func(w *outcry.Webhook) error {
			w.Secret, w.Former, w.FormerUntil = second, w.Secret, time.Now().Add(time.Hour)
			return nil
		})
		o.must(err)
		o.Put(w)
		o.write(w)
		o.pass(time.Hour)
		o.write(w)
		o.pass(time.Second)
		hits := o.came(w)
		if len(hits) != 2 {
			t.Fatalf("%d requests came", len(hits))
		}
		if verify(t, hits[0], second) != 0 || verify(t, hits[0], secret) != 1 {
			t.Errorf("while both are good the signature is %q", hits[0].head.Get("webhook-signature"))
		}
		if verify(t, hits[1], second) != 0 || verify(t, hits[1], secret) != -1 {
			t.Errorf("when the former has ended the signature is %q", hits[1].head.Get("webhook-signature"))
		}
	})
}

func TestRetry_CallsWithinTheirDeadline(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		o.deadline = 20 * time.Second
		w := o.hook(func(hit) reply { return reply{status: 503} }, outcry.ToldCall)
		e := o.call(w)
		o.pass(time.Hour)
		hits := o.came(w)
		if len(hits) < 4 || len(hits) > 8 {
			t.Errorf("%d attempts were made", len(hits))
		}
		for i, h := range hits {
			if !h.at.Before(e.At.Add(o.deadline)) || h.id != hits[0].id || verify(t, h, secret) != 0 {
				t.Errorf("attempt %d came after %v as %s", i+1, h.at.Sub(e.At), h.id)
			}
		}
		if d := o.only(w); d.State != outcry.DeliveryFailed || d.Attempts != len(hits) || d.Status != 503 || d.Error != "status 503" || !d.Next.IsZero() {
			t.Errorf("the delivery is %+v", d)
		}
	})
}

func TestRetry_AnAttemptEndsAtTheDeadline(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		o.deadline = 3 * time.Second
		w := o.hook(hangs)
		o.call(w)
		o.pass(time.Minute)
		if d := o.only(w); d.State != outcry.DeliveryFailed || d.Took != 3*time.Second || d.Error != "no answer in time" {
			t.Errorf("the delivery is %+v", d)
		}
	})
}

func TestRetry_OrdersForADayEverLater(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		w := o.hook(func(hit) reply { return reply{status: 500} }, outcry.ToldOrder)
		e := o.order(w)
		o.pass(30 * time.Hour)
		hits := o.came(w)
		if len(hits) < 8 || len(hits) > 70 {
			t.Errorf("%d attempts were made", len(hits))
		}
		if last := hits[len(hits)-1].at.Sub(e.At); last > 24*time.Hour+time.Hour || last < 15*time.Hour {
			t.Errorf("the last attempt was after %v", last)
		}
		if d := o.only(w); d.State != outcry.DeliveryFailed || d.Attempts != len(hits) {
			t.Errorf("the delivery is %+v", d)
		}
	})
}

func TestRetry_TakenAtLast(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		w := o.hook(func(h hit) reply {
			if h.nth < 3 {
				return reply{status: 500, body: "oops"}
			}
			return reply{status: 204}
		})
		o.call(w)
		o.pass(300 * time.Millisecond) // less than the first wait at its shortest, and one save
		if d := o.only(w); d.State != outcry.DeliveryWaiting || d.Attempts != 1 || d.Next.IsZero() {
			t.Errorf("while it waits the delivery is %+v", d)
		}
		o.pass(time.Minute)
		if d := o.only(w); d.State != outcry.DeliveryDelivered || d.Attempts != 3 || d.Status != 204 || d.Error != "" {
			t.Errorf("the delivery is %+v", d)
		}
	})
}

func TestRetry_HeedsRetryAfter(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		w := o.hook(func(h hit) reply {
			if h.nth == 1 {
				return reply{status: 429, head: http.Header{"Retry-After": {"600"}}}
			}
			return reply{status: 200}
		})
		e := o.order(w)
		o.pass(time.Hour)
		if hits := o.came(w); len(hits) != 2 || hits[1].at.Sub(e.At) < 10*time.Minute {
			t.Errorf("the attempts came at %v", hits)
		}
	})
}

func TestSend_NothingAfterGone(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		w := o.hook(func(hit) reply { return reply{status: http.StatusGone} })
		if o.connected(w.Shop) != 1 {
			t.Fatal("the shop does not count as connected")
		}
		o.order(w)
		o.pass(time.Second)
		o.order(w)
		o.pass(2 * time.Hour)
		if hits := o.came(w); len(hits) != 1 {
			t.Errorf("%d requests came, want 1", len(hits))
		}
		kept, err := o.store.Webhook(t.Context(), w.ID)
		o.must(err)
		if kept.Disabled.IsZero() || kept.Reason == "" || o.connected(w.Shop) != 0 {
			t.Errorf("the webhook is %+v, connected %d", kept, o.connected(w.Shop))
		}
		if d := o.only(w); d.State != outcry.DeliveryFailed || d.Status != http.StatusGone {
			t.Errorf("the delivery is %+v", d)
		}
		o.crash()
		o.order(w)
		o.pass(time.Second)
		if hits := o.came(w); len(hits) != 1 || o.connected(w.Shop) != 0 {
			t.Errorf("after a start %d requests have come", len(hits))
		}
	})
}

func TestDown_CannotBeCalledUntilItAnswersAgain(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		well := false
		w := o.hook(func(hit) reply {
			if well {
				return reply{status: 200}
			}
			return reply{status: 502}
		})
		o.order(w)
		o.pass(3 * time.Minute)
		since, next := o.Failing(w.ID)
		if o.connected(w.Shop) != 0 || since.IsZero() || !next.After(time.Now()) {
			t.Fatalf("it fails since %v, until %v, and is connected %d times", since, next, o.connected(w.Shop))
		}
		for range 3 * hook.MostHeld {
			o.write(w)
		}
		if held := o.Held(w.ID); held > 2 {
			t.Errorf("%d events are held for one that is down", held)
		}
		o.set(func() { well = true })
		o.pass(time.Hour)
		since, _ = o.Failing(w.ID)
		if o.connected(w.Shop) != 1 || !since.IsZero() {
			t.Errorf("it fails since %v, and is connected %d times", since, o.connected(w.Shop))
		}
		taken := map[string]bool{}
		for _, h := range o.came(w) {
			if well {
				taken[h.id] = true
			}
		}
		if len(taken) != 3*hook.MostHeld+1 {
			t.Errorf("%d events were sent, want %d", len(taken), 3*hook.MostHeld+1)
		}
	})
}

func TestDown_SendsAllThatWaitsWhenItIsBack(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		well := false
		w := o.hook(func(hit) reply {
			if well {
				return reply{status: 200}
			}
			return reply{status: 500, head: http.Header{"Retry-After": {"14400"}}}
		})
		for range 4 {
			o.order(w)
		}
		o.pass(6 * time.Second)
		o.order(w)
		o.pass(time.Second)
		if since, _ := o.Failing(w.ID); since.IsZero() {
			t.Fatal("it is not known to fail")
		}
		o.set(func() { well = true })
		o.pass(time.Minute)
		var at []time.Time
		for _, d := range o.deliveries(w) {
			if d.State != outcry.DeliveryDelivered {
				t.Errorf("the delivery is %+v", d)
			}
			at = append(at, d.Tried)
		}
		slices.SortFunc(at, time.Time.Compare)
		if len(at) != 5 || at[4].Sub(at[0]) > time.Second {
			t.Errorf("delivered at %v", at)
		}
	})
}
