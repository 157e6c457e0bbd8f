package shop_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"outcry"
	"outcry/wire"
)

// market is a server that keeps the contract for one shop.
type market struct {
	*httptest.Server
	mu      sync.Mutex
	seen    []string // method, path, If-Match and key of each call
	cursors []string // Last-Event-ID of each stream
	streams []string // what each stream answers; after the last one the key is unknown
	late    bool     // answers come after the request has closed
	line    *counter // the line; nil has none
	offer   wire.Offer
}

// bread is a call for bread.
var bread = wire.Call{ID: "call_1", ShopID: "shop_1", State: outcry.CallWaiting, Request: wire.Need{Code: "osm:shop=bakery", Quantity: 1}}

// open is a market whose streams answer the texts given, one after the other.
func open(streams ...string) *market {
	m := &market{streams: streams}
	mux := http.NewServeMux()
	answer := func(pattern string, status int, body func(*http.Request) any) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			m.note(r)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_ = json.NewEncoder(w).Encode(body(r))
		})
	}
	offer := wire.Offer{ID: "off_1", CallID: "call_1", Version: 1, State: outcry.OfferLive, Price: outcry.Money{Amount: 240, Currency: "GBP"}}
	answer("POST /v1/pairings/{code}", 201, func(*http.Request) any { return wire.Paired{ShopID: "shop_1", Key: "ock_1"} })
	answer("GET /v1/shops/{id}", 200, func(*http.Request) any { return wire.Shop{ID: "shop_1", Name: "Bakery"} })
	answer("GET /v1/shops/{id}/figures", 200, func(*http.Request) any { return wire.ShopFigures{ShopID: "shop_1"} })
	answer("POST /v1/shops/{id}/pause", 200, func(*http.Request) any { return wire.Shop{ID: "shop_1", Name: "Bakery"} })
	answer("POST /v1/shops/{id}/resume", 200, func(*http.Request) any { return wire.Shop{ID: "shop_1", Name: "Bakery"} })
	answer("GET /v1/shops/{id}/book", 200, func(*http.Request) any { return wire.Book{Version: 3} })
	answer("POST /v1/shops/{id}/book/acknowledge", 200, func(*http.Request) any { return wire.Book{Version: 3, Acknowledged: 3} })
	answer("GET /v1/shops/{id}/calls", 200, func(*http.Request) any { return wire.Items[wire.Call]{Items: []wire.Call{bread}} })
	answer("GET /v1/calls/{id}", 200, func(*http.Request) any {
		call := bread
		call.Offer = &m.offer
		return call
	})
	answer("POST /v1/calls/{id}/decline", 200, func(*http.Request) any { return bread })
	answer("PUT /v1/offers/{id}", 200, func(*http.Request) any { return offer })
	answer("DELETE /v1/offers/{id}", 200, func(*http.Request) any { return offer })
	answer("GET /v1/orders", 200, func(*http.Request) any { return wire.Items[wire.Order]{Items: []wire.Order{{ID: "ord_1"}}} })
	answer("GET /v1/orders/{id}", 200, func(*http.Request) any { return wire.Order{ID: "ord_1"} })
	answer("POST /v1/orders/{id}/rating", 201, func(*http.Request) any { return wire.Rating{Stars: 4} })
	answer("POST /v1/orders/{id}/{verb}", 200, func(*http.Request) any { return wire.Order{ID: "ord_1"} })
	answer("GET /v1/calls/{id}/messages", 200, func(*http.Request) any { return wire.Items[wire.Message]{Items: []wire.Message{{ID: "msg_1"}}} })
	answer("POST /v1/calls/{id}/messages", 201, func(*http.Request) any { return wire.Message{ID: "msg_2"} })
	mux.HandleFunc("POST /v1/calls/{id}/offer", func(w http.ResponseWriter, r *http.Request) {
		m.note(r)
		if m.late {
			problem(w, 409, "call_closed", "closed at 09:58:58: enough offers")
			return
		}
		w.WriteHeader(201)
		_ = json.NewEncoder(w).Encode(offer)
	})
	mux.HandleFunc("GET /v1/shops/{id}/events", m.stream)
	mux.HandleFunc("GET /v1/shops/{id}/line", func(w http.ResponseWriter, r *http.Request) {
		if m.line == nil {
			w.WriteHeader(501)
			return
		}
		m.line.serve(w, r)
	})
	m.Server = httptest.NewServer(mux)
	return m
}

func problem(w http.ResponseWriter, status int, code, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(wire.Problem{Status: status, Code: code, Detail: detail})
}

func (m *market) note(r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seen = append(m.seen, r.Method+" "+r.URL.RequestURI()+r.Header.Get("If-Match")+" "+r.Header.Get("Authorization"))
}

func (m *market) stream(w http.ResponseWriter, r *http.Request) {
	m.note(r)
	m.mu.Lock()
	n := len(m.cursors)
	m.cursors = append(m.cursors, r.Header.Get("Last-Event-ID"))
	m.mu.Unlock()
	if n >= len(m.streams) {
		problem(w, 401, "bad_token", "the token is not known")
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	text, held := strings.CutSuffix(m.streams[n], held)
	_, _ = fmt.Fprint(w, "retry: 10\n\n"+text)
	if held {
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
}

// held at the end of a stream keeps it open.
const held = ": held\n"

// event is an event as a stream has it.
func event(seq int, kind string, data any) string {
	text, err := json.Marshal(data)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("id: %d\nevent: %s\ndata: %s\n\n", seq, kind, text)
}
