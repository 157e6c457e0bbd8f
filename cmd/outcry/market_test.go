package main_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"

	"outcry"
	"outcry/wire"
)

// market is a server that keeps the contract for what a buyer does. The words of
// a request say what happens to it: "bread" gets two offers and a decline,
// "nothing" nothing, "changing" an offer that changes as it is accepted,
// "breaking" is bread on a line that breaks after each event.
type market struct {
	*httptest.Server
	mu       sync.Mutex
	guests   int
	requests map[string]*request
}

// request is one request and what has happened to it.
type request struct {
	wire.Request
	offers   []wire.BoardOffer
	accepted string
	events   []string
	held     chan struct{} // closed when it is withdrawn
}

func openMarket() *market {
	m := &market{requests: map[string]*request{}}
	mux := http.NewServeMux()
	handle := func(pattern string, answer func(*http.Request) (int, any)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			m.mu.Lock()
			status, body := answer(r)
			m.mu.Unlock()
			w.Header().Set("Content-Type", "application/json")
			if status >= 400 {
				w.Header().Set("Content-Type", "application/problem+json")
			}
			w.WriteHeader(status)
			_ = json.NewEncoder(w).Encode(body)
		})
	}
	handle("POST /v1/members", m.join)
	handle("POST /v1/requests", m.ask)
	handle("POST /v1/requests/preview", func(*http.Request) (int, any) {
		return 200, wire.Preview{MatchingShops: 41, Code: "osm:shop=bakery", Name: "Bakery"}
	})
	handle("POST /v1/requests/{id}/withdraw", m.withdraw)
	handle("GET /v1/requests/{id}/board", m.board)
	handle("POST /v1/offers/{id}/accept", m.accept)
	handle("GET /v1/signals/{code}", func(r *http.Request) (int, any) {
		return 200, wire.Signal{Code: r.PathValue("code"), Name: "Bakery", Names: map[string]string{"en": "Bakery", "ko": "제과점"}}
	})
	mux.HandleFunc("GET /v1/requests/{id}/events", m.stream)
	m.Server = httptest.NewServer(mux)
	return m
}

func refused(status int, code, detail string, fields ...wire.ProblemField) (int, any) {
	return status, wire.Problem{Status: status, Code: code, Detail: detail, Errors: fields}
}

func (m *market) join(*http.Request) (int, any) {
	m.guests++
	return 201, wire.Member{ID: fmt.Sprintf("mem_%d", m.guests), Guest: true, Token: fmt.Sprintf("ocs_guest%d", m.guests)}
}

// ask takes a request. Tokens that it did not give are unknown.
func (m *market) ask(r *http.Request) (int, any) {
	if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ocs_guest") {
		return refused(401, "bad_token", "the token is not known or has ended")
	}
	var body wire.NewRequest
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return refused(400, "invalid", err.Error())
	}
	if body.Words == nil {
		return refused(422, "invalid", "the input has errors; see errors",
			wire.ProblemField{Location: "body.code", Message: "this code is not known; did you mean osm:shop=bakery?"},
			wire.ProblemField{Location: "body.attributes.nights", Message: "write a whole number"})
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	x := &request{held: make(chan struct{}), Request: wire.Request{
		ID: "req_" + *body.Words, State: outcry.RequestOpen, Code: "osm:shop=bakery", Words: *body.Words, Place: *body.Place,
		RadiusM: *body.RadiusM, Wanted: *body.Wanted, Quantity: *body.Quantity, Rank: outcry.Rank(*body.Rank), Attributes: body.Attributes,
		Budget: body.Budget, CreatedAt: wire.Time(now), Deadline: wire.Time(now.Add(time.Duration(*body.DeadlineS * float64(time.Second)))),
		Counts: &outcry.Counts{},
	}}
	m.requests[x.ID] = x
	x.happen()
	return 201, x.Request
}

