package rush

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"

	"outcry"
)

// Opening is a market that is to be opened.
type Opening struct {
	// Database is an SQLite file that is not there yet; "" is one in memory.
	Database string
	// Policy is the file of its policy.
	Policy string
	// Owner owns all shops, which are active; Buyers are the other members, and Keys
	// the keys of shops and buyers.
	Owner  outcry.Member
	Shops  []outcry.Listing
	Buyers []outcry.Member
	Keys   []outcry.Token
}

// Opener opens a market whose callers are not bounded, and serves it at an address
// of this machine, HOST:PORT. closing ends it.
type Opener func(ctx context.Context, o Opening) (address string, closing func() error, err error)

// market is the side of the server.
type market struct {
	opener  Opener
	closing func() error
	profile *os.File
}

// opening says which market is opened.
type opening struct {
	Dir     string `json:"dir"`     // a folder for the policy's file and the database
	Durable bool   `json:"durable"` // in a file, each commit on the disk; else in memory
	Town    town   `json:"town"`
}

// heap is what a server keeps in memory after all rubbish was collected, in
// bytes.
type heap struct {
	RSS    int64 `json:"rss"`
	Heap   int64 `json:"heap"`   // go_memstats_heap_inuse_bytes of /metrics
	Stacks int64 `json:"stacks"` // go_memstats_stack_inuse_bytes of /metrics
}

func (m *market) deeds() deeds {
	return deeds{
		"open": deed(m.open), "settle": m.settle, "profile": deed(m.startProfile), "profiled": m.endProfile,
	}
}

// open opens a market and gives its address.
func (m *market) open(ctx context.Context, o opening) (any, error) {
	text, err := rules()
	if err != nil {
		return nil, err
	}
	to := o.Town.opening()
	to.Policy = filepath.Join(o.Dir, "policy.yaml")
	if o.Durable {
		to.Database = filepath.Join(o.Dir, "outcry.db")
	}
	if err := os.WriteFile(to.Policy, text, 0o600); err != nil {
		return nil, fmt.Errorf("write the policy: %w", err)
	}
	address, closing, err := m.opener(ctx, to)
	if err != nil {
		return nil, err
	}
	m.closing = closing
	return address, nil
}

// settle collects all rubbish and gives memory back to the system.
func (m *market) settle(context.Context, json.RawMessage) (any, error) {
	for range 3 { // what a finalizer frees is collected the next time
		runtime.GC()
	}
	debug.FreeOSMemory()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return heap{RSS: resident(), Heap: int64(s.HeapInuse), Stacks: int64(s.StackInuse)}, nil
}

// startProfile begins a CPU profile into a file.
func (m *market) startProfile(_ context.Context, path string) (any, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("make the profile: %w", err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	m.profile = f
	return nil, nil
}

// endProfile ends it.
func (m *market) endProfile(context.Context, json.RawMessage) (any, error) {
	pprof.StopCPUProfile()
	return nil, m.profile.Close()
}

func (m *market) close() error {
	if m.closing == nil {
		return nil
	}
	return m.closing()
}
