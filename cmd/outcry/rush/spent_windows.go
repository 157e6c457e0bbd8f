//go:build windows

package rush

import "golang.org/x/sys/windows"

// processorTime is the CPU that this process has taken, in seconds.
func processorTime() (user, system float64) {
	var made, ended, kernel, own windows.Filetime
	if windows.GetProcessTimes(windows.CurrentProcess(), &made, &ended, &kernel, &own) != nil {
		return 0, 0
	}
	return span(own), span(kernel)
}

// span is a duration, which comes in units of 100 ns.
func span(t windows.Filetime) float64 {
	return float64(uint64(t.HighDateTime)<<32|uint64(t.LowDateTime)) / 1e7
}
