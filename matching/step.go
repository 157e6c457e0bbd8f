package matching

import (
	"context"
	"time"
)

// Stepped makes a Market for virtual time: no goroutine runs its requests; each
// turn happens in the call that brings it about, or in Wake. wake is told when a
// request wants to be woken; a later word for the same request holds instead of
// an earlier one. It is for one goroutine, and Run is not called.
func Stepped(c Config, wake func(request string, at time.Time)) *Market {
	m := New(c)
	m.wake = wake
	return m
}

// Wake gives a request of a stepped market the turn that is due by the clock.
func (m *Market) Wake(ctx context.Context, request string) error {
	m.mu.Lock()
	r, ok := m.runs[request]
	m.mu.Unlock()
	if !ok {
		return nil
	}
	if r.board != nil && r.board.Closed() {
		m.disown(r)
		return nil
	}
	return m.step(ctx, r, nil)
}

// step takes a turn here and now, and says when the next one is due.
func (m *Market) step(ctx context.Context, r *run, commands []*command) error {
	if r.turn(ctx, commands); r.failure != nil {
		m.disown(r)
		return r.failure
	}
	m.wake(r.request, r.due())
	return nil
}
