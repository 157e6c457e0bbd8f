package outcry_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"outcry"
)

func TestParseCode_TakesCodesAndRefusesTheRest(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{
		"osm:shop=bakery":                      true,
		"osm:amenity=restaurant.cuisine=pizza": true,
		"shopify:aa-8":                         true,
		"google:166":                           true,
		"a:" + strings.Repeat("x", 100):        true,
		"a:" + strings.Repeat("x", 101):        false,
		strings.Repeat("a", 16) + ":x":         true,
		strings.Repeat("a", 17) + ":x":         false,
		"":                                     false,
		":":                                    false,
		"osm":                                  false,
		"osm:":                                 false,
		":shop":                                false,
		"OSM:shop":                             false,
		"1osm:shop":                            false,
		"osm:two words":                        false,
		"osm:a,b":                              false,
		`osm:"x"`:                              false,
		"osm:it's":                             false,
		`osm:a\b`:                              false,
		"osm:빵":                                false,
		"osm:\x00":                             false,
	} {
		code, err := outcry.ParseCode(text)
		switch {
		case ok && (err != nil || string(code) != text):
			t.Errorf("%.40q: %q, %v", text, code, err)
		case !ok && (outcry.KindOf(err) != outcry.Invalid || code != ""):
			t.Errorf("%.40q is taken as %q: %v", text, code, err)
		}
	}
}

func FuzzParseCode(f *testing.F) {
	for _, text := range []string{"osm:shop=bakery", "shopify:aa-8", "google:166", "", ":", "a:\x7f", "ß:x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		code, err := outcry.ParseCode(text)
		if err != nil {
			if outcry.KindOf(err) != outcry.Invalid || code != "" {
				t.Fatalf("%q: %q, %v", text, code, err)
			}
			return
		}
		scheme, id, ok := strings.Cut(text, ":")
		if string(code) != text || !ok || code.Scheme() != scheme || id == "" || len(code) > outcry.MaxCode || !utf8.ValidString(text) {
			t.Fatalf("%q is taken as %q", text, code)
		}
	})
}
