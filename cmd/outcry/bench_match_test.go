package main_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"outcry/cmd/outcry/rush"
)

// rushPlan is a small market that is measured.
func rushPlan(t *testing.T, steps ...string) rush.Plan {
	t.Helper()
	if testing.Short() {
		t.Skip("starts processes for some seconds; run without -short")
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	outcry := filepath.Join(t.TempDir(), "outcry") // by this name the test's program is the command
	if err := os.Symlink(program, outcry); err != nil {
		t.Skip("needs a symbolic link: ", err)
	}
	return rush.Plan{
		Seed: 7, Steps: steps, Shops: 20, Buyers: 8, For: 400 * time.Millisecond, Rate: 40, Idle: 150, Watchers: 30, Events: 25,
		Over: rush.OverLine, Dir: t.TempDir(), Program: []string{outcry, "bench", "side"}, Note: t.Logf,
	}
}

func measureRush(t *testing.T, p rush.Plan) rush.Figures {
	t.Helper()
	f, err := p.Measure(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(p.Dir)
	if err != nil || len(left) > 0 {
		t.Errorf("what is left in the folder: %v %v", left, err)
	}
	if len(f.Steps) != len(p.Steps) {
		t.Fatalf("%d steps of %v", len(f.Steps), p.Steps)
	}
	for i := range f.Steps {
		checkSides(t, &f.Steps[i])
	}
	return f
}

// checkSides looks whether each process has told what it took.
func checkSides(t *testing.T, s *rush.Step) {
	t.Helper()
	var names []string
	for _, u := range s.Sides {
		names = append(names, u.Side)
		if u.CPUS <= 0 && u.Side == "server" || u.WholeS < u.CPUS-0.05 || u.WholeS == 0 {
			t.Errorf("%s: the %s took %.3f s of CPU, of %.3f s in all", s.Step, u.Side, u.CPUS, u.WholeS)
		}
	}
	if slices.Sort(names); strings.Join(names, " ") != "buyers server shops" {
		t.Errorf("%s: the sides are %v", s.Step, names)
	}
}

// TestBenchMatch_EveryCallIsAnsweredAndEveryOfferIsOnItsBoardOnce: a board that shows
// an offer twice fails its request, and what shops said is what boards showed.
func TestBenchMatch_EveryCallIsAnsweredAndEveryOfferIsOnItsBoardOnce(t *testing.T) {
	t.Parallel()
	for over, steps := range map[string][]string{rush.OverLine: {"match", "line", "half", "hook"}, rush.OverHTTP: {"match", "half"}} {
		t.Run(over, func(t *testing.T) {
			t.Parallel()
			p := rushPlan(t, steps...)
			p.Over = over
			for _, s := range measureRush(t, p).Steps {
				c := s.Calls
				if s.Matches < 1 || s.Failed > 0 || s.Answers != 20*s.Matches || c == nil {
					t.Fatalf("%s: %d matches, %d answers, %d failed: %s", s.Step, s.Matches, s.Answers, s.Failed, s.Failure)
				}
				all, taken := s.Answers+s.Warm, s.Answers+s.Warm
				if s.Step == "hook" { // nothing acknowledges what a webhook replies
					taken = 0
				}
				if c.Connected != 20 || c.Heard != all || c.Said != all || c.Taken != taken || c.Refused+c.Lost > 0 {
					t.Errorf("%s: boards showed %d offers, shops tell %+v", s.Step, all, *c)
				}
				if s.First == nil || s.First.N != s.Matches || s.First.P50 <= 0 || s.First.P99 < s.First.P50 || s.First.Most < s.First.P99 {
					t.Errorf("%s: first offers after %+v", s.Step, s.First)
				}
				if durable := s.Store == "durable"; durable == (s.Step == "line") {
					t.Errorf("%s: the store is %s", s.Step, s.Store)
				}
			}
		})
	}
}

func TestBenchMatch_RequestsThatNeverHaveEnoughCloseAfterTheirDeadlines(t *testing.T) {
	t.Parallel()
	p := rushPlan(t, "half")
	p.For, p.Rate = time.Second, 60
	f := measureRush(t, p)
	s := f.Steps[0]
	if s.Late == nil || s.Whole == nil || s.Late.N+s.Whole.N != s.Matches || s.Late.P50 < -1 || s.Late.P50 != f.CloseLateP50 {
		t.Errorf("%d matches, at once %+v, late %+v", s.Matches, s.Whole, s.Late)
	}
	if s.Rate != 60 || f.MatchesPerS != 0 {
		t.Errorf("asked %g a second, %g matches", s.Rate, f.MatchesPerS)
	}
}

func TestBenchMatch_IdleShopsStayConnected(t *testing.T) {
	t.Parallel()
	p := rushPlan(t, "idle")
	f := measureRush(t, p)
	s := f.Steps[0]
	if s.Calls == nil || s.Calls.Connected != p.Idle || s.Calls.Lost > 0 || s.Calls.Heard > 0 || f.ShopHeapKB <= 0 {
		t.Errorf("%+v, %g KB of heap a shop", s.Calls, f.ShopHeapKB)
	}
}

func TestBenchMatch_AllWhoWatchHearEachEvent(t *testing.T) {
	t.Parallel()
	p := rushPlan(t, "watch")
	f := measureRush(t, p)
	s := f.Steps[0]
	if s.Heard == nil || s.Heard.N != p.Events || f.WatchCPUUS <= 0 || f.WatchLatestMS <= 0 || s.Buyers != p.Watchers {
		t.Errorf("%+v, heard %+v, %g us", s, s.Heard, f.WatchCPUUS)
	}
}

func TestBenchMatch_ProfilesTheServerInTheFirstStep(t *testing.T) {
	t.Parallel()
	p := rushPlan(t, "line")
	p.Profile = filepath.Join(t.TempDir(), "cpu.pprof")
	measureRush(t, p)
	text, err := os.ReadFile(p.Profile)
	if err != nil || len(text) < 100 || text[0] != 0x1f || text[1] != 0x8b {
		t.Errorf("the profile has %d bytes, %v", len(text), err)
	}
}

func TestBenchMatch_LeavesNothingWhenItIsStopped(t *testing.T) {
	t.Parallel()
	p := rushPlan(t, "match")
	p.For = time.Minute
	ctx, stop := context.WithCancel(t.Context())
	p.Note = func(string, ...any) { stop() } // trade has begun
	if _, err := p.Measure(ctx); err == nil {
		t.Error("it was stopped and tells no error")
	}
	if left, err := os.ReadDir(p.Dir); err != nil || len(left) > 0 {
		t.Errorf("what is left: %v %v", left, err)
	}
}
