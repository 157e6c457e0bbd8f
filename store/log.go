package store

import (
	"context"
	"fmt"

	"outcry"
)

const (
	// MaxEvents is how many events one read of the log gives at most.
	MaxEvents = 10_000
	// MaxBehind is how many rows of the log a shop's cursor may be behind; a
	// shop further back takes its state anew.
	MaxBehind = 100_000
)

const logColumns = "seq, at, kind, request_id, shop_id, body"

var (
	logTable   = newTable("log", logColumns, "")
	heardTable = newTable("heard", "shop_id, request_id, n, seq", "")
)

// Commit writes b, all or nothing: it numbers b's events in the one order of
// the log, notes which shops a wave called, closes and changes the request as
// the events say, places and moves orders and takes ratings. It gives the
// events with their numbers, their times in whole milliseconds. The errors:
//
//	NotFound               there is no such request, or no such order to move or rate
//	Conflict stale         the log of the request does not end at b.Base
//	Conflict called_twice  a wave calls a shop that the request called before
//	Conflict already_accepted  as many orders as the request accepts are there, or one of the offer
//	Conflict already_rated  this party has rated the order
//	Invalid                an event is of another request or lacks what its kind says
//	Unavailable maybe      nobody knows whether it was written
func (s *Store) Commit(ctx context.Context, b outcry.Batch) ([]outcry.Event, error) {
	if b.Request == "" {
		return nil, outcry.BadField("request", "name the request that the batch is about")
	}
	// Outside the writer, which has other things to do.
	bodies, err := encode(b.Events)
	if err != nil {
		return nil, err
	}
	return write(ctx, s, b.Request, func(ctx context.Context, t *tx) ([]outcry.Event, error) {
		end, found := t.ends[b.Request]
		switch {
		case !found:
			return nil, outcry.Missing("request")
		case end != b.Base:
			return nil, &outcry.Error{Op: "commit", Kind: outcry.Conflict, Code: "stale",
				Msg: fmt.Sprintf("the request has moved on: its log ends at %d, not at %d", end, b.Base)}
		}
		if err := t.commitOrders(ctx, b); err != nil {
			return nil, err
		}
		events, err := t.appendLog(b.Request, b.Events, bodies)
		return events, wrap("commit", err)
	})
}

// appendLog numbers events, all of one request or of none, and lets them wait
// with what follows from them. Nothing of it waits after an error.
func (t *tx) appendLog(request string, events []outcry.Event, bodies []string) ([]outcry.Event, error) {
	out := make([]outcry.Event, len(events))
	for i, e := range events {
		if e.Request == "" {
			e.Request = request
		}
		if e.Request != request {
			return nil, outcry.BadField("events", "event %d is of another request", i)
		}
		if !storable(e.Shop, bodies[i]) {
			return nil, errText
		}
		t.last++
		e.Seq, e.At = t.last, whole(e.At)
		out[i] = e
		t.log = append(t.log, e.Seq, ms(e.At), string(e.Kind), e.Request, e.Shop, bodies[i])
		t.follow(e)
	}
	if request != "" && len(out) > 0 {
		t.ends[request] = t.last
	}
	return out, nil
}

// follow lets wait what an event changes besides the log.
func (t *tx) follow(e outcry.Event) {
	switch e.Kind {
	case outcry.EventCalled:
		for _, c := range e.Wave.Calls {
			t.heard = append(t.heard, c.Shop, e.Request, int64(c.N), e.Seq)
		}
	case outcry.EventClosed:
		t.later = append(t.later, statement{
			"UPDATE requests SET state = 'closed', reason = $1, closed = $2 WHERE id = $3 AND state = 'open'",
			[]any{string(e.Closing.Reason), ms(e.At), e.Request},
		})
	case outcry.EventChanged:
		c := e.Change
		t.later = append(t.later, statement{
			"UPDATE requests SET deadline = $1, radius_m = $2, code = $3, wanted = $4 WHERE id = $5",
			[]any{ms(c.Deadline), int64(c.RadiusM), string(c.Code), int64(c.Wanted), e.Request},
		})
	}
}

