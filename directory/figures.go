package directory

import (
	"cmp"
	"fmt"
	"io"
	"runtime"
	"slices"
	"text/tabwriter"
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

// WriteTo writes the figures as a table for people: shares of right codes, the
// best hit and the best five, ours beside plain BM25's.
func (f Figures) WriteTo(w io.Writer) (int64, error) {
	counted := &counter{w: w}
	t := tabwriter.NewWriter(counted, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "words to codes\tpart\tqueries\tours @1\t@5\tBM25 @1\t@5\ttimes @1\t@5\tbare @1\t@5\ttaught @1\t@5\tBM25 with synonyms @1\t@5")
	for _, r := range f.Rows {
		_, _ = fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\t%.2f\t%.2f\t%s\t%s\t%s\n", r.Set, r.Part, r.Queries, r.Ours, r.Plain,
			r.Ours.At1/r.Plain.At1, r.Ours.At5/r.Plain.At5, r.Bare, r.Taught, r.Rich)
	}
	_, _ = fmt.Fprintln(t)
	_, _ = fmt.Fprintln(t, "index\tcodes\tterms\tbuild\tmemory\tsearch p50\tp99")
	for _, x := range f.Indexes {
		_, _ = fmt.Fprintf(t, "%s\t%d\t%d\t%s\t%.1f MB\t%s\t%s\n", x.Tree, x.Codes, x.Terms,
			x.Build.Round(time.Millisecond), float64(x.Bytes)/1e6, x.P50.Round(time.Microsecond), x.P99.Round(time.Microsecond))
	}
	err := t.Flush()
	return counted.n, err
}

// String is both shares with a tab between them, or hyphens for none.
func (r Rate) String() string {
	if r == (Rate{}) {
		return "-\t-"
	}
	return fmt.Sprintf("%.3f\t%.3f", r.At1, r.At5)
}

// counter counts what is written.
type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}
