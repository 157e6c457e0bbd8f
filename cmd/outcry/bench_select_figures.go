package main

import (
	"fmt"
	"slices"

	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/gauge"
)

// selectReport is what selecting costs, as --json prints it: the figures of the
// largest number of shops first, then those of each.
type selectReport struct {
	gauge.Figures
	// Growth is how many times the median query of the fewest shops that of the
	// most takes.
	Growth  float64         `json:"growth"`
	Sizes   []gauge.Figures `json:"sizes"`
	Rules   gauge.Rules     `json:"rules"`
	Start   *gauge.Start    `json:"sqlite,omitempty"`
	Peers   []gauge.Peer    `json:"peers,omitempty"`
	Seed    uint64          `json:"seed"`
	Machine gauge.Machine   `json:"machine"`
}

// selectLines are the lines of the table: a figure each, with its unit.
var selectLines = []struct {
	name, unit string
	of         func(f *gauge.Figures) string
}{
	{"Select, median", "us", func(f *gauge.Figures) string { return fmt.Sprintf("%.1f", f.P50US) }},
	{"Select, 99 of 100 within", "us", func(f *gauge.Figures) string { return fmt.Sprintf("%.0f", f.P99US) }},
	{"  without what else ran meanwhile", "us", func(f *gauge.Figures) string { return fmt.Sprintf("%.0f", f.Quiet99US) }},
	{"Select, mean", "us", func(f *gauge.Figures) string { return fmt.Sprintf("%.1f", f.MeanUS) }},
	{"  a leaf of the tree, median", "us", func(f *gauge.Figures) string { return groupTime(f, "leaf") }},
	{"  a branch of the tree, median", "us", func(f *gauge.Figures) string { return groupTime(f, "branch") }},
	{"  a root of the tree, median", "us", func(f *gauge.Figures) string { return groupTime(f, "root") }},
	{"  where 20 are found, median", "us", func(f *gauge.Figures) string { return groupTime(f, "full") }},
	{"Shops found a query, of 20", "", func(f *gauge.Figures) string { return fmt.Sprintf("%.1f", f.Found) }},
	{"Allocations a query", "", func(f *gauge.Figures) string { return fmt.Sprintf("%.2f", f.Allocs) }},
	{"Memory a shop", "bytes", func(f *gauge.Figures) string { return fmt.Sprintf("%.0f", f.BytesPerShop) }},
	{"  without what was learned", "bytes", func(f *gauge.Figures) string { return fmt.Sprintf("%.0f", f.PlainBytes) }},
	{"  the index itself", "bytes", func(f *gauge.Figures) string { return fmt.Sprintf("%.0f", f.IndexBytes) }},
	{"  with what lies idle", "bytes", func(f *gauge.Figures) string { return fmt.Sprintf("%.0f", f.HeapPerShop) }},
	{"Build", "s", func(f *gauge.Figures) string { return fmt.Sprintf("%.2f", f.BuildS) }},
	{"  put in shops and books", "s", func(f *gauge.Figures) string { return fmt.Sprintf("%.2f", f.PutS) }},
	{"  trees", "s", func(f *gauge.Figures) string { return fmt.Sprintf("%.2f", f.TreesS) }},
	{"Tell all learned figures and lines", "s", func(f *gauge.Figures) string { return fmt.Sprintf("%.2f", f.LearnS) }},
	{"Connect or disconnect", "ns", func(f *gauge.Figures) string { return fmt.Sprintf("%.0f", f.FlipNS) }},
	{"  of the same 1,000 shops", "ns", func(f *gauge.Figures) string { return fmt.Sprintf("%.0f", f.FlipHotNS) }},
	{"New figures for a shop", "ns", func(f *gauge.Figures) string { return fmt.Sprintf("%.0f", f.LearnNS) }},
	{"Median beside 10,000 such lines a second", "times", func(f *gauge.Figures) string { return fmt.Sprintf("%.3f", f.Flipping) }},
	{"Median beside 1,000 changed shops a second", "times", func(f *gauge.Figures) string { return fmt.Sprintf("%.3f", f.Changing) }},
	{"A change shows after, median", "us", func(f *gauge.Figures) string { return fmt.Sprintf("%.0f", f.VisibleP50US) }},
	{"  99 of 100 within", "us", func(f *gauge.Figures) string { return fmt.Sprintf("%.0f", f.VisibleP99US) }},
	{"  at most", "ms", func(f *gauge.Figures) string { return fmt.Sprintf("%.1f", f.VisibleMaxMS) }},
}