// RequestLog gives the events of a request whose numbers are above after, in
// order, at most limit of them.
func (s *Store) RequestLog(ctx context.Context, request string, after int64, limit int) ([]outcry.Event, error) {
	events, err := list(ctx, s.read, scanEvent, "SELECT "+logColumns+
		" FROM log WHERE request_id = $1 AND request_id <> '' AND seq > $2 ORDER BY seq LIMIT $3", request, after, bound(limit))
	return events, wrap("read log", err)
}

// Tail gives the events whose numbers are above after, in order, at most limit.
// Numbers become readable in their order: an event that was not there yet never
// has a lower number than one that was.
func (s *Store) Tail(ctx context.Context, after int64, limit int) ([]outcry.Event, error) {
	events, err := list(ctx, s.read, scanEvent,
		"SELECT "+logColumns+" FROM log WHERE seq > $1 ORDER BY seq LIMIT $2", after, bound(limit))
	return events, wrap("read log", err)
}

// LastSeq is the number of the last event; 0 before the first.
func (s *Store) LastSeq(ctx context.Context) (int64, error) {
	n, _, err := find(ctx, s.read, scanNumber, "SELECT COALESCE(MAX(seq), 0) FROM log")
	return n, wrap("read log", err)
}

// ShopLog gives the events that concern a shop and whose numbers are above
// after, in order, at most limit: those that name it, the waves that call it,
// and the changes and closings of requests that had called it. Waves are given whole: whoever
// hands one on to the shop hands on its own call alone. reset says that the
// cursor is beyond the log's end, or more than MaxBehind events behind it: the
// shop then takes its state anew and goes on from LastSeq.
func (s *Store) ShopLog(ctx context.Context, shop string, after int64, limit int) (events []outcry.Event, reset bool, err error) {
	last, err := s.LastSeq(ctx)
	if err != nil || after > last || last-after > MaxBehind {
		return nil, err == nil, err
	}
	events, err = list(ctx, s.read, scanEvent, shopLog, shop, after, after, shop, bound(limit))
	return events, false, wrap("read log", err)
}

// shopLog joins a shop's own rows with those told to all that were called. The
// log is gone through first, by the index of such rows, and heard is looked up.
const shopLog = "SELECT " + logColumns + ` FROM log WHERE shop_id = $1 AND shop_id <> '' AND seq > $2
	UNION ALL
	SELECT l.seq, l.at, l.kind, l.request_id, l.shop_id, l.body FROM log l CROSS JOIN heard h
	WHERE l.shop_id = '' AND l.request_id <> '' AND l.seq > $3
	AND h.shop_id = $4 AND h.request_id = l.request_id AND (l.kind IN ('closed', 'changed') AND h.seq < l.seq OR l.kind = 'called' AND h.seq = l.seq)
	ORDER BY 1 LIMIT $5`

// HeardCall is a request that called a shop, and the call's number in it.
type HeardCall struct {
	Request string
	N       int
}

// Heard lists the requests that called a shop, the newest first.
func (s *Store) Heard(ctx context.Context, shop string, p outcry.Page) ([]HeardCall, string, error) {
	f := filter{text: "SELECT request_id, n FROM heard"}
	f.and("shop_id =", shop)
	f.order("request_id", true, p)
	items, next, err := page(ctx, s.read, &f, p, reading[HeardCall]{func(r row) (h HeardCall, err error) {
		err = r.Scan(&h.Request, &h.N)
		return h, err
	}, func(h HeardCall) string { return h.Request }})
	return items, next, wrap("list calls", err)
}

// bound keeps a limit within 1 and MaxEvents.
func bound(limit int) int64 {
	if limit <= 0 {
		return MaxEvents
	}
	return int64(min(limit, MaxEvents))
}