// happen lays out what happens to the request.
func (x *request) happen() {
	*x.Counts = outcry.Counts{Called: 3, Waiting: 3}
	x.say(wire.EventCalled, wire.Called{Wave: 1, Shops: make([]wire.BoardShop, 3), Counts: *x.Counts})
	if x.Words == "patience" {
		return
	}
	reason := outcry.ClosedNobody
	if x.Words != "nothing" {
		reason = outcry.ClosedEnough
		x.offer("off_1_"+x.Words, "Leith Walk Bakery", 240, 850)
		x.offer("off_2_"+x.Words, "연남 빵집", 195, 2150)
		*x.Counts = outcry.Counts{Called: 3, Offered: 2, Declined: 1}
		x.say(wire.EventDeclined, wire.Declined{Shop: wire.ShopName{ID: "shop_3", Name: "Bread & Co"}, Reason: "fully booked"})
	}
	x.State, x.ClosedReason, x.ClosedAt = outcry.RequestClosed, reason, x.CreatedAt
	x.say(wire.EventClosed, wire.Closed{Reason: reason, Counts: *x.Counts})
}

func (x *request) offer(id, shop string, pence int64, metres int) {
	o := wire.BoardOffer{
		ID: id, Shop: wire.BoardShop{ID: "shop_" + id, Name: shop, DistanceM: metres, Rating: 4.6, Ratings: 12}, Version: 1,
		Price: outcry.Money{Amount: pence, Currency: "GBP"}, State: outcry.OfferLive, Rank: len(x.offers) + 1, Score: 90 - float64(len(x.offers)),
		Reasons: []outcry.Part{{Name: "price", Points: 40}}, ValidUntil: x.Deadline,
	}
	x.offers = append(x.offers, o)
	x.say(wire.EventOffer, wire.OfferNews{BoardOffer: o, Counts: *x.Counts})
}

// say adds an event to the request's stream.
func (x *request) say(kind string, data any) {
	text, err := json.Marshal(data)
	if err != nil {
		panic(err)
	}
	x.events = append(x.events, fmt.Sprintf("id: %d\nevent: %s\ndata: %s\n\n", len(x.events)+1, kind, text))
}

func (m *market) withdraw(r *http.Request) (int, any) {
	x := m.requests[r.PathValue("id")]
	x.State, x.ClosedReason = outcry.RequestClosed, outcry.ClosedWithdrawn
	close(x.held)
	return 200, x.Request
}

func (m *market) board(r *http.Request) (int, any) {
	x, ok := m.requests[r.PathValue("id")]
	if !ok {
		return refused(404, "not_found", "there is no such request, or it is not yours")
	}
	offers := slices.Clone(x.offers)
	for i := range offers {
		switch x.accepted {
		case "":
		case offers[i].ID:
			offers[i].State, offers[i].Rank = outcry.OfferAccepted, 0
		default:
			offers[i].State, offers[i].Rank = outcry.OfferLost, 0
		}
	}
	return 200, wire.Board{Request: x.Request, Offers: offers, Seq: int64(len(x.events)), At: x.CreatedAt}
}

func (m *market) accept(r *http.Request) (int, any) {
	id := r.PathValue("id")
	x := m.requests["req_"+id[strings.LastIndexByte(id, '_')+1:]]
	if x.Words == "changing" {
		return refused(409, "offer_changed", "the offer is at version 2 (£2.60), not 1; look again")
	}
	x.accepted = id
	for _, o := range x.offers {
		if o.ID == id {
			return 201, wire.Order{ID: "ord_1", OfferID: id, State: outcry.OrderPlaced, Terms: wire.Terms{Price: o.Price}, Shop: wire.OrderShop{Name: o.Shop.Name}}
		}
	}
	return refused(404, "not_found", "there is no such offer, or it is not yours")
}

// stream sends what has happened behind the cursor, and holds the line.
func (m *market) stream(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	x := m.requests[r.PathValue("id")]
	m.mu.Unlock()
	after := 0
	_, _ = fmt.Sscan(r.Header.Get("Last-Event-ID"), &after)
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = fmt.Fprint(w, "retry: 10\n\n")
	for _, e := range x.events[after:] {
		_, _ = fmt.Fprint(w, e)
		if x.Words == "breaking" {
			return
		}
	}
	_ = http.NewResponseController(w).Flush()
	select {
	case <-r.Context().Done():
	case <-x.held:
	}
}
