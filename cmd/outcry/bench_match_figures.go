package main

import (
	"fmt"

	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/rush"
)

// rushLines are the lines of the table: a figure each, with its unit.
var rushLines = []struct {
	name, unit string
	of         func(f *rush.Figures) float64
}{
	{"Matches, everything durable", "a second", func(f *rush.Figures) float64 { return f.MatchesPerS }},
	{"Server's CPU an answer, everything durable", "us", func(f *rush.Figures) float64 { return f.ServerCPUUS }},
	{"Server's CPU an answer, database in memory", "us", func(f *rush.Figures) float64 { return f.LineCPUUS }},
	{"First offer on the board, median", "ms", func(f *rush.Figures) float64 { return f.FirstP50MS }},
	{"  99 of 100 within", "ms", func(f *rush.Figures) float64 { return f.FirstP99MS }},
	{"Closing after the deadline, median", "ms", func(f *rush.Figures) float64 { return f.CloseLateP50 }},
	{"  99 of 100 within", "ms", func(f *rush.Figures) float64 { return f.CloseLateP99 }},
	{"Memory a connected shop", "KB", func(f *rush.Figures) float64 { return f.ShopKB }},
	{"  heap and stacks of it", "KB", func(f *rush.Figures) float64 { return f.ShopHeapKB }},
	{"Server's CPU an event and watcher", "us", func(f *rush.Figures) float64 { return f.WatchCPUUS }},
	{"  until the last watcher has it, median", "ms", func(f *rush.Figures) float64 { return f.WatchLatestMS }},
	{"Server's CPU an answer by webhook", "us", func(f *rush.Figures) float64 { return f.HookCPUUS }},
}

// showRush prints what was measured: a figure a line, then a step a line with what
// each process took.
func showRush(d *desk, f *rush.Figures) {
	d.say("%s; seed %d", f.Machine, f.Seed)
	d.say("")
	var cells [][]string
	for _, line := range rushLines {
		if v := line.of(f); v != 0 {
			cells = append(cells, []string{line.name, fmt.Sprintf("%.1f", v), line.unit})
		}
	}
	showCells(d, []column.Column{{Head: "Figure"}, {Head: "", Right: true}, {Head: ""}}, cells)
	d.say("")
	head := []column.Column{{Head: "Step"}, {Head: "Store"}, {Head: "Over"}}
	for _, h := range []string{
		"Shops", "Seconds", "Matches", "Failed", "Answers", "Answers/s", "Server s", "Shops s", "Buyers s", "Others' cores", "Load",
	} {
		head = append(head, column.Column{Head: h, Right: true})
	}
	cells = nil
	for i := range f.Steps {
		cells = append(cells, stepCells(&f.Steps[i]))
	}
	showCells(d, head, cells)
	for i := range f.Steps {
		if s := &f.Steps[i]; s.Failure != "" {
			d.say("%s: %d requests failed; the first: %s", s.Step, s.Failed, s.Failure)
		}
	}
}

func showCells(d *desk, head []column.Column, cells [][]string) {
	for _, line := range column.Lines(head, cells, benchWidth) {
		d.say("%s", line)
	}
}

// stepCells is the line of a step.
func stepCells(s *rush.Step) []string {
	cells := []string{
		s.Step, s.Store, s.Over, fmt.Sprint(s.Shops), fmt.Sprintf("%.1f", s.Seconds), fmt.Sprint(s.Matches), fmt.Sprint(s.Failed), fmt.Sprint(s.Answers),
		fmt.Sprintf("%.0f", s.AnswersS),
	}
	for _, side := range []string{"server", "shops", "buyers"} {
		cpu := "-"
		for _, u := range s.Sides {
			if u.Side == side {
				cpu = fmt.Sprintf("%.2f", u.CPUS)
			}
		}
		cells = append(cells, cpu)
	}
	return append(cells, fmt.Sprintf("%.2f", s.Others), fmt.Sprintf("%.2f", s.Load1))
}
