package server

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// heapRoom is how much may be allocated before the collector runs, however
	// little is in use: with the usual rule a small market would collect all the
	// time, since it has little to keep and makes much.
	heapRoom = 64 << 20
	// heapEvery is how often what is in use is looked at.
	heapEvery = 2 * time.Second
	usual     = 100 // percent
)

// tendHeap has the collector run when heapRoom was allocated, or as much as is in
// use where that is more, until ctx ends. GOGC or GOMEMLIMIT in the environment
// leave it to whoever set them.
func tendHeap(ctx context.Context) error {
	for _, name := range []string{"GOGC", "GOMEMLIMIT"} {
		if os.Getenv(name) != "" {
			return nil
		}
	}
	tick := time.NewTicker(heapEvery)
	defer tick.Stop()
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	for set := usual; ; {
		metrics.Read(live)
		if want := percent(live[0].Value.Uint64()); want != set {
			set = want
			debug.SetGCPercent(set)
		}
		select {
		case <-ctx.Done():
			debug.SetGCPercent(usual)
			return nil
		case <-tick.C:
		}
	}
}

// percent is the collector's setting for so many bytes in use.
func percent(live uint64) int {
	const least = 4 << 20 // what a program holds that does nothing
	return max(usual, int(usual*heapRoom/max(live, least)))
}
