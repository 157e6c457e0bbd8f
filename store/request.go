package store

import (
	"context"

	"outcry"
)

const requestColumns = `id, buyer_id, code, words, attributes, quantity, note, budget_amount, budget_currency, lat, lon, radius_m,
	needed_at, deadline, wanted, ranked_by, languages, needs, locale, accepts, state, reason, created, closed, policy, least_rating`

var requestTable = newTable("requests", requestColumns, " ON CONFLICT (id) DO NOTHING")

func scanRequest(r row) (q outcry.Request, err error) {
	var attributes, languages, needs string
	var budget outcry.Money
	var deadline, created, closed int64
	var needed *int64
	err = r.Scan(&q.ID, &q.Buyer, &q.Code, &q.Words, &attributes, &q.Quantity, &q.Note, &budget.Amount, &budget.Currency,
		&q.Place.Lat, &q.Place.Lon, &q.RadiusM, &needed, &deadline, &q.Wanted, &q.Rank, &languages, &needs, &q.Locale,
		&q.Accepts, &q.State, &q.Reason, &created, &closed, &q.Policy, &q.LeastRating)
	if err != nil {
		return q, err
	}
	if budget.Currency != "" {
		q.Budget = &budget
	}
	q.Attributes, q.NeededAt, q.Deadline = raw(attributes), fromOptional(needed), fromMS(deadline)
	q.Created, q.Closed = fromMS(created), fromMS(closed)
	if err := fromJSON(languages, &q.Languages); err != nil {
		return q, err
	}
	return q, fromJSON(needs, &q.Needs)
}

func requestValues(q outcry.Request) []any {
	var budget outcry.Money
	if q.Budget != nil {
		budget = *q.Budget
	}
	return []any{
		q.ID, q.Buyer, string(q.Code), q.Words, string(q.Attributes), int64(q.Quantity), q.Note, budget.Amount, budget.Currency,
		q.Place.Lat, q.Place.Lon, int64(q.RadiusM), optional(q.NeededAt), ms(q.Deadline), int64(q.Wanted), string(q.Rank),
		listJSON(q.Languages), listJSON(q.Needs), q.Locale, int64(q.Accepts), string(q.State), string(q.Reason),
		ms(q.Created), ms(q.Closed), int64(q.Policy), q.LeastRating,
	}
}

// AddRequest adds a request. The same id again does nothing; NotFound where
// there is no such buyer.
func (s *Store) AddRequest(ctx context.Context, q outcry.Request) error {
	values := requestValues(q)
	if !storable(values...) {
		return errText
	}
	_, err := write(ctx, s, q.ID, func(_ context.Context, t *tx) (none struct{}, err error) {
		t.requests = append(t.requests, values...)
		if _, known := t.ends[q.ID]; !known {
			t.ends[q.ID] = 0
		}
		return none, nil
	})
	return err
}

// Request gives a request as extending, widening and closing have left it, or
// NotFound.
func (s *Store) Request(ctx context.Context, id string) (outcry.Request, error) {
	q, found, err := find(ctx, s.read, scanRequest, "SELECT "+requestColumns+" FROM requests WHERE id = $1", id)
	if err == nil && !found {
		return q, outcry.Missing("request")
	}
	return q, wrap("read request", err)
}

// Requests lists the requests of a buyer, or of all where buyer is "", the
// newest first.
func (s *Store) Requests(ctx context.Context, buyer string, p outcry.Page) ([]outcry.Request, string, error) {
	f := filter{text: "SELECT " + requestColumns + " FROM requests"}
	if buyer != "" {
		f.and("buyer_id =", buyer)
	}
	f.order("id", true, p)
	items, next, err := page(ctx, s.read, &f, p, reading[outcry.Request]{scanRequest, func(q outcry.Request) string { return q.ID }})
	return items, next, wrap("list requests", err)
}

// OpenRequests gives every request that takes answers, the oldest first.
func (s *Store) OpenRequests(ctx context.Context) ([]outcry.Request, error) {
	all, err := list(ctx, s.read, scanRequest, "SELECT "+requestColumns+" FROM requests WHERE state = 'open' ORDER BY id")
	return all, wrap("read open requests", err)
}

// CountOpen is how many requests of a buyer take answers.
func (s *Store) CountOpen(ctx context.Context, buyer string) (int, error) {
	n, _, err := find(ctx, s.read, scanNumber, "SELECT COUNT(*) FROM requests WHERE buyer_id = $1 AND state = 'open'", buyer)
	return int(n), wrap("count open requests", err)
}
