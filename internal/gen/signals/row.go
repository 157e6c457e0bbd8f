package main

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
)

//go:embed leave_out.txt
var leaveOut string

// common is how many codes may share a synonym: a word that more of them have
// ("shop", "eat", "health") tells none of them from the others, and goes.
const common = 20

// row is one code of the table.
type row struct {
	code, parent string
	preset       string
	names        map[string]string
	synonyms     map[string][]string
}

// rows are the codes of the table, every parent before its children.
func (s *schema) rows() []row {
	byCode := map[string]row{}
	for _, id := range slices.Sorted(maps.Keys(s.presets)) {
		code := codeOf(s.presets[id].Tags)
		if code == "" || !s.taken(id) {
			continue
		}
		if _, twice := byCode[code]; twice {
			continue
		}
		r := s.row(id)
		if r.code = code; r.names["en"] != "" {
			byCode[code] = r
		}
	}
	for code, r := range byCode {
		r.parent = parentOf(code)
		if _, ok := byCode[r.parent]; !ok && r.parent != "" {
			r.parent = parentOf(r.parent)
		}
		byCode[code] = r
	}
	out := slices.SortedFunc(maps.Values(byCode), func(a, b row) int { return strings.Compare(a.code, b.code) })
	dropCommon(out)
	return out
}

// taken says whether a preset becomes a code: not those left out by the list,
// not those for one country, and not those that the schema keeps only to read
// old data, unless they stand for a school, which has moved to another key.
func (s *schema) taken(id string) bool {
	if strings.HasPrefix(id, "@") || leftOut(id) {
		return false
	}
	p := s.presets[id]
	isRoot := !strings.Contains(id, "/")
	if in := p.LocationSet.Include; len(in) > 0 && !slices.Contains(in, "Planet") {
		return false
	}
	searchable := p.Searchable == nil || *p.Searchable
	return searchable || isRoot || strings.HasPrefix(p.Name, "{education/")
}

func leftOut(id string) bool {
	for line := range strings.Lines(leaveOut) {
		pattern := strings.TrimSpace(line)
		if pattern == "" || pattern[0] == '#' {
			continue
		}
		start, open := strings.CutSuffix(pattern, "*")
		if id == pattern || open && strings.HasPrefix(id, start) {
			return true
		}
	}
	return false
}

// codeOf spells the code of a set of tags: "osm:shop" for the key itself,
// "osm:shop=bakery" for a kind, and a narrowing tag behind a dot, as in
// "osm:amenity=restaurant.cuisine=pizza". It is "" where no key is one of ours.
func codeOf(tags map[string]string) string {
	i := slices.IndexFunc(keys, func(k string) bool { return tags[k] != "" })
	if i < 0 {
		return ""
	}
	key := keys[i]
	code := "osm:" + key
	if tags[key] == "*" {
		return code
	}
	code += "=" + tags[key]
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		if !slices.Contains(keys, k) {
			return code + "." + k + "=" + tags[k]
		}
	}
	return code
}

// parentOf is the code that a code's spelling puts it below.
func parentOf(code string) string {
	if i := strings.LastIndexByte(code, '.'); i >= 0 {
		return code[:i]
	}
	if key, _, ok := strings.Cut(code, "="); ok {
		return key
	}
	return ""
}

// row gathers the words of a preset; a preset that borrows another's words
// ("{education/driving_school}") gets them.
func (s *schema) row(id string) row {
	r := row{preset: id, names: map[string]string{}, synonyms: map[string][]string{}}
	if ref := s.presets[id].Name; strings.HasPrefix(ref, "{") {
		id = strings.Trim(ref, "{}")
	}
	for _, l := range locales {
		w := s.words[l][id]
		r.names[l] = clean(w.Name)
		for t := range strings.FieldsFuncSeq(w.Aliases+"\n"+w.Terms, func(c rune) bool { return c == '\n' || c == ',' || c == '、' }) {
			t = clean(t)
			same := func(o string) bool { return strings.EqualFold(o, t) }
			if t != "" && !same(r.names[l]) && !slices.ContainsFunc(r.synonyms[l], same) {
				r.synonyms[l] = append(r.synonyms[l], t)
			}
		}
	}
	return r
}

// clean takes out what the table uses as separators.
func clean(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "|", " ")), " ")
}

// dropCommon takes out the synonyms that more than common codes have.
func dropCommon(rows []row) {
	count := map[string]int{}
	for _, r := range rows {
		for l, list := range r.synonyms {
			for _, t := range list {
				count[l+strings.ToLower(t)]++
			}
		}
	}
	for _, r := range rows {
		for l, list := range r.synonyms {
			r.synonyms[l] = slices.DeleteFunc(list, func(t string) bool { return count[l+strings.ToLower(t)] > common })
		}
	}
}
