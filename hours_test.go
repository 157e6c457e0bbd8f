package outcry_test

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the tests must not depend on the machine's zones

	"outcry"
)

func mustHours(t testing.TB, text string) outcry.Hours {
	t.Helper()
	h, err := outcry.ParseHours(text)
	if err != nil {
		t.Fatalf("ParseHours(%q): %v", text, err)
	}
	return h
}

func mustZone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// hoursMoment reads "Mo 09:00" as a time of the week from Monday 23 November 2026,
// and "2026-12-25 09:00" as it stands, both in UTC.
func hoursMoment(t testing.TB, text string) time.Time {
	t.Helper()
	if day := strings.Index("MoTuWeThFrSaSu", text[:2]); day >= 0 {
		at, err := time.Parse("15:04", text[3:])
		if err != nil {
			t.Fatal(err)
		}
		return time.Date(2026, 11, 23+day/2, at.Hour(), at.Minute(), 0, 0, time.UTC)
	}
	at, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// hoursCases are worked by hand: moments, with commas between them, at which the
// hours are open and at which they are closed.
var hoursCases = []struct{ hours, open, closed string }{
	// Nothing, all, never.
	{"", "Mo 00:00,Su 23:59", ""},
	{"24/7", "Mo 00:00,Su 23:59", ""},
	{"off", "", "Mo 00:00,We 12:00,Su 23:59"},
	{"closed", "", "We 12:00"},
	{"00:00-24:00", "Mo 00:00,Su 23:59", ""},
	// The first minute is in, the last is not.
	{"09:00-17:00", "Mo 09:00,Su 16:59", "Mo 08:59,Su 17:00"},
	{"Mo-Fr 09:00-18:00; Sa 10:00-16:00", "Mo 09:00,Fr 17:59,Sa 10:00", "Mo 18:00,Sa 09:59,Sa 16:00,Su 12:00"},
	{"Mo-Fr 09:00-12:00,13:00-18:00", "Tu 11:59,Tu 13:00", "Tu 12:00,Tu 12:59,Tu 18:00"},
	{"Mo,We,Fr 10:00-11:00", "Mo 10:30,We 10:30,Fr 10:30", "Tu 10:30,Th 10:30,Sa 10:30"},
	{"Sa-Mo 10:00-11:00", "Sa 10:30,Su 10:30,Mo 10:30", "Tu 10:30,Fr 10:30"},
	{"Mo-Fr", "Mo 00:00,Fr 23:59", "Sa 00:00,Su 23:59"},
	{"We-We 10:00-11:00", "We 10:00", "Tu 10:00,Th 10:00"},
	// Past midnight.
	{"Fr 22:00-02:00", "Fr 22:00,Sa 00:00,Sa 01:59", "Fr 00:30,Sa 02:00,Sa 22:30"},
	{"Fr 18:00-26:00", "Fr 18:00,Sa 01:59", "Sa 02:00,Fr 01:00"},
	{"Su 22:00-03:00", "Su 23:00,Mo 02:59", "Mo 03:00,Su 02:00"},
	{"Fr 20:00-48:00", "Fr 20:00,Sa 23:59", "Su 00:00,Fr 19:59"},
	{"Sa 10:00-10:00", "Sa 10:00,Su 09:59", "Sa 09:59,Su 10:00"},
	{"Fr 22:00-04:00; Sa 10:00-14:00", "Sa 03:59,Sa 10:00", "Sa 04:00,Sa 14:00,Su 01:00"},
	{"Mo-Sa 18:00-02:00; Su off", "Su 01:59,Mo 18:00", "Su 02:00,Su 18:00,Mo 01:00"},
	{"Su-Th 11:00-03:00; Fr-Sa 11:00-05:00", "Su 04:59,Su 11:00,Mo 02:59", "Su 05:00,Mo 03:00,Fr 03:00"},
	{"Mo 06:00-15:00; Tu-Th 07:00-04:00; Fr-Su 09:00-17:00", "We 03:59,Th 03:59,Fr 03:59", "Tu 03:59,We 04:00,Fr 04:00"},
	// Open ends.
	{"Mo 18:00+", "Mo 18:00,Mo 23:59", "Tu 00:00,Mo 17:59"},
	{"Mo 22:00+", "Mo 22:00,Tu 01:59", "Tu 02:00"},
	{"Mo 18:00-22:00+", "Mo 21:59", "Mo 22:00"},
	{"Mo 18:00-late", "Mo 23:59", "Tu 00:00"},
	// A later rule replaces, a comma adds, off closes.
	{"Mo-Sa 09:00-17:00; Tu 10:00-12:00", "Mo 16:59,Tu 10:00", "Tu 09:00,Tu 12:00,Tu 16:00"},
	{"Mo-Sa 09:00-12:00, Tu 14:00-16:00", "Tu 09:00,Tu 14:00,We 09:00", "Tu 12:00,We 14:00"},
	{"Tu 10:00-12:00; Mo-Sa 09:00-17:00", "Tu 09:00,Tu 16:59", "Su 10:00"},
	{"Mo-Su 09:00-17:00; We off", "Tu 12:00,Th 12:00", "We 12:00"},
	{"Mo-Su 09:00-17:00, We off", "Tu 12:00", "We 12:00"},
	{"We off; Mo-Su 09:00-17:00", "We 12:00", "We 17:00"},
	{"Mo-Fr 09:00-17:00; 12:00-13:00 off", "Mo 11:59,Mo 13:00", "Mo 12:00,Mo 12:59,Sa 12:30,Sa 09:30"},
	{"Mo-Su 18:00-03:00; Sa 00:00-02:00 off", "Fr 23:59,Sa 02:00,Sa 02:59,Sa 18:00", "Sa 00:00,Sa 01:59"},
	{"Mo-Su 18:00-03:00; Fr 23:00-01:00 off", "Fr 22:59,Sa 01:00,Sa 23:30", "Fr 23:00,Sa 00:59"},
	{"24/7; Mo 08:00-09:00 off", "Mo 07:59,Mo 09:00,Tu 08:30", "Mo 08:00,Mo 08:59"},
	{"Mo-Fr 09:00-17:00; We 12:00-13:00 off; We 12:30-12:45", "We 12:30", "We 12:45,We 10:00"},
	{"Mo-Fr 08:00-12:00; 13:00-17:00", "Mo 13:00,Su 16:59", "Mo 09:00"},
	{"Mo-Fr 09:00-17:00; off", "Mo 09:00", "Sa 09:00"},
	// Fallbacks and remarks.
	{`Mo-Fr 09:00-17:00 || Mo-Sa 10:00-18:00`, "Mo 09:00,Mo 17:30,Sa 10:00", "Mo 18:00,Sa 09:30"},
	{`Mo-Fr 09:00-17:00 || "by appointment"`, "Mo 09:00", "Sa 09:00,Mo 17:00"},
	{`Mo unknown || Mo 09:00-10:00, Tu 09:00-10:00`, "Tu 09:30", "Mo 09:30"},
	{`Mo-Fr 09:00-17:00 || Sa 09:00-10:00; We off`, "Mo 09:00,Sa 09:00", "We 09:00"},
	{`Mo-Fr 09:00-17:00; "by appointment"`, "Mo 09:00", "Sa 09:00"},
	{`Mo-Fr 09:00-17:00 "ring the bell"`, "", "Mo 09:00"},
	{`Mo-Fr 09:00-17:00 open "ring the bell"; We off "market day"`, "Mo 09:00", "We 09:00"},
	{`Mo-Sa 09:00-17:00; Sa unknown`, "Fr 09:00", "Sa 09:00"},
	{`"in winter": Mo 09:00-17:00`, "Mo 09:00", "Tu 09:00"},
	{"Apr Mo 09:00-12:00 || PH 10:00-11:00, Apr Mo 09:00-10:00 off", "2026-04-06 09:30", "2026-04-07 09:30"},
	{"Apr Mo 09:00-12:00 || Apr Tu 09:00-12:00; PH off, Apr Mo 09:00-10:00 off", "2026-04-06 10:00,2026-04-07 09:30", "2026-04-06 09:30"},
	// Holidays are not known, so their rules do nothing.
	{"Mo-Fr 09:00-17:00; PH off", "2026-12-25 10:00", "2026-12-26 10:00"},
	{"PH,Mo-Fr 09:00-17:00", "Mo 10:00", "Sa 10:00"},
	{"Mo-Fr,PH 09:00-17:00; Sa,SH off", "Mo 10:00", "Sa 10:00"},
	{"SH Mo-Fr 09:00-17:00", "", "Mo 10:00"},
	{"PH +1 day off; Mo 10:00-11:00", "Mo 10:00", "Tu 10:00"},
	// Months, dates, years, Easter.
	{"Apr-Sep 10:00-18:00", "2026-04-01 10:00,2026-09-30 17:59", "2026-03-31 12:00,2026-10-01 12:00"},
	{"Nov-Feb 10:00-18:00", "2026-11-01 10:00,2027-01-15 10:00,2027-02-28 10:00", "2026-10-31 10:00,2027-03-01 10:00"},
	{"Jan,Mar,Dec 10:00-18:00", "2026-01-31 10:00,2026-03-01 10:00,2026-12-31 10:00", "2026-02-01 10:00,2026-04-01 10:00"},
	{"Mo-Su 09:00-17:00; Dec 25 off", "2026-12-24 10:00,2026-12-26 10:00", "2026-12-25 10:00,2030-12-25 10:00"},
	{"24/7; Dec 24-26,31 off", "2026-12-23 10:00,2026-12-27 10:00", "2026-12-24 00:00,2026-12-26 23:59,2026-12-31 10:00"},
	{"Dec 25,26 10:00-12:00", "2026-12-25 10:00,2026-12-26 10:00", "2026-12-24 10:00,2026-11-26 10:00"},
	{"Dec 24-Jan 02 10:00-12:00", "2026-12-24 10:00,2027-01-02 10:00", "2026-12-23 10:00,2027-01-03 10:00"},
	{"Apr 15-Sep 10:00-12:00", "2026-04-15 10:00,2026-09-30 10:00", "2026-04-14 10:00,2026-10-01 10:00"},
	{"Apr-Sep 15 10:00-12:00", "2026-04-01 10:00,2026-09-15 10:00", "2026-09-16 10:00,2026-03-31 10:00"},
	{"Feb 29 10:00-12:00", "2028-02-29 10:00", "2027-02-28 10:00,2027-03-01 10:00"},
	{"Feb 10:00-12:00", "2027-02-28 10:00,2028-02-29 10:00", "2027-03-01 10:00"},
	{"2026 Dec 25 10:00-12:00", "2026-12-25 10:00", "2027-12-25 10:00"},
	{"2016 Jan 01-2017 Feb 28 10:00-12:00", "2016-01-01 10:00,2016-07-01 10:00,2017-02-28 10:00", "2015-12-31 10:00,2017-03-01 10:00"},
	{"2026 Dec 20-Jan 05 off, 2026 Mo-Su 10:00-12:00", "2026-12-19 10:00,2026-12-25 10:00", "2025-12-25 10:00,2027-01-01 10:00"},
	{"Mo-Su 10:00-12:00; 2026 Dec 20-Jan 05 off", "2026-12-19 10:00,2027-01-06 10:00", "2026-12-20 10:00,2027-01-05 10:00"},
	{"2016 Mar 10:00-12:00", "2016-03-31 10:00", "2016-04-01 10:00,2017-03-01 10:00"},
	{"2026 Oct-Mar 10:00-12:00", "2026-10-01 10:00,2027-03-31 10:00", "2027-04-01 10:00,2027-10-01 10:00,2026-03-01 10:00"},
	{"2026 10:00-12:00", "2026-05-05 10:00", "2027-05-05 10:00"},
	{"2026,2028-2030/2 10:00-12:00", "2026-05-05 10:00,2028-05-05 10:00,2030-05-05 10:00", "2027-05-05 10:00,2029-05-05 10:00"},
	{"2027+ 10:00-12:00", "2027-01-01 10:00,2050-01-01 10:00", "2026-12-31 10:00"},
	{"2026 Mar 15+ 10:00-12:00", "2026-03-15 10:00,2031-01-01 10:00", "2026-03-14 10:00"},
	{"2026-2027 Apr-Sep Mo 10:00-12:00", "2026-04-06 10:00", "2026-04-07 10:00,2028-04-03 10:00"},
	{"easter 10:00-12:00", "2026-04-05 10:00,2027-03-28 10:00,2024-03-31 10:00,2038-04-25 10:00,2100-03-28 10:00,2285-03-22 10:00,1943-04-25 10:00", "2026-04-06 10:00"},
	{"24/7; easter -2 days off", "2026-04-02 10:00,2026-04-04 10:00", "2026-04-03 10:00"},
	{"easter -2 days-easter +1 day 10:00-12:00", "2026-04-03 10:00,2026-04-06 10:00", "2026-04-02 10:00,2026-04-07 10:00"},
	{"Jan 01 -1 day 10:00-12:00", "2026-12-31 10:00", "2027-01-01 10:00"},
	{"Mar Su[-1]-Oct Su[-1] 10:00-12:00", "2026-03-29 10:00,2026-10-25 10:00", "2026-03-28 10:00,2026-10-26 10:00"},
	{"Oct Su[-1]-Mar Su[-1] 10:00-12:00", "2026-10-25 10:00,2026-12-25 10:00,2027-03-28 10:00", "2026-10-24 10:00,2027-03-29 10:00"},
	{"Feb Mo[5]-Mar 31 10:00-12:00", "2016-02-29 10:00,2016-03-31 10:00", "2016-02-28 10:00,2026-03-10 10:00"},
	{"Jun 01-Oct Sa[-1] 10:00-12:00", "2026-06-01 10:00,2026-10-31 10:00", "2026-11-01 10:00"},
	{"Dec 31 22:00-04:00", "2026-12-31 22:00,2027-01-01 03:59", "2027-01-01 04:00,2026-12-31 01:00"},
	// Weeks by ISO 8601: 23 November 2026 is in week 48; 2026 has 53.
	{"week 48 10:00-12:00", "Mo 10:00,Su 10:00", "2026-11-22 10:00,2026-11-30 10:00"},
	{"week 1-26 Mo 10:00-12:00", "2026-01-05 10:00,2026-06-22 10:00", "2026-06-29 10:00,2026-06-23 10:00"},
	{"week 1-53/2 10:00-12:00", "2026-11-16 10:00,2025-12-29 10:00", "Mo 10:00"},
	{"week 2-52/2 10:00-12:00", "Mo 10:00", "2026-11-16 10:00"},
	{"week 50-2 10:00-12:00", "2026-12-07 10:00,2027-01-17 10:00", "2026-12-06 10:00,2027-01-18 10:00"},
	{"week 52-2/2 10:00-12:00", "2026-12-21 10:00,2027-01-10 10:00", "2026-12-28 10:00,2027-01-11 10:00"},
	{"week 53 10:00-12:00", "2026-12-28 10:00,2027-01-03 10:00", "2027-01-04 10:00,2027-12-31 10:00"},
	{"week 10,48 10:00-12:00", "Mo 10:00,2026-03-02 10:00", "2026-11-30 10:00"},
	// The n-th weekday of the month.
	{"Su[1] 10:00-12:00", "2026-11-01 10:00,2026-12-06 10:00", "2026-11-08 10:00,2026-11-02 10:00"},
	{"Fr[-1] 10:00-12:00", "Fr 10:00,2026-12-25 10:00", "2026-11-20 10:00,2026-12-18 10:00"},
	{"Mo[1,3] 10:00-12:00", "2026-11-02 10:00,2026-11-16 10:00", "2026-11-09 10:00,Mo 10:00"},
	{"Mo[2-3] 10:00-12:00", "2026-11-09 10:00,2026-11-16 10:00", "2026-11-02 10:00,Mo 10:00"},
	{"Mo[5] 10:00-12:00", "2026-11-30 10:00", "2026-10-26 10:00,2026-12-28 10:00"},
	{"Mo[-5] 10:00-12:00", "2026-11-02 10:00", "2026-10-05 10:00"},
	{"Sa[1] +1 day 10:00-12:00", "2026-11-08 10:00", "2026-11-01 10:00,2026-11-07 10:00"},
	{"Apr-Oct Su[1],We 10:00-12:00", "2026-04-05 10:00,2026-04-08 10:00", "2026-04-12 10:00,We 10:00"},
	// The sun keeps fixed times.
	{"sunrise-sunset", "Mo 06:00,Mo 17:59", "Mo 05:59,Mo 18:00"},
	{"(dawn+00:30)-(dusk-00:30)", "Mo 06:00,Mo 17:59", "Mo 05:59,Mo 18:00"},
}

func TestHours_HandWorked(t *testing.T) {
	t.Parallel()
	for _, c := range hoursCases {
		h := mustHours(t, c.hours)
		// The canonical text must say the same of every moment.
		for _, h := range []outcry.Hours{h, mustHours(t, h.String()), mustHours(t, h.Pattern())} {
			for want, moments := range map[bool]string{true: c.open, false: c.closed} {
				for at := range strings.SplitSeq(moments, ",") {
					if at != "" && h.OpenAt(hoursMoment(t, at)) != want {
						t.Errorf("%q (%s): open at %s is %v, want %v", c.hours, h, at, !want, want)
					}
				}
			}
		}
	}
}

func TestParseHours_TakesWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Mo - Fr 9:00 - 17:30":                   "Mo-Fr 09:00-17:30",
		"Mon-Fri 09:00-17:00":                    "Mo-Fr 09:00-17:00",
		"monday to friday 9am to 5pm":            "Mo-Fr 09:00-17:00",
		"Mo–Fr 09:00–17:00":                      "Mo-Fr 09:00-17:00",
		"Mo-Fr 09.00-17.30":                      "Mo-Fr 09:00-17:30",
		"Mo-Fr 0900-1730":                        "Mo-Fr 09:00-17:30",
		"Mo-Fr 0900-1200,1900-2200":              "Mo-Fr 09:00-12:00,19:00-22:00",
		"Mo-Fr 9-17":                             "Mo-Fr 09:00-17:00",
		"Mo-Fr 9h-18h30":                         "Mo-Fr 09:00-18:30",
		"Mo-Fr 9-18 Uhr":                         "Mo-Fr 09:00-18:00",
		"Mo-Fr 9am-5pm":                          "Mo-Fr 09:00-17:00",
		"Mo-Fr 9 a.m. - 5.30 p.m.":               "Mo-Fr 09:00-17:30",
		"Mo-Fr 12pm-12am":                        "Mo-Fr 12:00-24:00",
		"Mo-Fr 9-5pm":                            "Mo-Fr 09:00-17:00",
		"Mo-Fr 1-5pm":                            "Mo-Fr 13:00-17:00",
		"Mo-Fr 9am-5":                            "Mo-Fr 09:00-17:00",
		"Mo-Fr 8pm-2":                            "Mo-Fr 20:00-02:00",
		"Mo-Fr noon-midnight":                    "Mo-Fr 12:00-24:00",
		"Mo-Fr: 09:00-17:00; Sa: 10:00-12:00":    "Mo-Fr 09:00-17:00; Sa 10:00-12:00",
		"Mo-Fr 09:00-17:00;Sa 10:00-12:00;":      "Mo-Fr 09:00-17:00; Sa 10:00-12:00",
		"Mo-Fr 09:00-17:00 Sa 10:00-12:00":       "Mo-Fr 09:00-17:00; Sa 10:00-12:00",
		"Mo-Fr 09:00-17:00\nSa 10:00-12:00":      "Mo-Fr 09:00-17:00; Sa 10:00-12:00",
		"Mo-Fr 09:00-12:00 13:00-17:00":          "Mo-Fr 09:00-12:00,13:00-17:00",
		"Mo-Fr 09:00-12:00 and 13:00-17:00":      "Mo-Fr 09:00-12:00,13:00-17:00",
		"Mo & We 09:00-12:00":                    "Mo,We 09:00-12:00",
		"Mo We Fr 09:00-12:00":                   "Mo,We,Fr 09:00-12:00",
		"09:00-17:00 Mo-Fr":                      "Mo-Fr 09:00-17:00",
		"9-5pm, Monday-Saturday":                 "Mo-Sa 09:00-17:00",
		"10am - 4pm, Monday - Friday.":           "Mo-Fr 10:00-16:00",
		"9am-5pm Mon-Fri, 10am-2pm Sat":          "Mo-Fr 09:00-17:00; Sa 10:00-14:00",
		"09:00-12:00, Mo 13:00-14:00":            "Mo 09:00-12:00,13:00-14:00; Tu-Su 09:00-12:00",
		"daily 09:00-17:00":                      "Mo-Su 09:00-17:00",
		"every day 09:00-17:00; weekends off":    "Mo-Fr 09:00-17:00",
		"weekdays 09:00-17:00":                   "Mo-Fr 09:00-17:00",
		"Mo-Fr 24 hours; Sa,Su closed":           "Mo-Fr 00:00-24:00",
		"Mo-Fr 24/7":                             "Mo-Fr 00:00-24:00",
		"MO-FR 09:00-17:00 OPEN; SA OFF":         "Mo-Fr 09:00-17:00",
		"April to Sept 10:00-12:00":              "Apr-Sep 10:00-12:00",
		"Apr-Sep, Mo-Fr 10:00-12:00":             "Apr-Sep Mo-Fr 10:00-12:00",
		"Mo-Fr 09:00-17:00; bank holidays off":   "Mo-Fr 09:00-17:00; PH off",
		"Mo-Fr 08:00-12:00; 13:00-17:00; PH off": "Mo-Su 13:00-17:00; PH off",
		"Mo-Fr 09:00-17:00 PH off":               "Mo-Fr 09:00-17:00; PH off",
		"Mo-Fr 09:00-17:00 || “on appointment”":  `Mo-Fr 09:00-17:00 || "on appointment"`,
		"Mo-Fr 10:00-12:00,11:00-14:00":          "Mo-Fr 10:00-14:00",
		"Mo 10:00-12:00; Tu 10:00-12:00":         "Mo-Tu 10:00-12:00",
		"Mo-Su 00:00-24:00":                      "24/7",
		"":                                       "24/7",
		" \t":                                    "24/7",
		"off":                                    "off",
		"Su 22:00-03:00":                         "Su 22:00-03:00",
		"09:00-10:00,09:00-11:00+,09:30-12:00":   "Mo-Su 09:00-11:00+,09:00-12:00",
		"Mo 22:00-06:00, Tu 06:00-08:00":         "Mo 22:00-08:00",
		"Fr 18:00-24:00, Sa 00:00-24:00":         "Fr 18:00-24:00; Sa 00:00-24:00",
	} {
		h, err := outcry.ParseHours(text)
		if err != nil {
			t.Errorf("ParseHours(%q): %v", text, err)
		} else if again := mustHours(t, h.String()); h.String() != want || !again.Equal(h) {
			t.Errorf("ParseHours(%q) is %q, and from that %q, want %q", text, h, again, want)
		}
	}
}

