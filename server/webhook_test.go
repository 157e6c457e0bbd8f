package server_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"outcry"
	"outcry/intake"
	"outcry/matching/deal"
	"outcry/onboarding"
	"outcry/server"
	"outcry/store/storetest"
	"outcry/wire"
)

// mall is a market whose shops' software takes webhooks over real connections.
type mall struct {
	*server.Server
	t        *testing.T
	database string
	operator outcry.Actor
	buyer    outcry.Actor
	stop     func()
}

func newMall(t *testing.T, database string) *mall {
	t.Helper()
	m := &mall{t: t, database: database, operator: outcry.NewActor(outcry.Member{ID: "mem_operator", Operator: true}, outcry.Token{}, nil)}
	m.start(true)
	t.Cleanup(func() { m.stop() })
	buyer, _, err := m.Intake.JoinAsGuest(t.Context(), "Bo", "en")
	m.must(err)
	buyer.Guest = false
	m.buyer = outcry.NewActor(buyer, outcry.Token{}, nil)
	return m
}

func (m *mall) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m *mall) start(loopback bool) {
	m.t.Helper()
	s, err := server.New(m.t.Context(), server.Config{Database: m.database, WebhooksToLoopback: loopback})
	m.must(err)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := s.Run(ctx); err != nil {
			m.t.Error(err)
		}
	})
	m.Server = s
	m.stop = func() {
		cancel()
		running.Wait()
		if err := s.Close(); err != nil {
			m.t.Error(err)
		}
	}
}

// shop makes an active bakery, and its staff.
func (m *mall) shop(name string) (outcry.Shop, outcry.Actor) {
	m.t.Helper()
	ctx := m.t.Context()
	place, radius := outcry.Place{Lat: 55.95, Lon: -3.19}, 5000
	owner, _, err := m.Intake.JoinAsGuest(ctx, name, "en")
	m.must(err)
	owner.Guest = false
	shop, err := m.Onboarding.Register(ctx, outcry.NewActor(owner, outcry.Token{}, nil), onboarding.Registration{
		Name: name, Place: &place, ServiceRadiusM: &radius, TimeZone: "UTC", Contact: "door",
	})
	m.must(err)
	_, err = m.Onboarding.Approve(ctx, m.operator, shop.ID)
	m.must(err)
	staff := outcry.NewActor(owner, outcry.Token{}, []string{shop.ID})
	_, err = m.Books.PutBook(ctx, staff, shop.ID, []string{"osm:shop=bakery"})
	m.must(err)
	return shop, staff
}

// ask asks for bread, for a minute.
func (m *mall) ask() outcry.Request {
	m.t.Helper()
	place, radius, code, seconds := outcry.Place{Lat: 55.95, Lon: -3.19}, 3000, "osm:shop=bakery", 60.0
	r, err := m.Intake.Ask(m.t.Context(), m.buyer, intake.Draft{Code: &code, Place: &place, RadiusM: &radius, DeadlineS: &seconds, Locale: "en"})
	m.must(err)
	return r
}

// until waits for something to be so.
func (m *mall) until(what string, so func() bool) {
	m.t.Helper()
	tick, over := time.NewTicker(2*time.Millisecond), time.NewTimer(20*time.Second)
	defer tick.Stop()
	defer over.Stop()
	for !so() {
		select {
		case <-tick.C:
		case <-over.C:
			m.t.Fatalf("it never came that %s", what)
		}
	}
}

// till is a shop's software: it takes webhooks, and replies as told.
type till struct {
	*httptest.Server
	mu     sync.Mutex
	secret string
	reply  func(got wire.Hooked) (int, string)
	got    []wire.Hooked
	fault  string
	conns  map[string]bool
}

func newTill(t *testing.T, reply func(got wire.Hooked) (int, string)) *till {
	s := &till{reply: reply, conns: map[string]bool{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

// ServeHTTP takes a webhook whose signature is good.
func (s *till) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns[r.RemoteAddr] = true
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(s.secret, "whsec_"))
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(r.Header.Get("webhook-id") + "." + r.Header.Get("webhook-timestamp") + "." + string(body)))
	var got wire.Hooked
	switch {
	case err != nil || json.Unmarshal(body, &got) != nil:
		s.fault = "the body cannot be read: " + string(body)
	case r.Header.Get("webhook-signature") != "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)):
		s.fault = "the signature is wrong: " + r.Header.Get("webhook-signature")
	case r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" || r.Header.Get("Idempotency-Key") != "":
		s.fault = "the request is wrong"
	}
	s.got = append(s.got, got)
	status, text := s.reply(got)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

// types are those of the events that came, in their order.
func (s *till) types() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, g := range s.got {
		all = append(all, g.Type)
	}
	return strings.Join(all, " ")
}

const bid = `{"price": {"amount": 450, "currency": "GBP"}, "message": "warm"}`

// hook registers a till with a shop.
func (m *mall) hook(shop outcry.Shop, staff outcry.Actor, s *till, events ...outcry.Told) outcry.Webhook {
	m.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	w, err := m.Onboarding.AddWebhook(m.t.Context(), staff, shop.ID, onboarding.NewWebhook{URL: s.URL + "/hook", Events: events})
	m.must(err)
	s.secret = w.Secret
	return w
}

// offers are those on a request's board.
func (m *mall) offers(request string) int {
	v, err := m.Market.Show(m.t.Context(), request)
	m.must(err)
	return len(v.Slips)
}

