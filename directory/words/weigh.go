package words

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
)

// How much words and parts of words count. All constants of this package were
// found by trial on the tuning half of the labelled sets of package directory;
// the figures that docs/signals.md shows are of the other half.
const (
	rarityPower       = 0.7  // see rarity
	headWeight        = 1.2  // the word that names the thing: "dining chair" is a chair
	stopWeight        = 0.1  // stop words and numbers
	weakWeight        = 0.35 // words of a query that only narrow a thing: "blue", "cheap"
	placeWeight       = 0.3  // words that only say that a thing is a place: "shop"
	alternativeWeight = 0.9  // one part of "Curtains & Drapes", against the whole
	firstLetter       = 0.7  // the first letter of a dense word, against a pair
	otherLetter       = 0.35 // a later one
	letterFor         = 0.65 // a letter of the query's pair that is not found as a pair
	wholeShare        = 0.3  // a dense word as a whole, beside its pairs
	unknownWeight     = 0.6  // a word that nothing is near to, against a rare one
)

//go:embed stop.txt
var stopText string

// stops are the words of stop.txt by their folded form, with what they count.
var stops = sync.OnceValue(func() map[string]float32 {
	out := map[string]float32{}
	weights := map[string]float32{"[stop]": 0, "[weak]": weakWeight, "[place]": placeWeight}
	weight := float32(0)
	for line := range strings.Lines(stopText) {
		line = strings.TrimSpace(line)
		if w, ok := weights[line]; ok {
			weight = w
			continue
		}
		if line == "" || line[0] == '#' {
			continue
		}
		for w := range strings.FieldsSeq(fold(line)) {
			out[w] = weight
		}
	}
	return out
})

// stop says whether a word says nothing of what is wanted ("someone").
func stop(word string) bool {
	w, ok := stops()[word]
	return ok && w == 0
}

// place says whether a word only says that a thing is a place ("shop").
func place(word string) bool { return stops()[word] == placeWeight }

// scarce is how much a word of a phrase counts that does not name its thing.
func scarce(word string) float32 {
	switch {
	case stop(word):
		return stopWeight
	case place(word):
		return placeWeight
	}
	return 1
}

// headOf is the place of the word that names the thing: the last one before a
// word such as "with" or "for", in Spanish the first; -1 where there is none.
func headOf(words []token, t tongue) int {
	head := -1
	for i, w := range words {
		if ends[w.text] && head >= 0 {
			break
		}
		names := !w.dense && !stop(w.text) && !place(w.text) && !number(w.text)
		if names && (t != es || head < 0) {
			head = i
		}
	}
	return head
}

// ends are the words behind which a phrase only says more about its thing.
var ends = map[string]bool{
	"with": true, "for": true, "in": true, "of": true, "on": true, "by": true, "from": true, "near": true, "over": true, "under": true, "that": true, "which": true, people: true,
	"mit": true, "fur": true, "aus": true, "von": true, "bei": true, "im": true,
	"con": true, "para": true, "de": true, "del": true, "en": true,
}

// number says whether a word is a number or a measure, such as 4, 60 or 5x6.
func number(word string) bool {
	digits := 0
	for _, c := range word {
		if unicode.IsDigit(c) {
			digits++
		}
	}
	return digits > 0 && len(word)-digits <= 2
}

// pairWeight is how much a pair of letters of a dense script counts: endings
// and particles of Japanese are written in hiragana.
func pairWeight(pair string) float32 {
	hiragana := 0
	for _, c := range pair {
		if unicode.Is(unicode.Hiragana, c) {
			hiragana++
		}
	}
	return 1 - 0.3*float32(hiragana)
}

// isKana says whether a letter stands for a sound, not for a thing.
func isKana(c rune) bool {
	return unicode.In(c, unicode.Hiragana, unicode.Katakana) || c == 'ー'
}
