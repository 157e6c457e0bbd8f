package outcry

import "time"

// hoursDay is one date of the calendar, without a time zone.
type hoursDay struct {
	number           int // days since 1970-01-01
	year, month, day int
	week             int // of the year, by ISO 8601
	weekday          int // 0 is Monday
}

func newHoursDay(number int) hoursDay {
	t := time.Unix(int64(number)*86400, 0).UTC()
	year, month, day := t.Date()
	_, week := t.ISOWeek()
	return hoursDay{number, year, int(month), day, week, weekdayOf(number)}
}

// weekdayOf gives 0 for a Monday; 1970-01-01 was a Thursday.
func weekdayOf(number int) int { return ((number+3)%7 + 7) % 7 }

// dayNumber is how many days after 1970-01-01 a date is; a day beyond the end
// of its month counts on into the next.
func dayNumber(year, month, day int) int {
	return int(time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// easterDay is Easter Sunday by the Gregorian calendar (Meeus, Astronomical
// Algorithms, chapter 8).
func easterDay(year int) int {
	a, b, c := year%19, year/100, year%100
	h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
	m := (a + 11*h + 22*l) / 451
	return dayNumber(year, 3, h+l-7*m+22)
}

// nthWeekday is the n-th such weekday of a month, counted from its end where n
// is negative. ok is false where the month has no such day.
func nthWeekday(year, month, weekday, n int) (number int, ok bool) {
	first, next := dayNumber(year, month, 1), dayNumber(year, month+1, 1)
	if n > 0 {
		number = first + (weekday-weekdayOf(first)+7)%7 + 7*(n-1)
	} else {
		number = next - 1 - (weekdayOf(next-1)-weekday+7)%7 + 7*(n+1)
	}
	return number, first <= number && number < next
}
