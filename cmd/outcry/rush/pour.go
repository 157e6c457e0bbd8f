package rush

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	// hopelessShare is how many of the requests that come by chance close at their
	// deadlines.
	hopelessShare = 0.1
	// mostOpen is how many of those requests may be open at once; more are refused
	// here, and counted as failed.
	mostOpen = 4000
)

// errTooMany says that a request was not sent.
var errTooMany = errors.New("too many requests are open: the server takes less than come")

// rain says how requests come by chance, whatever becomes of those before.
type rain struct {
	desk
	Rate float64       `json:"rate"` // a second
	For  time.Duration `json:"for"`
	Seed uint64        `json:"seed"`
}

// pour asks as a Poisson process does.
func (b *buyers) pour(ctx context.Context, r rain) (any, error) {
	var sum sheaf
	var asking sync.WaitGroup
	chance := rand.New(rand.NewPCG(r.Seed, 1)) //nolint:gosec // seeded, no secret
	room := make(chan struct{}, mostOpen)
	begin := time.Now()
	next := begin
	for pause(ctx, time.Until(next)) && next.Sub(begin) < r.For {
		due, want := next, patient
		if chance.Float64() < hopelessShare {
			want = hopeless
		}
		select {
		case room <- struct{}{}:
			asking.Go(func() {
				behind := time.Since(due)
				c, err := b.one(ctx, r.desk, want)
				c.behind = behind
				sum.add(c, err)
				<-room
			})
		default:
			sum.add(course{}, errTooMany)
		}
		next = next.Add(time.Duration(chance.ExpFloat64() / r.Rate * float64(time.Second)))
	}
	asking.Wait()
	return sum.bind(time.Since(begin)), ctx.Err()
}

// pause waits; false when ctx ended before.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
