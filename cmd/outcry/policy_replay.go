package main

import (
	"fmt"
	"time"

	"outcry/cmd/outcry/column"
	"outcry/wire"
)

// showReplay prints what past requests came to, in three columns, and those that
// two policies run most differently.
func showReplay(d *desk, r *wire.PolicyReplay) {
	if r.Requests == 0 {
		d.say("No request was asked and closed since %s.", localTime(r.Since))
		return
	}
	rows := replayRows(r)
	for _, line := range column.Lines([]column.Column{
		{Head: ""}, {Head: "As it was", Right: true}, {Head: "In force, replayed", Right: true}, {Head: "Tried, replayed", Right: true},
	}, rows, d.width()) {
		d.say("%s", line)
	}
	if len(r.Biggest) > 0 {
		d.say("\nThe biggest differences, in force and tried:")
		for _, line := range column.Lines([]column.Column{
			{Head: "Request", Min: 8}, {Head: "Code", Min: 8, Drop: 1}, {Head: "Calls", Right: true}, {Head: "Offers", Right: true}, {Head: "Best price", Right: true},
		}, differenceRows(r.Biggest), d.width()) {
			d.say("%s", line)
		}
	}
	d.say("\n%d of %d requests since %s run differently.%s", r.Changed, r.Requests, localTime(r.Since), leftOut(r))
	for _, note := range r.Notes {
		d.say("%s", note)
	}
}

func localTime(t wire.Time) string { return time.Time(t).Local().Format(time.DateTime) }

// leftOut says which requests were not replayed.
func leftOut(r *wire.PolicyReplay) string {
	text := ""
	if r.Open > 0 {
		text += fmt.Sprintf(" %d still open were left out.", r.Open)
	}
	if r.More {
		text += " There were more; --most takes in older ones."
	}
	return text
}

// replayRows are the figures of a replay, one a row.
func replayRows(r *wire.PolicyReplay) [][]string {
	sides := []wire.PolicyColumn{r.Was, r.Present, r.Proposed}
	var rows [][]string
	add := func(name string, show func(wire.PolicyColumn) string) {
		row := []string{name}
		for _, s := range sides {
			row = append(row, show(s))
		}
		rows = append(rows, row)
	}
	add("Requests", func(c wire.PolicyColumn) string { return fmt.Sprint(c.Requests) })
	add("Calls", func(c wire.PolicyColumn) string { return fmt.Sprint(c.Calls) })
	add("Calls a request", func(c wire.PolicyColumn) string { return fmt.Sprintf("%.1f", c.CallsEach) })
	add("Offers", func(c wire.PolicyColumn) string { return fmt.Sprint(c.Offers) })
	add("Requests with all offers wanted", func(c wire.PolicyColumn) string { return percent(c.Satisfied, c.Requests) })
	add("Best price, 1 as in force", func(c wire.PolicyColumn) string {
		if c.Priced == 0 {
			return "-"
		}
		return fmt.Sprintf("%.3f", c.Price)
	})
	add("First offer, median", func(c wire.PolicyColumn) string { return secondsText(c.First) })
	add("Third offer, median", func(c wire.PolicyColumn) string { return secondsText(c.Third) })
	add("Calls answered by chance", func(c wire.PolicyColumn) string { return percent(c.Drawn, c.Calls) })
	return rows
}

func percent(part, of int) string {
	if of == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(of))
}

func secondsText(s float64) string {
	if s == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f s", s)
}

func differenceRows(all []wire.PolicyDifference) [][]string {
	rows := make([][]string, len(all))
	for i, d := range all {
		rows[i] = []string{
			d.RequestID, column.Clean(d.Code), turned(fmt.Sprint(d.Present.Calls), fmt.Sprint(d.Proposed.Calls)),
			turned(fmt.Sprint(d.Present.Offers), fmt.Sprint(d.Proposed.Offers)), turned(bestPrice(d.Present), bestPrice(d.Proposed)),
		}
	}
	return rows
}

func bestPrice(c wire.PolicyCourse) string {
	if c.Best == nil {
		return "-"
	}
	return c.Best.String()
}

// turned shows what became of something, or that it stayed.
func turned(was, is string) string {
	if was == is {
		return is
	}
	return was + " -> " + is
}
