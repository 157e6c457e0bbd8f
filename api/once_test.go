package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"outcry"
	"outcry/api"
)

const keyHeader = "Idempotency-Key"

func TestOnce_TheFirstAnswerIsReplayed(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	buyer, body := m.guest(), mustJSON(t, need())
	first := buyer.send("POST", "/v1/requests", body, keyHeader, "k1")
	again := buyer.send("POST", "/v1/requests", body, keyHeader, "k1")
	if first.status != http.StatusCreated || first.header.Get("Idempotency-Replayed") != "" {
		t.Fatalf("the first answer is %d %v", first.status, first.header)
	}
	if again.status != http.StatusCreated || !bytes.Equal(first.body, again.body) || again.header.Get("Idempotency-Replayed") != "true" ||
		again.header.Get("Location") != first.header.Get("Location") || again.header.Get("Content-Type") != "application/json" {
		t.Errorf("the second answer is %d %v %s", again.status, again.header, again.body)
	}
	other := buyer.send("POST", "/v1/requests", strings.Replace(body, "3000", "3001", 1), keyHeader, "k1")
	if other.status != http.StatusUnprocessableEntity || other.text("code") != "idempotency_mismatch" {
		t.Errorf("another body with the key: %d %s", other.status, other.body)
	}
	second := buyer.send("POST", "/v1/requests", body, keyHeader, "k2")
	if second.text("id") == first.text("id") {
		t.Error("another key gave the same request")
	}
	list := buyer.must(http.StatusOK, "GET", "/v1/requests", nil)
	if n := len(items(list)); n != 2 {
		t.Errorf("two keys made %d requests", n)
	}
}

func TestOnce_KeysAreACallersOwn(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	body := mustJSON(t, need())
	one, two := m.guest(), m.guest()
	a, b := one.send("POST", "/v1/requests", body, keyHeader, "same"), two.send("POST", "/v1/requests", body, keyHeader, "same")
	if b.status != http.StatusCreated || a.text("id") == b.text("id") || b.header.Get("Idempotency-Replayed") != "" {
		t.Errorf("another's key was heeded: %s", b.body)
	}
}

func TestOnce_StrangersAreKnownByTheirAddress(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	a := m.stranger().send("POST", "/v1/members", `{"guest": true}`, keyHeader, "g1")
	b := m.stranger().send("POST", "/v1/members", `{"guest": true}`, keyHeader, "g1")
	if a.text("id") == "" || a.text("id") != b.text("id") || a.text("token") != b.text("token") {
		t.Errorf("the same key made two guests: %s %s", a.body, b.body)
	}
	caller{m, b.text("token")}.must(http.StatusOK, "GET", "/v1/me", nil)
}

func TestOnce_KeysArePrintable(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	for _, key := range []string{"", strings.Repeat("k", 256), "a\tb", "ключ"} {
		got := m.stranger().send("POST", "/v1/members", `{"guest": true}`, keyHeader, key)
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(string(got.body), "header.Idempotency-Key") {
			t.Errorf("the key %.20q: %d %s", key, got.status, got.body)
		}
	}
	if got := m.stranger().send("POST", "/v1/members", `{"guest": true}`, keyHeader, strings.Repeat("~", 255)); got.status != http.StatusCreated {
		t.Errorf("a key of 255 characters: %d %s", got.status, got.body)
	}
}

func TestOnce_ARefusedCallGivesTheKeyFree(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	buyer := m.guest()
	bad := buyer.send("POST", "/v1/requests", `{"radius_m": -1}`, keyHeader, "k")
	good := buyer.send("POST", "/v1/requests", mustJSON(t, need()), keyHeader, "k")
	if bad.status != http.StatusUnprocessableEntity || good.status != http.StatusCreated {
		t.Errorf("refused with %d, mended with %d: %s", bad.status, good.status, good.body)
	}
}

func TestOnce_ADecisionIsKeptThoughItRefuses(t *testing.T) {
	t.Parallel()
	s := newScene(t).over(t)
	s.prepare("placed")
	path := "/v1/offers/" + s.ids["OFFER"] + "/accept"
	first := s.callers["buyer"].send("POST", path, `{"version": 1}`, keyHeader, "k")
	again := s.callers["buyer"].send("POST", path, `{"version": 1}`, keyHeader, "k")
	if first.status != http.StatusConflict || !bytes.Equal(first.body, again.body) || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("a conflict was answered %d %s, then %d %s", first.status, first.body, again.status, again.body)
	}
}

