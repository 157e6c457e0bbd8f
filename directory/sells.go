package directory

import (
	_ "embed"
	"strings"
	"sync"

	"outcry"
)

//go:embed sells.txt
var sellsText string

// crossWalk are the codes of sells.txt by kind of place.
var crossWalk = sync.OnceValue(func() map[outcry.Code][]outcry.Code {
	out := map[outcry.Code][]outcry.Code{}
	var kind outcry.Code
	for line := range strings.Lines(sellsText) {
		line = strings.TrimRight(line, "\n")
		switch {
		case line == "" || line[0] == '#':
		case line[0] != ' ':
			kind = outcry.Code(line)
		default:
			code, _, _ := strings.Cut(strings.TrimSpace(line), " ")
			out[kind] = append(out[kind], outcry.Code(code))
		}
	}
	return out
})

// Sells are the product branches that a kind of place sells, as sells.txt has
// them for it or else for the nearest kind above: a shoe shop sells the shoes of
// each taxonomy that is loaded. Only codes of the tree that are in use are
// given; none for a code that sells nothing or is not in the tree.
func (t *Tree) Sells(code outcry.Code) []outcry.Code {
	for _, kind := range t.Ancestors(code) {
		branches, ok := crossWalk()[kind]
		if !ok {
			continue
		}
		var out []outcry.Code
		for _, b := range branches {
			if s, ok := t.signals[b]; ok && !s.Retired {
				out = append(out, b)
			}
		}
		return out
	}
	return nil
}
