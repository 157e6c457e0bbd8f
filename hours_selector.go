package outcry

import (
	"fmt"
	"strings"
)

var (
	weekdayNames = [7]string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}
	monthNames   = [13]string{"", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
)

// weekdayNumbers and monthNumbers know the names as they are written.
var (
	weekdayNumbers = spellings(weekdayNames[:], 0,
		"mo mon mondays monday", "tu tue tues tuesdays tuesday", "we wed weds wednesdays wednesday",
		"th thu thur thurs thursdays thursday", "fr fri fridays friday", "sa sat saturdays saturday", "su sun sundays sunday")
	monthNumbers = spellings(monthNames[1:], 1, "january", "february", "march", "april", "may", "june", "july",
		"august", "sept september", "october", "november", "december")
)

func spellings(names []string, first int, others ...string) map[string]int {
	numbers := map[string]int{}
	for i, name := range names {
		numbers[strings.ToLower(name)] = first + i
		for word := range strings.FieldsSeq(others[i]) {
			numbers[word] = first + i
		}
	}
	return numbers
}

// hoursRange is a range of years or of weeks, each step-th of them.
type hoursRange struct{ from, to, step int }

// has says whether n is in the range; of weeks, one that runs over the end of
// the year.
func (r hoursRange) has(n int) bool {
	if r.from > r.to {
		if n <= r.to {
			n += 53
		}
		return n >= r.from && (n-r.from)%r.step == 0
	}
	return r.from <= n && n <= r.to && (n-r.from)%r.step == 0
}

func (r hoursRange) text(digits int) string {
	s := fmt.Sprintf("%0*d", digits, r.from)
	switch r.to {
	case r.from:
		return s
	case lastYear:
		s += "+"
	default:
		s += fmt.Sprintf("-%0*d", digits, r.to)
	}
	if r.step > 1 {
		s += fmt.Sprintf("/%d", r.step)
	}
	return s
}

// hoursDays selects dates: those that every part which is given allows.
type hoursDays struct {
	years []hoursRange
	dates []hoursDates
	weeks []hoursRange
	// A date is allowed by its weekday, or by an n-th one, or by a holiday; the
	// last never happens here, since holidays are not known.
	weekdays uint8
	nth      []hoursNth
	holidays []string
	// bothNeeded: "SH Mo-Fr", weekdays that are holidays as well.
	bothNeeded bool
}

// everyDay says whether all dates are selected.
func (d hoursDays) everyDay() bool {
	return d.weekly() && d.weekdays == everyWeekday && !d.bothNeeded
}

// weekly says whether the selection repeats each week.
func (d hoursDays) weekly() bool { return !d.wide() && len(d.nth) == 0 }

// wide says whether there is more to the selection than weekdays.
func (d hoursDays) wide() bool { return len(d.years)+len(d.dates)+len(d.weeks) > 0 }

// never says whether no date is selected, since holidays are not known.
func (d hoursDays) never() bool { return d.bothNeeded || d.weekdays == 0 && len(d.nth) == 0 }

func (d hoursDays) matches(day hoursDay) bool {
	return !d.bothNeeded && d.onWeekday(day) &&
		anyRange(d.years, day.year) && anyRange(d.weeks, day.week) && d.onDate(day)
}

func (d hoursDays) onWeekday(day hoursDay) bool {
	if d.weekdays>>day.weekday&1 != 0 {
		return true
	}
	for _, n := range d.nth {
		if n.matches(day) {
			return true
		}
	}
	return false
}

func (d hoursDays) onDate(day hoursDay) bool {
	for _, dates := range d.dates {
		if dates.matches(day) {
			return true
		}
	}
	return len(d.dates) == 0
}

func anyRange(ranges []hoursRange, n int) bool {
	for _, r := range ranges {
		if r.has(n) {
			return true
		}
	}
	return len(ranges) == 0
}

