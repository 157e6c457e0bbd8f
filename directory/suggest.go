package directory

import (
	"cmp"
	"slices"
	"strings"

	"outcry"
	"outcry/directory/words"
)

// MostSuggested is how many codes Suggest gives at most.
const MostSuggested = 5

// Suggest gives codes in use that are written much like one that the tree does
// not have, the nearest first: up to three letters wrong, or with the same last
// part, as "shop=bakery" and "bakery" have.
func (t *Tree) Suggest(code outcry.Code) []outcry.Code {
	type near struct {
		code outcry.Code
		far  int
	}
	const most = 3
	asked := strings.ToLower(string(code))
	last := lastPart(asked)
	var found []near
	for _, c := range t.codes {
		if t.signals[c].Retired {
			continue
		}
		far := words.Slips(asked, string(c), most)
		if last != "" && last == lastPart(string(c)) {
			far = min(far, 1)
		}
		if far <= most && far*3 <= len(asked) {
			found = append(found, near{c, far})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return cmp.Compare(a.far, b.far) })
	var out []outcry.Code
	for _, n := range found[:min(len(found), MostSuggested)] {
		out = append(out, n.code)
	}
	return out
}

// lastPart is what stands behind the last sign of a code: "bakery" of
// "osm:shop=bakery"; "" where it has no letter.
func lastPart(code string) string {
	last := code[strings.LastIndexAny(code, ":=.-")+1:]
	if strings.Trim(last, "0123456789") == "" {
		return ""
	}
	return last
}

// Suggest gives codes that are written much like one that the present tree does
// not have, or else codes that its last part is a word for.
func (d *Directory) Suggest(code outcry.Code) []outcry.Code {
	s := d.present.Load()
	if near := s.tree.Suggest(code); len(near) > 0 {
		return near
	}
	var out []outcry.Code
	for _, h := range s.find(strings.ReplaceAll(lastPart(string(code)), "_", " "), "en", MostSuggested) {
		if h.Score >= likely {
			out = append(out, h.Code)
		}
	}
	return out
}
