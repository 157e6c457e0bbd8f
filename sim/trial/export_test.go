package trial

import (
	"context"
	"time"
)

// Windows for the tests.
var (
	Gini     = gini
	Quantile = quantile
	Interval = interval
	Judge    = verdict
)

// Next is when somebody asks after a moment.
func (s Setting) Next(at time.Time, wait time.Duration) (time.Time, bool) { return s.next(at, wait) }

// Opening is when the measured day begins.
var Opening = opening

// Order puts numbers down at times, and gives them in the order in which they
// come off.
func Order(ctx context.Context, times []time.Time) []int {
	var a agenda
	var came []int
	for i, at := range times {
		a.add(at, func(context.Context) error { came = append(came, i); return nil })
	}
	for e, ok := a.next(); ok; e, ok = a.next() {
		_ = e.do(ctx)
	}
	return came
}

// NewJournal is an empty journal.
var NewJournal = newJournal

// Add takes in a request.
var Add = (*journal).add

// Drop forgets a request.
var Drop = (*journal).drop