// String writes the selection as the parser reads it; "" for every day.
func (d hoursDays) String() string {
	var parts, wide, days []string
	for _, r := range d.years {
		wide = append(wide, r.text(4))
	}
	parts, wide = appendList(parts, "", wide), wide[:0]
	for _, r := range d.dates {
		wide = append(wide, r.String())
	}
	parts, wide = appendList(parts, "", wide), wide[:0]
	for _, r := range d.weeks {
		wide = append(wide, r.text(2))
	}
	parts = appendList(parts, "week ", wide)
	if d.weekdays != everyWeekday || len(d.nth)+len(d.holidays) > 0 {
		days = weekdayTexts(d.weekdays)
	}
	for _, n := range d.nth {
		days = append(days, n.String())
	}
	if !d.bothNeeded {
		return strings.Join(appendList(parts, "", append(days, d.holidays...)), " ")
	}
	return strings.Join(appendList(appendList(parts, "", d.holidays), "", days), " ")
}

func appendList(parts []string, before string, list []string) []string {
	if len(list) == 0 {
		return parts
	}
	return append(parts, before+strings.Join(list, ","))
}

// days reads all that selects dates in a rule; a colon may stand behind it.
func (p *hoursParser) days() (hoursDays, error) {
	var d hoursDays
	var err error
	if p.yearHere(0) && !p.dateHere(0) {
		if d.years, err = p.years(); err != nil {
			return d, err
		}
	}
	if p.dateHere(0) {
		if d.dates, err = p.dates(); err != nil {
			return d, err
		}
	}
	if word := p.tok().text; word == "week" || word == "weeks" {
		if d.weeks, err = p.weeks(); err != nil {
			return d, err
		}
	}
	if d.wide() && !p.take(':') && p.tok().kind == ',' && p.weekdayStarts(1) {
		p.i++ // "Apr-Sep, Mo-Fr 09:00-17:00"
	}
	if p.weekdayStarts(0) {
		err = p.weekdays(&d)
		p.take(':')
	}
	return d, err
}

// years reads "2026,2028-2030/2,2032+".
func (p *hoursParser) years() ([]hoursRange, error) {
	var list []hoursRange
	for {
		start := p.next()
		r := hoursRange{start.num, start.num, 1}
		switch {
		case p.take('+'):
			r.to = lastYear
		case p.take('-'):
			r.to = p.next().num
			if r.to <= r.from || r.to >= lastYear {
				return nil, p.failFrom(start, "is a year, and a later one should follow; write years as 2026-2028, dates as 2026 Dec 25 and times as 09:00")
			}
		}
		if err := p.step(&r); err != nil {
			return nil, err
		}
		list = append(list, r)
		if p.tok().kind != ',' || !p.yearHere(1) {
			return list, nil
		}
		p.i++
	}
}

// weeks reads "week 1-26/2,30".
func (p *hoursParser) weeks() ([]hoursRange, error) {
	var list []hoursRange
	for {
		p.i++ // "week", then a comma
		start := p.next()
		r := hoursRange{start.num, start.num, 1}
		if p.take('-') {
			r.to = p.next().num
		}
		if start.kind != hoursNumber || r.from < 1 || r.from > 53 || r.to < 1 || r.to > 53 {
			return nil, p.fail(start, "should be a week from 1 to 53; write for example week 1-26 Mo-Fr 09:00-17:00")
		}
		if err := p.step(&r); err != nil {
			return nil, err
		}
		list = append(list, r)
		if p.tok().kind != ',' || !p.dayHere(1) {
			return list, nil
		}
	}
}

// step reads the "/2" of every second.
func (p *hoursParser) step(r *hoursRange) error {
	if !p.take('/') {
		return nil
	}
	tok := p.next()
	if tok.kind != hoursNumber || tok.num < 1 || tok.num > 53 || r.from == r.to {
		return p.fail(tok, "should say every how many; write for example week 1-53/2")
	}
	r.step = tok.num
	return nil
}
