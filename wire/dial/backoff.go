package dial

import (
	"context"
	"math/rand/v2"
	"time"
)

// The shortest and longest wait of a Backoff, before chance.
const (
	firstWait = 250 * time.Millisecond
	lastWait  = 15 * time.Second
)

// Backoff waits longer each time: 0.25 s, doubling up to 15 s, each between half
// of that and all of it by chance, so that many clients that were cut off
// together do not return together. The zero value is ready.
type Backoff struct{ times int }

// Next is the next wait.
func (b *Backoff) Next() time.Duration {
	d := min(firstWait<<min(b.times, 10), lastWait)
	b.times++
	return d/2 + rand.N(d/2) //nolint:gosec // spreads load, keeps no secret
}

// Reset starts anew from the shortest wait.
func (b *Backoff) Reset() { b.times = 0 }

// Wait waits for the next wait, or for least where that is longer. Its error is
// the context's.
func (b *Backoff) Wait(ctx context.Context, least time.Duration) error {
	t := time.NewTimer(max(b.Next(), least))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
