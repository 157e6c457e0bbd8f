package words

import (
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/spanish"
)

// A tongue is a way of bringing the forms of a word together. Words of
// different tongues are kept apart, since "Rat" and "rat" have nothing in
// common.
type tongue uint8

const (
	plain    tongue = iota // no stemming: languages without a stemmer
	dense                  // Chinese, Japanese, Korean: pairs of letters
	en                     // English
	de                     // German
	es                     // Spanish
	nTongues               // how many there are
)

// tongueOf is the tongue of a locale's spaced words: "de-AT" is German.
func tongueOf(locale string) tongue {
	base, _, _ := strings.Cut(locale, "-")
	switch base {
	case "en":
		return en
	case "de":
		return de
	case "es":
		return es
	}
	return plain
}

// stem is what the forms of a folded word have in common, by the Snowball
// algorithms (snowballstem.org).
func (t tongue) stem(word string) string {
	var algorithm func(*snowballstem.Env) bool
	switch t {
	case en:
		algorithm = english.Stem
	case de:
		algorithm = german.Stem
	case es:
		algorithm = spanish.Stem
	default:
		return word
	}
	env := snowballstem.NewEnv(word)
	algorithm(env)
	return env.Current()
}

// singular is a folded word without the ending of its plural, where the
// language has a plain one. Unlike a stem it keeps "lighting" from "light".
func singular(t tongue, word string) string {
	n := len(word)
	switch {
	case t != en && t != es || n < 4 || word[n-1] != 's' || word[n-2] == 's' || word[n-2] == 'u' || word[n-2] == 'i':
		return word
	case t == es:
		if strings.HasSuffix(word, "es") && n > 5 {
			return word[:n-2]
		}
		return word[:n-1]
	case strings.HasSuffix(word, "ies") && n > 4:
		return word[:n-3] + "y"
	case strings.HasSuffix(word, "ches"), strings.HasSuffix(word, "shes"), strings.HasSuffix(word, "sses"), strings.HasSuffix(word, "xes"):
		return word[:n-2]
	}
	return word[:n-1]
}
