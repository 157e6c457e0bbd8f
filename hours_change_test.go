package outcry_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"outcry"
)

// clockIn reads "2026-10-25 01:30 +0100" in a zone: the offset says which of two
// equal times on the clock is meant.
func clockIn(t testing.TB, place, text string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04 -0700", text)
	if err != nil {
		t.Fatal(err)
	}
	return at.In(mustZone(t, place))
}

func TestHours_OpenAtReadsTheZoneOfTheTime(t *testing.T) {
	t.Parallel()
	h := mustHours(t, "Mo 09:00-17:00")
	at := time.Date(2026, 11, 23, 0, 30, 0, 0, time.UTC) // 09:30 in Seoul
	if h.OpenAt(at) || !h.OpenAt(at.In(mustZone(t, "Asia/Seoul"))) {
		t.Error("00:30 UTC is before opening in London and after it in Seoul")
	}
	if at = at.Add(-45 * time.Minute).In(mustZone(t, "Asia/Seoul")); h.OpenAt(at) {
		t.Error("08:45 on Monday in Seoul is before opening")
	}
}

func TestHours_OpenAtCountsSeconds(t *testing.T) {
	t.Parallel()
	h := mustHours(t, "09:00-17:00")
	at := time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC)
	if !h.OpenAt(at.Add(-time.Nanosecond)) || h.OpenAt(at) {
		t.Error("closes at 17:00:00 sharp")
	}
	if early := time.Date(1905, 3, 4, 9, 0, 0, 0, time.UTC); !h.OpenAt(early) || h.OpenAt(early.Add(-time.Nanosecond)) {
		t.Error("opens at 09:00:00 sharp before 1970 as well")
	}
}

// In London clocks go forward on 29 March 2026 from 01:00 to 02:00, and back on
// 25 October 2026 from 02:00 to 01:00. In Seoul they never do.
func TestHours_OpenAtWhenClocksChange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		hours, place, at string
		open             bool
	}{
		{"09:00-17:00", "Europe/London", "2026-03-29 09:00 +0100", true},
		{"09:00-17:00", "Europe/London", "2026-03-29 08:59 +0100", false},
		{"09:00-17:00", "Europe/London", "2026-10-25 09:00 +0000", true},
		{"09:00-17:00", "Europe/London", "2026-10-25 08:59 +0000", false},
		{"09:00-17:00", "Asia/Seoul", "2026-03-29 09:00 +0900", true},
		{"09:00-17:00", "Asia/Seoul", "2026-10-25 17:00 +0900", false},
		// The skipped hour.
		{"Sa 20:00-01:30", "Europe/London", "2026-03-29 00:59 +0000", true},
		{"Sa 20:00-01:30", "Europe/London", "2026-03-29 02:00 +0100", false},
		{"Su 01:30-05:00", "Europe/London", "2026-03-29 02:00 +0100", true},
		{"Su 01:15-01:45", "Europe/London", "2026-03-29 02:00 +0100", false},
		// The hour that comes twice: nothing opens or closes a second time.
		{"Sa 20:00-01:30", "Europe/London", "2026-10-25 01:29 +0100", true},
		{"Sa 20:00-01:30", "Europe/London", "2026-10-25 01:30 +0100", false},
		{"Sa 20:00-01:30", "Europe/London", "2026-10-25 01:00 +0000", false},
		{"Sa 20:00-02:00", "Europe/London", "2026-10-25 01:59 +0000", true},
		{"Sa 20:00-02:00", "Europe/London", "2026-10-25 02:00 +0000", false},
		{"Su 01:30-05:00", "Europe/London", "2026-10-25 01:29 +0100", false},
		{"Su 01:30-05:00", "Europe/London", "2026-10-25 01:30 +0100", true},
		{"Su 01:30-05:00", "Europe/London", "2026-10-25 01:00 +0000", true},
		{"Su 01:15-01:45", "Europe/London", "2026-10-25 01:20 +0100", true},
		{"Su 01:15-01:45", "Europe/London", "2026-10-25 01:20 +0000", false},
		{"Su 02:00-03:00", "Europe/London", "2026-10-25 01:59 +0000", false},
		{"Su 02:00-03:00", "Europe/London", "2026-10-25 02:00 +0000", true},
		{"24/7; PH off", "Europe/London", "2026-10-25 01:30 +0000", true},
		// Back over midnight: in Havana from 01:00 to 00:00, in Sofia from 04:00.
		{"Sa 20:00-24:00", "America/Havana", "2026-11-01 00:30 -0500", false},
		{"Su 00:30-01:00", "America/Havana", "2026-11-01 00:30 -0400", true},
		{"Su 00:30-01:00", "America/Havana", "2026-11-01 00:15 -0500", true},
	} {
		if got := mustHours(t, c.hours).OpenAt(clockIn(t, c.place, c.at)); got != c.open {
			t.Errorf("%q in %s at %s: open is %v, want %v", c.hours, c.place, c.at, got, c.open)
		}
	}
}

