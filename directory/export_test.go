package directory

import (
	"encoding/csv"
	"io"
	"slices"

	"outcry/directory/words"
)

// ListedQueries are the queries of a labelled set that stand, word for word, in
// the everyday words.
func ListedQueries(queries io.Reader) ([]string, error) {
	table, err := csv.NewReader(queries).ReadAll()
	if err != nil {
		return nil, err
	}
	ours := map[string]bool{}
	for _, list := range everyday() {
		for _, p := range list {
			ours[words.Plain(p.Text)] = true
		}
	}
	column := slices.Index(table[0], "query")
	var out []string
	for _, row := range table[1:] {
		if ours[words.Plain(row[column])] {
			out = append(out, row[column])
		}
	}
	return out, nil
}

// DefaultForms are the embedded forms by code.
var DefaultForms = defaultForms

// CrossWalk are the codes of sells.txt by kind.
var CrossWalk = crossWalk

// Aliases are the codes by tag.
var Aliases = aliases

// Everyday are the everyday phrases by code.
var Everyday = everyday
