package outcry_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"outcry"
)

// FuzzParseHours: no text makes it panic or hang; what it refuses is refused as
// Invalid; what it takes has a canonical text that says the same of any moment.
func FuzzParseHours(f *testing.F) {
	for _, c := range hoursCases {
		f.Add(c.hours, int64(1_795_000_000))
	}
	f.Add("9-5pm, Monday-Saturday", int64(0))
	f.Add(`"x": 2026 Dec 20-Jan 05,easter +1 day week 1-53/2 SH Mo-Fr[1] sunrise-(sunset+01:00)+ open "y" || "z"`, int64(-1))
	place, err := time.LoadLocation("Europe/London")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string, seconds int64) {
		h, err := outcry.ParseHours(text)
		if err != nil {
			if outcry.KindOf(err) != outcry.Invalid || h != (outcry.Hours{}) {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		again, err := outcry.ParseHours(h.String())
		if err != nil || !again.Equal(h) || again.Pattern() != h.Pattern() {
			t.Fatalf("%q becomes %q (%q), then %q (%q): %v", text, h, h.Pattern(), again, again.Pattern(), err)
		}
		bare, err := outcry.ParseHours(h.Pattern())
		if err != nil && len(h.Pattern()) <= outcry.MaxHours {
			t.Fatalf("%q: the pattern %q: %v", text, h.Pattern(), err)
		}
		at := time.Unix(seconds%(200*365*86400), 0).In(place)
		for range 100 {
			if h.OpenAt(at) != again.OpenAt(at) || err == nil && h.OpenAt(at) != bare.OpenAt(at) {
				t.Fatalf("%q, %q and %q disagree on %s", text, h, bare, at)
			}
			if h.Today(at) != again.Today(at) {
				t.Fatalf("%q and %q disagree on the day %s", text, h, at)
			}
			at = at.Add(37*time.Hour + 11*time.Minute)
		}
		if next, open, ok := h.NextChange(at, 40*24*time.Hour); ok && (h.OpenAt(next) != open || h.OpenAt(next.Add(-time.Nanosecond)) == open || !next.After(at)) {
			t.Fatalf("%q changes on %s, after %s, to open %v", text, next, at, open)
		}
	})
}

// ruleParts are what rules are made of, in the order of their parts; "" leaves one
// out.
var ruleParts = [][]string{
	{"", "", `"in winter":`},
	{"", "", "", "2026 ", "2026-2027 ", "2026,2028 ", "2026+ "},
	{
		"", "", "", "Apr-Sep", "Nov-Feb", "Dec 24-26,31", "Dec 20-Jan 05", "easter -2 days", "easter-Jun 10", "Apr 15-Sep",
		"Mar Su[-1]-Oct Su[-1]", "2026 Dec 20-Jan 05", "2026 Oct+", "Jan,Mar-Apr", "Jan 01 -1 day", "Jun-Jun", "Dec 31-Dec 30",
	},
	{"", "", "", "week 1-53/2", "week 10,48-50", "week 50-2/3"},
	{
		"", "Mo-Fr", "Sa-Mo", "Su", "Mo-Su", "PH", "PH,SH", "Mo-Fr,PH", "SH Mo-Fr", "Su[1]", "Fr[-1],Mo", "Sa[1,3-4] +1 day",
		"PH Mo-Su", "Mo-Su,PH",
	},
	{
		"", "09:00-17:00", "09:00-12:00,13:00-18:00", "22:00-03:00", "18:00+", "10:00-14:00+,11:00-26:00", "24/7",
		"sunrise-sunset", "(dawn+00:30)-23:00", "00:00-24:00", "9-5pm",
	},
	{"", "", "", "open", "off", "unknown", `"on request"`, `open "ring"`, `off "market"`},
}

func drawText(t *rapid.T) string {
	text := ""
	for i := range rapid.IntRange(1, 5).Draw(t, "rules") {
		rule := ""
		for _, part := range ruleParts {
			rule += " " + rapid.SampledFrom(part).Draw(t, "part")
		}
		if strings.TrimSpace(rule) == "" {
			rule = "Tu"
		}
		if i > 0 {
			text += rapid.SampledFrom([]string{";", ";", ", ", " || "}).Draw(t, "join")
		}
		text += rule
	}
	return text
}

// Whatever the rules, their canonical text says the same and stays the same,
// and so does their pattern of what is open.
func TestHours_TextSaysTheSame(t *testing.T) {
	t.Parallel()
	taken, drawn := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		text := drawText(t)
		drawn++
		h, err := outcry.ParseHours(text)
		if err != nil {
			return // such as "2026 2026 Dec 20"
		}
		taken++
		again, bare := hoursAgain(t, h.String()), hoursAgain(t, h.Pattern())
		at := time.Date(2026, 1, 1, 0, 30, 0, 0, time.UTC)
		for ; at.Year() < 2028; at = at.Add(187 * time.Minute) {
			if h.OpenAt(at) != again.OpenAt(at) || h.OpenAt(at) != bare.OpenAt(at) {
				t.Fatalf("%q, %q and %q disagree on %s", text, h, bare, at)
			}
		}
	})
	if taken*2 < drawn {
		t.Errorf("only %d of %d texts were taken", taken, drawn)
	}
}
