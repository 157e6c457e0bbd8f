package gauge

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// Machine is what figures were measured on; what is not known is left empty.
type Machine struct {
	Cores    int     `json:"cores"`
	CPU      string  `json:"cpu,omitempty"`
	MemoryGB float64 `json:"memory_gib,omitempty"`
	Go       string  `json:"go"`
	Platform string  `json:"platform"`
}

// ThisMachine is the one that this program runs on.
func ThisMachine() Machine {
	m := Machine{Cores: runtime.GOMAXPROCS(0), Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	m.CPU = Told("/proc/cpuinfo", "model name")
	if kb, _, ok := strings.Cut(Told("/proc/meminfo", "MemTotal"), " "); ok {
		if n, err := strconv.ParseFloat(kb, 64); err == nil {
			m.MemoryGB = float64(int(n/(1<<20)*10)) / 10
		}
	}
	return m
}

// String tells it in a line.
func (m Machine) String() string {
	parts := []string{fmt.Sprintf("%d cores", m.Cores)}
	if m.CPU != "" {
		parts = append(parts, m.CPU)
	}
	if m.MemoryGB > 0 {
		parts = append(parts, fmt.Sprintf("%.1f GiB", m.MemoryGB))
	}
	return strings.Join(append(parts, m.Go, m.Platform), ", ")
}

// Told is what a file of lines "name: text" tells under a name first; "" where it
// is not there.
func Told(path, name string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close() //nolint:errcheck // only read
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if before, after, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(before) == name {
			return strings.TrimSpace(after)
		}
	}
	return ""
}
