package trial

import (
	"context"
	"time"

	"outcry"
)

// journal is a log in memory that keeps the promises of matching.Journal and
// matching.Orders to one market. What is long over is dropped.
type journal struct {
	seq     int64
	records map[string]*record
	orders  map[string]outcry.Order
}

// record is a request with its log.
type record struct {
	request outcry.Request
	events  []outcry.Event
	last    int64
	orders  []string
}

func newJournal() *journal {
	return &journal{records: map[string]*record{}, orders: map[string]outcry.Order{}}
}

// add takes in a new request.
func (j *journal) add(r outcry.Request) { j.records[r.ID] = &record{request: r} }

// drop forgets a request and its orders.
func (j *journal) drop(request string) {
	if r := j.records[request]; r != nil {
		for _, id := range r.orders {
			delete(j.orders, id)
		}
		delete(j.records, request)
	}
}

// Commit numbers the events of a batch and keeps them.
func (j *journal) Commit(_ context.Context, b outcry.Batch) ([]outcry.Event, error) {
	r := j.records[b.Request]
	if r == nil {
		return nil, outcry.Missing("request")
	}
	if r.last != b.Base {
		return nil, &outcry.Error{Op: "commit", Kind: outcry.Conflict, Code: "stale", Msg: "the request has moved on"}
	}
	at := len(r.events)
	for _, e := range b.Events {
		j.seq++
		e.Seq = j.seq
		r.events = append(r.events, e)
		if e.Closing != nil {
			r.request.State, r.request.Reason, r.request.Closed = outcry.RequestClosed, e.Closing.Reason, e.At
		}
	}
	for _, o := range b.Placed {
		j.orders[o.ID] = o
		r.orders = append(r.orders, o.ID)
	}
	for _, o := range b.Moved {
		j.orders[o.ID] = o
	}
	if len(b.Events) > 0 {
		r.last = j.seq
	}
	return append([]outcry.Event(nil), r.events[at:]...), nil
}

// RequestLog gives the events of a request with numbers above after.
func (j *journal) RequestLog(_ context.Context, request string, after int64, limit int) (found []outcry.Event, _ error) {
	if r := j.records[request]; r != nil {
		for _, e := range r.events {
			if e.Seq > after && len(found) < limit {
				found = append(found, e)
			}
		}
	}
	return found, nil
}

// Request finds a request.
func (j *journal) Request(_ context.Context, id string) (outcry.Request, error) {
	if r := j.records[id]; r != nil {
		return r.request, nil
	}
	return outcry.Request{}, outcry.Missing("request")
}

// OpenRequests are those that are not closed: none when a trial begins.
func (j *journal) OpenRequests(context.Context) (open []outcry.Request, _ error) {
	for _, r := range j.records {
		if r.request.State == outcry.RequestOpen {
			open = append(open, r.request)
		}
	}
	return open, nil
}

// Order finds an order.
func (j *journal) Order(_ context.Context, id string) (outcry.Order, error) {
	if o, ok := j.orders[id]; ok {
		return o, nil
	}
	return outcry.Order{}, outcry.Missing("order")
}

// Heard lists nothing: no shop of a trial asks what it was called for.
func (j *journal) Heard(context.Context, string, outcry.Page) ([]string, string, error) {
	return nil, "", nil
}

// CallsSince gives the calls of a market before it began: none.
func (j *journal) CallsSince(context.Context, time.Time, func(string, time.Time) error) error {
	return nil
}
