package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"outcry"
	"outcry/shop"
	"outcry/wire"
)

// town is the load on a server that is being killed: buyers who ask and accept,
// shops that answer, and the ledger of what was acknowledged.
type town struct {
	t      *testing.T
	url    string
	http   *http.Client
	buyers []string // tokens
	shops  []*townShop

	mu       sync.Mutex
	requests map[string]string     // request ids by idempotency key
	offers   map[string]wire.Offer // as acknowledged last
	orders   map[string]string     // order ids by request
}

type townShop struct {
	id, key string
	mu      sync.Mutex
	heard   []string // ids of calls, as the stream brought them
}

const townCode = "osm:shop=bakery"

// newTown waits for the server and sets up members and shops.
func newTown(ctx context.Context, t *testing.T, url string) *town {
	t.Helper()
	w := &town{
		t: t, url: url, http: &http.Client{Timeout: 5 * time.Second}, requests: map[string]string{},
		offers: map[string]wire.Offer{}, orders: map[string]string{},
	}
	var operator wire.Session
	w.must(ctx, letter{method: "POST", path: "/v1/sessions", token: "", body: map[string]any{"email": operatorEmail, "password": operatorPassword}}, &operator)
	for i := range 4 {
		email, password := fmt.Sprintf("buyer%d@example.com", i), "a long password"
		w.must(ctx, letter{method: "POST", path: "/v1/members", token: "", body: map[string]any{"email": email, "password": password, "name": "Buyer"}}, nil)
		var session wire.Session
		w.must(ctx, letter{method: "POST", path: "/v1/sessions", token: "", body: map[string]any{"email": email, "password": password}}, &session)
		w.buyers = append(w.buyers, session.Token)
	}
	for i := range 4 {
		w.shops = append(w.shops, w.newShop(ctx, i, operator.Token))
	}
	return w
}

func (w *town) newShop(ctx context.Context, i int, operator string) *townShop {
	var made wire.Shop
	w.must(ctx, letter{method: "POST", path: "/v1/shops", token: w.buyers[i%len(w.buyers)], body: map[string]any{
		"name": fmt.Sprintf("Shop %d", i), "place": outcry.Place{Lat: 55.95, Lon: -3.19}, "service_radius_m": 5000,
		"hours": "24/7", "time_zone": "Europe/London", "languages": []string{"en"}, "price_level": 2,
		"capabilities": []string{"pickup"}, "contact": "at the door",
	}}, &made)
	w.must(ctx, letter{method: "POST", path: "/v1/shops/" + made.ID + "/approve", token: operator, body: nil}, nil)
	w.must(ctx, letter{method: "PUT", path: "/v1/shops/" + made.ID + "/book", token: w.buyers[i%len(w.buyers)], body: map[string]any{"codes": []string{townCode}}}, nil)
	var pairing struct{ Code string }
	w.must(ctx, letter{method: "POST", path: "/v1/shops/" + made.ID + "/pairings", token: w.buyers[i%len(w.buyers)], body: nil}, &pairing)
	var key struct{ Key string }
	w.must(ctx, letter{method: "POST", path: "/v1/pairings/" + pairing.Code, token: "", body: map[string]any{"name": "till"}}, &key)
	return &townShop{id: made.ID, key: key.Key}
}

// answer is what the server said to a call.
type answer struct {
	status int
	body   []byte
}

// letter is one request to the server.
type letter struct {
	method, path string
	token        string // "" is a stranger
	once         string // the idempotency key; "" is none
	body         any    // nil is none
}

