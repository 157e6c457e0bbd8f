package input

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// Span is a time from now, written "60s", "10m", "1h30m" or "3d"; a bare number
// is seconds.
type Span time.Duration

// UnmarshalText reads a span above 0.
func (s *Span) UnmarshalText(text []byte) error {
	t := strings.ToLower(strings.TrimSpace(string(text)))
	var d time.Duration
	var err error
	if days, ok := strings.CutSuffix(t, "d"); ok {
		var n int
		n, err = strconv.Atoi(days)
		d = time.Duration(min(n, 10_000)) * 24 * time.Hour
	} else if n, bare := strconv.Atoi(t); bare == nil {
		d = time.Duration(min(n, 1e9)) * time.Second
	} else {
		d, err = time.ParseDuration(t)
	}
	if err != nil || d <= 0 {
		return errors.New("write a span of time above 0, for example 60s, 10m or 2h")
	}
	*s = Span(d)
	return nil
}

// Moment is a point in time, written as RFC 3339, as "2006-01-02 15:04", as
// "15:04" (the next time that the clock shows it), or as a span from now. Times
// without a zone are local.
type Moment time.Time

var errMoment = errors.New("write a time, for example 18:30, 2026-11-30 18:30, 2026-11-30T18:30:00Z or 2h")

// UnmarshalText reads a moment against this machine's clock.
func (m *Moment) UnmarshalText(text []byte) error {
	t, err := ReadMoment(string(text), time.Now())
	*m = Moment(t)
	return err
}

// ReadMoment reads a moment as seen at the time now, in its zone.
func ReadMoment(text string, now time.Time) (time.Time, error) {
	text = strings.TrimSpace(text)
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02T15:04"} {
		if t, err := time.ParseInLocation(layout, text, now.Location()); err == nil {
			return t, nil
		}
	}
	if clock, err := time.Parse("15:04", text); err == nil {
		t := time.Date(now.Year(), now.Month(), now.Day(), clock.Hour(), clock.Minute(), 0, 0, now.Location())
		if t.Before(now) {
			t = t.AddDate(0, 0, 1)
		}
		return t, nil
	}
	var s Span
	if s.UnmarshalText([]byte(text)) != nil {
		return time.Time{}, errMoment
	}
	return now.Add(time.Duration(s)), nil
}
