package outcry

import (
	"slices"
	"time"
)

// hoursHorizon is how far NextChange looks ahead.
const hoursHorizon = 400 * 24 * time.Hour

// hoursPlan is opening hours ready to be asked.
type hoursPlan struct {
	text    string
	pattern string
	leaves  []string
	// rules are empty where week says all, for the day's spans too.
	rules []hoursRule
	// edges are the minutes of a day at which something may change, ascending.
	edges []int
	// week is what holds where the rules repeat weekly; nil where they do not.
	week *hoursWeek
}

// wallClock reads what the clock shows: the day, and the minute of it.
func wallClock(t time.Time) (day, minute int) {
	_, offset := t.Zone()
	seconds := t.Unix() + int64(offset)
	days := seconds / 86400
	if seconds%86400 < 0 {
		days--
	}
	return int(days), int(seconds-days*86400) / 60
}

// steady maps a moment of an hour that comes twice, the second time, to the end
// of the first; every other moment to itself.
func steady(t time.Time) time.Time {
	start, _ := t.ZoneBounds()
	if start.IsZero() {
		return t
	}
	since := t.Sub(start)
	if since > 24*time.Hour {
		return t
	}
	before := start.Add(-time.Nanosecond)
	if since < backBy(before, start) {
		return before
	}
	return t
}

// backBy is how far the clock goes back between two moments, at most 0 where it
// does not.
func backBy(before, after time.Time) time.Duration {
	_, was := before.Zone()
	_, is := after.Zone()
	return time.Duration(was-is) * time.Second
}

// open says whether the minute of the day is open.
func (p *hoursPlan) open(day, minute int) bool {
	if p.week != nil {
		return p.week.open(weekdayOf(day)*dayMinutes + minute)
	}
	return p.openGiven(p.hits(day), p.hits(day-1), minute)
}

func (p *hoursPlan) openGiven(today, before hoursHits, minute int) bool {
	own, spill := p.states(today, before, minute)
	return own == hoursOpen || spill == hoursOpen
}

// constant says whether the hours never change.
func (p *hoursPlan) constant() bool {
	return p.week != nil && (len(p.week.flips) == 0 || len(p.week.flips) == 1 && p.week.flips[0] == 0)
}

// hoursHits has a bit for each rule that holds on some day.
type hoursHits [maxHoursRules / 64]uint64

func (h *hoursHits) has(i int) bool { return h[i/64]>>(i%64)&1 != 0 }

// hits are the rules that hold on a day.
func (p *hoursPlan) hits(day int) (h hoursHits) {
	if len(p.rules) == 0 {
		return h
	}
	date := newHoursDay(day)
	for i := range p.rules {
		if p.rules[i].days.matches(date) {
			h[i/64] |= 1 << (i % 64)
		}
	}
	return h
}

// states is what the rules make of one minute: by the spans that start on its
// day, and by those that run over from the day before.
func (p *hoursPlan) states(today, before hoursHits, minute int) (own, spill hoursState) {
	settled := false // a fallback, and what is added to it, has nothing to say
	for i := range p.rules {
		r := &p.rules[i]
		if r.join != hoursAdds {
			settled = r.join == hoursFallback && (own != hoursClosed || spill != hoursClosed)
		}
		here, late := today.has(i), before.has(i)
		if !settled && (here || late) {
			own, spill = r.apply(own, spill, here, late, minute)
		}
	}
	return own, spill
}

// apply is what becomes of both states by a rule that holds on the minute's day
// (here), on the day before (late), or on both.
func (r *hoursRule) apply(own, spill hoursState, here, late bool, minute int) (hoursState, hoursState) {
	ownHit, spillHit := here && r.covers(minute), late && r.covers(minute+dayMinutes)
	whole := r.state == hoursClosed && len(r.spans) == 0 || r.state != hoursClosed && r.join == hoursReplaces
	if here && whole {
		own = hoursClosed
	}
	if late && whole {
		spill = hoursClosed
	}
	switch {
	case r.state == hoursClosed && len(r.spans) > 0 && (ownHit || spillHit):
		return hoursClosed, hoursClosed
	case r.state == hoursClosed:
		return own, spill
	}
	if ownHit {
		own = r.state
	}
	if spillHit {
		spill = r.state
	}
	return own, spill
}

