package server_test

import (
	"context"
	"encoding/json"
	"slices"

	"outcry/wire"
)

// audit compares the ledger with what the server says after all.
func (w *town) audit(ctx context.Context) {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.t.Logf("acknowledged: %d requests, %d offers, %d orders", len(w.requests), len(w.offers), len(w.orders))
	if len(w.requests)+len(w.offers)+len(w.orders) < 20*workBetweenKills || len(w.orders) < 20 {
		w.t.Errorf("too little was done to show anything")
	}
	known := w.auditRequests(ctx)
	for _, id := range w.requests {
		if !known[id] {
			w.t.Errorf("request %s was acknowledged and is %v", id, errLoss)
		}
	}
	w.auditOffers(ctx)
	w.auditOrders(ctx)
	for _, s := range w.shops {
		w.auditCalls(ctx, s)
	}
}

// list reads all pages of a list.
func list[T any](ctx context.Context, w *town, path, token string) (all []T) {
	after := ""
	for {
		var page struct {
			Items []T
			Next  string
		}
		a, ok := w.insist(ctx, letter{method: "GET", path: path + after, token: token})
		if !ok || json.Unmarshal(a.body, &page) != nil || a.status != 200 {
			w.t.Fatalf("GET %s: %d %s", path, a.status, a.body)
		}
		all = append(all, page.Items...)
		if page.Next == "" {
			return all
		}
		after = "&after=" + page.Next
	}
}

// auditRequests finds all requests there are, and that none was made twice under
// one key.
func (w *town) auditRequests(ctx context.Context) map[string]bool {
	known := map[string]bool{}
	for _, token := range w.buyers {
		for _, r := range list[wire.Request](ctx, w, "/v1/requests?mine=true&limit=200", token) {
			known[r.ID] = true
		}
	}
	// A buyer who was stopped while asking may have asked without knowing: one
	// for each lane.
	if extra := len(known) - len(w.requests); extra > 3*len(w.buyers) {
		w.t.Errorf("%d requests more than were asked for: keys were not kept", extra)
	}
	return known
}

// auditOffers looks for every acknowledged offer on its board.
func (w *town) auditOffers(ctx context.Context) {
	for id, o := range w.offers {
		var board wire.Board
		request := "req_" + id[len("off_"):len(id)-2]
		found := false
		for _, token := range w.buyers {
			a, ok := w.insist(ctx, letter{method: "GET", path: "/v1/requests/" + request + "/board", token: token})
			if ok && a.status == 200 && json.Unmarshal(a.body, &board) == nil {
				found = slices.ContainsFunc(board.Offers, func(b wire.BoardOffer) bool {
					return b.ID == id && b.Price == o.Price && b.Version == o.Version
				})
				break
			}
		}
		if !found {
			w.t.Errorf("offer %s of %s was acknowledged and is %v", id, o.Price, errLoss)
		}
	}
}

// auditOrders looks for every acknowledged order, the only one of its request.
func (w *town) auditOrders(ctx context.Context) {
	byRequest := map[string][]string{}
	for _, token := range w.buyers {
		for _, o := range list[wire.Order](ctx, w, "/v1/orders?mine=true&limit=200", token) {
			if !slices.Contains(byRequest[o.RequestID], o.ID) {
				byRequest[o.RequestID] = append(byRequest[o.RequestID], o.ID)
			}
		}
	}
	for request, orders := range byRequest {
		if len(orders) != 1 {
			w.t.Errorf("request %s became %d orders, want 1", request, len(orders))
		}
	}
	for request, order := range w.orders {
		if !slices.Contains(byRequest[request], order) {
			w.t.Errorf("order %s was acknowledged and is %v", order, errLoss)
		}
	}
}

// auditCalls compares what a shop's stream brought with the calls that it has:
// none missed, none twice.
func (w *town) auditCalls(ctx context.Context, s *townShop) {
	times := map[string]int{}
	for _, id := range s.heard {
		times[id]++
	}
	calls := list[wire.Call](ctx, w, "/v1/shops/"+s.id+"/calls?limit=200", s.key)
	missed, twice := 0, 0
	for _, c := range calls {
		switch n := times[c.ID]; {
		case n == 0:
			missed++
		case n > 1:
			twice++
		}
	}
	w.t.Logf("shop %s: %d calls, heard %d, missed %d, twice %d", s.id, len(calls), len(s.heard), missed, twice)
	if twice > 0 || missed > 0 {
		w.t.Errorf("shop %s missed %d calls and heard %d twice", s.id, missed, twice)
	}
}
