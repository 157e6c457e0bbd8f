package web_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"outcry"
	"outcry/onboarding"
	"outcry/server"
	"outcry/wire"
	"outcry/wire/dial"
)

// market is a whole market behind a cutter, with some bakeries.
type market struct {
	*server.Server
	*cutter
	t        *testing.T
	database string
	shops    []bakery
	stop     func()
}

// bakery is a shop with its staff.
type bakery struct {
	id, token string
	staff     outcry.Actor
}

// openMarket opens one until the test ends.
func openMarket(t *testing.T, shops ...string) *market {
	t.Helper()
	m := &market{t: t, cutter: newCutter(t), database: filepath.Join(t.TempDir(), "outcry.db")}
	m.start()
	t.Cleanup(func() {
		m.cutAll() // streams do not hold up the end
		m.stop()
	})
	for _, name := range shops {
		m.shops = append(m.shops, m.bakery(name))
	}
	return m
}

// start starts the market's server on a free port.
func (m *market) start() {
	m.t.Helper()
	s, err := server.New(m.t.Context(), server.Config{Database: m.database})
	m.must(err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	m.must(err)
	ctx, cancel := context.WithCancel(context.WithoutCancel(m.t.Context()))
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, l) }()
	m.Server = s
	m.to(l.Addr().String())
	m.stop = func() {
		cancel()
		if err := <-served; err != nil {
			m.t.Error(err)
		}
		if err := s.Close(); err != nil {
			m.t.Error(err)
		}
	}
}

func (m *market) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

// bakery makes an active bakery that is always open.
func (m *market) bakery(name string) bakery {
	m.t.Helper()
	ctx := m.t.Context()
	place, radius := outcry.Place{Lat: 55.95, Lon: -3.19}, 5000
	owner, token, err := m.Intake.JoinAsGuest(ctx, name, "en")
	m.must(err)
	owner.Guest = false
	shop, err := m.Onboarding.Register(ctx, outcry.NewActor(owner, outcry.Token{}, nil), onboarding.Registration{
		Name: name, Place: &place, ServiceRadiusM: &radius, TimeZone: "UTC", Contact: "door",
	})
	m.must(err)
	operator := outcry.NewActor(outcry.Member{ID: "mem_operator", Operator: true}, outcry.Token{}, nil)
	_, err = m.Onboarding.Approve(ctx, operator, shop.ID)
	m.must(err)
	staff := outcry.NewActor(owner, outcry.Token{}, []string{shop.ID})
	_, err = m.Books.PutBook(ctx, staff, shop.ID, []string{"osm:shop=bakery"})
	m.must(err)
	m.Shops.Connect(shop.ID, 1, time.Now()) // as with a line open: it is called at once
	return bakery{shop.ID, token, staff}
}

// bid is an offer of so many pence.
func bid(pence int64) outcry.Bid {
	return outcry.Bid{Price: outcry.Money{Amount: pence, Currency: "GBP"}, Message: "warm from the oven"}
}

// offer answers the call that waits for a bakery.
func (m *market) offer(b bakery, pence int64) outcry.Offer {
	m.t.Helper()
	for end := time.Now().Add(20 * time.Second); ; {
		cards, err := m.Market.WaitingCalls(m.t.Context(), b.id, 1)
		m.must(err)
		if len(cards) == 0 && time.Now().After(end) {
			m.t.Fatalf("bakery %s was never called", b.id)
		}
		if len(cards) == 0 { // the wave is on its way
			<-time.After(5 * time.Millisecond)
			continue
		}
		made, err := m.Market.Offer(m.t.Context(), b.staff, cards[0].ID, bid(pence))
		m.must(err)
		return made
	}
}

// mark is an event by its number and kind.
type mark struct {
	Seq  int64  `json:"seq"`
	Type string `json:"type"`
}

// log is what the market tells a request's buyer, from its beginning.
func (m *market) log(request, token string) []mark {
	m.t.Helper()
	var page wire.Polled
	path := dial.Path("v1", "requests", request, "events") + "?after=0&wait=0s"
	m.must(dial.Caller{Server: m.url(), Token: token}.Do(m.t.Context(), dial.Call{Method: http.MethodGet, Path: path}, &page))
	var marks []mark
	for _, item := range page.Items {
		marks = append(marks, mark{item.Seq, item.Type})
	}
	return marks
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
