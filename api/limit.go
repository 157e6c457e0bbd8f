package api

import (
	"fmt"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"outcry"
)

// Rate is how often something may be done. The zero Rate is the default; a
// negative PerSecond is no bound.
type Rate struct {
	// PerSecond is how often in the long run.
	PerSecond float64
	// Burst is how often at once.
	Burst int
}

// Limits bound what callers may do. Zero values are the defaults.
type Limits struct {
	// Member bounds the calls of one member, or of one shop server: 200 a
	// second, 400 at once.
	Member Rate
	// Stranger bounds the calls of one address that show no good token: 100 a
	// second, 1,000 at once.
	Stranger Rate
	// Joining bounds new members from one address: 10 a second, 1,000 at once.
	Joining Rate
	// Open is how many calls are worked on at once: 512.
	Open int
	// Streams is how many event streams and long polls are open at once:
	// 20,000.
	Streams int
	// Body is how long a body may be, in bytes: 64 KiB.
	Body int64
	// Import is how long a body that is imported may be, in bytes: 50 MiB.
	Import int64
}

// withDefaults fills in what is zero.
func (l Limits) withDefaults() Limits {
	l.Member.orElse(Rate{200, 400})
	l.Stranger.orElse(Rate{100, 1000})
	l.Joining.orElse(Rate{10, 1000})
	orElse(&l.Open, 512)
	orElse(&l.Streams, 20_000)
	orElse(&l.Body, 64<<10)
	orElse(&l.Import, 50<<20)
	return l
}

func (r *Rate) orElse(otherwise Rate) {
	if *r == (Rate{}) {
		*r = otherwise
	}
}

func orElse[N int | int64](n *N, otherwise N) {
	if *n == 0 {
		*n = otherwise
	}
}

// bounds say who calls too often.
type bounds struct{ members, strangers, joining *rates }

func newBounds(l Limits) bounds {
	return bounds{newRates(l.Member), newRates(l.Stranger), newRates(l.Joining)}
}

// take counts a call, or says how long its caller has to wait. Each shop server
// counts by itself, whoever owns the shop.
func (b bounds) take(v *visit, r *route, now time.Time) error {
	if r.joins {
		if err := b.joining.take(v.address, now); err != nil {
			return err
		}
	}
	switch shop := v.actor.Token().Shop; {
	case !v.actor.Known():
		return b.strangers.take(v.address, now)
	case shop != "":
		return b.members.take(shop, now)
	}
	return b.members.take(v.actor.Member, now)
}

// maxCallers bounds how many callers are watched. Beyond it some are forgotten
// by chance, which gives those a new burst.
const maxCallers = 50_000

// rates bound how often each of many callers does something.
type rates struct {
	Rate
	mu      sync.Mutex
	callers map[string]*rate.Limiter
}

func newRates(r Rate) *rates { return &rates{Rate: r, callers: map[string]*rate.Limiter{}} }

func (r *rates) take(name string, now time.Time) error {
	if r.PerSecond < 0 {
		return nil
	}
	seat := r.of(name).ReserveN(now, 1)
	wait := seat.DelayFrom(now)
	if seat.OK() && wait == 0 {
		return nil
	}
	seat.CancelAt(now)
	return &outcry.Error{Kind: outcry.Limited, Code: "too_often", Retry: int(math.Ceil(min(wait, time.Hour).Seconds())),
		Msg: fmt.Sprintf("at most %g calls a second are taken from one caller; wait, then try again", r.PerSecond)}
}

func (r *rates) of(name string) *rate.Limiter {
	r.mu.Lock()
	defer r.mu.Unlock()
	l, ok := r.callers[name]
	if ok {
		return l
	}
	if len(r.callers) >= maxCallers {
		r.forget(maxCallers / 8)
	}
	l = rate.NewLimiter(rate.Limit(r.PerSecond), r.Burst)
	r.callers[name] = l
	return l
}

// forget drops n callers. The lock is held.
func (r *rates) forget(n int) {
	for name := range r.callers {
		if n--; n < 0 {
			return
		}
		delete(r.callers, name)
	}
}