// Easter as Knuth reckons it (The Art of Computer Programming 1, exercise
// 1.3.2-14), by the golden number, the century and the epact.
func TestHours_EasterOfEveryYear(t *testing.T) {
	t.Parallel()
	h := mustHours(t, "easter")
	for y := 1900; y < 3000; y++ {
		golden, century := y%19+1, y/100+1
		x, z := 3*century/4-12, (8*century+5)/25-5
		epact := (11*golden + 20 + z - x) % 30
		if epact == 25 && golden > 11 || epact == 24 {
			epact++
		}
		moon := 44 - epact
		if moon < 21 {
			moon += 30
		}
		sunday := moon + 7 - (5*y/4-x-10+moon)%7
		at := time.Date(y, 3, sunday, 12, 0, 0, 0, time.UTC)
		if !h.OpenAt(at) || h.OpenAt(at.AddDate(0, 0, -1)) || h.OpenAt(at.AddDate(0, 0, 1)) {
			t.Errorf("Easter is on %s", at.Format(time.DateOnly))
		}
	}
}

func TestHours_NextChange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		hours, place, at, want string // want is "" for no change
		open                   bool
	}{
		{"Mo-Fr 09:00-17:00", "Europe/London", "2026-11-23 08:00 +0000", "2026-11-23 09:00 +0000", true},
		{"Mo-Fr 09:00-17:00", "Europe/London", "2026-11-23 09:00 +0000", "2026-11-23 17:00 +0000", false},
		{"Mo-Fr 09:00-17:00", "Europe/London", "2026-11-23 17:00 +0000", "2026-11-24 09:00 +0000", true},
		{"Mo-Fr 09:00-17:00", "Europe/London", "2026-11-27 18:00 +0000", "2026-11-30 09:00 +0000", true},
		{"Mo-Fr 09:00-17:00", "Asia/Seoul", "2026-11-27 18:00 +0900", "2026-11-30 09:00 +0900", true},
		{"Mo-Fr 18:00-02:00; PH off", "Asia/Seoul", "2026-11-23 23:00 +0900", "2026-11-24 02:00 +0900", false},
		{"Mo-Su 00:00-24:00; Dec 25 off", "Europe/London", "2026-12-20 10:00 +0000", "2026-12-25 00:00 +0000", false},
		{"Mo-Su 00:00-24:00; Dec 25 off", "Europe/London", "2026-12-25 10:00 +0000", "2026-12-26 00:00 +0000", true},
		{"Apr-Sep 10:00-12:00", "Europe/London", "2026-10-01 10:00 +0100", "2027-04-01 10:00 +0100", true},
		{"24/7", "Europe/London", "2026-11-23 08:00 +0000", "", true},
		{"off", "Europe/London", "2026-11-23 08:00 +0000", "", false},
		{"PH 10:00-12:00", "Europe/London", "2026-11-23 08:00 +0000", "", false},
		{"2020 10:00-12:00", "Europe/London", "2026-11-23 08:00 +0000", "", false},
		{"2032 10:00-12:00", "Europe/London", "2026-11-23 08:00 +0000", "", false}, // over 400 days ahead
		// Clocks change: a night is an hour shorter or longer.
		{"09:00-17:00", "Europe/London", "2026-03-28 17:00 +0000", "2026-03-29 09:00 +0100", true},
		{"09:00-17:00", "Europe/London", "2026-10-24 17:00 +0100", "2026-10-25 09:00 +0000", true},
		{"Sa 20:00-01:30", "Europe/London", "2026-03-28 21:00 +0000", "2026-03-29 02:00 +0100", false},
		{"Su 01:30-05:00", "Europe/London", "2026-03-28 21:00 +0000", "2026-03-29 02:00 +0100", true},
		{"Su 01:15-01:45", "Europe/London", "2026-03-28 21:00 +0000", "2026-04-05 01:15 +0100", true},
		{"Sa 20:00-01:30", "Europe/London", "2026-10-24 21:00 +0100", "2026-10-25 01:30 +0100", false},
		{"Sa 20:00-01:30", "Europe/London", "2026-10-25 01:45 +0100", "2026-10-31 20:00 +0000", true},
		{"Sa 20:00-02:00", "Europe/London", "2026-10-24 21:00 +0100", "2026-10-25 02:00 +0000", false},
		{"Su 01:30-05:00", "Europe/London", "2026-10-25 01:30 +0000", "2026-10-25 05:00 +0000", false},
	} {
		at, open, ok := mustHours(t, c.hours).NextChange(clockIn(t, c.place, c.at), 10000*time.Hour)
		got := ""
		if ok {
			got = at.Format("2006-01-02 15:04 -0700")
		}
		if got != c.want || open != c.open || ok == at.IsZero() {
			t.Errorf("%q in %s from %s: %q, open %v, %v; want %q, open %v", c.hours, c.place, c.at, got, open, ok, c.want, c.open)
		}
	}
}

