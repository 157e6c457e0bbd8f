// Package learning closes the circle of the cycle: by it step 9 of 9 teaches
// step 6 of 9. What shops did with their calls, what they asked and whether they
// stood by what was accepted becomes the figures by which they are selected: the
// chance of an offer by the time after the call, the price against the others,
// the share of promises kept. It does no input or output; the matching unit
// gives it the lessons, hands its figures to selecting and keeps its rows.
//
// All methods of a Ledger may be called from anywhere at once; none waits for
// anything but a lock that is held for microseconds.
package learning

import (
	"sync"

	"outcry"
	"outcry/policy"
)

// Ledger holds what was learned of every shop that was ever called, of the two
// classes of shops, and of what codes usually cost.
//
// Lessons are numbered by the log, from 1 on. They may come a little out of
// order, as requests that run side by side close; one that was given before is
// taken no second time, neither while the program runs nor by a row that had
// learned from it before it was kept.
//
// One lock guards all: a lesson of 12 calls holds it for about 7 microseconds
// and reading the figures of a shop for about 1, so that sharing it out would
// gain nothing.
type Ledger struct {
	rules func() *policy.Policy

	mu      sync.RWMutex // guards what follows
	given   given
	shops   map[string]*record
	classes [2]class
	usuals  map[tender]*usual
	changed []subject // rows that changed since Dirty last gave them
	// expected are the classes' curves as Expect last gave them.
	expected [2]outcry.Curve
}

// New is a ledger in which nothing is known. rules gives the policy in force; it
// is asked at each lesson and for each figure.
func New(rules func() *policy.Policy) *Ledger {
	l := &Ledger{rules: rules, given: newGiven(), shops: map[string]*record{}, usuals: map[tender]*usual{}}
	for i := range l.classes {
		l.classes[i].subject = classSubjects[i]
	}
	return l
}

// record is what is known of a shop.
type record struct {
	row
	waits  waits
	prices prices
	// kept and broken count the orders that came of its offers.
	kept, broken uint32
}

// of is the record of a shop, begun where there is none.
func (l *Ledger) of(shop string) *record {
	r := l.shops[shop]
	if r == nil {
		r = &record{row: row{subject: shop}}
		l.shops[shop] = r
	}
	return r
}