func TestParseHours_RefusesNonsense(t *testing.T) {
	t.Parallel()
	for text, piece := range map[string]string{
		"As per garden":                   `at byte 0, "As"`,
		"Mo-Fr 09:00-17:00; garden":       `at byte 19, "garden"`,
		"Mo-Fr 9-5":                       `at byte 6, "9-5"`,
		"Mo-Fr 10-2am":                    `at byte 6, "10-2am": may start`,
		"Mo 10:00":                        `at byte 3, "10:00": has no end`,
		"Mo 10:00-16:00/90":               `at byte 14, "/"`,
		"Mo 25:00-26:00":                  `"25:00-26:00": starts after`,
		"Mo 10:60-12:00":                  `"10:60": is not a time`,
		"Mo 10:00-49:00":                  `"49:00": is not a time`,
		"Mo 10:0-12:00":                   `"10:0": is not a time`,
		"Mo 13am-2pm":                     `"13am"`,
		"Mo-":                             "at the end: should be a weekday",
		"Mo-Xx 10:00-12:00":               `"Xx": should be a weekday`,
		"Mo-Fr[1] 10:00-12:00":            `"[": counts one weekday`,
		"Mo[0]":                           `"0": should count`,
		"Mo[1":                            "at the end: should be a closing bracket",
		"Feb 30 off":                      `"30": is not a day of Feb`,
		"2026 Feb 29 off":                 `"29": is not a day of Feb`,
		"Dec 28-03 off":                   `"Dec 28-03": ends before`,
		"2027 Jan 01-2026 Dec 01 off":     "ends before it begins",
		"Jan 01-2026 Dec 01 off":          "has a year at its end only",
		"Apr 01+ off":                     `"+": needs a year`,
		"2026-2024 off":                   `"2026-2024": is a year`,
		"2016-12-25 off":                  `"2016-12": is a year`,
		"1900-2300":                       `"1900": is read as a year`,
		"week 60":                         `"60": should be a week`,
		"week 1/2":                        `"2": should say every how many`,
		`Mo "by appointment`:              "opens a remark that is never closed",
		"Mo 10:00-12:00 ||":               "at the end: something is missing",
		";;":                              "at the end: something is missing",
		"Mo 10:00-12:00 12":               `"12": does not fit`,
		"Mo 10:00-12:00 | Tu 10:00-12:00": `"|": is not part`,
		"Mo 10:00-12:00 @":                `"@": is not part`,
		"Mo 10:00-\x80":                   "is not valid UTF-8",
		"Mo 10:00-12:00 open \"a\x00b\"":  "cannot be shown",
		"Mo 123456-12:00":                 "too many digits",
		"(moonrise+01:00)-12:00":          `"moonrise": should be dawn`,
		"(sunset)-23:00":                  "needs a time to add",
		"(sunrise-07:00)-12:00":           "is not a time of the day",
		strings.Repeat("Mo;", 400):        "has 1200 bytes, at most 1000 fit",
		strings.Repeat("Mo,", 332) + "Xx": "is not known here",
		strings.Repeat("Mo;", 200):        "is one rule too many, at most 128 fit",
		"Mo " + shortSpans(95):            "written out in full these take",
	} {
		_, err := outcry.ParseHours(text)
		var e *outcry.Error
		if !errors.As(err, &e) || e.Kind != outcry.Invalid || len(e.Fields) != 1 || e.Fields[0].Location != "hours" {
			t.Errorf("ParseHours(%q) gives %v, want an Invalid error about hours", text, err)
			continue
		}
		if m := e.Fields[0].Message; !strings.Contains(m, piece) || !strings.Contains(m, "write") && !strings.Contains(m, "use") && !strings.Contains(m, "leave") && !strings.Contains(m, "join") {
			t.Errorf("ParseHours(%q): %q should tell %q and what to write", text, m, piece)
		}
	}
}

