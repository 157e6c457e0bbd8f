package intake

import (
	"context"
	"sync"
)

// turns lets one goroutine at a time do something in one name.
type turns struct {
	mu    sync.Mutex
	names map[string]*turn
}

type turn struct {
	busy    chan struct{} // has room for the one whose turn it is
	holders int           // who has the turn or waits for it
}

func newTurns() *turns { return &turns{names: map[string]*turn{}} }

// enter waits for the turn of a name; leave must be called after it.
func (t *turns) enter(ctx context.Context, name string) (leave func(), err error) {
	t.mu.Lock()
	own := t.names[name]
	if own == nil {
		own = &turn{busy: make(chan struct{}, 1)}
		t.names[name] = own
	}
	own.holders++
	t.mu.Unlock()
	select {
	case own.busy <- struct{}{}:
		return func() { <-own.busy; t.left(name, own) }, nil
	case <-ctx.Done():
		t.left(name, own)
		return nil, ctx.Err()
	}
}

func (t *turns) left(name string, own *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if own.holders--; own.holders == 0 {
		delete(t.names, name)
	}
}
