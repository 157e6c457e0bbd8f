package outcry

import "fmt"

// firstYear and lastYear bound the years that a rule may name.
const (
	firstYear = 1900
	lastYear  = 2999
)

// hoursAnchor is one end of a range of dates: a month ("Apr"), a day of it
// ("Apr 15"), its n-th weekday ("Oct Su[-1]"), or Easter, days added or taken
// off, in one year or in all.
type hoursAnchor struct {
	year       int // 0: every year
	easter     bool
	month, day int // day 0: the whole month
	weekday, n int // n is not 0 for the n-th weekday
	offset     int // days
}

// fixed says whether the anchor is the same day in every year.
func (a hoursAnchor) fixed() bool { return !a.easter && a.n == 0 && a.offset == 0 && a.year == 0 }

// wholeMonth says whether the anchor is a month without a day.
func (a hoursAnchor) wholeMonth() bool { return !a.easter && a.n == 0 && a.day == 0 }

// monthDays is how many days the anchor's month has, 29 in a February of any
// year.
func (a hoursAnchor) monthDays() int {
	year := a.year
	if year == 0 {
		year = 2024
	}
	return dayNumber(year, a.month+1, 1) - dayNumber(year, a.month, 1)
}

// in gives the anchor's day in a year: the first of a whole month, or the last
// where it ends a range.
func (a hoursAnchor) in(year int, ends bool) (number int, ok bool) {
	if a.year != 0 {
		year = a.year
	}
	switch {
	case a.easter:
		return easterDay(year) + a.offset, true
	case a.n != 0:
		number, ok = nthWeekday(year, a.month, a.weekday, a.n)
		return number + a.offset, ok
	case a.day == 0 && ends:
		return dayNumber(year, a.month+1, 0), true
	}
	return dayNumber(year, a.month, max(1, a.day)) + a.offset, true
}

// String writes the anchor as the parser reads it.
func (a hoursAnchor) String() string {
	s := ""
	if a.year != 0 {
		s = fmt.Sprintf("%d ", a.year)
	}
	switch {
	case a.easter:
		s += "easter"
	case a.n != 0:
		s += fmt.Sprintf("%s %s[%d]", monthNames[a.month], weekdayNames[a.weekday], a.n)
	case a.day != 0:
		s += fmt.Sprintf("%s %02d", monthNames[a.month], a.day)
	default:
		s += monthNames[a.month]
	}
	return s + offsetText(a.offset)
}

// offsetText writes days added or taken off: " +1 day".
func offsetText(days int) string {
	switch days {
	case 0:
		return ""
	case 1, -1:
		return fmt.Sprintf(" %+d day", days)
	}
	return fmt.Sprintf(" %+d days", days)
}

// hoursDates is a range of dates with both its ends. Without years it comes
// every year and may run over New Year's Eve.
type hoursDates struct {
	from, to hoursAnchor
	forever  bool // "2026 Mar 01+"
}

func (d hoursDates) matches(day hoursDay) bool {
	if d.from.fixed() && d.to.fixed() {
		from, to, key := d.from.month*32+d.from.day, d.to.month*32+d.to.day, day.month*32+day.day
		if d.to.day == 0 {
			to += 31
		}
		if from <= to {
			return from <= key && key <= to
		}
		return key >= from || key <= to
	}
	// A range that began last year may still run; one of next year may begin
	// early by its offset.
	for year := day.year - 1; year <= day.year+1; year++ {
		if d.inYear(year, day.number) {
			return true
		}
	}
	return false
}

// inYear says whether a day is in the range that begins in a year.
func (d hoursDates) inYear(year, number int) bool {
	from, ok := d.from.in(year, false)
	if !ok || number < from {
		return false
	}
	if d.forever {
		return true
	}
	to, ok := d.to.in(year, true)
	if ok && to < from && d.to.year == 0 {
		to, ok = d.to.in(year+1, true)
	}
	return ok && number <= to
}

// String writes the range as the parser reads it.
func (d hoursDates) String() string {
	switch {
	case d.forever:
		return d.from.String() + "+"
	case d.from == d.to && d.from.n == 0:
		return d.from.String()
	}
	return d.from.String() + "-" + d.to.String()
}

// dateHere says whether a date stands at the k-th piece from here.
func (p *hoursParser) dateHere(k int) bool {
	if p.yearHere(k) {
		k++
	}
	word := p.peek(k)
	return word.kind == hoursWord && (monthNumbers[word.text] != 0 || word.text == "easter")
}

// yearHere says whether a year stands at the k-th piece from here.
func (p *hoursParser) yearHere(k int) bool {
	tok := p.peek(k)
	return tok.kind == hoursNumber && len(tok.text) == 4 && firstYear <= tok.num && tok.num <= lastYear
}

// dayHere says whether a day of a month stands at the k-th piece from here.
func (p *hoursParser) dayHere(k int) bool {
	tok := p.peek(k)
	return tok.kind == hoursNumber && len(tok.text) <= 2 && !p.timeWritten(k)
}

