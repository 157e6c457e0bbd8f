package directory

import (
	"cmp"
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"

	"outcry"
)

// MeasureInput is what Measure works on besides the default table. Both may be
// nil; then what needs them is left out.
type MeasureInput struct {
	Shopify io.Reader // the text of Shopify's taxonomy
	Queries io.Reader // labelled search queries, a CSV; see MeasureQueries
}

// IndexFigures say what the search over one tree costs on this machine.
type IndexFigures struct {
	Tree     string // "default table", "with Shopify's taxonomy"
	Codes    int
	Terms    int
	Build    time.Duration // to make the index of a tree
	Bytes    uint64        // of memory that the index holds
	P50, P99 time.Duration // of a search for five codes
}

// Figures are what Measure found: how well words find codes, and at what cost.
type Figures struct {
	Rows    []Row
	Indexes []IndexFigures
}

// Measure finds out how well and how fast words find codes.
func Measure(in MeasureInput) (Figures, error) {
	var f Figures
	var err error
	if f.Rows, err = MeasureSynonyms(); err != nil {
		return f, err
	}
	signals := DefaultSignals()
	if err := f.index("default table", signals); err != nil || in.Shopify == nil {
		return f, err
	}
	products, _, err := LoadShopify(in.Shopify)
	if err != nil {
		return f, fmt.Errorf("read Shopify's taxonomy: %w", err)
	}
	if err := f.index("with Shopify's taxonomy", append(signals, products...)); err != nil || in.Queries == nil {
		return f, err
	}
	tree, err := NewTree(products)
	if err != nil {
		return f, err
	}
	rows, err := MeasureQueries(tree, in.Queries)
	f.Rows = append(f.Rows, rows...)
	return f, err
}

// index measures the index of a tree of signals.
func (f *Figures) index(name string, signals []outcry.Signal) error {
	tree, err := NewTree(signals)
	if err != nil {
		return err
	}
	before := heap()
	start := time.Now()
	s := newSearch(tree, everyday())
	out := IndexFigures{Tree: name, Codes: tree.Len(), Terms: s.index.Terms(), Build: time.Since(start)}
	if after := heap(); after > before {
		out.Bytes = after - before
	}
	var took []time.Duration
	for range 3 {
		for _, q := range everydayQueries() {
			start := time.Now()
			s.find(q.text, q.locale, 5)
			took = append(took, time.Since(start))
		}
	}
	slices.Sort(took)
	out.P50, out.P99 = took[len(took)/2], took[len(took)*99/100]
	f.Indexes = append(f.Indexes, out)
	return nil
}

// heap is how many bytes are in use after a collection.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// everydayQuery is what somebody may type, in a language.
type everydayQuery struct{ text, locale string }

// everydayQueries are the everyday phrases, which search times are taken with.
func everydayQueries() []everydayQuery {
	var out []everydayQuery
	for _, list := range everyday() {
		for _, p := range list {
			out = append(out, everydayQuery{p.Text, p.Locale})
		}
	}
	slices.SortFunc(out, func(a, b everydayQuery) int { return cmp.Compare(a.text, b.text) })
	return out
}
