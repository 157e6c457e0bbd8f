package selection

import (
	"strings"
	"sync/atomic"
	"time"

	"outcry"
	"outcry/policy"
)

// Hold takes one open call and one call of the hour for a shop, or says no: at
// one of its limits, paused, in its quiet hours, not active or not known. It is
// exact whoever holds at once.
func (x *Index) Hold(id string, now time.Time, limits *policy.Limits) bool {
	n, ok := x.roster.ids.find(id)
	if !ok {
		return false
	}
	w := x.waysOf(n)
	if w.state != outcry.ShopActive || strings.TrimSpace(w.quiet.text) != "" && w.quiet.value.OpenAt(now.In(w.zone.value)) {
		return false
	}
	d := x.roster.desk(n)
	return !d.pausedAt(now) && d.load.hold(now, w.limits(limits))
}

// waysOf is the manner of a shop at some moment of the call.
func (x *Index) waysOf(n uint32) *ways {
	number := &x.roster.cards.at(n).manner
	for {
		is := atomic.LoadUint32(number)
		if w := x.manners.at(is).ways.Load(); atomic.LoadUint32(number) == is {
			return w
		}
	}
}

// Release says that an open call was answered or ended.
func (x *Index) Release(id string) {
	if d := x.deskOf(id); d != nil {
		d.load.release()
	}
}

// Undo gives back a hold made at that moment whose call was never made: it is
// neither open nor one of the hour.
func (x *Index) Undo(id string, at time.Time) {
	if d := x.deskOf(id); d != nil {
		d.load.undo(at)
	}
}

// Note counts a call made before a restart, for the hour alone.
func (x *Index) Note(id string, at time.Time) {
	if n, ok := x.roster.ids.find(id); ok {
		x.roster.desk(n).load.note(at)
	}
}

// deskOf is the desk of a shop; nil where it has none.
func (x *Index) deskOf(id string) *desk {
	if n, ok := x.roster.ids.find(id); ok {
		return x.roster.desks.at(n).Load()
	}
	return nil
}