// dates reads "Apr-Sep,Dec 24-26,easter -2 days".
func (p *hoursParser) dates() ([]hoursDates, error) {
	var list []hoursDates
	for {
		d, err := p.dateRange(nil)
		if err != nil {
			return nil, err
		}
		list = append(list, d)
		for last := d.from; last.day != 0 && p.tok().kind == ',' && p.dayHere(1); {
			p.i++ // "Dec 25,26" goes on in the same month
			if d, err = p.dateRange(&last); err != nil {
				return nil, err
			}
			list = append(list, d)
		}
		if p.tok().kind != ',' || !p.dateHere(1) {
			return list, nil
		}
		p.i++
	}
}

// dateRange reads "Apr 15-Sep 30"; where month is not nil only the day is
// written here.
func (p *hoursParser) dateRange(month *hoursAnchor) (hoursDates, error) {
	start := p.tok()
	from, err := p.anchor(month, false)
	if err != nil {
		return hoursDates{}, err
	}
	d := hoursDates{from: from, to: from}
	switch {
	case p.tok().kind == '+' && from.year != 0:
		p.i++
		d.forever = true
	case p.tok().kind == '+':
		return d, p.fail(p.tok(), "needs a year before it, or write where the dates end, for example Apr 01-Sep 30")
	case p.tok().kind == '-' && p.dateHere(1):
		p.i++
		d.to, err = p.anchor(nil, !from.wholeMonth())
	case p.tok().kind == '-' && from.day != 0 && p.dayHere(1):
		p.i++
		if d.to, err = p.anchor(&from, false); err == nil && d.to.day < from.day {
			err = p.failFrom(start, "ends before it begins; write both months, for example Dec 28-Jan 03")
		}
	}
	if err != nil {
		return d, err
	}
	return p.settled(start, d)
}

// settled fills in what the text leaves to the reader: the second year of "2026
// Dec 20-Jan 05" and the days of "Apr 15-Sep".
func (p *hoursParser) settled(start hoursToken, d hoursDates) (hoursDates, error) {
	if d.from.year == 0 && d.to.year != 0 {
		return d, p.failFrom(start, "has a year at its end only; write both, for example 2026 Dec 20-2027 Jan 05")
	}
	if d.from.year != 0 && !d.forever {
		given := d.to.year != 0
		if !given {
			d.to.year = d.from.year
		}
		from, ok := d.from.in(0, false)
		to, ok2 := d.to.in(0, true)
		switch backwards := ok && ok2 && to < from; {
		case backwards && given:
			return d, p.failFrom(start, "ends before it begins; write the earlier date first, for example 2026 Dec 20-2027 Jan 05")
		case backwards:
			d.to.year++
		}
	}
	if d.from.wholeMonth() && !d.to.wholeMonth() {
		d.from.day = 1
	} else if d.to.wholeMonth() && !d.from.wholeMonth() {
		d.to.day = d.to.monthDays()
	}
	return d, nil
}

// anchor reads one end of a range of dates. An n-th weekday belongs to the date
// only where it must: where it ends a range (last), or where a range follows.
func (p *hoursParser) anchor(month *hoursAnchor, last bool) (hoursAnchor, error) {
	var a hoursAnchor
	switch {
	case month != nil:
		a = hoursAnchor{year: month.year, month: month.month}
		return a, p.dayOfMonth(&a)
	case p.yearHere(0):
		a.year = p.next().num
	}
	word := p.next()
	if word.text == "easter" {
		a.easter = true
		a.offset = p.offset()
		return a, nil
	}
	a.month = monthNumbers[word.text]
	behind := p.i
	if nth, follows := p.nthDate(a); nth.n != 0 && (last || follows) {
		return nth, nil
	}
	p.i = behind
	if !p.dayHere(0) {
		return a, nil
	}
	if err := p.dayOfMonth(&a); err != nil {
		return a, err
	}
	a.offset = p.offset()
	return a, nil
}

// nthDate tries to read "Su[-1]" and its offset behind a month; n stays 0 where
// there is none. rangeFollows says whether a range to another date follows.
func (p *hoursParser) nthDate(a hoursAnchor) (nth hoursAnchor, rangeFollows bool) {
	weekday, ok := p.weekdayHere(0)
	if !ok || p.peek(1).kind != '[' {
		return a, false
	}
	p.i += 2
	sign := 1
	if p.take('-') {
		sign = -1
	}
	n := p.next()
	if n.kind != hoursNumber || n.num < 1 || n.num > 5 || !p.take(']') {
		return a, false
	}
	a.weekday, a.n = weekday, sign*n.num
	a.offset = p.offset()
	return a, p.tok().kind == '-' && p.dateHere(1)
}

// dayOfMonth reads the day of an anchor's month.
func (p *hoursParser) dayOfMonth(a *hoursAnchor) error {
	tok := p.next()
	if tok.num < 1 || tok.num > a.monthDays() {
		return p.fail(tok, "is not a day of %s; write for example %s 01", monthNames[a.month], monthNames[a.month])
	}
	a.day = tok.num
	return nil
}

// offset reads "+1 day" or "-2 days"; 0 where there is none.
func (p *hoursParser) offset() int {
	sign, n, unit := p.tok().kind, p.peek(1), p.peek(2)
	if sign != '+' && sign != '-' || n.kind != hoursNumber || len(n.text) > 2 || unit.text != "day" && unit.text != "days" {
		return 0
	}
	p.i += 3
	if sign == '-' {
		return -n.num
	}
	return n.num
}
