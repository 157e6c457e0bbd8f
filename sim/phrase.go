package sim

import (
	_ "embed"
	"math/rand/v2"
	"strings"
	"sync"
)

//go:embed phrase.txt
var phraseText string

// phrases are the phrases of phrase.txt by section and language.
var phrases = sync.OnceValue(func() map[string]map[string][]string {
	out := map[string]map[string][]string{}
	section := ""
	for line := range strings.Lines(phraseText) {
		line = strings.TrimSpace(line)
		language, list, ok := strings.Cut(line, ": ")
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			section = strings.Trim(line, "[]")
			out[section] = map[string][]string{}
		case ok:
			out[section][language] = strings.Split(list, " | ")
		}
	}
	return out
})

// say draws a phrase of a section in the language of a locale, in English where
// the section does not have it; "" where there is no such section.
func say(r *rand.Rand, section, locale string) string {
	return oneOf(r, phrasesOf(section, locale))
}

// phrasesOf are the phrases of a section in the language of a locale.
func phrasesOf(section, locale string) []string {
	language, _, _ := strings.Cut(strings.ToLower(locale), "-")
	if list := phrases()[section][language]; len(list) > 0 {
		return list
	}
	return phrases()[section]["en"]
}

// intents are what a message can be about, the first that is heard counts.
var intents = []string{"delivery", "price", "time", "thanks"}

// intentOf says what a message in the language of a locale is about; English is
// always understood, "other" is whatever is not.
func intentOf(text, locale string) string {
	text = strings.ToLower(text)
	for _, intent := range intents {
		for _, language := range []string{locale, "en"} {
			for _, word := range phrasesOf("hear."+intent, language) {
				if strings.Contains(text, word) {
					return intent
				}
			}
		}
	}
	return "other"
}
