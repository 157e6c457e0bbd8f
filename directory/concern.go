package directory

import (
	"maps"
	"reflect"
	"slices"

	"outcry"
)

// concerns gives the codes that mean something else to the shops that hold them
// once next is the tree in the place of t, by the signals that changed: the
// codes of those, and the codes below whose forms come from them. Words by which
// buyers ask are no shop's concern, nor is a code that there was not before.
func (t *Tree) concerns(next *Tree, changed map[outcry.Code]outcry.Signal) []outcry.Redefined {
	found := map[outcry.Code]outcry.Redefined{}
	for _, code := range slices.Sorted(maps.Keys(changed)) {
		was, known := t.signals[code]
		if !known {
			continue
		}
		is := changed[code]
		if formsChanged := !sameForms(t.Forms(code), next.Forms(code)); formsChanged || !sameToShops(was, is) {
			found[code] = outcry.Redefined{Code: code, Cause: code, Becomes: next.instead(is)}
		}
		if was.Parent == is.Parent && sameForms(was.Forms, is.Forms) {
			continue
		}
		for _, below := range next.Descendants(code) {
			_, itself := changed[below]
			_, there := t.signals[below]
			if there && !itself && !sameForms(t.Forms(below), next.Forms(below)) {
				found[below] = outcry.Redefined{Code: below, Cause: code}
			}
		}
	}
	var out []outcry.Redefined
	for _, code := range slices.Sorted(maps.Keys(found)) {
		out = append(out, found[code])
	}
	return out
}

// sameToShops says whether two signals of a code say the same to a shop that
// holds it, but for their forms.
func sameToShops(a, b outcry.Signal) bool {
	return a.Parent == b.Parent && a.Retired == b.Retired && a.ReplacedBy == b.ReplacedBy && maps.Equal(a.Names, b.Names)
}

func sameForms(a, b outcry.Forms) bool { return reflect.DeepEqual(a, b) }

// instead gives the codes that take a signal's place in books, so that a shop
// still serves what it did: the code that replaces it and, since what stands
// below a retired code stays in use, the codes in use right below, but for those
// that the new code covers. None where the signal is in use or nothing replaces
// it.
func (t *Tree) instead(s outcry.Signal) []outcry.Code {
	by := t.Successor(s.Code)
	if by == "" || by == s.Code {
		return nil
	}
	out := []outcry.Code{by}
	below := t.Children(s.Code)
	for i := 0; i < len(below); i++ {
		switch code := below[i]; {
		case t.signals[code].Retired:
			below = append(below, t.children[code]...)
		case !t.Covers(by, code):
			out = append(out, code)
		}
	}
	return out
}
