package outcry

import (
	"strings"
)

const (
	weekMinutes = 7 * dayMinutes
	// longestNight is how far into a day, in minutes, opening hours that began
	// the day before are told as that day's.
	longestNight = 12 * 60
)

// hoursWeek is what repeats weekly: the minutes from Monday's midnight at which
// the shop opens and closes in turn. Where the week begins open the first is 0.
type hoursWeek struct {
	flips []uint16
	// days are the spans that start on each weekday, Monday first.
	days [7][]hoursSpan
}

// open says whether the minute of the week is open: whether an odd number of
// flips is not after it.
func (w *hoursWeek) open(minute int) bool {
	low, high := 0, len(w.flips)
	for low < high {
		middle := (low + high) / 2
		if int(w.flips[middle]) <= minute {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low%2 == 1
}

// newWeek compiles the rules of a plan that repeat weekly.
func newWeek(p *hoursPlan) *hoursWeek {
	w := &hoursWeek{}
	monday := dayNumber(2024, 1, 1)
	open := false
	for day := range 7 {
		today, before := p.hits(monday+day), p.hits(monday+day-1)
		for _, minute := range p.edges {
			if p.openGiven(today, before, minute) != open {
				open = !open
				w.flips = append(w.flips, uint16(day*dayMinutes+minute))
			}
		}
	}
	w.split()
	return w
}

// split cuts the open stretches into the spans of each day. A stretch that
// begins within a day and ends by noon of the next is one span; every other
// is cut at midnight.
func (w *hoursWeek) split() {
	n := len(w.flips)
	if n%2 == 1 && n > 1 && w.flips[0] == 0 { // open from Sunday into Monday
		w.cut(int(w.flips[n-1]), weekMinutes+int(w.flips[1]))
		n -= 2
		for i := 2; i < n; i += 2 {
			w.cut(int(w.flips[i]), int(w.flips[i+1]))
		}
	} else {
		for i := 0; i < n; i += 2 {
			to := weekMinutes
			if i+1 < n {
				to = int(w.flips[i+1])
			}
			w.cut(int(w.flips[i]), to)
		}
	}
	for day := range w.days {
		w.days[day] = joinSpans(w.days[day])
	}
}

func (w *hoursWeek) cut(from, to int) {
	for from < to {
		day := from / dayMinutes
		midnight := (day + 1) * dayMinutes
		end := min(to, midnight)
		if from > day*dayMinutes && to <= midnight+longestNight {
			end = to
		}
		w.days[day%7] = append(w.days[day%7], hoursSpan{from: from - day*dayMinutes, to: end - day*dayMinutes})
		from = end
	}
}

// String is the canonical text of the week.
func (w *hoursWeek) String() string {
	var texts [7]string
	for day, spans := range w.days {
		texts[day] = spansText(spans)
	}
	var rules []string
	for day, text := range texts {
		var same uint8
		for other := range texts {
			if texts[other] == text {
				same |= 1 << other
			}
		}
		if text != "" && same&(1<<day-1) == 0 {
			rules = append(rules, strings.Join(weekdayTexts(same), ",")+" "+text)
		}
	}
	switch all := strings.Join(rules, "; "); all {
	case "":
		return hoursNever
	case "Mo-Su 00:00-24:00":
		return hoursAlways
	default:
		return all
	}
}
