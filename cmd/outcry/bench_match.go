package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"outcry/cmd/outcry/rush"
)

type benchMatchCommand struct {
	Only     []string      `help:"Only these steps: match, line, half, idle, watch, hook." placeholder:"STEP,..."`
	Quick    bool          `help:"A small market: some seconds in all. Its figures say little."`
	For      time.Duration `default:"10s" help:"For how long trade is measured in each step." placeholder:"TIME"`
	Shops    int           `default:"20" help:"How many shops trade; each request calls 20 of them." placeholder:"N"`
	Buyers   int           `default:"64" help:"How many requests are open at once where buyers ask as fast as they can." placeholder:"N"`
	Rate     float64       `help:"Requests a second in step half, instead of half of what step match takes." placeholder:"N"`
	Idle     int           `default:"10000" help:"How many shops are connected in step idle." placeholder:"N"`
	Watchers int           `default:"5000" help:"How many follow one board in step watch." placeholder:"N"`
	Events   int           `default:"100" help:"How many events each of those hears." placeholder:"N"`
	Over     string        `default:"line" enum:"line,http" help:"How shops are connected: by line, or by http for events and a POST each offer." placeholder:"WAY"`
	Seed     uint64        `default:"1" help:"What the shops and times of asking are drawn from." placeholder:"N"`
	Dir      string        `help:"Folder in which databases are made and removed (default: the machine's temporary one). In memory nothing is durable." placeholder:"DIR" type:"path"`
	Profile  string        `help:"Write the server's CPU profile in the first step to a file." placeholder:"FILE" type:"path"`
}

// Help shows an example.
func (benchMatchCommand) Help() string {
	return `Measures a market at work: the server, its shops and its buyers are processes of
their own on this machine, which share its cores. Buyers ask over HTTP and follow
their boards by server-sent events; each request calls 20 shops, which all offer at
once. The steps:

  match  as many requests as the server takes, each commit on the disk
  line   the same with the database in memory
  half   half as many, by chance: how long until the first offer shows, and how
         late those close that run into their deadlines
  idle   10,000 shops that are connected and not called: the server's memory
  watch  5,000 who follow one board: the server's CPU an event and watcher
  hook   as match, with shops whose own software replies to webhooks

Each process tells the CPU that it took. docs/performance.md tells what the figures
mean. The whole takes a minute or two.

Example:
  outcry bench match
  outcry bench match --quick --json
  outcry bench match --only match --profile cpu.pprof`
}

// The bounds of a market that is measured.
const (
	shortestRush, longestRush  = 100 * time.Millisecond, 10 * time.Minute
	fewestTraders, mostTraders = 20, 5000
	mostAsking                 = 2000
	fewestIdle, mostIdle       = 100, 200_000
	mostWatchers, mostNews     = 19_000, 100_000
	mostRate                   = 100_000
)

// Validate checks what no single flag can.
func (c *benchMatchCommand) Validate() error {
	for _, step := range c.Only {
		if !slices.Contains(rush.StepNames(), step) {
			return misused("--only takes some of %s, not %q", strings.Join(rush.StepNames(), ", "), step)
		}
	}
	if c.For < shortestRush || c.For > longestRush {
		return misused("--for takes a time from %s to %s, not %s", shortestRush, longestRush, c.For)
	}
	if c.Rate < 0 || c.Rate > mostRate {
		return misused("--rate takes a number from 0 to %d, not %g", mostRate, c.Rate)
	}
	for _, f := range []struct {
		flag           string
		n, least, most int
	}{
		{"shops", c.Shops, fewestTraders, mostTraders}, {"buyers", c.Buyers, 1, mostAsking}, {"idle", c.Idle, fewestIdle, mostIdle},
		{"watchers", c.Watchers, 1, mostWatchers}, {"events", c.Events, 1, mostNews},
	} {
		if f.n < f.least || f.n > f.most {
			return misused("--%s takes a number from %d to %d, not %d", f.flag, f.least, f.most, f.n)
		}
	}
	return nil
}

// Run measures and prints.
func (c *benchMatchCommand) Run(ctx context.Context, d *desk) error {
	plan, err := c.plan(d)
	if err != nil {
		return err
	}
	figures, err := plan.Measure(ctx)
	if err != nil {
		return err
	}
	if d.JSON {
		return d.tell(figures)
	}
	showRush(d, &figures)
	return nil
}

// plan is what is measured.
func (c *benchMatchCommand) plan(d *desk) (p rush.Plan, err error) {
	p = rush.Plan{
		Seed: c.Seed, Steps: c.Only, Shops: c.Shops, Buyers: c.Buyers, For: c.For, Rate: c.Rate, Idle: c.Idle, Watchers: c.Watchers,
		Events: c.Events, Over: c.Over, Dir: c.Dir, Profile: c.Profile, Note: d.note,
	}
	if len(p.Steps) == 0 {
		p.Steps = rush.StepNames()
	}
	if c.Quick {
		p.For, p.Idle, p.Watchers, p.Events = min(p.For, 2*time.Second), min(p.Idle, 1000), min(p.Watchers, 300), min(p.Events, 20)
	}
	program, err := self()
	p.Program = []string{program, "bench", "side"}
	return p, err
}

// self is this program's file.
func self() (string, error) {
	path, err := exec.LookPath(os.Args[0])
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		path, err = os.Executable()
	}
	if err != nil {
		return "", fmt.Errorf("find this program, to start it once more: %w", err)
	}
	return path, nil
}
