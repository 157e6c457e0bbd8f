// Package rush measures a whole market at work: a server, its shops and its
// buyers, each a process of its own on this machine, started from this program.
// Steps say what is measured; each has processes and a database of its own, which
// are gone when it is over. The same seed gives the same shops, keys and times of
// asking.
package rush

import (
	"context"
	"fmt"
	"slices"
	"time"

	"outcry/cmd/outcry/gauge"
)

// Plan says what is measured, and how.
type Plan struct {
	Seed uint64
	// Steps are names of StepNames, measured in that order.
	Steps []string
	// Shops is how many shops trade; each request calls 20 of them.
	Shops int
	// Buyers is how many requests are open at once where buyers wait for one to
	// close before they ask the next.
	Buyers int
	// For is how long trade is measured in a step; it goes on for a quarter of that
	// beforehand.
	For time.Duration
	// Rate is how many requests a second come in step half; 0 is half of what step
	// match has taken.
	Rate float64
	// Idle is how many shops are connected in step idle, Watchers how many follow
	// one board in step watch, and Events how many events each of them hears.
	Idle, Watchers, Events int
	// Over is how shops are connected: OverLine or OverHTTP.
	Over string
	// Dir is the folder in which databases are made; "" is the machine's for what
	// is temporary. Where that is in memory, nothing is durable.
	Dir string
	// Profile is a file for the CPU profile of the server in the first step; ""
	// makes none.
	Profile string
	// Program is the command that starts a side of the market: what comes behind it
	// is the side's name, and it must call Side.
	Program []string
	// Note tells how far the work is, a line at a time.
	Note func(format string, args ...any)
}

// The ways in which shops are connected.
const (
	// OverLine is the line: a WebSocket on which calls come and offers go.
	OverLine = "line"
	// OverHTTP is server-sent events for calls, and a POST for each offer.
	OverHTTP = "http"
	// overHook is a webhook of the shop's own software; what it replies is the
	// offer.
	overHook = "webhook"
)

// step is one thing that is measured.
type step struct {
	name string
	run  func(*work, context.Context) error
}

// steps are all there are, in the order in which they are told.
var steps = []step{
	{"match", (*work).match}, {"line", (*work).line}, {"half", (*work).half}, {"idle", (*work).idle}, {"watch", (*work).watch},
	{"hook", (*work).hook},
}

// StepNames are the names of all steps.
func StepNames() []string {
	names := make([]string, len(steps))
	for i, s := range steps {
		names[i] = s.name
	}
	return names
}

func (s step) of(name string) bool { return s.name == name }

// work is a plan being carried out.
type work struct {
	Plan
	got Figures
}

// Measure carries out the plan.
func (p Plan) Measure(ctx context.Context) (Figures, error) {
	w := &work{Plan: p, got: Figures{Seed: p.Seed, Machine: gauge.ThisMachine()}}
	for _, name := range p.Steps {
		i := slices.IndexFunc(steps, func(s step) bool { return s.of(name) })
		if i < 0 {
			return w.got, fmt.Errorf("there is no step %q", name)
		}
		if err := steps[i].run(w, ctx); err != nil {
			return w.got, fmt.Errorf("step %s: %w", name, err)
		}
		w.Profile = "" // the first step's
	}
	return w.got, nil
}
