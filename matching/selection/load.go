package selection

import (
	"sync"
	"sync/atomic"
	"time"

	"outcry/policy"
)

// load is what one shop has on its hands: the calls that wait for its answer,
// and those of the last hour. The zero value is a shop that was never called.
//
// It holds to two rules, whoever calls from wherever: at no moment are more than
// the limit open, and no 60 minutes (with their first moment and without the one
// that ends them) have more than the hourly limit in them. Limits may change
// from one hold to the next.
//
// Calls under an hourly limit are kept one by one, so that theirs is exact while
// holds come at most outOfOrder behind each other; a clock that was set back by
// an hour or more starts afresh. Calls under none are only counted, in two
// stretches of time. Where a limit is new, those are taken to have come as late
// as they can have: for up to 70 minutes it may let fewer through, never more.
//
// Reading waits for nobody.
type load struct {
	mu sync.Mutex // for whoever changes what is below
	// open is the calls that wait for an answer.
	open atomic.Int32
	// calls are those kept one by one. A list that was stored never changes,
	// but one that grows from it may stand behind it in the same array.
	calls atomic.Pointer[moments]
	// counted has the calls counted in the stretch of last in its lower half, and
	// those of the stretch before in its upper half.
	counted atomic.Uint64
	last    atomic.Int64 // the latest call that was counted
}

// mostNoted is how many calls learned of at a restart are kept one by one; it
// is above what shops with a limit are called in an hour. More are counted.
const mostNoted = 256

// hold takes one open call and one call of the hour, or says no.
func (l *load) hold(now time.Time, limit policy.ShopLimit) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if rule, _ := l.over(now, limit); rule != "" {
		return false
	}
	if at := now.UnixNano(); limit.Hourly > 0 {
		l.keep(l.known().until(at).with(at))
	} else {
		l.keep(l.known().until(at))
		l.count(at)
	}
	l.open.Add(1)
	return true
}

// release says that an open call was answered or ended. With none open, nothing
// changes.
func (l *load) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open.Load() > 0 {
		l.open.Add(-1)
	}
}

// undo gives back a hold that was made at that moment, as if it had never been.
func (l *load) undo(at time.Time) {
	l.release()
	l.mu.Lock()
	defer l.mu.Unlock()
	t := at.UnixNano()
	if rest, ok := l.known().without(t); ok {
		l.keep(rest)
		return
	}
	l.uncount(t)
}

// note counts a call made before, which is not open, for the hour.
func (l *load) note(at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t, calls := at.UnixNano(), l.known()
	switch n := len(calls); {
	case n > 0 && calls[n-1]-t >= remembered:
	case n < mostNoted:
		l.keep(calls.since(t).with(t))
	default:
		l.count(t)
	}
}

// over says which limit is reached, RuleOpen or RuleHourly, and how many calls
// there are against it; "" where one more call may be made.
func (l *load) over(now time.Time, limit policy.ShopLimit) (Rule, int) {
	if n := int(l.open.Load()); limit.Open > 0 && n >= limit.Open {
		return RuleOpen, n
	}
	if limit.Hourly > 0 {
		at := now.UnixNano()
		if n := l.known().around(at) + l.atMost(at); n >= limit.Hourly {
			return RuleHourly, n
		}
	}
	return "", 0
}

// hour is how many calls there were in the last 60 minutes: exactly, of those
// kept one by one; of those only counted, as many as if they had been spread
// evenly.
func (l *load) hour(now time.Time) float64 {
	at := now.UnixNano()
	return float64(l.known().before(at)) + l.estimate(at)
}

// known is the calls kept one by one.
func (l *load) known() moments {
	if p := l.calls.Load(); p != nil {
		return *p
	}
	return nil
}

// keep replaces the calls kept one by one. The lock is held.
func (l *load) keep(calls moments) {
	if len(calls) > 0 {
		kept := calls // only this is on the heap
		l.calls.Store(&kept)
	} else if l.calls.Load() != nil {
		l.calls.Store(nil)
	}
}
