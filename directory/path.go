package directory

import (
	"slices"

	"outcry"
)

// Ancestors are the code itself, its parent and so on up to the root; nil for a
// code that the tree does not have. A shop that holds any of them serves the
// code.
func (t *Tree) Ancestors(code outcry.Code) []outcry.Code {
	var up []outcry.Code
	for code != "" {
		s, ok := t.signals[code]
		if !ok {
			return nil
		}
		up = append(up, code)
		code = s.Parent
	}
	return up
}

// Descendants are all codes below a code, without itself, in code order at each
// step down.
func (t *Tree) Descendants(code outcry.Code) []outcry.Code {
	below := t.Children(code)
	for i := 0; i < len(below); i++ {
		below = append(below, t.children[below[i]]...)
	}
	return below
}

// Path is the names from the root down to the code, in the locale where it has
// them, else in English; nil for a code that the tree does not have.
func (t *Tree) Path(code outcry.Code, locale string) []string {
	up := t.Ancestors(code)
	names := make([]string, len(up))
	for i, c := range up {
		names[len(up)-1-i] = t.signals[c].Name(locale)
	}
	return names
}

// Covers says whether a shop that holds one code serves another: where it is
// the same or stands below it. Codes that the tree does not have cover nothing.
func (t *Tree) Covers(held, asked outcry.Code) bool {
	for code := asked; code != ""; {
		s, ok := t.signals[code]
		if !ok {
			return false
		}
		if code == held {
			return true
		}
		code = s.Parent
	}
	return false
}

// Meets says whether a shop that holds one code can meet a request for another:
// where it covers it, or where what it holds is a part of what was asked for. A
// request for any restaurant is met by a sushi bar; one for shoes by a shop that
// holds sandals only.
func (t *Tree) Meets(held, asked outcry.Code) bool {
	return t.Covers(held, asked) || t.Covers(asked, held)
}

// Successor is the code that takes the requests of a code: itself while it is in
// use, else what replaced it, followed to the end; "" where nothing does.
func (t *Tree) Successor(code outcry.Code) outcry.Code {
	var seen []outcry.Code
	for {
		s, ok := t.signals[code]
		if !ok || slices.Contains(seen, code) {
			return ""
		}
		if !s.Retired {
			return code
		}
		seen = append(seen, code)
		code = s.ReplacedBy
	}
}
