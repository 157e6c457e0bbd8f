package onboarding_test

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"outcry"
	"outcry/onboarding"
)

// sender notes what it is told.
type sender struct {
	put      []outcry.Webhook
	dropped  []string
	replayed []outcry.Delivery
}

func (s *sender) Put(w outcry.Webhook) { s.put = append(s.put, w) }
func (s *sender) Drop(id string)       { s.dropped = append(s.dropped, id) }

func (s *sender) Try(_ context.Context, w outcry.Webhook) (outcry.Delivery, error) {
	return outcry.Delivery{Webhook: w.ID, Status: 200}, nil
}

func (s *sender) Replay(_ context.Context, d outcry.Delivery) (outcry.Delivery, error) {
	s.replayed = append(s.replayed, d)
	return d, nil
}

// last is the webhook that the sender was told of last.
func (h *hall) last() outcry.Webhook {
	h.t.Helper()
	if len(h.sender.put) == 0 {
		h.t.Fatal("the sender was told of no webhook")
	}
	return h.sender.put[len(h.sender.put)-1]
}

func aHook() onboarding.NewWebhook {
	return onboarding.NewWebhook{URL: "https://till.example/outcry", Events: []outcry.Told{"order", "call", "call"}}
}

// secretOf checks that a secret is as Standard Webhooks wants it.
func secretOf(t *testing.T, secret string) {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || !strings.HasPrefix(secret, "whsec_") || len(key) < 24 || len(key) > 64 {
		t.Errorf("the secret %q is %d bytes, %v", secret, len(key), err)
	}
}

func TestWebhook_RegisteredWithASecretShownOnce(t *testing.T) {
	t.Parallel()
	h, _ := atNoon(t)
	shop := h.active("ada").ID
	w, err := h.AddWebhook(t.Context(), h.server("ada", shop), shop, aHook())
	if err != nil {
		t.Fatal(err)
	}
	secretOf(t, w.Secret)
	if !slices.Equal(w.Events, []outcry.Told{"call", "order"}) || w.Shop != shop || w.By != "mem_ada" || w.URL != aHook().URL {
		t.Errorf("the webhook is %+v", w)
	}
	if h.last().Secret != w.Secret {
		t.Error("the sender does not know the secret")
	}
	if h.listed(shop).Answers != outcry.BySoftware {
		t.Error("software does not answer the shop's calls")
	}
	all, err := h.WebhooksOf(t.Context(), h.key("ada", outcry.ScopeRead), shop)
	if err != nil || len(all) != 1 || all[0].ID != w.ID || all[0].Secret != "" || all[0].Former != "" {
		t.Errorf("listed is %+v, %v", all, err)
	}
}

func TestWebhook_WithoutCallsChangesNotWhoAnswers(t *testing.T) {
	t.Parallel()
	h, _ := atNoon(t)
	shop := h.active("ada").ID
	n := aHook()
	n.Events = []outcry.Told{"order"}
	if _, err := h.AddWebhook(t.Context(), h.actor("ada"), shop, n); err != nil || h.listed(shop).Answers != outcry.ByPerson {
		t.Errorf("answered by %s, %v", h.listed(shop).Answers, err)
	}
}

