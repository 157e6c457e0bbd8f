package onboarding

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"outcry"
)

const (
	// maxRow is the longest row, in bytes: beyond it a quote was not closed.
	maxRow = 64 << 10
	// maxHeadings is how many columns are read.
	maxHeadings = 1000
	// toldHeadings is how many headings an error repeats.
	toldHeadings = 40
)

// delimiters part the values of a row, the likeliest first.
const delimiters = ",;\t|"

// csvRows reads the line of headings and gives the rows behind it. head is the
// start of the text.
func csvRows(t text, head []byte, plan Plan) (iter.Seq2[row, error], error) {
	before := 0 // lines ahead of the headings
	if line, tail, ok := bytes.Cut(head, []byte("\n")); ok && bytes.HasPrefix(line, []byte("sep=")) && len(tail) > 0 {
		if _, err := t.Discard(len(line) + 1); err != nil { // as spreadsheets say how they part values
			return nil, unreadable(err)
		}
		head, before = tail, 1
	}
	r := csv.NewReader(t.Reader)
	r.Comma = delimiterOf(head)
	r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = -1, true, true
	headings, err := r.Read()
	if err != nil {
		return nil, unreadable(err)
	}
	if len(headings) > maxHeadings {
		return nil, outcry.BadField("file", "the line of headings has %d columns, at most %d are read", len(headings), maxHeadings)
	}
	keys := make([]string, len(headings))
	for i, h := range headings {
		keys[i] = keyOf(tidy(h))
	}
	if keys, err = plan.readable(keys); err != nil {
		return nil, err
	}
	return func(yield func(row, error) bool) { readRows(r, keys, before, yield) }, nil
}

// delimiterOf is what parts the headings: whatever stands most often outside
// quotes in the first line.
func delimiterOf(head []byte) rune {
	var counts [len(delimiters)]int
	quoted := false
	for _, b := range bytes.TrimLeft(head, "\r\n") {
		if b == '"' {
			quoted = !quoted
		}
		if quoted {
			continue
		}
		if b == '\n' || b == '\r' {
			break
		}
		if i := strings.IndexByte(delimiters, b); i >= 0 {
			counts[i]++
		}
	}
	best := 0
	for i, n := range counts {
		if n > counts[best] {
			best = i
		}
	}
	return rune(delimiters[best])
}

// readRows gives each record as a row; before is how many lines the reader has
// not seen.
func readRows(r *csv.Reader, keys []string, before int, yield func(row, error) bool) {
	for {
		start := r.InputOffset()
		record, err := r.Read()
		var broken *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return
		case errors.As(err, &broken):
			if !yield(row{n: before + broken.StartLine, broken: "the row cannot be read: " + broken.Err.Error()}, nil) {
				return
			}
			continue
		case err != nil:
			yield(row{}, unreadable(err))
			return
		}
		line, _ := r.FieldPos(0)
		if !yield(rowOf(before+line, keys, record, r.InputOffset()-start), nil) {
			return
		}
	}
}

func rowOf(n int, keys, record []string, size int64) row {
	r := row{n: n, values: make(map[string]string, len(record))}
	switch {
	case size > maxRow:
		r.broken = fmt.Sprintf("the row has %d bytes, at most %d fit; look for a quote that is not closed", size, maxRow)
		return r
	case len(record) > len(keys):
		if extra := slices.IndexFunc(record[len(keys):], func(s string) bool { return tidy(s) != "" }); extra >= 0 {
			r.broken = fmt.Sprintf("the row has %d values under %d headings; put quotes round values that have a delimiter inside", len(record), len(keys))
			return r
		}
		record = record[:len(keys)]
	}
	for i, value := range record {
		if value = tidy(value); value != "" && keys[i] != "" && r.values[keys[i]] == "" {
			r.values[keys[i]] = strings.Clone(value)
		}
	}
	return r
}

// readable gives the keys of the columns, or says what no column tells, before
// every row is skipped for it.
func (p Plan) readable(keys []string) ([]string, error) {
	var bad outcry.Complaints
	for _, ours := range Fields {
		if theirs, given := p.Columns[ours]; given && !slices.Contains(keys, theirs) {
			bad.Add("plan.columns."+ours, "the file has no column %s; it has %s", clip(theirs), told(keys))
		}
	}
	has := func(field string) bool { return len(p.has(field, keys)) > 0 }
	if !has("place") && !(has("lat") && has("lon")) {
		bad.Add("plan.columns.lat", "no column is known to have the place among %s; name lat and lon, or place", told(keys))
	}
	tags := slices.ContainsFunc(kindKeys, func(k string) bool { return slices.Contains(keys, k) })
	if !has("kind") && !has("codes") && !tags && p.Kind == "" {
		bad.Add("plan.columns.kind", "no column is known to have the kind among %s; name it, or write a kind for all", told(keys))
	}
	// A column "shop" beside one of kinds and none of names has the names.
	if i := slices.Index(keys, "shop"); i >= 0 && p.Columns["kind"] != "shop" && !has("name") && has("kind") {
		keys = slices.Clone(keys)
		keys[i] = "shop_name"
	}
	return keys, bad.Err()
}

// told are headings as an error repeats them.
func told(keys []string) string {
	var some []string
	for _, k := range keys[:min(len(keys), toldHeadings)] {
		some = append(some, clip(k))
	}
	if len(keys) > toldHeadings {
		some = append(some, "…")
	}
	return strings.Join(some, ", ")
}