func TestOnce_AfterAFaultTheSameKeyFindsWhatWasDone(t *testing.T) {
	t.Parallel()
	s := newScene(t).over(t)
	s.prepare("offered")
	broken := s.market.over(func(c *api.Config) { c.Parties = &members{Parties: c.Parties, fails: 1} })
	buyer := caller{broken, s.callers["buyer"].token}
	path := "/v1/offers/" + s.ids["OFFER"] + "/accept"
	first := buyer.send("POST", path, `{"version": 1}`, keyHeader, "k")
	if first.status != http.StatusInternalServerError || strings.Contains(string(first.body), marker) {
		t.Fatalf("the fault is answered %d %s", first.status, first.body)
	}
	again := buyer.send("POST", path, `{"version": 1}`, keyHeader, "k")
	if again.status != http.StatusCreated || again.header.Get("Idempotency-Replayed") != "" {
		t.Errorf("the same key after a fault: %d %s", again.status, again.body)
	}
	if other := buyer.send("POST", path, `{"version": 1}`, keyHeader, "other"); other.status != http.StatusConflict {
		t.Errorf("another key found the order too: %d %s", other.status, other.body)
	}
}

func TestOnce_ACallThatRunsIsNotDoneTwice(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	buyer := m.guest()
	begun, end := make(chan struct{}), make(chan struct{})
	kept := newOnces()
	kept.begin = func() { begun <- struct{}{}; <-end }
	slow := caller{m.over(func(c *api.Config) { c.Onces = kept }), buyer.token}
	body := mustJSON(t, need())
	first := make(chan reply)
	go func() { first <- slow.send("POST", "/v1/requests", body, keyHeader, "k") }()
	<-begun
	got := slow.send("POST", "/v1/requests", body, keyHeader, "k")
	if got.status != http.StatusConflict || got.text("code") != "idempotency_running" {
		t.Errorf("the same key meanwhile: %d %s", got.status, got.body)
	}
	close(end)
	if got := <-first; got.status != http.StatusCreated {
		t.Errorf("the first call: %d %s", got.status, got.body)
	}
}

func TestOnce_WhatAnEarlierProcessBeganIsDoneAsOfThen(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	buyer := m.guest()
	kept := newOnces()
	next := caller{m.over(func(c *api.Config) { c.Onces = kept }), buyer.token}
	body := mustJSON(t, need())
	next.send("POST", "/v1/requests", body, keyHeader, "k")
	begun := time.Now().Add(-time.Hour).Truncate(time.Millisecond)
	for _, h := range kept.calls { // as if the process had ended before its answer was kept
		h.At, h.Run, h.answer = begun, "earlier", api.OnceAnswer{}
	}
	got := next.send("POST", "/v1/requests", body, keyHeader, "k")
	want := outcry.NewID(outcry.RequestPrefix, begun, strings.NewReader("0123456789"))[:len(outcry.RequestPrefix)+10]
	if got.status != http.StatusCreated || !strings.HasPrefix(got.text("id"), want) {
		t.Errorf("the call was taken over as %d %s, want an id of %s", got.status, got.text("id"), want)
	}
}

func TestOnce_KeptAnswersHoldNoSecretAndNoKey(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	body := mustJSON(t, map[string]any{"email": "ada@example.org", "password": password, "name": "Ada"})
	m.stranger().must(http.StatusCreated, "POST", "/v1/members", body)
	kept := newOnces()
	over := m.over(func(c *api.Config) { c.Onces = kept })
	body = mustJSON(t, map[string]any{"email": "ada@example.org", "password": password})
	first := over.stranger().send("POST", "/v1/sessions", body, keyHeader, "my-own-key")
	again := over.stranger().send("POST", "/v1/sessions", body, keyHeader, "my-own-key")
	if first.text("token") == "" || first.text("token") != again.text("token") {
		t.Fatalf("the session is not replayed: %s %s", first.body, again.body)
	}
	for name, h := range kept.calls {
		all := strings.Join(name[:], " ") + string(h.answer.Header) + string(h.answer.Body)
		if strings.Contains(all, first.text("token")) || strings.Contains(all, "my-own-key") || strings.Contains(all, "expires_at") {
			t.Errorf("a secret is kept in the clear: %q", all)
		}
	}
}