func TestWebhook_ForItsShopsPeopleAlone(t *testing.T) {
	t.Parallel()
	h, _ := atNoon(t)
	shop, other := h.active("ada").ID, h.active("bea").ID
	w, err := h.AddWebhook(t.Context(), h.actor("op"), shop, aHook())
	if err != nil {
		t.Fatal(err)
	}
	id := outcry.Delivery{Webhook: w.ID, Seq: 1}.ID()
	ctx := t.Context()
	for name, do := range map[string]func(a outcry.Actor) error{
		"add":    func(a outcry.Actor) error { _, err := h.AddWebhook(ctx, a, shop, aHook()); return err },
		"rotate": func(a outcry.Actor) error { _, err := h.RotateWebhook(ctx, a, w.ID, nil); return err },
		"test":   func(a outcry.Actor) error { _, err := h.TryWebhook(ctx, a, w.ID); return err },
		"remove": func(a outcry.Actor) error { return h.RemoveWebhook(ctx, a, w.ID) },
		"replay": func(a outcry.Actor) error { _, err := h.Replay(ctx, a, id); return err },
		"list":   func(a outcry.Actor) error { _, err := h.WebhooksOf(ctx, a, shop); return err },
		"deliveries": func(a outcry.Actor) error {
			_, _, err := h.DeliveriesOf(ctx, a, w.ID, outcry.Page{})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			wants(t, do(outcry.Actor{}), outcry.Unauthorized, "no_token")
			wants(t, do(h.actor("bea")), outcry.NotFound, "not_found")
			wants(t, do(h.server("bea", other)), outcry.NotFound, "not_found")
			wants(t, do(h.key("ada", outcry.ScopeBuy)), outcry.NotFound, "not_found")
			if name != "list" && name != "deliveries" {
				wants(t, do(h.key("ada", outcry.ScopeRead)), outcry.Forbidden, "read_only")
			}
		})
	}
	if len(h.sender.put) != 1 || len(h.sender.dropped)+len(h.sender.replayed) != 0 {
		t.Errorf("the sender was told %+v", h.sender)
	}
}

func TestWebhook_URLs(t *testing.T) {
	t.Parallel()
	bad := []string{
		"", "till.example", "/outcry", "https://", "https:till.example", "ftp://till.example/", "http://till.example/", "https://ada:x@till.example/",
		"https://ada@till.example/", "https://till.example/#x", "https://till.example/#", "https://till.example:22/", "https://till.example:0/",
		"https://till.example:99999/", "https://till.example:6000/", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/", "https://169.254.169.254/latest",
		"https://[::ffff:10.0.0.1]/", "https://[fe80::1%25eth0]/", "https://localhost/", "https://LOCALHOST:8443/", "https://till/", "https://printer.local/",
		"https://metadata.google.internal/", "https://x.localhost./", "https://till.example/\n", "https://till.example/ x\x00", "https://[fd00::1]/",
		"https://till.example/" + strings.Repeat("x", 2000),
	}
	good := []string{"https://till.example", "https://till.example:8443/a?b=c", "https://1.1.1.1/", "https://[2606:4700::1111]:443/", " https://till.example/x "}
	mayLoop := []string{"http://127.0.0.1:8080/", "http://localhost:8080/", "https://[::1]:8443/", "http://[::ffff:127.0.0.1]:8080/"}
	for _, loopback := range []bool{false, true} {
		h := newHall(t, func(c *onboarding.Config) { c.Reach.Loopback = loopback })
		try := func(url string, want bool) {
			t.Helper()
			shop := h.register("op").ID
			_, err := h.AddWebhook(t.Context(), h.actor("op"), shop, onboarding.NewWebhook{URL: url, Events: []outcry.Told{"order"}})
			if want != (err == nil) {
				t.Errorf("%q with loopback %v: %v", url, loopback, err)
			}
			if !want {
				wants(t, err, outcry.Invalid, "invalid")
			}
		}
		for _, url := range bad {
			own := loopback && (strings.Contains(url, "://127.") || strings.Contains(url, "[::1]") || strings.Contains(strings.ToLower(url), "/localhost"))
			try(url, own || strings.HasSuffix(url, "\n"))
		}
		for _, url := range good {
			try(url, true)
		}
		for _, url := range mayLoop {
			try(url, loopback)
		}
	}
}

func TestWebhook_Events(t *testing.T) {
	t.Parallel()
	h, _ := atNoon(t)
	shop := h.active("ada").ID
	for _, events := range [][]outcry.Told{nil, {}, {"calls"}, {"call", "offer"}, {"CALL"}, {""}} {
		_, err := h.AddWebhook(t.Context(), h.actor("ada"), shop, onboarding.NewWebhook{URL: "https://till.example/", Events: events})
		wantsFaults(t, err, "body.events")
	}
}

