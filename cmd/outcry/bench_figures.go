package main

import (
	"fmt"
	"time"

	"outcry/cmd/outcry/column"
	"outcry/directory"
)

// rateRow is how well words find codes, as --json prints it. What was not
// measured is 0.
type rateRow struct {
	Set     string  `json:"set"`
	Part    string  `json:"part"`
	Queries int     `json:"queries"`
	Ours1   float64 `json:"ours_hit1"`
	Ours5   float64 `json:"ours_hit5"`
	Plain1  float64 `json:"bm25_hit1"`
	Plain5  float64 `json:"bm25_hit5"`
	Rich1   float64 `json:"bm25_synonyms_hit1"`
	Rich5   float64 `json:"bm25_synonyms_hit5"`
	Bare1   float64 `json:"bare_hit1"`
	Bare5   float64 `json:"bare_hit5"`
	Taught1 float64 `json:"taught_hit1"`
	Taught5 float64 `json:"taught_hit5"`
}

// indexRow is what an index costs, as --json prints it.
type indexRow struct {
	Tree    string  `json:"tree"`
	Codes   int     `json:"codes"`
	Terms   int     `json:"terms"`
	BuildMS float64 `json:"build_ms"`
	Bytes   uint64  `json:"bytes"`
	P50US   float64 `json:"search_p50_us"`
	P99US   float64 `json:"search_p99_us"`
}

// tellFigures prints one object: how well words find codes, and at what cost.
func tellFigures(d *desk, f directory.Figures) error {
	rates := make([]rateRow, len(f.Rows))
	for i, r := range f.Rows {
		rates[i] = rateRow{
			r.Set, r.Part, r.Queries, r.Ours.At1, r.Ours.At5, r.Plain.At1, r.Plain.At5, r.Rich.At1, r.Rich.At5,
			r.Bare.At1, r.Bare.At5, r.Taught.At1, r.Taught.At5,
		}
	}
	indexes := make([]indexRow, len(f.Indexes))
	for i, x := range f.Indexes {
		indexes[i] = indexRow{
			x.Tree, x.Codes, x.Terms, float64(x.Build.Microseconds()) / 1e3, x.Bytes,
			float64(x.P50.Nanoseconds()) / 1e3, float64(x.P99.Nanoseconds()) / 1e3,
		}
	}
	return d.tell(struct {
		Signals []rateRow  `json:"signals"`
		Indexes []indexRow `json:"indexes"`
	}{rates, indexes})
}

// benchWidth is how wide a line of figures may be, in cells: figures are not cut.
const benchWidth = 200

// showRates prints how well words find codes, a set a line.
func showRates(d *desk, rows []directory.Row) {
	head := []column.Column{{Head: "Set"}, {Head: "Part"}}
	for _, h := range []string{
		"Queries", "hit@1", "hit@5", "BM25@1", "BM25@5", "times@1", "times@5", "+syn@1", "+syn@5",
		"bare@1", "bare@5", "taught@1", "taught@5",
	} {
		head = append(head, column.Column{Head: h, Right: true})
	}
	cells := make([][]string, len(rows))
	for i, r := range rows {
		cells[i] = []string{
			r.Set, r.Part, fmt.Sprint(r.Queries), rate(r.Ours.At1), rate(r.Ours.At5), rate(r.Plain.At1), rate(r.Plain.At5),
			times(r.Ours.At1, r.Plain.At1), times(r.Ours.At5, r.Plain.At5), rate(r.Rich.At1), rate(r.Rich.At5),
			rate(r.Bare.At1), rate(r.Bare.At5), rate(r.Taught.At1), rate(r.Taught.At5),
		}
	}
	for _, line := range column.Lines(head, cells, benchWidth) {
		d.say("%s", line)
	}
}

// showIndexes prints what the indexes cost, one a line.
func showIndexes(d *desk, indexes []directory.IndexFigures) {
	head := []column.Column{{Head: "Index"}}
	for _, h := range []string{"Codes", "Terms", "Build", "Memory", "Search p50", "p99"} {
		head = append(head, column.Column{Head: h, Right: true})
	}
	cells := make([][]string, len(indexes))
	for i, x := range indexes {
		cells[i] = []string{
			x.Tree, fmt.Sprint(x.Codes), fmt.Sprint(x.Terms), x.Build.Round(time.Millisecond).String(),
			fmt.Sprintf("%.1f MB", float64(x.Bytes)/1e6), x.P50.Round(time.Microsecond).String(), x.P99.Round(time.Microsecond).String(),
		}
	}
	for _, line := range column.Lines(head, cells, benchWidth) {
		d.say("%s", line)
	}
}

// rate is a share with three digits; "-" where nothing was found, or nothing
// measured.
func rate(share float64) string {
	if share == 0 {
		return "-"
	}
	return fmt.Sprintf("%.3f", share)
}

// times is how many times plain ours is.
func times(ours, plain float64) string {
	if plain == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", ours/plain)
}
