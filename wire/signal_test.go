package wire_test

import (
	"testing"

	"outcry/wire"
)

func TestSignalBody_ANameIsTheEnglishOne(t *testing.T) {
	t.Parallel()
	alone := wire.SignalBody{Name: "Rye bread"}
	if got := alone.Signal("my:rye").Names["en"]; got != "Rye bread" {
		t.Errorf("a name alone gives %q", got)
	}
	both := wire.SignalBody{Name: "Rye", Names: map[string]string{"en": "Rye bread", "de": "Roggenbrot"}}
	if got := both.Signal("my:rye").Names; got["en"] != "Rye bread" || got["de"] != "Roggenbrot" {
		t.Errorf("names beside a name give %v", got)
	}
}
