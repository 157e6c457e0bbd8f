package outcry

import (
	"slices"
	"time"
)

// MaxHours is the longest text of opening hours, in bytes, as it is given and
// as it is written out in full.
const MaxHours = 1000

// Hours says when a shop is open. It never changes once parsed, is a single
// pointer to copy, and may be used by any number of goroutines.
//
// The zero value is always open: so is a shop that gave no hours. Compare with
// Equal; == only says whether two values came from the same parse.
//
// Three rules decide what is open:
//
//   - A span belongs to the day on which it starts. "Fr 22:00-04:00; Sa off" is
//     open on Saturday until 04:00, since Friday's night is not Saturday's.
//     Only "off" with times cuts into the night before.
//   - A later rule behind a semicolon replaces, on the days that it names, what
//     was said before; "off" closes; behind a comma it adds; behind || it holds
//     only where nothing before it is open.
//   - The clock on the shop's wall counts. When clocks go forward, what should
//     have happened in the skipped hour has happened at the jump. When they go
//     back, the hour that comes twice keeps the state that it ended with the
//     first time: a shop that closes at 01:30 does so once.
type Hours struct{ plan *hoursPlan }

// OpenAt says whether the shop is open at t, read in the time zone that t
// carries. A span includes its first minute and not its last: 09:00-17:00 is
// closed at 17:00. Times that the shop called unknown, or of which it only
// left a remark, are not open. It allocates nothing.
func (h Hours) OpenAt(t time.Time) bool {
	if h.plan == nil {
		return true
	}
	day, minute := wallClock(steady(t))
	return h.plan.open(day, minute)
}

// NextChange finds the first moment after t, and not after t+within, at which
// the shop opens (open is true) or closes (open is false), in the time zone of
// t. ok is false where there is none; then at is zero and open is what holds at
// t. It never looks further ahead than 400 days.
func (h Hours) NextChange(t time.Time, within time.Duration) (at time.Time, open, ok bool) {
	now := h.OpenAt(t)
	if h.plan == nil || h.plan.constant() || within <= 0 {
		return time.Time{}, now, false
	}
	at = h.plan.change(t, min(within, hoursHorizon), now)
	if at.IsZero() {
		return at, now, false
	}
	return at, !now, true
}

// Today tells the spans that start on the date of t, in the time zone of t:
// "09:00-12:00, 13:00-18:00", "18:00-02:00" for one that runs past midnight,
// "open all day" or "closed today".
func (h Hours) Today(t time.Time) string {
	if h.plan == nil {
		return hoursAllDay
	}
	day, _ := wallClock(t)
	return todayText(h.plan.spansOn(day))
}

// String is the canonical text: it parses to the same hours, and hours that
// repeat weekly and carry no remark, holiday or open end have the same text
// exactly if they are open at the same times. Always open is "24/7", never open
// "off".
func (h Hours) String() string {
	if h.plan == nil {
		return hoursAlways
	}
	return h.plan.text
}

// Pattern is the canonical text of what OpenAt goes by: String without
// remarks, holidays and whatever else LeavesOut tells. Hours that repeat weekly
// have equal patterns exactly if they are open at the same times, so an index
// keeps one copy for each pattern.
func (h Hours) Pattern() string {
	if h.plan == nil {
		return hoursAlways
	}
	return h.plan.pattern
}

// LeavesOut tells, a sentence each, what the text says that OpenAt does not go
// by or can only guess: rules for public and school holidays (PH, SH; the
// calendars are not known here), times that are called unknown, open ends,
// sunrise and sunset, and rules that a later rule replaces altogether. It is
// empty where the hours are taken as written. The slice is the caller's.
func (h Hours) LeavesOut() []string {
	if h.plan == nil {
		return nil
	}
	return slices.Clone(h.plan.leaves)
}

// Equal says whether both have the same canonical text.
func (h Hours) Equal(other Hours) bool { return h.String() == other.String() }

// MarshalText is String.
func (h Hours) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText is ParseHours.
func (h *Hours) UnmarshalText(text []byte) error {
	parsed, err := ParseHours(string(text))
	if err != nil {
		return err
	}
	*h = parsed
	return nil
}
