package directory

import (
	_ "embed"
	"strings"
	"sync"

	"outcry"
)

//go:embed table.tsv
var tableText string

// Locales are the languages in which the default table has names and synonyms,
// English first.
var Locales = []string{"en", "ko", "ja", "de", "es"}

// DefaultSignals are the signals that a new market starts with: the kinds of
// places of OpenStreetMap that trade (codes such as osm:shop=bakery), with the
// forms of folder forms. The words are those of the iD tagging schema, under
// the ISC licence at the head of table.tsv. The caller owns the slice, not the
// maps in it.
func DefaultSignals() []outcry.Signal {
	return append([]outcry.Signal(nil), defaultSignals()...)
}

var defaultSignals = sync.OnceValue(func() []outcry.Signal {
	var out []outcry.Signal
	forms := defaultForms()
	for cells := range tableRows(tableText) {
		s := outcry.Signal{
			Code: outcry.Code(cells[0]), Parent: outcry.Code(cells[1]), Forms: forms[outcry.Code(cells[0])],
			Names: map[string]string{}, Synonyms: map[string][]string{},
		}
		for i, l := range Locales {
			if name := cells[2+2*i]; name != "" {
				s.Names[l] = name
			}
			if list := cells[3+2*i]; list != "" {
				s.Synonyms[l] = strings.Split(list, "|")
			}
		}
		out = append(out, s)
	}
	return out
})

// tableRows gives the cells of each row of a tab-separated text, without
// comments and without the line of headings.
func tableRows(text string) func(yield func([]string) bool) {
	return func(yield func([]string) bool) {
		head := true
		for line := range strings.Lines(text) {
			line = strings.TrimRight(line, "\n")
			if line == "" || line[0] == '#' {
				continue
			}
			if !head && !yield(strings.Split(line, "\t")) {
				return
			}
			head = false
		}
	}
}
