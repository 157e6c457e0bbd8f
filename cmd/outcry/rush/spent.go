package rush

import (
	"bufio"
	"os"
	"strconv"
	"strings"

	"outcry/cmd/outcry/gauge"
)

// spent is what a process has taken since it started.
type spent struct {
	User   float64 `json:"user_s"` // seconds of CPU
	System float64 `json:"system_s"`
	RSS    int64   `json:"rss"` // bytes in memory now; 0 where that is not known
}

// spentNow is what this process has taken.
func spentNow() spent {
	s := spent{RSS: resident()}
	s.User, s.System = processorTime()
	return s
}

// resident is how many bytes of this process are in memory.
func resident() int64 {
	kb, _, _ := strings.Cut(gauge.Told("/proc/self/status", "VmRSS"), " ")
	n, _ := strconv.ParseInt(kb, 10, 64) // 0 where it is not told
	return n << 10
}

// ticks is how many of the ticks in /proc/stat are a second: USER_HZ, which is 100
// everywhere.
const ticks = 100

// busy is how many seconds of CPU all processes of the machine took together;
// ok is false where that is not known.
func busy() (seconds float64, ok bool) {
	f, err := os.Open("/proc/stat")
	if err != nil {
		return 0, false
	}
	defer f.Close() //nolint:errcheck // only read
	line, err := bufio.NewReader(f).ReadString('\n')
	fields := strings.Fields(line)
	if err != nil || len(fields) < 8 || fields[0] != "cpu" {
		return 0, false
	}
	for i, field := range fields[1:8] { // user nice system idle iowait irq softirq
		n, err := strconv.ParseFloat(field, 64)
		if err != nil {
			return 0, false
		}
		if i != 3 && i != 4 {
			seconds += n / ticks
		}
	}
	return seconds, true
}

// loadNow is the machine's load average of the last minute; 0 where it is not
// known.
func loadNow() float64 {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(text), " ")
	load, _ := strconv.ParseFloat(first, 64) // 0 where it is none
	return load
}
