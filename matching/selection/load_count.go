package selection

import "time"

// stretch numbers the stretches of time, each remembered long, that calls are
// counted by: one that begins leaves out only calls that lie an hour before
// whatever can still come.
func stretch(at int64) int64 {
	n := at / remembered
	if at%remembered < 0 {
		n--
	}
	return n
}

// counts are the calls counted in the stretch of the last one, and in the one
// before.
func (l *load) counts() (this, before uint32) {
	both := l.counted.Load()
	return uint32(both & 0xffffffff), uint32(both >> 32)
}

// setCounts stores both as one, so that a reader never sees half a change.
func (l *load) setCounts(this, before uint32) {
	l.counted.Store(uint64(before)<<32 | uint64(this))
}

// count counts a call. A clock that was set back by more than a stretch starts
// afresh. The lock is held.
func (l *load) count(at int64) {
	this, before := l.counts()
	last := l.last.Load()
	if this == 0 && before == 0 {
		last = at
	}
	switch stretch(at) - stretch(last) {
	case 0:
		this, last = this+1, last+max(0, at-last)
	case -1:
		before++
	case 1:
		this, before, last = 1, this, at
	default:
		this, before, last = 1, 0, at
	}
	l.last.Store(last)
	l.setCounts(this, before)
}

// uncount takes back a call that was counted at that moment. The lock is held.
func (l *load) uncount(at int64) {
	this, before := l.counts()
	switch stretch(l.last.Load()) - stretch(at) {
	case 0:
		this = max(this, 1) - 1
	case 1:
		before = max(before, 1) - 1
	}
	l.setCounts(this, before)
}

// atMost is how many of the counted calls may lie within an hour of a moment.
func (l *load) atMost(at int64) int {
	const hour = int64(time.Hour)
	this, before := l.counts()
	last := l.last.Load()
	start, n := stretch(last)*remembered, 0
	if at-last < hour && start-at < hour {
		n += int(this)
	}
	if at-start < hour-1 && start-at < hour+remembered {
		n += int(before)
	}
	return n
}

// estimate is how many of the counted calls lie in the hour up to a moment, if
// those of each stretch are spread evenly over it.
func (l *load) estimate(at int64) float64 {
	this, before := l.counts()
	if this == 0 && before == 0 {
		return 0
	}
	last := l.last.Load()
	if last-at > 0 && last-at < int64(time.Hour) {
		at = last
	}
	start := stretch(last) * remembered
	n := float64(before) * overlap(start-remembered, start, at)
	switch since := at - start; {
	case since < 0:
		return n
	case since > int64(time.Hour):
		return n + float64(this)*overlap(start, start+min(remembered, since), at)
	}
	return n + float64(this)
}

// overlap is the share of the time from start to end that lies in the hour up
// to a moment.
func overlap(start, end, at int64) float64 {
	from, to := max(start-at, -int64(time.Hour)), min(end-at, 0)
	return float64(max(0, to-from)) / float64(end-start)
}
