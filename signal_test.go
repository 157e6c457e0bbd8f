package outcry_test

import (
	"testing"

	"outcry"
)

func TestSignal_NameFallsBackToTheLanguageThenEnglishThenItsCode(t *testing.T) {
	t.Parallel()
	bakery := outcry.Signal{
		Code:  "osm:shop=bakery",
		Names: map[string]string{"en": "Bakery", "ko": "빵집", "pt-BR": "Padaria", "fr": ""},
	}
	for locale, want := range map[string]string{
		"en": "Bakery", "en-GB": "Bakery", "ko": "빵집", "ko-KR": "빵집", "pt-BR": "Padaria",
		"pt": "Bakery", "fr": "Bakery", "": "Bakery", "zz-ZZ": "Bakery",
	} {
		if got := bakery.Name(locale); got != want {
			t.Errorf("its name in %q is %q, want %q", locale, got, want)
		}
	}
	if got := (outcry.Signal{Code: "shopify:aa-8"}).Name("en"); got != "shopify:aa-8" {
		t.Errorf("a signal without names is called %q, want its code", got)
	}
}

func TestCode_SchemeIsWhatStandsBeforeTheFirstColon(t *testing.T) {
	t.Parallel()
	for code, want := range map[outcry.Code]string{"osm:shop=bakery": "osm", "x:a:b": "x", "": ""} {
		if got := code.Scheme(); got != want {
			t.Errorf("the scheme of %q is %q, want %q", code, got, want)
		}
	}
}
