package counter

import (
	"slices"
	"sync"
	"time"
)

// maxTraffic bounds the calls that are counted.
const maxTraffic = 10_000

// traffic is when calls came.
type traffic struct {
	mu    sync.Mutex
	calls []time.Time // oldest first
}

// note counts a call.
func (t *traffic) note(at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i, _ := slices.BinarySearchFunc(t.calls, at, time.Time.Compare)
	t.calls = slices.Insert(t.calls, i, at)
	if len(t.calls) > maxTraffic {
		t.calls = slices.Delete(t.calls, 0, maxTraffic/2)
	}
}

// since is how many calls came after a moment; older ones are forgotten.
func (t *traffic) since(at time.Time) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	i, _ := slices.BinarySearchFunc(t.calls, at, time.Time.Compare)
	t.calls = slices.Delete(t.calls, 0, i)
	return len(t.calls)
}
