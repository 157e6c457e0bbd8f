package wire

import (
	"errors"
	"time"
)

// Time is a moment as the interface writes it: RFC 3339, UTC, always with
// milliseconds. It reads any offset and any fraction of a second.
type Time time.Time

// timeLayout is RFC 3339 with exactly three digits behind the second.
const timeLayout = "2006-01-02T15:04:05.000Z"

var errTime = errors.New("write a time as RFC 3339, for example 2026-11-23T17:30:00Z")

// String is the moment as the interface writes it.
func (t Time) String() string { return time.Time(t).UTC().Format(timeLayout) }

// IsZero says whether no moment is meant.
func (t Time) IsZero() bool { return time.Time(t).IsZero() }

// MarshalText writes the moment.
func (t Time) MarshalText() ([]byte, error) {
	return time.Time(t).UTC().AppendFormat(make([]byte, 0, len(timeLayout)), timeLayout), nil
}

// UnmarshalText reads a moment, cut to the millisecond. The error says how to
// write one.
func (t *Time) UnmarshalText(text []byte) error {
	at, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		return errTime
	}
	*t = Time(at.UTC().Truncate(time.Millisecond))
	return nil
}

// Maybe is a moment that may be missing: nil stays nil.
func Maybe(t *time.Time) *Time { return (*Time)(t) }

// Std is the moment as the standard library has it; nil stays nil.
func (t *Time) Std() *time.Time { return (*time.Time)(t) }
