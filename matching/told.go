package matching

import (
	"context"
	"slices"

	"outcry"
)

// mostTold is how many events of a request are kept in memory.
const mostTold = 512

// told is what has happened to a request since it began, in memory, for those who
// come to its board while it is open. Its owner's goroutine alone looks at it.
type told struct {
	events []outcry.Event
	whole  bool // all there are
}

// add adds events that are durable.
func (t *told) add(events []outcry.Event) {
	switch {
	case !t.whole:
	case len(t.events)+len(events) > mostTold:
		*t = told{}
	default:
		t.events = append(t.events, events...)
	}
}

// Past are the events of a request behind a cursor, all that are durable by now,
// from memory; ok is false where the log has to be asked.
func (m *Market) Past(ctx context.Context, request string, after int64) (events []outcry.Event, ok bool) {
	if !m.owned(request) {
		return nil, false
	}
	// In a turn, when nothing is on its way to the log: what is not here yet will
	// be heard by whoever listens already.
	err := m.do(ctx, request, func(t *turn) error {
		if ok = t.told.whole; ok {
			i, _ := slices.BinarySearchFunc(t.told.events, after+1, func(e outcry.Event, seq int64) int { return int(e.Seq - seq) })
			events = slices.Clone(t.told.events[i:])
		}
		return nil
	})
	return events, ok && err == nil
}
