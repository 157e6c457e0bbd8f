package outcry

import (
	"encoding/json"
	"strings"
)

// Code is a signal code: the id of a product or service in the tree of codes,
// written "scheme:id", such as "osm:shop=bakery" or "shopify:aa-8".
type Code string

// MaxCode is the longest code, in bytes.
const MaxCode = 128

// ParseCode checks that s is written as a code: a scheme of lower-case letters
// and digits (at most 16, starting with a letter), a colon, and an id of 1 to
// 100 printable ASCII characters without spaces, quotes or commas. Whether the
// tree has such a code is the directory's to say.
func ParseCode(s string) (Code, error) {
	scheme, id, ok := strings.Cut(s, ":")
	if !ok || len(scheme) == 0 || len(scheme) > 16 || len(id) == 0 || len(id) > 100 {
		return "", BadField("code", "write a signal code as scheme:id, for example osm:shop=bakery")
	}
	for i, c := range []byte(scheme) {
		if !('a' <= c && c <= 'z' || i > 0 && '0' <= c && c <= '9') {
			return "", BadField("code", "the scheme before the colon has lower-case letters and digits only")
		}
	}
	for _, c := range []byte(id) {
		if c <= ' ' || c > '~' || c == '"' || c == '\'' || c == ',' || c == '\\' {
			return "", BadField("code", "the id after the colon has printable ASCII without spaces, quotes or commas")
		}
	}
	return Code(s), nil
}

// Scheme is the part before the colon: who defined the code.
func (c Code) Scheme() string {
	scheme, _, _ := strings.Cut(string(c), ":")
	return scheme
}

// Signal is a product or service in the tree of codes. A shop that holds a code
// serves everything below it.
type Signal struct {
	Code   Code
	Parent Code // "" at the top of the tree
	// Names by locale ("en", "ko"); every signal has an English name.
	Names map[string]string
	// Synonyms by locale: other words by which people ask for it.
	Synonyms map[string][]string
	Forms    Forms
	// Retired codes take no new requests; ReplacedBy says which code does.
	Retired    bool
	ReplacedBy Code
}

// Name is the signal's name in the locale, or in English, or its code.
func (s Signal) Name(locale string) string {
	base, _, _ := strings.Cut(locale, "-")
	for _, l := range []string{locale, base, "en"} {
		if n := s.Names[l]; n != "" {
			return n
		}
	}
	return string(s.Code)
}

// Forms are the attributes of a signal, each a JSON Schema (draft 2020-12) of
// an object. A zero form means that the nearest ancestor's holds; where none has
// one, any flat object of at most 32 short values is taken.
type Forms struct {
	Request json.RawMessage // what a request for it must and may say
	Offer   json.RawMessage // what an offer of it must and may say
}