// shortSpans are n spans of a minute, written as shortly as can be.
func shortSpans(n int) string {
	spans := make([]string, n)
	for i := range spans {
		at := time.Time{}.Add(time.Duration(i) * 10 * time.Minute)
		spans[i] = at.Format("1504-") + at.Add(time.Minute).Format("1504")
	}
	return strings.Join(spans, ",")
}

func TestHours_LeavesOutIsTold(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"Mo-Fr 09:00-17:00":                  nil,
		"Mo-Fr 09:00-17:00; Dec 25 off":      nil,
		"Mo-Fr 09:00-17:00; PH,Su off":       {"PH off: holidays"},
		"Mo-Fr,PH 09:00-17:00":               {"PH 09:00-17:00: holidays"},
		"SH Mo-Fr 10:00-12:00; Sa 10:00+":    {"SH Mo-Fr 10:00-12:00: holidays", "10:00+: counted as 10:00-24:00"},
		`Sa 10:00-12:00 || "on request"`:     {`"on request": not known to be open`},
		"sunrise-sunset":                     {"sunrise-sunset: counted as 06:00-18:00"},
		"Mo-Fr 08:00-12:00; 13:00-17:00":     {"Mo-Fr 08:00-12:00: the later rule Mo-Su 13:00-17:00 replaces it"},
		"Su off":                             {"nothing says when it is open"},
		"off":                                nil,
		"Mo-Fr 09:00-17:00; off":             nil,
		`24/7; Mo-Fr 10:00-11:00 "cleaning"`: {`Mo-Fr 10:00-11:00 "cleaning": not known`},
	} {
		got := mustHours(t, text).LeavesOut()
		if len(got) != len(want) {
			t.Errorf("%q leaves out %q, want %q", text, got, want)
			continue
		}
		for i := range want {
			if !strings.HasPrefix(got[i], want[i]) {
				t.Errorf("%q leaves out %q, want %q", text, got, want)
			}
		}
	}
}

