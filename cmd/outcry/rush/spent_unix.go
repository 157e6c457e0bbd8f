//go:build unix

package rush

import "golang.org/x/sys/unix"

// processorTime is the CPU that this process has taken, in seconds.
func processorTime() (user, system float64) {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0, 0
	}
	return float64(u.Utime.Nano()) / 1e9, float64(u.Stime.Nano()) / 1e9
}