// A shop without a line or a person at hand is called by its webhook; its reply
// is its offer, and it hears of the order.
func TestWebhooks_AShopAnswersByItsSoftware(t *testing.T) {
	t.Parallel()
	for _, kind := range storetest.Kinds {
		t.Run(kind.Name, func(t *testing.T) {
			t.Parallel()
			m := newMall(t, kind.New(t))
			shop, staff := m.shop("Crumb")
			s := newTill(t, func(got wire.Hooked) (int, string) {
				if got.Type == "call" {
					return 200, bid
				}
				return 204, ""
			})
			w := m.hook(shop, staff, s, outcry.ToldCall, outcry.ToldClosed, outcry.ToldMessage, outcry.ToldOrder)
			r := m.ask()
			m.until("the offer is on the board", func() bool { return m.offers(r.ID) == 1 })
			v, err := m.Market.Show(t.Context(), r.ID)
			m.must(err)
			if o := v.Slips[0].Offer; o.Price.Amount != 450 || o.Message != "warm" {
				t.Errorf("the offer is %+v", o)
			}
			_, err = m.Market.Accept(t.Context(), m.buyer, v.Slips[0].Offer.ID, deal.Acceptance{Version: 1, Contact: "at the door"})
			m.must(err)
			m.until("the order was sent", func() bool { return strings.Contains(s.types(), "order") })
			m.until("all was sent", func() bool { return strings.Contains(s.types(), "closed") })
			s.mu.Lock()
			call, _ := s.got[0].Data.(map[string]any)
			if s.fault != "" || s.got[0].Type != "call" || call["shop_id"] != shop.ID || call["state"] != "waiting" || len(s.conns) > 2 {
				t.Errorf("%s; the first event is %+v, over %d connections", s.fault, s.got[0], len(s.conns))
			}
			s.mu.Unlock()
			m.until("it is kept what was sent", func() bool {
				all, _, err := m.Onboarding.DeliveriesOf(t.Context(), staff, w.ID, outcry.Page{Limit: 10})
				m.must(err)
				for _, d := range all {
					if d.State != outcry.DeliveryDelivered || d.Error != "" {
						t.Fatalf("the delivery is %+v", d)
					}
				}
				return len(all) == 3
			})
		})
	}
}

func TestWebhooks_ADeclineAndAFaultyReply(t *testing.T) {
	t.Parallel()
	m := newMall(t, "")
	crumb, staff := m.shop("Crumb")
	crust, others := m.shop("Crust")
	no := newTill(t, func(wire.Hooked) (int, string) { return 200, `{"decline": {"reason": "sold out"}}` })
	odd := newTill(t, func(wire.Hooked) (int, string) { return 200, `{"price": {"amount": -1, "currency": "GBP"}}` })
	m.hook(crumb, staff, no, outcry.ToldCall)
	w := m.hook(crust, others, odd, outcry.ToldCall)
	r := m.ask()
	m.until("both were sent", func() bool { return no.types() != "" && odd.types() != "" })
	m.until("the decline is taken", func() bool {
		card, err := m.Market.Card(t.Context(), r.ID, crumb.ID)
		m.must(err)
		return card.State == outcry.CallDeclined && card.Declined == "sold out"
	})
	m.until("the fault is told", func() bool {
		all, _, err := m.Onboarding.DeliveriesOf(t.Context(), others, w.ID, outcry.Page{Limit: 10})
		m.must(err)
		return len(all) == 1 && all[0].State == outcry.DeliveryDelivered && strings.Contains(all[0].Error, "body.price")
	})
}

// What happened while the server was down, or was refused before, is sent when it
// runs again; a server that may not reach its own machine sends nothing there.
func TestWebhooks_GoOnAfterARestart(t *testing.T) {
	t.Parallel()
	m := newMall(t, storetest.SQLite(t))
	shop, staff := m.shop("Crumb")
	var mu sync.Mutex
	well := false
	s := newTill(t, func(wire.Hooked) (int, string) {
		mu.Lock()
		defer mu.Unlock()
		if well {
			return 200, ""
		}
		return 503, ""
	})
	w := m.hook(shop, staff, s, outcry.ToldBook)
	put := func(codes ...string) {
		_, err := m.Books.PutBook(t.Context(), staff, shop.ID, codes)
		m.must(err)
	}
	put("osm:shop=bakery", "osm:shop=shoes")
	m.until("it was tried", func() bool { return s.types() != "" })
	m.until("it is kept that it waits", func() bool {
		all, err := m.Store.Unsettled(t.Context(), w.ID, 0)
		m.must(err)
		return len(all) == 1 && all[0].State == outcry.DeliveryWaiting && all[0].Status == 503
	})
	m.stop()
	mu.Lock()
	well = true
	mu.Unlock()
	m.start(false)
	d, err := m.Onboarding.TryWebhook(t.Context(), staff, w.ID)
	if err != nil || d.State != outcry.DeliveryFailed || !strings.Contains(d.Error, "loopback") {
		t.Errorf("without leave a test to its own machine is %+v, %v", d, err)
	}
	m.stop()
	m.start(true)
	put("osm:shop=bakery")
	m.until("all was delivered", func() bool {
		all, _, err := m.Onboarding.DeliveriesOf(t.Context(), staff, w.ID, outcry.Page{Limit: 10})
		m.must(err)
		for _, d := range all {
			if d.State != outcry.DeliveryDelivered {
				return false
			}
		}
		return len(all) == 2
	})
}
