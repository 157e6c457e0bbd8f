package directory

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
	"sync"

	"outcry"
	"outcry/directory/words"
)

//go:embed former.tsv
var formerText string

//go:embed tags.txt
var tagText string

// kindKeys are the keys of OpenStreetMap whose values are kinds of places that
// trade, in the order in which their codes are given.
var kindKeys = []string{"shop", "craft", "amenity", "office", "leisure", "tourism", "healthcare"}

// aliases are the tags that another code stands for: "shop=estate_agent" is
// osm:office=estate_agent.
var aliases = sync.OnceValue(func() map[string]outcry.Code {
	out := map[string]outcry.Code{}
	for cells := range tableRows(formerText) {
		out[cells[0]] = outcry.Code(cells[1])
	}
	for line := range strings.Lines(tagText) {
		if cells := strings.Fields(line); len(cells) == 2 {
			out[cells[0]] = outcry.Code(cells[1])
		}
	}
	return out
})

// CodesForTags gives the codes of a place from its tags in OpenStreetMap: one
// for each kind that shop, craft, amenity, office, leisure, tourism and
// healthcare name, lists such as "books;stationery" included. Where further tags
// narrow a kind ("cuisine=pizza;kebab"), the narrower codes stand in its place.
// A value that is written a letter wrong, in capitals or in the plural is read
// all the same. Values that say no kind ("yes", "vacant") and those that nobody
// knows give nothing.
func (t *Tree) CodesForTags(tags map[string]string) []outcry.Code {
	var out []outcry.Code
	for _, key := range kindKeys {
		for _, value := range values(tags[key]) {
			kind := t.kindOf(key, value)
			if kind == "" {
				continue
			}
			codes := t.narrowed(kind, tags)
			for _, c := range codes {
				if !slices.Contains(out, c) {
					out = append(out, c)
				}
			}
		}
	}
	return out
}

// values are the parts of a tag's value: "a;b", with blanks as underscores.
func values(text string) []string {
	var out []string
	for v := range strings.FieldsFuncSeq(strings.ToLower(text), func(c rune) bool { return c == ';' || c == ',' }) {
		if v = strings.ReplaceAll(strings.TrimSpace(v), " ", "_"); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// kindOf is the code in use for one value of one key; "" for none.
func (t *Tree) kindOf(key, value string) outcry.Code {
	tag := key + "=" + value
	for _, code := range []outcry.Code{outcry.Code("osm:" + tag), aliases()[tag]} {
		if t.inUse(code) {
			return code
		}
	}
	if single, plural := strings.CutSuffix(tag, "s"); plural && t.inUse(outcry.Code("osm:"+single)) {
		return outcry.Code("osm:" + single)
	}
	return t.misspelt(key, value)
}

func (t *Tree) inUse(code outcry.Code) bool {
	s, ok := t.signals[code]
	return ok && !s.Retired
}

// misspelt is the one kind of a key that is written nearly as the value: a
// letter wrong in six, two in twelve; "" where there is none or more than one.
func (t *Tree) misspelt(key, value string) outcry.Code {
	most := min(2, len(value)/6)
	if most == 0 {
		return ""
	}
	var best outcry.Code
	for _, code := range t.children[outcry.Code("osm:"+key)] {
		kind := strings.TrimPrefix(string(code), "osm:"+key+"=")
		if !t.inUse(code) || words.Slips(value, kind, most) > most {
			continue
		}
		if best != "" {
			return ""
		}
		best = code
	}
	return best
}

// narrowed are the codes below a kind that further tags name, or the kind
// itself where they name none.
func (t *Tree) narrowed(kind outcry.Code, tags map[string]string) []outcry.Code {
	var out []outcry.Code
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		if slices.Contains(kindKeys, key) {
			continue
		}
		for _, value := range values(tags[key]) {
			if code := kind + outcry.Code("."+key+"="+value); t.inUse(code) {
				out = append(out, code)
			}
		}
	}
	if len(out) == 0 {
		return []outcry.Code{kind}
	}
	return out
}
