package main

import (
	"fmt"

	"outcry/cmd/outcry/column"
	"outcry/sim/trial"
)

// marketRow is what a policy came to in a setting, as --json prints it.
type marketRow struct {
	Setting string `json:"setting"`
	Policy  string `json:"policy"`
	trial.Figures
	// Half is half the width of each figure's 95 % interval.
	Half trial.Figures `json:"plus_minus"`
}

// tellMarket prints one object: what each policy came to, and the goals.
func tellMarket(d *desk, seeds []uint64, rows []trial.Row, goals []trial.Goal) error {
	told := make([]marketRow, len(rows))
	for i := range rows {
		r := &rows[i]
		told[i] = marketRow{r.Setting, r.Policy, r.Mean(), r.Half()}
	}
	return d.tell(struct {
		Seeds    []uint64     `json:"seeds"`
		Policies []marketRow  `json:"policies"`
		Goals    []trial.Goal `json:"goals"`
	}{seeds, told, goals})
}

// showMarket prints a table a setting: a figure a line, a policy a column.
func showMarket(d *desk, rows []trial.Row) {
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].Setting == rows[0].Setting {
			n++
		}
		showSetting(d, rows[:n])
		rows = rows[n:]
	}
}

func showSetting(d *desk, rows []trial.Row) {
	head := []column.Column{{Head: "Setting: " + rows[0].Setting}}
	means, halves := make([]trial.Figures, len(rows)), make([]trial.Figures, len(rows))
	for i := range rows {
		head = append(head, column.Column{Head: rows[i].Policy, Right: true})
		means[i], halves[i] = rows[i].Mean(), rows[i].Half()
	}
	var cells [][]string
	for _, m := range trial.Measures() {
		line := []string{m.Name}
		for i := range rows {
			line = append(line, figure(m.Unit, *m.Of(&means[i]), *m.Of(&halves[i])))
		}
		cells = append(cells, line)
	}
	for _, line := range column.Lines(head, cells, benchWidth) {
		d.say("%s", line)
	}
	d.say("")
}

// showGoals prints what the goals are and how far they were reached.
func showGoals(d *desk, goals []trial.Goal) {
	if len(goals) == 0 {
		return
	}
	head := []column.Column{{Head: "Goal"}, {Head: "Setting"}}
	for _, h := range []string{"At least", "Aim", "Measured", "Reached"} {
		head = append(head, column.Column{Head: h, Right: true})
	}
	cells := make([][]string, len(goals))
	for i, g := range goals {
		cells[i] = []string{
			g.Figure, g.Setting, figure(g.Unit, g.Least, 0), figure(g.Unit, g.Aim, 0), figure(g.Unit, g.Got, g.Half), string(g.Verdict),
		}
	}
	for _, line := range column.Lines(head, cells, benchWidth) {
		d.say("%s", line)
	}
}

// figure writes a figure with half the width of its interval, where it has one.
func figure(unit trial.Unit, value, half float64) string {
	format, scale := "%.3f", 1.
	switch unit {
	case trial.Share:
		format, scale = "%.1f%%", 100
	case trial.Count:
		if format = "%.1f"; value >= 100 {
			format = "%.0f"
		}
	case trial.Seconds:
		format = "%.2f s"
	case trial.Times:
	}
	text := fmt.Sprintf(format, scale*value)
	if half == 0 {
		return text
	}
	return text + " ±" + fmt.Sprintf(format, scale*half)
}
