package input_test

import (
	"testing"
	"time"

	"outcry"
	"outcry/cmd/outcry/input"
)

func TestPlace_LatThenLon(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]outcry.Place{
		"55.95,-3.19":    {Lat: 55.95, Lon: -3.19},
		" 37.55, 126.92": {Lat: 37.55, Lon: 126.92},
		"-90,180":        {Lat: -90, Lon: 180},
	} {
		var p input.Place
		if err := p.UnmarshalText([]byte(text)); err != nil || outcry.Place(p) != want {
			t.Errorf("%q is %v, %v", text, p, err)
		}
	}
	for _, text := range []string{"", "55.95", "55.95;-3.19", "91,0", "0,181", "NaN,0", "0,Inf", "a,b", "1,2,3"} {
		var p input.Place
		if p.UnmarshalText([]byte(text)) == nil {
			t.Errorf("%q was taken as %v", text, p)
		}
	}
}

func TestDistance_InTheUnitsThatPeopleWrite(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		metres input.Distance
		said   string
	}{
		"3km": {3000, "3 km"}, "800m": {800, "800 m"}, "0.5 KM": {500, "500 m"}, "2mi": {3219, "3.2 km"},
		"1500": {1500, "1.5 km"}, "123456m": {123456, "123 km"}, "2999m": {2999, "3 km"},
	} {
		var d input.Distance
		if err := d.UnmarshalText([]byte(text)); err != nil || d != want.metres || d.String() != want.said {
			t.Errorf("%q is %d, %q, %v", text, int(d), d, err)
		}
	}
	for _, text := range []string{"", "km", "0", "0.2m", "-3km", "1e9km", "NaN", "3 parsecs", "infkm"} {
		var d input.Distance
		if d.UnmarshalText([]byte(text)) == nil {
			t.Errorf("%q was taken as %d", text, int(d))
		}
	}
}

func TestMoney_InUnitsOfTheCurrency(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]outcry.Money{
		"20GBP": {Amount: 2000, Currency: "GBP"}, "£7.50": {Amount: 750, Currency: "GBP"},
		"80,000 krw": {Amount: 80000, Currency: "KRW"}, "CHF 12": {Amount: 1200, Currency: "CHF"},
		"1.250 KWD": {Amount: 1250, Currency: "KWD"}, "5€": {Amount: 500, Currency: "EUR"}, "0USD": {Currency: "USD"},
	} {
		var m input.Money
		if err := m.UnmarshalText([]byte(text)); err != nil || outcry.Money(m) != want {
			t.Errorf("%q is %v, %v", text, m, err)
		}
	}
	for _, text := range []string{"", "20", "GBP", "-5GBP", "7.505GBP", "80000.5KRW", "1e3GBP", "20XXX", "1/2GBP", "99999999999999999999GBP"} {
		var m input.Money
		if m.UnmarshalText([]byte(text)) == nil {
			t.Errorf("%q was taken as %v", text, m)
		}
	}
}

func TestSpan_FromSecondsToDays(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"60s": time.Minute, "20": 20 * time.Second, "1h30m": 90 * time.Minute, "3d": 72 * time.Hour,
	} {
		var s input.Span
		if err := s.UnmarshalText([]byte(text)); err != nil || time.Duration(s) != want {
			t.Errorf("%q is %s, %v", text, time.Duration(s), err)
		}
	}
	for _, text := range []string{"", "0", "-5s", "soon", "d", "-1d", "99999999999999999999"} {
		var s input.Span
		if s.UnmarshalText([]byte(text)) == nil {
			t.Errorf("%q was taken as %s", text, time.Duration(s))
		}
	}
}

func TestMoment_TheNextTimeThatTheClockShowsIt(t *testing.T) {
	t.Parallel()
	seoul := time.FixedZone("KST", 9*3600)
	now := time.Date(2026, 11, 30, 18, 0, 0, 0, seoul)
	for text, want := range map[string]time.Time{
		"18:30":                now.Add(30 * time.Minute),
		"17:59":                now.Add(24*time.Hour - time.Minute),
		"18:00":                now,
		"2026-12-01 09:00":     now.Add(15 * time.Hour),
		"2026-12-01T09:00":     now.Add(15 * time.Hour),
		"2026-11-30T10:00:00Z": now.Add(time.Hour),
		"2h":                   now.Add(2 * time.Hour),
	} {
		if got, err := input.ReadMoment(text, now); err != nil || !got.Equal(want) {
			t.Errorf("%q is %s, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "25:00", "tomorrow", "2026-13-01 10:00"} {
		if got, err := input.ReadMoment(text, now); err == nil {
			t.Errorf("%q was taken as %s", text, got)
		}
	}
}
