package directory

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"outcry"
	"outcry/directory/words"
)

//go:embed measure_data/wands-classes.txt
var classText string

// MeasureQueries asks a tree of Shopify's taxonomy for real search queries, a
// CSV with the columns query and query_class: rows for the queries whose class
// is a leaf of the tree by name, and for those whose class is mapped by hand in
// wands-classes.txt. A code is right where it has the name, or stands below one
// that has. Queries without a class are left out.
func MeasureQueries(t *Tree, queries io.Reader) ([]Row, error) {
	table, err := csv.NewReader(queries).ReadAll()
	if err != nil || len(table) == 0 {
		return nil, fmt.Errorf("read the labelled queries: %w", err)
	}
	text, class := slices.Index(table[0], "query"), slices.Index(table[0], "query_class")
	if text < 0 || class < 0 {
		return nil, outcry.BadField("queries", "the first line must name the columns query and query_class")
	}
	leaves, mapped := byLeafName(t), classes()
	var byName, byHand []labelled
	for _, row := range table[1:] {
		right, set := leaves[strings.ToLower(row[class])], &byName
		if len(right) == 0 {
			right, set = mapped[row[class]], &byHand
		}
		if len(right) > 0 {
			*set = append(*set, labelled{text: row[text], right: func(c outcry.Code) bool {
				return slices.ContainsFunc(right, func(r outcry.Code) bool { return t.Covers(r, c) })
			}})
		}
	}
	ours, bare, plain := newSearch(t, everyday()), newSearch(t, nil), words.NewBM25(texts(t, "en", false), "en")
	taught := ours.taughtBy(append(slices.Clone(byName), byHand...))
	c := contest{
		ours:   func(q labelled) []outcry.Code { return ours.named(ours.index.Search(q.text, "en", 5)) },
		bare:   func(q labelled) []outcry.Code { return bare.named(bare.index.Search(q.text, "en", 5)) },
		taught: func(q labelled) []outcry.Code { return codesOf(taught.Search(q.text, "en", 5)) },
		plain:  func(q labelled) []outcry.Code { return ours.named(plain.Search(q.text, 5, nil)) },
	}
	return append(measure("queries by name", byName, c), measure("queries by hand", byHand, c)...), nil
}

// taughtBy is a directory whose buyers asked the tuning half of the queries and
// picked the first right code of 50, where there was one.
func (s *search) taughtBy(queries []labelled) *Directory {
	d := &Directory{picks: newPicks(nil)}
	d.present.Store(s)
	for _, q := range queries {
		if q.part() != tuningPart {
			continue
		}
		found := codesOf(s.find(q.text, "en", MostHits))
		if i := slices.IndexFunc(found, q.right); i >= 0 {
			d.picks.add(words.Key(q.text), found[i], 1)
		}
	}
	return d
}

func codesOf(hits []Hit) []outcry.Code {
	out := make([]outcry.Code, len(hits))
	for i, h := range hits {
		out[i] = h.Code
	}
	return out
}

// byLeafName are the codes by their name in small letters, for the names that a
// code without children has.
func byLeafName(t *Tree) map[string][]outcry.Code {
	all, out := map[string][]outcry.Code{}, map[string][]outcry.Code{}
	for _, code := range t.codes {
		name := strings.ToLower(t.signals[code].Names["en"])
		all[name] = append(all[name], code)
	}
	for name, codes := range all {
		if slices.ContainsFunc(codes, func(c outcry.Code) bool { return len(t.children[c]) == 0 }) {
			out[name] = codes
		}
	}
	return out
}

// classes reads the classes that are mapped by hand.
func classes() map[string][]outcry.Code {
	out := map[string][]outcry.Code{}
	for line := range strings.Lines(classText) {
		name, list, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || line[0] == '#' {
			continue
		}
		for id := range strings.FieldsSeq(list) {
			out[name] = append(out[name], outcry.Code("shopify:"+id))
		}
	}
	return out
}
