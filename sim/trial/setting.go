package trial

import "time"

// Setting is the world of a trial but for its seed.
type Setting struct {
	Name  string
	Shops int
	// Load is how many times the usual number of requests is made.
	Load float64
	// Bait is the share of the shops that are bait, 0 to 1.
	Bait float64
	// WarmUp is for how long the market learns on the day before; Day is how much
	// of the day, from 9 o'clock, is measured. Both are 10 hours at most.
	WarmUp, Day time.Duration
}

// The settings of a whole trial. Under ten times the load the market learns ten
// times as fast, and the day is shorter.
var (
	Normal  = Setting{Name: "normal", Shops: 5000, Load: 1, WarmUp: 10 * time.Hour, Day: 10 * time.Hour}
	Tenfold = Setting{Name: "10x load", Shops: 5000, Load: 10, WarmUp: time.Hour, Day: time.Hour}
	Baited  = Setting{Name: "30 % bait", Shops: 5000, Load: 1, Bait: 0.3, WarmUp: 10 * time.Hour, Day: 10 * time.Hour}
)

// Quick is Normal in a city of 1,000 shops, for some seconds of computing.
var Quick = Setting{Name: "quick", Shops: 1000, Load: 1, WarmUp: 4 * time.Hour, Day: 4 * time.Hour}

// opening is when the measured day begins, a Wednesday; the town's clock is UTC
// in winter.
var opening = time.Date(2026, 3, 11, 9, 0, 0, 0, time.UTC)

// longest is how long a trading day is.
const longest = 10 * time.Hour

// profile is how many requests come in each hour of a trading day, against the
// mean.
var profile = [...]float64{0.8, 0.9, 1, 1.2, 1.2, 0.9, 0.8, 0.9, 1.2, 1.1}

// begin is when the learning begins, on the day before.
func (s Setting) begin() time.Time { return opening.Add(-24*time.Hour + longest - s.WarmUp) }

// next is the moment after at in which somebody asks, where the wait at the mean
// rate would be so long; ok is false when the measured day is over by then.
func (s Setting) next(at time.Time, wait time.Duration) (time.Time, bool) {
	hour := int(at.Sub(opening.Truncate(24*time.Hour)).Hours()+24)%24 - opening.Hour()
	at = at.Add(time.Duration(float64(wait) / profile[min(max(hour, 0), len(profile)-1)]))
	if evening := opening.Add(longest - 24*time.Hour); at.After(evening) && at.Before(opening) {
		at = opening.Add(at.Sub(evening))
	}
	return at.Truncate(time.Millisecond), at.Before(opening.Add(s.Day))
}
