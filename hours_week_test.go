package outcry_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"outcry"
)

// The reference: a week as it would be painted on a wall, a box for each minute
// of each day and of the night behind it, and rules painted over one another.

const (
	refDay  = 24 * 60
	refWeek = 7 * refDay
)

// refPaper has the boxes of the day and of the one after it, for each weekday.
type refPaper [7][2 * refDay]bool

// openAt looks at the boxes of the day and at those of the day before.
func (p *refPaper) openAt(minute int) bool {
	d, m := minute/refDay, minute%refDay
	return p[d][m] || p[(d+6)%7][m+refDay]
}

// refSpan is a stretch of minutes from a day's midnight, at most two days long.
type refSpan struct{ from, to int }

func (s refSpan) text() string {
	to := s.to
	if to > refDay && to-refDay < s.from {
		to -= refDay
	}
	return fmt.Sprintf("%02d:%02d-%02d:%02d", s.from/60, s.from%60, to/60, to%60)
}

func drawSpan(t *rapid.T) refSpan {
	from := rapid.IntRange(0, 24*4-1).Draw(t, "from") * 15
	return refSpan{from, from + rapid.IntRange(1, 24*4).Draw(t, "long")*15}
}

// refRule is one rule of weekly hours.
type refRule struct {
	adds, off bool
	days      [7]bool
	spans     []refSpan // none: the whole day
}

func drawRule(t *rapid.T) refRule {
	r := refRule{adds: rapid.Bool().Draw(t, "adds"), off: rapid.IntRange(0, 3).Draw(t, "off") == 0}
	for d := range r.days {
		r.days[d] = rapid.Bool().Draw(t, "day")
	}
	r.days[rapid.IntRange(0, 6).Draw(t, "at least")] = true
	for range rapid.IntRange(0, 3).Draw(t, "spans") {
		r.spans = append(r.spans, drawSpan(t))
	}
	return r
}

func (r refRule) text() string {
	var days, spans []string
	for d, on := range r.days {
		if on {
			days = append(days, []string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}[d])
		}
	}
	for _, s := range r.spans {
		spans = append(spans, s.text())
	}
	state := "open"
	if r.off {
		state = "off"
	}
	return strings.Join(days, ",") + " " + strings.Join(spans, ",") + " " + state
}

// paint puts the rule on the paper.
func (r refRule) paint(p *refPaper) {
	for d, on := range r.days {
		if !on {
			continue
		}
		if !r.adds && !r.off || r.off && len(r.spans) == 0 {
			p[d] = [2 * refDay]bool{}
		}
		if len(r.spans) == 0 && !r.off {
			r.spans = []refSpan{{0, refDay}}
		}
		for _, s := range r.spans {
			for m := s.from; m < s.to; m++ {
				if !r.off {
					p[d][m] = true
					continue
				}
				// Closed is what the clock shows then, whoever painted the box.
				wall := (d*refDay + m) % refWeek
				p[wall/refDay][wall%refDay] = false
				p[(wall/refDay+6)%7][wall%refDay+refDay] = false
			}
		}
	}
}

func TestHours_WeekAgreesWithTheReference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var p refPaper
		text := ""
		for i, r := range rapid.SliceOfN(rapid.Custom(drawRule), 1, 6).Draw(t, "rules") {
			if lone := r.off && len(r.spans) == 0 && r.days == [7]bool{true, true, true, true, true, true, true}; lone {
				continue // says what holds otherwise
			}
			r.paint(&p)
			if i > 0 && text != "" {
				text += map[bool]string{true: ", ", false: "; "}[r.adds]
			}
			text += r.text()
		}
		h, err := outcry.ParseHours(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range []outcry.Hours{h, hoursAgain(t, h.String()), hoursAgain(t, h.Pattern())} {
			for minute := range refWeek {
				at := time.Date(2026, 11, 23, 0, minute, 59, 0, time.UTC)
				if text != "" && h.OpenAt(at) != p.openAt(minute) {
					t.Fatalf("%q (%s) on %s: open is not %v", text, h, at.Format("Mon 15:04"), p.openAt(minute))
				}
			}
		}
	})
}

func hoursAgain(t *rapid.T, text string) outcry.Hours {
	h, err := outcry.ParseHours(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	if h.String() != text {
		t.Fatalf("%q becomes %q when it is parsed", text, h)
	}
	return h
}

// Hours that are open at the same times have the same text, however written.
func TestHours_EqualWeeksHaveEqualTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawRule(t)
		r.off, r.adds = false, false
		var apart []string // a rule for each day, added up
		for d, on := range r.days {
			if on {
				one := refRule{days: [7]bool{}, spans: r.spans}
				one.days[d] = true
				apart = append(apart, one.text())
			}
		}
		one, other := hoursFrom(t, r.text()), hoursFrom(t, strings.Join(apart, ", "))
		if one.String() != other.String() || one.String() != one.Pattern() {
			t.Fatalf("%q is %q, but %q is %q", r.text(), one, apart, other)
		}
	})
}

func hoursFrom(t *rapid.T, text string) outcry.Hours {
	h, err := outcry.ParseHours(text)
	if err != nil {
		t.Fatal(err)
	}
	return hoursAgain(t, h.String())
}

// Not parallel: a parallel test's allocations would be counted with others'.
func TestHours_OpenAtTakesNoAllocation(t *testing.T) {
	at := time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC).In(mustZone(t, "Europe/London"))
	for _, text := range []string{"24/7", "Mo-Fr 09:00-18:00; Sa 10:00-16:00", "Fr 18:00-02:00; PH off", "Mo-Su 09:00-17:00; Dec 25 off; week 1 off; easter off; Su[1] off"} {
		h := mustHours(t, text)
		if n := testing.AllocsPerRun(100, func() { h.OpenAt(at) }); n != 0 {
			t.Errorf("%q: OpenAt takes %v allocations", text, n)
		}
	}
}

func BenchmarkHours_OpenAt(b *testing.B) {
	at := time.Date(2026, 11, 25, 13, 30, 0, 0, time.UTC).In(mustZone(b, "Europe/London"))
	for name, text := range map[string]string{"weekly": "Mo-Fr 09:00-18:00; Sa 10:00-16:00", "dated": "Mo-Su 09:00-17:00; Dec 25 off"} {
		h := mustHours(b, text)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				h.OpenAt(at)
			}
		})
	}
}

func BenchmarkHours_NextChange(b *testing.B) {
	h := mustHours(b, "Mo-Fr 09:00-18:00; Sa 10:00-16:00")
	at := time.Date(2026, 11, 25, 13, 30, 0, 0, time.UTC).In(mustZone(b, "Europe/London"))
	for b.Loop() {
		h.NextChange(at, 24*time.Hour)
	}
}

func BenchmarkParseHours(b *testing.B) {
	for b.Loop() {
		mustHours(b, "Mo-Fr 09:00-18:00; Sa 10:00-16:00; PH off")
	}
}
