package outcry

import (
	"fmt"
	"strings"
)

// everyWeekday has a bit for each day, Monday's the lowest.
const everyWeekday = 1<<7 - 1

// weekdayGroups are words for several days.
var weekdayGroups = map[string]uint8{
	"daily": everyWeekday, "everyday": everyWeekday, "weekdays": 0x1f, "weekday": 0x1f, "weekends": 0x60, "weekend": 0x60,
}

// hoursNth is certain weekdays of a month: "Su[1,3]", "Fr[-1] +1 day".
type hoursNth struct {
	weekday   int
	positions []int // 1 to 5, or -1 to -5 from the month's end
	offset    int   // days
}

func (n hoursNth) matches(day hoursDay) bool {
	if n.offset != 0 {
		day = newHoursDay(day.number - n.offset)
	}
	if day.weekday != n.weekday {
		return false
	}
	for _, position := range n.positions {
		if number, ok := nthWeekday(day.year, day.month, n.weekday, position); ok && number == day.number {
			return true
		}
	}
	return false
}

// String writes the weekdays as the parser reads them.
func (n hoursNth) String() string {
	return weekdayNames[n.weekday] + strings.ReplaceAll(fmt.Sprint(n.positions), " ", ",") + offsetText(n.offset)
}

// weekdayTexts writes weekdays as ranges of neighbours.
func weekdayTexts(days uint8) []string {
	var list []string
	for from := 0; from < 7; from++ {
		if days>>from&1 == 0 {
			continue
		}
		to := from
		for to < 6 && days>>(to+1)&1 != 0 {
			to++
		}
		if from == to {
			list = append(list, weekdayNames[from])
		} else {
			list = append(list, weekdayNames[from]+"-"+weekdayNames[to])
		}
		from = to
	}
	return list
}

// weekdayHere gives the one weekday at the k-th piece from here.
func (p *hoursParser) weekdayHere(k int) (int, bool) {
	if p.peek(k).kind != hoursWord {
		return 0, false
	}
	number, ok := weekdayNumbers[p.peek(k).text]
	return number, ok
}

// holidayHere gives the holiday at the k-th piece from here and how many pieces
// it takes; "" where there is none.
func (p *hoursParser) holidayHere(k int) (name string, pieces int) {
	word, next := p.peek(k), p.peek(k+1).text
	switch {
	case word.kind != hoursWord:
	case word.text == "ph" || word.text == "holidays":
		return "PH", 1
	case word.text == "sh":
		return "SH", 1
	case next != "holiday" && next != "holidays":
	case word.text == "public" || word.text == "bank":
		return "PH", 2
	case word.text == "school":
		return "SH", 2
	}
	return "", 0
}

// weekdayStarts says whether weekdays or holidays stand at the k-th piece from
// here.
func (p *hoursParser) weekdayStarts(k int) bool {
	_, day := p.weekdayHere(k)
	holiday, _ := p.holidayHere(k)
	word := p.peek(k)
	return day || holiday != "" || word.kind == hoursWord && (weekdayGroups[word.text] != 0 ||
		word.text == "every" && p.peek(k+1).text == "day")
}

// weekdays reads "Mo-Fr,Su[1],PH" and "SH Mo-Fr".
func (p *hoursParser) weekdays(d *hoursDays) error {
	for {
		name, pieces := p.holidayHere(0)
		if name != "" {
			p.i += pieces
			d.holidays = append(d.holidays, name+offsetText(p.offset()))
		} else if err := p.weekdayRange(d); err != nil {
			return err
		}
		switch {
		case p.tok().kind == ',' && p.weekdayStarts(1):
			p.i++
		case !p.weekdayStarts(0):
			return nil
		default: // a gap for a comma between weekdays; "SH Mo-Fr" means both
			next, _ := p.holidayHere(0)
			d.bothNeeded = d.bothNeeded || name != "" && next == "" && d.weekdays == 0 && len(d.nth) == 0
		}
	}
}

// weekdayRange reads "Mo", "Mo-Fr", "Sa-Mo", "Su[1]" or "daily".
func (p *hoursParser) weekdayRange(d *hoursDays) error {
	word := p.next()
	if group := weekdayGroups[word.text]; group != 0 {
		d.weekdays |= group
		return nil
	}
	if word.text == "every" {
		p.i++
		d.weekdays = everyWeekday
		return nil
	}
	from := weekdayNumbers[word.text]
	if p.tok().kind == '[' {
		return p.nthWeekdays(d, from)
	}
	to := from
	if p.tok().kind == '-' {
		var ok bool
		if to, ok = p.weekdayHere(1); !ok {
			return p.fail(p.peek(1), "should be a weekday: Mo Tu We Th Fr Sa Su; write for example Mo-Fr 09:00-17:00")
		}
		p.i += 2
	}
	if p.tok().kind == '[' {
		return p.fail(p.tok(), "counts one weekday within the month, not several; write for example Sa[1],Su[1]")
	}
	for day := from; ; day = (day + 1) % 7 {
		d.weekdays |= 1 << day
		if day == to {
			return nil
		}
	}
}

// nthWeekdays reads the "[1,3-4,-1]" behind a weekday.
func (p *hoursParser) nthWeekdays(d *hoursDays, weekday int) error {
	n := hoursNth{weekday: weekday}
	for more := p.take('['); more; more = p.take(',') {
		sign := 1
		if p.take('-') {
			sign = -1
		}
		from := p.next()
		to := from
		if p.take('-') {
			to = p.next()
		}
		if from.kind != hoursNumber || from.num < 1 || to.num > 5 || to.num < from.num || sign < 0 && to != from {
			return p.fail(from, "should count from 1 to 5, or back from -1; write for example Su[1] or Fr[-1]")
		}
		for i := from.num; i <= to.num; i++ {
			n.positions = append(n.positions, sign*i)
		}
	}
	if !p.take(']') {
		return p.fail(p.tok(), "should be a closing bracket; write for example Su[1] or Fr[-1]")
	}
	n.offset = p.offset()
	d.nth = append(d.nth, n)
	return nil
}
