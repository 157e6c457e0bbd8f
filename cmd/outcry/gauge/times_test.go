package gauge_test

import (
	"testing"
	"time"

	"outcry/cmd/outcry/gauge"
)

func TestTimes_SharesAreByTheNearestRank(t *testing.T) {
	t.Parallel()
	took := make([]time.Duration, 100)
	for i := range took {
		took[i] = time.Duration(100 - i)
	}
	for share, want := range map[float64]time.Duration{0: 1, 0.5: 50, 0.99: 99, 0.995: 100, 1: 100} {
		if got := gauge.Within(took, share); got != want {
			t.Errorf("at %.2f: %d, not %d", share, got, want)
		}
	}
	if gauge.Within(nil, 0.5) != 0 {
		t.Error("of nothing there is some time")
	}
}
