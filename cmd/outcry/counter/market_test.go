package counter_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"outcry"
	"outcry/buyer"
	"outcry/cmd/outcry/counter"
	"outcry/cmd/outcry/counter/shelf"
	"outcry/server"
	"outcry/shop"
	"outcry/wire"
	"outcry/wire/dial"
)

// market is a whole market with one bakery that is paired, and a buyer.
type market struct {
	t        *testing.T
	url      string
	operator dial.Caller
	buyer    *buyer.Client
	shop     *shop.Client
}

func openMarket(t *testing.T) *market {
	t.Helper()
	s, err := server.New(t.Context(), server.Config{Database: filepath.Join(t.TempDir(), "outcry.db")})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	if err := s.Intake.EnsureOperator(ctx, "operator@city.example", "secret secret"); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s.Handler)
	running := make(chan error, 1)
	go func() { running <- s.Run(ctx) }()
	t.Cleanup(func() {
		web.CloseClientConnections()
		stop()
		if err := <-running; err != nil {
			t.Error(err)
		}
		web.Close()
		s.Close()
	})
	m := &market{t: t, url: web.URL}
	in, session, err := buyer.New(buyer.Config{Server: web.URL}).SignIn(t.Context(), "operator@city.example", "secret secret")
	if err != nil {
		t.Fatal(err)
	}
	m.buyer, m.operator = in, dial.Caller{Server: web.URL, Token: session.Token}
	m.pair()
	return m
}

func (m *market) do(method, path string, body, into any) {
	m.t.Helper()
	if err := m.operator.Do(m.t.Context(), dial.Call{Method: method, Path: path, Body: body}, into); err != nil {
		m.t.Fatal(method, path, err)
	}
}

// pair sets up the bakery.
func (m *market) pair() {
	m.t.Helper()
	var made wire.Shop
	m.do(http.MethodPost, "/v1/shops", map[string]any{
		"name": "Leith Walk Bakery", "place": outcry.Place{Lat: 55.951, Lon: -3.191}, "service_radius_m": 5000, "hours": "24/7",
		"time_zone": "Europe/London", "languages": []string{"en"}, "price_level": 2,
	}, &made)
	if made.State != outcry.ShopActive {
		m.do(http.MethodPost, "/v1/shops/"+made.ID+"/approve", nil, nil)
	}
	m.book(made.ID, "osm:shop=bakery", "osm:shop=florist")
	var pairing struct {
		Code string `json:"code"`
	}
	m.do(http.MethodPost, "/v1/shops/"+made.ID+"/pairings", nil, &pairing)
	paired, err := shop.Pair(m.t.Context(), shop.Config{Server: m.url}, pairing.Code, "till")
	if err != nil {
		m.t.Fatal(err)
	}
	m.shop = paired
}

func (m *market) book(shop string, codes ...string) {
	m.t.Helper()
	m.do(http.MethodPut, "/v1/shops/"+shop+"/book", wire.BookBody{Codes: codes}, nil)
}

// ask calls out a need and gives the id of the request.
func (m *market) ask(code string, quantity int, note string) string {
	m.t.Helper()
	radius, deadline, wanted := 3000, 20.0, 3
	r, err := m.buyer.Ask(m.t.Context(), wire.NewRequest{
		Code: &code, Quantity: &quantity, Note: note, Place: &outcry.Place{Lat: 55.95, Lon: -3.19}, RadiusM: &radius,
		DeadlineS: &deadline, Wanted: &wanted,
	})
	if err != nil {
		m.t.Fatal(err)
	}
	return r.ID
}

// answered is the shop's answer to a request, once there is one: "£2.40 live" or
// "declined: sold out".
func (m *market) answered(request string) string {
	m.t.Helper()
	return m.until("an answer", func() string {
		c := m.call(request)
		switch {
		case c.Offer != nil:
			return c.Offer.Price.String() + " " + string(c.Offer.State)
		case c.State == outcry.CallDeclined:
			return "declined: " + c.Declined
		}
		return ""
	})
}

func (m *market) call(request string) wire.Call {
	m.t.Helper()
	c, err := m.shop.Call(m.t.Context(), outcry.CallID(request, 0))
	if err != nil && outcry.KindOf(err) != outcry.NotFound {
		m.t.Fatal(err)
	}
	return c
}

// until waits, not too long, until something is there.
func (m *market) until(what string, look func() string) string {
	m.t.Helper()
	end := time.After(20 * time.Second)
	for {
		if got := look(); got != "" {
			return got
		}
		select {
		case <-end:
			m.t.Fatalf("there is never %s", what)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// accept accepts the offer to a request.
func (m *market) accept(request string) wire.Order {
	m.t.Helper()
	offer := m.call(request).Offer
	o, err := m.buyer.Accept(m.t.Context(), offer.ID, offer.Version, "")
	if err != nil {
		m.t.Fatal(err)
	}
	return o
}

// running is a shop server that runs.
type running struct {
	*market
	counter *counter.Counter
	shelf   *shelf.Shelf
	files   counter.Files
	stop    func()

	mu    sync.Mutex
	lines []string
}

// run starts a shop server on a folder of its own, which ends with the test, or
// with stop.
func (m *market) run(dir string, files counter.Files) *running {
	m.t.Helper()
	set, err := files.Load()
	if err != nil {
		m.t.Fatal(err)
	}
	kept, err := shelf.Open(dir)
	if err != nil {
		m.t.Fatal(err)
	}
	c := &counter.Counter{Shelf: kept, Tree: m.buyer, Clock: time.Now}
	c.Use(set)
	r := &running{market: m, counter: c, shelf: kept, files: files}
	ctx, cancel := context.WithCancel(m.t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s := &counter.Server{Shop: m.shop, Counter: c, Files: files, Say: r.say}
		if err := s.Run(ctx); err != nil && ctx.Err() == nil {
			m.t.Error(err)
		}
		if err := kept.Close(); err != nil {
			m.t.Error(err)
		}
	}()
	r.stop = sync.OnceFunc(func() { cancel(); <-ended })
	m.t.Cleanup(r.stop)
	return r
}

func (r *running) say(what, words string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, strings.TrimSpace(what+" "+words))
}

// said is all that was said.
func (r *running) said() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.lines, "\n")
}

// hears waits until something was said so many times.
func (r *running) hears(words string, times int) {
	r.t.Helper()
	defer func() {
		if r.t.Failed() {
			r.t.Log(r.said())
		}
	}()
	r.until(fmt.Sprintf("%q", words), func() string {
		if strings.Count(r.said(), words) >= times {
			return words
		}
		return ""
	})
}
