package gauge

import (
	"math"
	"slices"
	"time"
)

// times are how long things took.
type times []time.Duration

// at is the time within which a share of all was done, by the nearest rank; 0
// where there was nothing.
func (t times) at(share float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t))
	rank := int(math.Ceil(share * float64(len(sorted))))
	return sorted[max(0, rank-1)]
}

// mean is the average time.
func (t times) mean() time.Duration {
	sum := time.Duration(0)
	for _, d := range t {
		sum += d
	}
	return sum / time.Duration(max(1, len(t)))
}

// micros is a time in microseconds.
func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }

// each is how many nanoseconds one of n took.
func each(d time.Duration, n int) float64 { return float64(d.Nanoseconds()) / float64(max(1, n)) }

// Within is the time within which a share, 0 to 1, of all was done, by the nearest
// rank; 0 where there was nothing.
func Within(took []time.Duration, share float64) time.Duration { return times(took).at(share) }
