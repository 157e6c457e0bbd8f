package outcry

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

const (
	dayMinutes = 24 * 60
	// openEndLeast is how long "22:00+" counts as open at least, in minutes.
	openEndLeast = 4 * 60
)

// hoursSpan is a stretch of time that starts on a day. Times are in minutes
// from that day's midnight; to is behind from and at most 48 hours.
type hoursSpan struct {
	from, to int
	// openEnd: "18:00+", where to is a guess, or "18:00-22:00+", where it is
	// the time that was given.
	openEnd, guessed bool
	// sunFrom and sunTo are what the text said where it named the sun.
	sunFrom, sunTo string
}

// plain says whether from and to are all there is to the span.
func (s hoursSpan) plain() bool { return !s.openEnd && s.sunFrom == "" && s.sunTo == "" }

func (s hoursSpan) covers(minute int) bool { return s.from <= minute && minute < s.to }

// String writes the span in full. An end past midnight is written as the time
// on the clock where that is clear, else counted on past 24:00.
func (s hoursSpan) String() string {
	from, to := clockText(s.from), ""
	if s.sunFrom != "" {
		from = s.sunFrom
	}
	switch {
	case s.guessed:
		return from + "+"
	case s.sunTo != "":
		to = s.sunTo
	case s.to > dayMinutes && s.to-dayMinutes < s.from:
		to = clockText(s.to - dayMinutes)
	default:
		to = clockText(s.to)
	}
	if s.openEnd {
		to += "+"
	}
	return from + "-" + to
}

func clockText(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// joinSpans sorts spans, merges those that touch and are plain, and drops
// repetitions.
func joinSpans(spans []hoursSpan) []hoursSpan {
	slices.SortFunc(spans, compareSpans)
	out := spans[:0]
	last := -1 // the last plain one in out
	for _, s := range spans {
		if s.plain() && last >= 0 && s.from <= out[last].to {
			out[last].to = max(out[last].to, s.to)
			continue
		}
		if s.plain() {
			last = len(out)
		}
		out = append(out, s)
	}
	slices.SortFunc(out, compareSpans) // what was merged may end later now
	return slices.Compact(out)
}

func compareSpans(a, b hoursSpan) int {
	return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), strings.Compare(a.String(), b.String()))
}

// timeWritten says whether a time stands at the k-th piece from here that can
// be nothing else.
func (p *hoursParser) timeWritten(k int) bool {
	tok, next, after := p.peek(k), p.peek(k+1), p.peek(k+2)
	switch tok.kind {
	case '(':
		return true
	case hoursWord:
		_, clock := clockWords[tok.text]
		return clock || sunMinutes[tok.text] != 0
	case hoursNumber:
		if next.kind == ':' || next.kind == '.' {
			return next.off == tok.end && after.kind == hoursNumber && after.off == next.end
		}
		return next.kind == hoursWord && (clockUnits[next.text] || halves[next.text] != 0) || p.always(k)
	}
	return false
}

// always says whether 24/7 stands at the k-th piece from here.
func (p *hoursParser) always(k int) bool {
	return p.peek(k).text == "24" && p.peek(k+1).kind == '/' && p.peek(k+2).text == "7"
}

// timeHere says whether a time may stand at the k-th piece from here: one that
// is clearly written, a lone hour, or digits run together such as 0900. The
// latter look like years from 1900 on, which count as times only if so told.
func (p *hoursParser) timeHere(k int, noYears bool) bool {
	tok := p.peek(k)
	if p.timeWritten(k) {
		return true
	}
	return tok.kind == hoursNumber && (len(tok.text) < 4 || noYears || tok.num < firstYear)
}

// times reads the spans of a rule: "09:00-12:00,13:00-17:00", none where no
// time stands here.
func (p *hoursParser) times(noYears bool) ([]hoursSpan, error) {
	var spans []hoursSpan
	for k := 0; p.timeHere(k, noYears); {
		p.i += k
		noYears = p.tok().kind == hoursNumber && len(p.tok().text) == 4
		span, err := p.span()
		if err != nil {
			return nil, err
		}
		spans = append(spans, span)
		switch {
		case p.tok().kind == ',':
			k = 1
		case p.timeWritten(0):
			k = 0 // the comma was forgotten
		default:
			return joinSpans(spans), nil
		}
	}
	return joinSpans(spans), nil
}

// span reads "09:00-17:00", "18:00+", "18:00-22:00+", "24/7" or "24 hours".
func (p *hoursParser) span() (hoursSpan, error) {
	start := p.tok()
	if p.always(0) {
		p.i += 3
		return hoursSpan{from: 0, to: dayMinutes}, nil
	}
	if start.text == "24" && clockUnits[p.peek(1).text] && p.peek(2).kind != '-' {
		p.i += 2
		return hoursSpan{from: 0, to: dayMinutes}, nil
	}
	from, err := p.clock()
	if err != nil {
		return hoursSpan{}, err
	}
	if p.take('+') || p.tok().kind == '-' && p.peek(1).text == "late" {
		if p.take('-') {
			p.i++
		}
		return p.openEnd(start, from)
	}
	if !p.take('-') {
		return hoursSpan{}, p.failFrom(start, "has no end; write from and to, for example 10:00-18:00, or 10:00+ for an open end")
	}
	to, err := p.clock()
	if err != nil {
		return hoursSpan{}, err
	}
	span, err := p.between(start, from, to)
	if err == nil && p.tok().kind == '/' {
		err = p.fail(p.tok(), "repeats within a span are moments, not opening hours; write from and to, for example 10:00-16:00")
	}
	span.openEnd = p.take('+')
	return span, err
}

// openEnd makes the span of "18:00+": until midnight, and for at least four
// hours.
func (p *hoursParser) openEnd(start hoursToken, from hoursClock) (hoursSpan, error) {
	a := from.inHalf(from.half)
	if a >= dayMinutes {
		return hoursSpan{}, p.failFrom(start, "starts after the day ends; write 00:00-06:00 under the next day")
	}
	return hoursSpan{from: a, to: max(dayMinutes, a+openEndLeast), openEnd: true, guessed: true, sunFrom: from.sun}, nil
}

// between makes a span of its two times and settles what am and pm leave open.
func (p *hoursParser) between(start hoursToken, from, to hoursClock) (hoursSpan, error) {
	a, b := from.inHalf(from.half), to.inHalf(to.half)
	switch {
	case from.half == 0 && to.half != 0 && from.bare && a <= 12*60:
		// 1-5pm is 13:00-17:00, but 9-5pm is 09:00-17:00; 10-2am may be either.
		if a = from.inHalf(to.half); a >= b && to.half == 1 {
			return hoursSpan{}, p.failFrom(start, "may start before or after noon; write both halves of the day, for example 10pm-2am")
		} else if a >= b {
			a = from.inHalf(1)
		}
	case from.half != 0 && to.half == 0 && to.bare && b <= 12*60:
		// 9am-5 is 09:00-17:00, and 8pm-2 is 20:00-02:00.
		b %= 12 * 60
		for b <= a {
			b += 12 * 60
		}
	case (from.bare || to.bare) && b <= a && a <= 12*60:
		return hoursSpan{}, p.failFrom(start, "ends before it begins; write both times by the 24-hour clock, for example 09:00-17:00, or 9am-5pm")
	}
	if a >= dayMinutes {
		return hoursSpan{}, p.failFrom(start, "starts after the day ends; write 00:00-06:00 under the next day")
	}
	if b <= a {
		b += dayMinutes
	}
	return hoursSpan{from: a, to: b, sunFrom: from.sun, sunTo: to.sun}, nil
}