func TestHours_LeavesOutIsBounded(t *testing.T) {
	t.Parallel()
	told := mustHours(t, strings.Repeat("PH off;", 50)+"24/7").LeavesOut()
	if len(told) != 21 || told[20] != "and 30 more" {
		t.Errorf("%d sentences, the last %q", len(told), told[len(told)-1])
	}
}

func TestHours_PatternIsTheSameForEqualWeeks(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"Mo-Sa 09:00-17:00", "Mo-Fr 09:00-17:00, Sa 9-17", "Mo-Su 09:00-17:00; Su off; PH off", `Mo-Sa 09:00-17:00 || "call us"`},
		{"24/7", "", "Mo-Su 00:00-24:00; PH off", "00:00-12:00,12:00-24:00"},
		{"off", `"by appointment"`, "PH 10:00-12:00"},
		{"Fr 18:00+", "Fr 18:00-24:00", "Fr 18:00-00:00"},
		{"Apr-Sep 10:00-12:00", `Apr-Sep 10:00-12:00 || "call us"`, "Apr-Sep 10:00-12:00; PH off"},
	} {
		want := mustHours(t, same[0]).Pattern()
		for _, text := range same[1:] {
			if got := mustHours(t, text).Pattern(); got != want {
				t.Errorf("%q has the pattern %q, and %q has %q", text, got, same[0], want)
			}
		}
	}
}

