package directory

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"outcry"
	"outcry/directory/form"
)

// The bounds of one signal.
const (
	// MaxName is the longest name or synonym, in bytes.
	MaxName = 200
	// MaxSynonyms is the most synonyms in one locale.
	MaxSynonyms = 200
	// MaxLocales is the most locales of one signal.
	MaxLocales = 64
)

// mostFaults is how many faults of a tree are told at once.
const mostFaults = 20

// complaints gathers the faults of signals, each under its code, up to
// mostFaults.
type complaints struct{ outcry.Complaints }

func (c *complaints) add(code outcry.Code, part, format string, args ...any) {
	if len(c.Complaints) == mostFaults {
		return
	}
	where := fmt.Sprintf("signals[%s]", code)
	if part != "" {
		where += "." + part
	}
	c.Add(where, format, args...)
}

// check notes what is wrong with a signal by itself: its code, names, synonyms,
// forms and retirement. Whether its parent exists is the tree's to say.
func (c *complaints) check(s outcry.Signal) {
	if _, err := outcry.ParseCode(string(s.Code)); err != nil {
		c.add(s.Code, "code", "write a signal code as scheme:id, for example osm:shop=bakery")
	}
	if s.Parent == s.Code {
		c.add(s.Code, "parent", "a code cannot be its own parent; leave the parent out for a root")
	}
	if s.Names["en"] == "" {
		c.add(s.Code, "names.en", "write an English name; other languages fall back to it")
	}
	if s.ReplacedBy != "" && (!s.Retired || s.ReplacedBy == s.Code) {
		c.add(s.Code, "replaced_by", "only a retired code is replaced, and by another one")
	}
	c.checkWords(s)
	for which, text := range map[string][]byte{"request": s.Forms.Request, "offer": s.Forms.Offer} {
		if len(text) == 0 {
			continue
		}
		if err := form.Check(text); err != nil {
			c.add(s.Code, "forms."+which, "%s", err)
		}
	}
}

func (c *complaints) checkWords(s outcry.Signal) {
	if len(s.Names) > MaxLocales || len(s.Synonyms) > MaxLocales {
		c.add(s.Code, "names", "write names in at most %d languages", MaxLocales)
		return
	}
	for _, l := range slices.Sorted(maps.Keys(s.Names)) {
		if !plainText(s.Names[l]) || !locale(l) {
			c.add(s.Code, "names."+l, "write the name under a language such as en or ko, as one line of at most %d bytes", MaxName)
		}
	}
	for _, l := range slices.Sorted(maps.Keys(s.Synonyms)) {
		list := s.Synonyms[l]
		if len(list) > MaxSynonyms || !locale(l) || slices.ContainsFunc(list, func(w string) bool { return !plainText(w) }) {
			c.add(s.Code, "synonyms."+l, "write at most %d synonyms, each one line of at most %d bytes", MaxSynonyms, MaxName)
		}
	}
}

// plainText says whether s is one line of readable UTF-8 within the bound.
func plainText(s string) bool {
	return len(s) <= MaxName && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// locale says whether s is written as a language tag: "en", "pt-BR".
func locale(s string) bool {
	return len(s) >= 2 && len(s) <= 16 && !strings.ContainsFunc(s, func(c rune) bool {
		return c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	})
}
