package buyer_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"outcry"
	"outcry/wire"
)

// market is a server that keeps the contract for one request, on which a
// bakery offers at once.
type market struct {
	*httptest.Server
	mu      sync.Mutex
	seen    []string // method, path and what a test looks at
	cursors []string // Last-Event-ID of each stream
	streams []string // what each stream answers, the last one for ever
	order   wire.Order
}

var begin = wire.Time(time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC))

// bread is the offer that the bakery makes.
var bread = wire.BoardOffer{
	ID: "off_1", Shop: wire.BoardShop{ID: "shop_1", Name: "Bakery", DistanceM: 850}, Rank: 1, Version: 1,
	Price: outcry.Money{Amount: 240, Currency: "GBP"}, State: outcry.OfferLive, Reasons: []outcry.Part{},
}

// open is a market whose streams answer the texts given, one after the other.
func open(streams ...string) *market {
	m := &market{streams: streams, order: wire.Order{ID: "ord_1", State: outcry.OrderPlaced, Terms: wire.Terms{Price: bread.Price}}}
	mux := http.NewServeMux()
	answer := func(pattern string, status int, body func(*http.Request) any) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			m.note(r)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_ = json.NewEncoder(w).Encode(body(r))
		})
	}
	request := wire.Request{ID: "req_1", State: outcry.RequestOpen, Code: "osm:shop=bakery", CreatedAt: begin}
	answer("POST /v1/members", 201, func(*http.Request) any { return wire.Member{ID: "mem_1", Guest: true, Token: "ocs_guest"} })
	answer("POST /v1/sessions", 201, func(*http.Request) any { return wire.Session{Token: "ocs_member", ExpiresAt: begin} })
	answer("GET /v1/me", 200, func(*http.Request) any { return wire.Member{ID: "mem_1"} })
	answer("GET /v1/signals", 200, func(*http.Request) any {
		return wire.Items[wire.Hit]{Items: []wire.Hit{{Code: "osm:shop=bakery", Name: "Bakery"}}}
	})
	answer("GET /v1/signals/{code}", 200, func(r *http.Request) any { return wire.Signal{Code: r.PathValue("code")} })
	answer("POST /v1/requests", 201, func(*http.Request) any { return request })
	answer("POST /v1/requests/preview", 200, func(*http.Request) any { return wire.Preview{MatchingShops: 41} })
	answer("GET /v1/requests/{id}", 200, func(*http.Request) any { return request })
	answer("POST /v1/requests/{id}/{verb}", 200, func(*http.Request) any { return request })
	answer("GET /v1/requests/{id}/board", 200, func(*http.Request) any {
		return wire.Board{Request: request, Offers: []wire.BoardOffer{bread}, Seq: 7}
	})
	answer("POST /v1/offers/{id}/accept", 201, func(*http.Request) any { return m.order })
	answer("GET /v1/orders/{id}", 200, func(*http.Request) any { return m.order })
	answer("POST /v1/orders/{id}/rating", 201, func(*http.Request) any { return wire.Rating{OrderID: "ord_1", Stars: 5} })
	answer("POST /v1/orders/{id}/{verb}", 200, func(*http.Request) any { return m.order })
	answer("POST /v1/requests/{id}/threads/{shop}/messages", 201, func(*http.Request) any { return wire.Message{ID: "msg_1"} })
	for _, list := range []string{"/v1/requests", "/v1/orders", "/v1/requests/{id}/threads/{shop}/messages"} {
		answer("GET "+list, 200, func(r *http.Request) any { return twoPages(r) })
	}
	mux.HandleFunc("DELETE /v1/sessions/current", func(w http.ResponseWriter, r *http.Request) { m.note(r); w.WriteHeader(204) })
	mux.HandleFunc("GET /v1/requests/{id}/events", m.stream)
	m.Server = httptest.NewServer(mux)
	return m
}

func (m *market) note(r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seen = append(m.seen, r.Method+" "+r.URL.RequestURI()+" "+r.Header.Get("Authorization"))
}

// twoPages is a list of three on two pages.
func twoPages(r *http.Request) any {
	type item struct {
		ID string `json:"id"`
	}
	if r.URL.Query().Get("after") == "two" {
		return wire.Items[item]{Items: []item{{"third"}}}
	}
	return wire.Items[item]{Items: []item{{"first"}, {"second"}}, Next: "two"}
}

// stream answers with the next text; the one after the last tells that the
// request is gone.
func (m *market) stream(w http.ResponseWriter, r *http.Request) {
	m.note(r)
	m.mu.Lock()
	n := len(m.cursors)
	m.cursors = append(m.cursors, r.Header.Get("Last-Event-ID"))
	m.mu.Unlock()
	if n >= len(m.streams) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(404)
		_, _ = fmt.Fprint(w, `{"code":"not_found","detail":"there is no such request, or it is not yours"}`)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = fmt.Fprint(w, "retry: 10\n\n"+m.streams[n])
}

// event is an event as a stream has it.
func event(seq int, kind string, data any) string {
	text, err := json.Marshal(data)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("id: %d\nevent: %s\ndata: %s\n\n", seq, kind, text)
}