func TestHours_Today(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ hours, at, want string }{
		{"", "Mo 12:00", "open all day"},
		{"24/7; PH off", "Mo 12:00", "open all day"},
		{"Mo-Fr 09:00-18:00", "Mo 23:00", "09:00-18:00"},
		{"Mo-Fr 09:00-18:00", "Sa 12:00", "closed today"},
		{"Mo-Fr 13:00-18:00,09:00-12:00", "Mo 12:00", "09:00-12:00, 13:00-18:00"},
		{"Mo-Fr 18:00-02:00", "Fr 12:00", "18:00-02:00"},
		{"Mo-Fr 18:00-02:00", "Sa 01:00", "closed today"},
		{"Mo-Fr 18:00-02:00; PH off", "Fr 12:00", "18:00-02:00"},
		{"Mo-Fr 18:00-02:00; Sa 00:00-01:00 off; PH off", "Fr 12:00", "18:00-24:00, 01:00-02:00"},
		{"Mo-Fr 18:00-02:00; Dec 25 off", "2026-12-25 12:00", "closed today"},
		{"Mo-Fr 18:00-02:00; Dec 25 off", "2026-12-24 12:00", "18:00-02:00"},
		{"Mo-Fr 18:00-02:00; Dec 25 off", "2026-12-26 01:00", "closed today"},
		{"Dec 24", "2026-12-24 12:00", "open all day"},
		{"Mo 18:00+", "Mo 12:00", "18:00-24:00"},
		{"Mo-Fr 09:00-17:00; PH off", "Sa 12:00", "closed today"},
	} {
		if got := mustHours(t, c.hours).Today(hoursMoment(t, c.at)); got != c.want {
			t.Errorf("%q on %s: today %q, want %q", c.hours, c.at, got, c.want)
		}
	}
}

