package archtest

import (
	"strings"
)

// maxChain is how many imports may follow each other from any package down to
// the root: whoever changes a word must be able to hold in mind what hangs on it.
const maxChain = 6

// Chain is the longest chain of imports inside the tree, from the package that
// imports to the one that imports nothing. Where several are as long, it is the
// first by name.
func Chain(t *Tree) []string {
	w := walk{imports: map[string][]string{}, longest: map[string][]string{}}
	for _, f := range t.Go(false) {
		for _, p := range f.Imports() {
			if dir, ok := within(p); ok {
				w.imports[f.Dir()] = append(w.imports[f.Dir()], dir)
			}
		}
	}
	var longest []string
	for _, dir := range sorted(w.imports) {
		if c := w.from(dir); len(c) > len(longest) {
			longest = c
		}
	}
	return longest
}

// walk follows imports down and remembers the longest way from each package.
type walk struct {
	imports map[string][]string
	longest map[string][]string
}

func (w walk) from(dir string) []string {
	if c, ok := w.longest[dir]; ok {
		return c
	}
	w.longest[dir] = []string{dir} // ends a circle, which the compiler refuses anyway
	var below []string
	for _, next := range w.imports[dir] {
		c := w.from(next)
		if len(c) > len(below) || len(c) == len(below) && strings.Join(c, " ") < strings.Join(below, " ") {
			below = c
		}
	}
	w.longest[dir] = append([]string{dir}, below...)
	return w.longest[dir]
}

// Chains checks that no chain of imports is too long.
func Chains(t *Tree) []Finding {
	c := Chain(t)
	if len(c)-1 <= maxChain {
		return nil
	}
	return []Finding{{Where: c[0], Reason: "a chain of imports is longer than allowed: " + strings.Join(c, " -> ")}}
}
