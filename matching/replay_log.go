package matching

import (
	"context"

	"outcry"
)

// scratch is the log of one request that runs again. It is in memory only, and
// for one goroutine.
type scratch struct {
	request outcry.Request
	events  []outcry.Event
}

var _ Journal = (*scratch)(nil)

// Commit numbers the events and keeps them.
func (s *scratch) Commit(_ context.Context, b outcry.Batch) ([]outcry.Event, error) {
	if b.Base != int64(len(s.events)) {
		return nil, &outcry.Error{Op: "replay", Kind: outcry.Conflict, Code: "stale", Msg: "the request has moved on"}
	}
	first := len(s.events)
	for _, e := range b.Events {
		e.Seq = int64(len(s.events) + 1)
		s.events = append(s.events, e)
	}
	return s.events[first:], nil
}

// RequestLog gives the events after a number.
func (s *scratch) RequestLog(_ context.Context, _ string, after int64, limit int) ([]outcry.Event, error) {
	rest := s.events[min(max(after, 0), int64(len(s.events))):]
	return rest[:min(limit, len(rest))], nil
}

// Request gives the request as it was at its beginning.
func (s *scratch) Request(context.Context, string) (outcry.Request, error) { return s.request, nil }

// OpenRequests gives the request.
func (s *scratch) OpenRequests(context.Context) ([]outcry.Request, error) {
	return []outcry.Request{s.request}, nil
}
