package directory

import (
	"cmp"
	"maps"
	"slices"

	"outcry"
	"outcry/directory/words"
)

// Hit is a code that words were found to mean.
type Hit struct {
	Code outcry.Code
	Name string   // in the locale asked for
	Path []string // names from the root down to the code
	// Score is how well the words meet the code, over 0 up to 1: 0.9 and more
	// where they are its name.
	Score float64
}

// MostHits is how many codes a search gives at most.
const MostHits = 50

// likely is the score from which words are taken to mean a code.
const likely = 0.3

// Search gives the codes that words mean most likely, at most limit (and
// MostHits), the best first: by names, synonyms and the names above, in all
// languages but those of the locale first, and by what buyers picked after the
// same words. Retired codes are not found.
func (d *Directory) Search(text, locale string, limit int) []Hit {
	limit = max(0, min(limit, MostHits))
	hits := d.present.Load().find(text, locale, limit+mostLearned)
	if hits = d.taught(hits, text, locale); len(hits) > limit {
		hits = hits[:limit]
	}
	return hits
}

// Best is the code that words mean; ok is false where none is likely.
func (d *Directory) Best(text, locale string) (code outcry.Code, ok bool) {
	hits := d.Search(text, locale, 1)
	if len(hits) == 0 || hits[0].Score < likely {
		return "", false
	}
	return hits[0].Code, true
}

// taught lifts the codes that buyers picked after the same words, and adds
// those that the words alone did not find.
func (d *Directory) taught(hits []Hit, text, locale string) []Hit {
	lifts := d.picks.lifts(text)
	if len(lifts) == 0 {
		return hits
	}
	s := d.present.Load()
	byCode := map[outcry.Code]int{}
	for i, h := range hits {
		byCode[h.Code] = i
	}
	for _, code := range slices.Sorted(maps.Keys(lifts)) {
		now := s.tree.Successor(code)
		if now == "" {
			continue
		}
		i, found := byCode[now]
		if !found {
			i = len(hits)
			byCode[now] = i
			hits = append(hits, s.hit(now, locale, 0))
		}
		hits[i].Score += lifts[code]
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(b.Score, a.Score) })
	for i := range hits {
		hits[i].Score = min(1, hits[i].Score)
	}
	return hits
}

// search is a tree with the index of its words.
type search struct {
	tree  *Tree
	codes []outcry.Code // by entry
	index *words.Index
}

// The weights of phrases by where they stand.
const (
	nameWeight    = 1.0
	synonymWeight = 0.9
)

// newSearch makes the index of a tree: names and synonyms in all languages, and
// everyday words. Retired codes are left out; their names still help to find
// what stands below them.
func newSearch(t *Tree, everyday map[outcry.Code][]words.Phrase) *search {
	number := make(map[outcry.Code]int, len(t.codes))
	for i, code := range t.codes {
		number[code] = i
	}
	entries := make([]words.Entry, len(t.codes))
	for i, code := range t.codes {
		signal := t.signals[code]
		above, ok := number[signal.Parent]
		if !ok {
			above = -1
		}
		entries[i] = words.Entry{
			Phrases: append(phrasesOf(signal), everyday[code]...), Above: above, Hidden: signal.Retired || tooWide(signal),
		}
	}
	return &search{tree: t, codes: t.codes, index: words.Build(entries)}
}

// tooWide says whether a signal is a mere key of OpenStreetMap ("shop",
// "amenity"), which nobody asks for.
func tooWide(s outcry.Signal) bool {
	return s.Parent == "" && s.Code.Scheme() == "osm"
}

// phrasesOf are the names and synonyms of a signal, in the order of locales.
func phrasesOf(s outcry.Signal) []words.Phrase {
	var out []words.Phrase
	for _, l := range slices.Sorted(maps.Keys(s.Names)) {
		out = append(out, words.Phrase{Text: s.Names[l], Locale: l, Weight: nameWeight})
	}
	for _, l := range slices.Sorted(maps.Keys(s.Synonyms)) {
		for _, text := range s.Synonyms[l] {
			out = append(out, words.Phrase{Text: text, Locale: l, Weight: synonymWeight})
		}
	}
	return out
}

// find gives the best codes for words, with their names in the locale.
func (s *search) find(text, locale string, limit int) []Hit {
	var out []Hit
	for _, h := range s.index.Search(text, locale, limit) {
		out = append(out, s.hit(s.codes[h.Entry], locale, h.Score))
	}
	return out
}

func (s *search) hit(code outcry.Code, locale string, score float64) Hit {
	return Hit{Code: code, Name: s.tree.signals[code].Name(locale), Path: s.tree.Path(code, locale), Score: score}
}
