package sim

import "time"

// What shops do with their calls besides offering. All of it is assumed.
const (
	declines  = 0.05 // of all answers
	repeats   = 0.03 // offers sent once more
	revises   = 0.05 // offers made cheaper after a while
	withdraws = 0.02 // offers taken back after a while
)

// Plan is what a shop will do with a call that it answers.
type Plan struct {
	After    time.Duration // from call to answer
	Declines bool          // else it offers
	Repeats  int           // how often it sends the offer again
	revises  time.Duration // from the offer to a cheaper one; 0 is never
	takes    time.Duration // from the offer to its withdrawal; 0 is never
}

// Plan decides what the shop does with a call, called at that moment; ok is
// false where it does nothing. n is the number of the call among all that it
// may get: the same one is dealt with in the same way.
func (t Temper) Plan(n int, at time.Time) (p Plan, ok bool) {
	r := Dice(t.seed, "call", t.shop, n)
	if !t.answers(r, at) {
		return Plan{}, false
	}
	p.After = t.delay(r)
	p.Declines = r.Float64() < declines
	if r.Float64() < repeats {
		p.Repeats = 1
	}
	if t.stutter > 0 {
		p.Repeats = between(r, 1, t.stutter)
	}
	switch u := r.Float64(); {
	case u < revises:
		p.revises = time.Duration(2000+r.IntN(8000)) * time.Millisecond
	case u < revises+withdraws:
		p.takes = time.Duration(3000+r.IntN(20000)) * time.Millisecond
	}
	return p, true
}
