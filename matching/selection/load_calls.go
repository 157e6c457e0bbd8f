package selection

import (
	"slices"
	"sort"
	"time"
)

// moments are times of calls in nanoseconds, ascending. Nanoseconds since 1970
// wrap around every 584 years, so that only differences say anything; they lie
// within a few hours of each other.
type moments []int64

// outOfOrder is how far holds may come behind each other and still be exact;
// remembered is for how long a call is kept for that.
const (
	outOfOrder = int64(10 * time.Minute)
	remembered = int64(time.Hour) + outOfOrder
)

// from is the number of calls that lie before at+plus.
func (m moments) from(at, plus int64) int {
	return sort.Search(len(m), func(i int) bool { return m[i]-at >= plus })
}

// around is the most calls that any 60 minutes with the moment in them have.
func (m moments) around(at int64) int {
	near := m[m.from(at, 1-int64(time.Hour)):m.from(at, int64(time.Hour))]
	if n := len(near); n == 0 || near[n-1]-at <= 0 {
		return n
	}
	most, end := len(near)-near.from(at, 0), 0 // the hour that starts at the moment
	for i := 0; i < len(near) && near[i]-at < 0; i++ {
		for end < len(near) && near[end]-near[i] < int64(time.Hour) {
			end++
		}
		most = max(most, end-i)
	}
	return most
}

// before is the calls of the 60 minutes that end with the moment.
func (m moments) before(at int64) int {
	return m.from(at, 1) - m.from(at, 1-int64(time.Hour))
}

// since leaves out what is too long before the moment to matter again.
func (m moments) since(at int64) moments { return m[m.from(at, 1-remembered):] }

// until is since, for a moment that the clock shows: what lies an hour or more
// after it is left out too, since the clock was set back.
func (m moments) until(at int64) moments {
	m = m.since(at)
	if n := m.from(at, int64(time.Hour)); n < len(m) {
		return slices.Clip(m[:n])
	}
	return m
}

// with has one call more. What was there stays as it is, for those who read it.
func (m moments) with(at int64) moments {
	i := m.from(at, 1)
	if i == len(m) {
		return append(m, at)
	}
	return slices.Concat(m[:i], moments{at}, m[i:])
}

// without has one call at that moment less; ok is false where there is none.
func (m moments) without(at int64) (rest moments, ok bool) {
	i := m.from(at, 0)
	if i == len(m) || m[i] != at {
		return m, false
	}
	return slices.Concat(m[:i], m[i+1:]), true
}