// groupTime is the median of a group of queries; "-" where there are none.
func groupTime(f *gauge.Figures, name string) string {
	at := slices.IndexFunc(f.Groups, func(g gauge.Group) bool { return g.Group == name })
	if at < 0 || f.Groups[at].Queries == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f", f.Groups[at].P50US)
}

// show prints the report for people.
func (r *selectReport) show(d *desk) {
	d.say("%s; seed %d, %s queries", r.Machine, r.Seed, gauge.Grouped(r.Queries))
	d.say("")
	head := []column.Column{{Head: "Shops"}, {Head: ""}}
	for i := range r.Sizes {
		head = append(head, column.Column{Head: gauge.Grouped(r.Sizes[i].Shops), Right: true})
	}
	var cells [][]string
	for _, line := range selectLines {
		row := []string{line.name, line.unit}
		for i := range r.Sizes {
			row = append(row, line.of(&r.Sizes[i]))
		}
		cells = append(cells, row)
	}
	for _, line := range column.Lines(head, cells, benchWidth) {
		d.say("%s", line)
	}
	d.say("")
	if len(r.Sizes) > 1 {
		d.say("The median at %s shops is %.1f times that at %s.", gauge.Grouped(r.Shops), r.Growth, gauge.Grouped(r.Sizes[0].Shops))
	}
	d.say("Two rules of an operator's own take %.0f us for the %d candidates of a request (99 of 100 within %.0f us).",
		r.Rules.P50US, r.Rules.Candidates, r.Rules.P99US)
	if s := r.Start; s != nil {
		d.say("%s shops are read from SQLite (%.0f MB) and indexed in %.1f s: open %.1f, read and put in %.1f, trees %.1f.",
			gauge.Grouped(s.Shops), float64(s.FileB)/1e6, s.TotalS, s.OpenS, s.ReadS, s.TreesS)
	}
	showPeers(d, r.Peers)
}

// showPeers prints what other programs take, two lines each.
func showPeers(d *desk, peers []gauge.Peer) {
	if len(peers) == 0 {
		return
	}
	head := []column.Column{{Head: "Peer"}, {Head: "Gives"}}
	for _, h := range []string{
		"Found", "Empty us", "Median us", "99 of 100 us", "Mean us", "Ours: median us", "mean us", "Times: median", "mean",
	} {
		head = append(head, column.Column{Head: h, Right: true})
	}
	var cells [][]string
	d.say("")
	for _, p := range peers {
		if p.Missing != "" {
			d.say("%s is not compared: %s", p.Name, p.Missing)
			continue
		}
		cells = append(cells, lapLine(p, "nearest 20", p.Nearest), lapLine(p, "all", p.All))
		d.say("%s holds %s shops, loaded in %.0f s; %s queries.", p.Name, gauge.Grouped(p.Shops), p.LoadS, gauge.Grouped(p.Queries))
	}
	if len(cells) == 0 {
		return
	}
	d.say("Peers look for the codes within the radius only; hours, service radii, lines, needs, limits and scores they leave out.")
	for _, line := range column.Lines(head, cells, benchWidth) {
		d.say("%s", line)
	}
}

// lapLine is the line of what a peer takes to give some shops, or all.
func lapLine(p gauge.Peer, gives string, l gauge.Lap) []string {
	return []string{
		p.Name + " " + p.Version, gives, fmt.Sprintf("%.1f", l.Found), fmt.Sprintf("%.0f", p.RoundTripUS),
		fmt.Sprintf("%.0f", l.P50US), fmt.Sprintf("%.0f", l.P99US), fmt.Sprintf("%.0f", l.MeanUS),
		fmt.Sprintf("%.1f", l.OursP50US), fmt.Sprintf("%.1f", l.OursMeanUS), fmt.Sprintf("%.0f", l.Times), fmt.Sprintf("%.0f", l.TimesMean),
	}
}
