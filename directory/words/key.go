package words

import (
	"slices"
	"strings"
)

// The bounds of a key.
const (
	maxKeyWords = 8
	maxKeyBytes = 120
)

// Key is what a text asks for, whatever its order, plurals and stop words: its
// words sorted, with single spaces. Numbers are left out, so that no telephone
// number or address is kept. It is "" for a text that says nothing, or too
// much.
func Key(text string) string {
	if len(text) > MaxQuery {
		return ""
	}
	var out []string
	for _, w := range tokens(fold(text)) {
		switch {
		case w.dense:
			out = append(out, w.text)
		case !stop(w.text) && !number(w.text) && !longNumber(w.text):
			out = append(out, singular(en, w.text))
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	key := strings.Join(out, " ")
	if len(out) > maxKeyWords || len(key) > maxKeyBytes {
		return ""
	}
	return key
}

// longNumber says whether a word has more than four digits.
func longNumber(word string) bool {
	return len(word)-len(strings.Trim(word, "0123456789")) > 4 || strings.Count(word, "0")+strings.Count(word, "1") > 4
}
