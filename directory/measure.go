package directory

import (
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"

	"outcry"
	"outcry/directory/words"
)

// Rate is how often a right code is found: the share of queries where the best
// hit is right, and where one of the best five is.
type Rate struct{ At1, At5 float64 }

// A Row is one line of the figures of Measure: one set of labelled queries,
// answered by us and by plain BM25.
type Row struct {
	Set     string // "synonyms ko", "queries by name"
	Part    string // "tuning": the half that constants were chosen on; "report": the other; "all"
	Queries int
	Ours    Rate
	Bare    Rate // ours without the everyday words that we wrote by hand
	Taught  Rate // ours after the picks of the tuning half; of the report half only
	Plain   Rate // BM25 over the names of the path, with stems, in the language asked in
	Rich    Rate // BM25 over those names and all synonyms but the asked one
}

// The parts of a labelled set.
const (
	tuningPart = "tuning"
	reportPart = "report"
	allParts   = "all"
)

// labelled is a query with its right codes.
type labelled struct {
	text  string
	right func(outcry.Code) bool
	less  map[int]string // for BM25: by text, the synonym that it lacks
}

// part deals a query to one half or the other, for ever the same.
func (q labelled) part() string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(q.text))
	if h.Sum32()>>3&1 == 0 {
		return tuningPart
	}
	return reportPart
}

// MeasureSynonyms asks the default table for each of its own synonyms with all
// phrases that say just that left out of the index: rows for each language
// and part. Synonyms that more than three codes have, or that are the name of a
// code, are not asked.
func MeasureSynonyms() ([]Row, error) {
	tree, err := NewTree(DefaultSignals())
	if err != nil {
		return nil, fmt.Errorf("make the tree of the default table: %w", err)
	}
	ours, bare := newSearch(tree, everyday()), newSearch(tree, nil)
	var rows []Row
	for _, l := range Locales {
		plain := words.NewBM25(texts(tree, l, false), l)
		rich := words.NewBM25(texts(tree, l, true), l)
		rows = append(rows, measure("synonyms "+l, synonymQueries(tree, l), contest{
			ours:  func(q labelled) []outcry.Code { return ours.named(ours.index.SearchUnsaid(q.text, l, 5)) },
			bare:  func(q labelled) []outcry.Code { return bare.named(bare.index.SearchUnsaid(q.text, l, 5)) },
			plain: func(q labelled) []outcry.Code { return ours.named(plain.Search(q.text, 5, nil)) },
			rich:  func(q labelled) []outcry.Code { return ours.named(rich.Search(q.text, 5, q.less)) },
		})...)
	}
	return rows, nil
}

// named gives the codes of hits.
func (s *search) named(hits []words.Hit) []outcry.Code {
	out := make([]outcry.Code, len(hits))
	for i, h := range hits {
		out[i] = s.codes[h.Entry]
	}
	return out
}

// synonymQueries are the synonyms of a tree in one language with the codes that
// have them.
func synonymQueries(t *Tree, locale string) []labelled {
	names := map[string]bool{}
	holders := map[string][]int{}
	for i, code := range t.codes {
		s := t.signals[code]
		names[words.Plain(s.Names[locale])] = true
		if tooWide(s) {
			continue
		}
		for _, w := range s.Synonyms[locale] {
			if key := words.Plain(w); !slices.Contains(holders[key], i) {
				holders[key] = append(holders[key], i)
			}
		}
	}
	var out []labelled
	for _, key := range slices.Sorted(maps.Keys(holders)) {
		if len(holders[key]) > 3 || names[key] || key == "" {
			continue
		}
		right, less := map[outcry.Code]bool{}, map[int]string{}
		for _, i := range holders[key] {
			right[t.codes[i]], less[i] = true, key
		}
		out = append(out, labelled{key, func(c outcry.Code) bool { return right[c] }, less})
	}
	return out
}

// texts are what BM25 reads of each code: the names of its path, and with
// synonyms if asked.
func texts(t *Tree, locale string, synonyms bool) []string {
	out := make([]string, len(t.codes))
	for i, code := range t.codes {
		out[i] = strings.Join(t.Path(code, locale), " ")
		if synonyms {
			out[i] += " " + strings.Join(t.signals[code].Synonyms[locale], " ")
		}
	}
	return out
}

// answer gives codes for a query, the best first.
type answer func(labelled) []outcry.Code

// contest is what a set is answered with; those that are nil are left out.
type contest struct{ ours, bare, taught, plain, rich answer }

// measure asks all queries and counts, for each part and for all.
func measure(set string, queries []labelled, c contest) []Row {
	var out []Row
	for _, part := range []string{tuningPart, reportPart} {
		mine := slices.DeleteFunc(slices.Clone(queries), func(q labelled) bool { return q.part() != part })
		r := Row{
			Set: set, Part: part, Queries: len(mine), Ours: rateOf(mine, c.ours), Bare: rateOf(mine, c.bare),
			Plain: rateOf(mine, c.plain), Rich: rateOf(mine, c.rich),
		}
		if part == reportPart {
			r.Taught = rateOf(mine, c.taught)
		}
		out = append(out, r)
	}
	a, b := out[0], out[1]
	both := func(of func(Row) Rate) Rate {
		n := float64(max(1, a.Queries+b.Queries))
		x, y := float64(a.Queries)/n, float64(b.Queries)/n
		return Rate{x*of(a).At1 + y*of(b).At1, x*of(a).At5 + y*of(b).At5}
	}
	return append(out, Row{
		Set: set, Part: allParts, Queries: a.Queries + b.Queries,
		Ours: both(func(r Row) Rate { return r.Ours }), Bare: both(func(r Row) Rate { return r.Bare }),
		Plain: both(func(r Row) Rate { return r.Plain }), Rich: both(func(r Row) Rate { return r.Rich }),
	})
}

// rateOf is how often an answer is right.
func rateOf(queries []labelled, a answer) Rate {
	var r Rate
	if a == nil || len(queries) == 0 {
		return r
	}
	for _, q := range queries {
		if i := slices.IndexFunc(a(q), q.right); i == 0 {
			r.At1++
			r.At5++
		} else if i > 0 {
			r.At5++
		}
	}
	n := float64(len(queries))
	return Rate{r.At1 / n, r.At5 / n}
}