func TestWebhook_AtMostFive(t *testing.T) {
	t.Parallel()
	h, _ := atNoon(t)
	shop := h.active("ada").ID
	add := func(url string) error {
		_, err := h.AddWebhook(t.Context(), h.actor("ada"), shop, onboarding.NewWebhook{URL: url, Events: []outcry.Told{"order"}})
		return err
	}
	for _, n := range "12345" {
		if err := add("https://till.example/" + string(n)); err != nil {
			t.Fatal(err)
		}
	}
	wants(t, add("https://till.example/6"), outcry.Conflict, "too_many_webhooks")
	wants(t, add("https://till.example/1"), outcry.Conflict, "exists")
}

func TestRotate_BothSecretsForAWhile(t *testing.T) {
	t.Parallel()
	h, clock := atNoon(t)
	shop := h.active("ada").ID
	first, err := h.AddWebhook(t.Context(), h.actor("ada"), shop, aHook())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		keep *float64
		ends time.Time
	}{
		{nil, clock.Add(24 * time.Hour)}, {new(60.0), clock.Add(time.Minute)}, {new(604800.0), clock.Add(7 * 24 * time.Hour)}, {new(0.0), time.Time{}},
	} {
		before := h.last()
		w, err := h.RotateWebhook(t.Context(), h.actor("ada"), first.ID, c.keep)
		if err != nil {
			t.Fatal(err)
		}
		secretOf(t, w.Secret)
		former := before.Secret
		if c.ends.IsZero() {
			former = ""
		}
		if w.Secret == before.Secret || w.Former != former || !w.FormerUntil.Equal(c.ends) || h.last().Secret != w.Secret || h.last().Former != former {
			t.Errorf("rotated to %+v from %+v", w, before)
		}
	}
	for _, keep := range []float64{-1, 604801} {
		_, err := h.RotateWebhook(t.Context(), h.actor("ada"), first.ID, &keep)
		wantsFaults(t, err, "body.keep_former_s")
	}
	if _, err := h.RotateWebhook(t.Context(), h.actor("ada"), first.ID, new(60.0)); err != nil {
		t.Fatal(err)
	}
	clock.Time = clock.Add(time.Minute)
	all, err := h.WebhooksOf(t.Context(), h.actor("ada"), shop)
	if err != nil || !all[0].FormerUntil.IsZero() {
		t.Errorf("when the former has ended it is told until %v, %v", all[0].FormerUntil, err)
	}
}

func TestReplay_OfAWebhookThatTakesSomething(t *testing.T) {
	t.Parallel()
	h, _ := atNoon(t)
	shop := h.active("ada").ID
	w, err := h.AddWebhook(t.Context(), h.actor("ada"), shop, aHook())
	if err != nil {
		t.Fatal(err)
	}
	d := outcry.Delivery{Webhook: w.ID, Seq: 7, Type: outcry.ToldOrder, State: outcry.DeliveryFailed}
	if err := h.store.SaveOutbox(t.Context(), outcry.Outbox{Deliveries: []outcry.Delivery{d}}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Replay(t.Context(), h.actor("ada"), d.ID()); err != nil || len(h.sender.replayed) != 1 || h.sender.replayed[0].Seq != 7 {
		t.Errorf("replayed %+v, %v", h.sender.replayed, err)
	}
	for _, id := range []string{"x", outcry.Delivery{Webhook: w.ID, Seq: 8}.ID()} {
		_, err := h.Replay(t.Context(), h.actor("ada"), id)
		wants(t, err, outcry.NotFound, "not_found")
	}
	if _, err := h.store.ChangeWebhook(t.Context(), w.ID, func(w *outcry.Webhook) error { w.Disabled = time.Now(); return nil }); err != nil {
		t.Fatal(err)
	}
	_, err = h.Replay(t.Context(), h.actor("ada"), d.ID())
	wants(t, err, outcry.Conflict, "webhook_disabled")
}

func TestSpeaker_SpeaksForItsShopAlone(t *testing.T) {
	t.Parallel()
	a := onboarding.Speaker(outcry.Webhook{Shop: "shop_1", By: "mem_ada"})
	if !a.Serves("shop_1") || a.Serves("shop_2") || a.Operates() || a.Buys("mem_ada") || a.MayWrite() != nil {
		t.Error("a webhook speaks for others")
	}
}