func TestHours_TextAndBack(t *testing.T) {
	t.Parallel()
	type shop struct{ Hours outcry.Hours }
	in := shop{mustHours(t, `Mo-Fr 9-17; PH off`)}
	text, err := json.Marshal(in)
	if err != nil || string(text) != `{"Hours":"Mo-Fr 09:00-17:00; PH off"}` {
		t.Fatalf("as JSON %s, %v", text, err)
	}
	var out shop
	if err := json.Unmarshal(text, &out); err != nil || !out.Hours.Equal(in.Hours) {
		t.Errorf("back from JSON %s, %v", out.Hours, err)
	}
	if out.Hours.Equal(outcry.Hours{}) || !(outcry.Hours{}).Equal(mustHours(t, "24/7")) {
		t.Error("Equal should compare what the hours say")
	}
	if err := json.Unmarshal([]byte(`{"Hours":"garden"}`), &out); err == nil {
		t.Error("nonsense should not be read")
	}
}

// moduleRoot is the folder of go.mod.
func moduleRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}

// edinburgh gives the opening hours of real shops, each as often as it occurs.
func edinburgh(t testing.TB) []string {
	t.Helper()
	f, err := os.Open(filepath.Join(moduleRoot(t), "..", "shared", "data", "shops", "osm-edinburgh-2016.csv.gz"))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("shared/data/shops/osm-edinburgh-2016.csv.gz is not beside the repository")
	} else if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	plain, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows := csv.NewReader(plain)
	rows.FieldsPerRecord, rows.LazyQuotes = -1, true
	all, err := rows.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := slices.Index(all[0], "opening_hours")
	var hours []string
	for _, row := range all[1:] {
		if strings.TrimSpace(row[column]) != "" {
			hours = append(hours, row[column])
		}
	}
	return hours
}

func TestParseHours_RealShops(t *testing.T) {
	t.Parallel()
	texts := edinburgh(t)
	patterns := map[string]bool{}
	taken := 0
	for _, text := range texts {
		h, err := outcry.ParseHours(text)
		if err != nil {
			t.Logf("refused: %v", err)
			continue
		}
		taken++
		patterns[h.Pattern()] = true
		if again := mustHours(t, h.String()); !again.Equal(h) {
			t.Errorf("%q becomes %q, then %q", text, h, again)
		}
	}
	share := 100 * float64(taken) / float64(len(texts))
	t.Logf("taken: %d of %d opening hours, %.1f %%, %d patterns", taken, len(texts), share, len(patterns))
	if len(texts) < 200 || share < 97 {
		t.Errorf("at least 97 %% of 200 or more should be taken, not %.1f %% of %d", share, len(texts))
	}
}