func TestHours_NextChangeLooksNoFurtherThanTold(t *testing.T) {
	t.Parallel()
	h, at := mustHours(t, "09:00-17:00"), time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	for within, want := range map[time.Duration]bool{
		time.Hour: true, time.Hour - 1: false, 24 * time.Hour: true, 0: false, -time.Hour: false, 1<<63 - 1: true,
	} {
		if _, open, ok := h.NextChange(at, within); ok != want || open != want {
			t.Errorf("within %v: open %v, %v; want %v", within, open, ok, want)
		}
	}
}

// clockChanges: zones whose clocks change by an hour, by half an hour, at midnight, over
// midnight, by a whole day; and the moment of it.
var clockChanges = []struct{ place, at string }{
	{"Europe/London", "2026-03-29T01:00:00Z"},
	{"Europe/London", "2026-10-25T01:00:00Z"},
	{"Asia/Seoul", "1988-05-07T15:00:00Z"},
	{"Asia/Seoul", "2026-10-25T01:00:00Z"},
	{"Australia/Lord_Howe", "2026-04-04T15:00:00Z"},
	{"Australia/Lord_Howe", "2026-10-03T15:30:00Z"},
	{"America/Havana", "2026-03-08T05:00:00Z"},
	{"America/Havana", "2026-11-01T05:00:00Z"},
	{"America/St_Johns", "2006-10-29T02:31:00Z"},
	{"America/St_Johns", "2006-04-02T03:31:00Z"},
	{"Pacific/Apia", "2011-12-30T10:00:00Z"},
	{"America/Sao_Paulo", "2017-10-15T03:00:00Z"},
	{"America/Sao_Paulo", "2018-02-18T02:00:00Z"},
}

// NextChange must find exactly the first minute at which OpenAt changes.
func TestHours_NextChangeAgreesWithOpenAt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		change := rapid.SampledFrom(clockChanges).Draw(t, "change")
		place, err := time.LoadLocation(change.place)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse(time.RFC3339, change.at)
		if err != nil {
			t.Fatal(err)
		}
		text := rapid.SampledFrom([]string{"", "PH off; ", "Sep-Mar "}).Draw(t, "before") + drawSpans(t)
		h, err := outcry.ParseHours(text)
		if err != nil {
			t.Fatal(err)
		}
		from := at.Add(time.Duration(rapid.IntRange(-2*1440, 1440).Draw(t, "minutes")) * time.Minute).In(place)
		within := time.Duration(rapid.IntRange(1, 3*1440).Draw(t, "within")) * time.Minute
		wantAt, wantOpen, wantOK := slowChange(h, from, within)
		gotAt, open, ok := h.NextChange(from, within)
		if !gotAt.Equal(wantAt) || open != wantOpen || ok != wantOK {
			t.Fatalf("%q from %s within %s: %s, %v, %v; want %s, %v, %v", text, from, within, gotAt, open, ok, wantAt, wantOpen, wantOK)
		}
	})
}

// slowChange asks every minute.
func slowChange(h outcry.Hours, from time.Time, within time.Duration) (time.Time, bool, bool) {
	now := h.OpenAt(from)
	for at := from.Add(time.Minute); !at.After(from.Add(within)); at = at.Add(time.Minute) {
		if h.OpenAt(at) != now {
			return at, !now, true
		}
	}
	return time.Time{}, now, false
}

// drawSpans draws one to three spans of all days.
func drawSpans(t *rapid.T) string {
	text := ""
	for i := range rapid.IntRange(1, 3).Draw(t, "spans") {
		if i > 0 {
			text += ","
		}
		text += drawSpan(t).text()
	}
	return text
}