// covers says whether the minute, counted from the midnight of the rule's day,
// is in its times.
func (r *hoursRule) covers(minute int) bool {
	for _, s := range r.spans {
		if s.covers(minute) {
			return true
		}
	}
	return len(r.spans) == 0 && minute < dayMinutes
}

// ruleEdges are the minutes of a day at which rules may start or end.
func ruleEdges(rules []hoursRule) []int {
	edges := []int{0}
	for _, r := range rules {
		for _, s := range r.spans {
			edges = append(edges, s.from, s.to%dayMinutes)
		}
	}
	slices.Sort(edges)
	return slices.Compact(edges)
}

// spansOn are the spans that start on a day.
func (p *hoursPlan) spansOn(day int) []hoursSpan {
	if len(p.rules) == 0 {
		return p.week.days[weekdayOf(day)]
	}
	before, today, after := p.hits(day-1), p.hits(day), p.hits(day+1)
	var spans []hoursSpan
	for i := range 2 * len(p.edges) {
		from := p.edges[i%len(p.edges)] + i/len(p.edges)*dayMinutes
		to := 2 * dayMinutes
		if i+1 < 2*len(p.edges) {
			to = p.edges[(i+1)%len(p.edges)] + (i+1)/len(p.edges)*dayMinutes
		}
		own, _ := p.states(today, before, from)
		if from >= dayMinutes {
			_, own = p.states(after, today, from-dayMinutes)
		}
		if own == hoursOpen {
			spans = append(spans, hoursSpan{from: from, to: to})
		}
	}
	return joinSpans(spans)
}

// change is the first moment after t and within the time at which the state is
// no longer now; zero where there is none.
func (p *hoursPlan) change(t time.Time, within time.Duration, now bool) time.Time {
	end := t.Add(within)
	_, jump := t.ZoneBounds()
	first, _ := wallClock(steady(t))
	last, _ := wallClock(end)
	before := p.hits(first - 1)
	for day := first; day <= last+1; day++ {
		today := p.hits(day)
		at := p.edgeOn(day, t, func(minute int) bool {
			if p.week != nil {
				return p.open(day, minute) != now
			}
			return p.openGiven(today, before, minute) != now
		})
		if !jump.IsZero() {
			if on, _ := wallClock(jump.Add(-time.Nanosecond)); on <= day {
				if p.open(wallClock(steady(jump))) != now && (at.IsZero() || jump.Before(at)) {
					at = jump
				}
				_, jump = jump.ZoneBounds()
			}
		}
		if !at.IsZero() {
			if at.After(end) {
				return time.Time{}
			}
			return at
		}
		before = today
	}
	return time.Time{}
}

// edgeOn is the first moment of a day, after t, of an edge that is as wanted.
func (p *hoursPlan) edgeOn(day int, t time.Time, wanted func(minute int) bool) time.Time {
	for _, minute := range p.edges {
		if wanted(minute) {
			if at := momentOf(day, minute, t.Location()); at.After(t) {
				return at
			}
		}
	}
	return time.Time{}
}

// momentOf is when the clock first shows a minute of a day; zero where it skips
// it.
func momentOf(day, minute int, zone *time.Location) time.Time {
	year, month, date := time.Unix(int64(day)*86400, 0).UTC().Date()
	at := time.Date(year, month, date, 0, minute, 0, 0, zone)
	start, _ := at.ZoneBounds()
	if !start.IsZero() {
		before := start.Add(-time.Nanosecond)
		if back := backBy(before, start); at.Sub(start) < back {
			at = at.Add(-back)
		}
	}
	if d, m := wallClock(at); d != day || m != minute {
		return time.Time{}
	}
	return at
}
