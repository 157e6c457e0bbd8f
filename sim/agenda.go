package sim

import (
	"container/heap"
	"context"
	"errors"
	"sync"
	"time"

	"outcry"
)

const (
	// maxAppointments is how much may wait to be done; more is dropped.
	maxAppointments = 200_000
	// maxTries is how often something is tried that the market cannot do now.
	maxTries = 3
)

// agenda does things at their time. One goroutine waits for the next of them and
// a few hands do them, however much is to be done.
type agenda struct {
	clock func() time.Time
	// failed is told of each error that trying again does not mend.
	failed func(error)

	mu      sync.Mutex
	waiting appointments
	dropped int
	wake    chan struct{} // one place: something earlier has come
}

// appointment is something to be done.
type appointment struct {
	at  time.Time
	key uint64 // orders what is to be done at the same moment
	do  func(context.Context) error
	try int
}

func newAgenda(clock func() time.Time, failed func(error)) *agenda {
	return &agenda{clock: clock, failed: failed, wake: make(chan struct{}, 1)}
}

// add has something done at that time, or at once where it is over. It never
// waits.
func (a *agenda) add(at time.Time, key uint64, do func(context.Context) error) {
	a.put(appointment{at: at, key: key, do: do})
}

func (a *agenda) put(p appointment) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.waiting) >= maxAppointments {
		a.dropped++
		return
	}
	heap.Push(&a.waiting, p)
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// run does what is on the agenda until ctx ends, with so many hands; then it
// waits until the hands are empty. What is still to be done then stays undone.
func (a *agenda) run(ctx context.Context, hands int) {
	work := make(chan appointment)
	var busy sync.WaitGroup
	for range max(1, hands) {
		busy.Go(func() {
			for p := range work {
				a.keep(ctx, p)
			}
		})
	}
	defer busy.Wait()
	defer close(work)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		if p, ok := a.due(timer); ok {
			select {
			case work <- p:
			case <-ctx.Done():
			}
			continue
		}
		select {
		case <-timer.C:
		case <-a.wake:
		case <-ctx.Done():
		}
	}
}

// due takes what is to be done now, or sets the timer to what comes next.
func (a *agenda) due(timer *time.Timer) (appointment, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.waiting) == 0 {
		timer.Stop()
		return appointment{}, false
	}
	if wait := a.waiting[0].at.Sub(a.clock()); wait > 0 {
		timer.Reset(wait)
		return appointment{}, false
	}
	p, ok := heap.Pop(&a.waiting).(appointment)
	return p, ok
}

// keep does one thing. What the market cannot do now is tried again after a
// while.
func (a *agenda) keep(ctx context.Context, p appointment) {
	err := p.do(ctx)
	kind := outcry.KindOf(err)
	switch {
	case err == nil, ctx.Err() != nil:
	case (kind == outcry.Unavailable || kind == outcry.Limited) && p.try+1 < maxTries:
		p.try++
		p.at = a.clock().Add(patience(err))
		a.put(p)
	default:
		a.failed(err)
	}
}

// patience is how long to wait before trying again: as the error says, at least
// a second.
func patience(err error) time.Duration {
	if e, ok := errors.AsType[*outcry.Error](err); ok {
		return time.Duration(max(1, e.Retry)) * time.Second
	}
	return time.Second
}

// lost counts what was dropped because too much was waiting.
func (a *agenda) lost() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.dropped
}

// appointments is a heap by time.
type appointments []appointment

func (h appointments) Len() int { return len(h) }

func (h appointments) Less(i, j int) bool {
	if !h[i].at.Equal(h[j].at) {
		return h[i].at.Before(h[j].at)
	}
	return h[i].key < h[j].key
}

func (h appointments) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push is heap.Interface's.
func (h *appointments) Push(x any) {
	if p, ok := x.(appointment); ok {
		*h = append(*h, p)
	}
}

// Pop is heap.Interface's.
func (h *appointments) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = appointment{}
	*h = old[:len(old)-1]
	return last
}