// call sends one request and gives what came back; ok is false when nothing did,
// or only that the server cannot now.
func (w *town) call(ctx context.Context, l letter) (a answer, ok bool) {
	var in io.Reader
	if l.body != nil {
		text, err := json.Marshal(l.body)
		if err != nil {
			w.t.Error(err)
		}
		in = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(ctx, l.method, w.url+l.path, in)
	if err != nil {
		w.t.Error(err)
		return a, false
	}
	if l.body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if l.token != "" {
		r.Header.Set("Authorization", "Bearer "+l.token)
	}
	if l.once != "" {
		r.Header.Set("Idempotency-Key", l.once)
	}
	got, err := w.http.Do(r)
	if err != nil {
		return a, false
	}
	defer func() { _ = got.Body.Close() }()
	a.status = got.StatusCode
	if a.body, err = io.ReadAll(got.Body); err != nil {
		return a, false
	}
	return a, a.status < 500 && a.status != http.StatusTooManyRequests
}

// insist sends a request again and again, under one idempotency key, until the
// server answers it or ctx ends.
func (w *town) insist(ctx context.Context, l letter) (answer, bool) {
	for ctx.Err() == nil {
		a, ok := w.call(ctx, l)
		if ok && !(a.status == http.StatusConflict && bytes.Contains(a.body, []byte("idempotency_running"))) {
			return a, true
		}
		pause(ctx, 50*time.Millisecond)
	}
	return answer{}, false
}

// must is insist for what has to succeed.
func (w *town) must(ctx context.Context, l letter, into any) {
	w.t.Helper()
	a, ok := w.insist(ctx, l)
	if !ok || a.status >= 300 {
		w.t.Fatalf("%s %s: %d %s", l.method, l.path, a.status, a.body)
	}
	if into != nil {
		if err := json.Unmarshal(a.body, into); err != nil {
			w.t.Fatalf("%s %s: %v in %s", l.method, l.path, err, a.body)
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// work waits until so much more has been acknowledged, or a minute.
func (w *town) work(ctx context.Context, more int) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for before := w.done(); w.done() < before+more && ctx.Err() == nil; {
		pause(ctx, 10*time.Millisecond)
	}
}

// done is how much has been acknowledged.
func (w *town) done() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.requests) + len(w.offers) + len(w.orders)
}

// buyAll lets buyers ask and accept until ctx ends.
func (w *town) buyAll(ctx context.Context, clients *sync.WaitGroup) {
	for i, token := range w.buyers {
		for lane := range 3 {
			clients.Go(func() {
				for n := 0; ctx.Err() == nil; n++ {
					w.buy(ctx, token, fmt.Sprintf("b%d-%d-%d", i, lane, n))
				}
			})
		}
	}
}

// sellAll lets shops answer until ctx ends.
func (w *town) sellAll(ctx context.Context, clients *sync.WaitGroup) {
	for _, s := range w.shops {
		clients.Go(func() { w.sell(ctx, s) })
	}
}

// buy asks once and accepts the first offer.
func (w *town) buy(ctx context.Context, token, once string) {
	a, ok := w.insist(ctx, letter{method: "POST", path: "/v1/requests", token: token, once: once, body: map[string]any{
		"code": townCode, "place": outcry.Place{Lat: 55.95, Lon: -3.19}, "radius_m": 3000, "deadline_s": townDeadline.Seconds(),
		"wanted_offers": 3,
	}})
	if !ok {
		return
	}
	var request wire.Request
	if err := json.Unmarshal(a.body, &request); err != nil || a.status != http.StatusCreated {
		w.t.Errorf("ask: %d %s", a.status, a.body)
		return
	}
	w.mu.Lock()
	w.requests[once] = request.ID
	w.mu.Unlock()
	for range 40 {
		pause(ctx, 50*time.Millisecond)
		var board wire.Board
		a, ok := w.call(ctx, letter{method: "GET", path: "/v1/requests/" + request.ID + "/board", token: token})
		if !ok || json.Unmarshal(a.body, &board) != nil || len(board.Offers) == 0 {
			continue
		}
		w.accept(ctx, token, once, request.ID, board.Offers[0])
		return
	}
}

// accept turns an offer into an order, or learns that it changed.
func (w *town) accept(ctx context.Context, token, once, request string, o wire.BoardOffer) {
	a, ok := w.insist(ctx, letter{
		method: "POST", path: "/v1/offers/" + o.ID + "/accept", token: token, once: once + "-accept",
		body: map[string]any{"version": o.Version},
	})
	if !ok || a.status == http.StatusConflict {
		return
	}
	var order wire.Order
	if err := json.Unmarshal(a.body, &order); err != nil || a.status != http.StatusCreated {
		w.t.Errorf("accept: %d %s", a.status, a.body)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.orders[request] = order.ID
}

// sell answers every call that the shop's stream brings.
func (w *town) sell(ctx context.Context, s *townShop) {
	kit := shop.New(shop.Config{Server: w.url, Key: s.key, Shop: s.id})
	n := int64(0)
	for e, err := range kit.Watch(ctx, 0) {
		if err != nil {
			if ctx.Err() == nil {
				w.t.Errorf("the stream of %s ended: %v", s.id, err)
			}
			return
		}
		if e.Kind != wire.EventCall {
			continue
		}
		s.mu.Lock()
		s.heard = append(s.heard, e.Call.ID)
		s.mu.Unlock()
		n++
		price := outcry.Money{Amount: 100 + n, Currency: "GBP"}
		a, ok := w.insist(ctx, letter{
			method: "POST", path: "/v1/calls/" + e.Call.ID + "/offer", token: s.key, body: map[string]any{"price": price},
		})
		if !ok || a.status == http.StatusConflict {
			continue
		}
		var offer wire.Offer
		if err := json.Unmarshal(a.body, &offer); err != nil || a.status != http.StatusCreated {
			w.t.Errorf("offer: %d %s", a.status, a.body)
			continue
		}
		w.mu.Lock()
		w.offers[offer.ID] = offer
		w.mu.Unlock()
	}
}
