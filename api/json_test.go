package api_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"outcry/api"
	"outcry/wire"
)

// FuzzDecode: whatever is decoded is JSON that the standard library reads to the
// same, and whatever is refused is told without repeating a value.
func FuzzDecode(f *testing.F) {
	for _, body := range append(brokenBodies, wrongValues...) {
		f.Add([]byte(body))
	}
	for _, body := range []string{`{"place": {"lat": 1, "lon": 2}, "radius_m": 3}`, `{"radius_m": "x"}`, `{"needed_at": "x"}`, roleNeed, roleShop} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var tree any
		if err := api.Decode(body, &tree); err != nil {
			location, message, ok := api.SplitFault(err.Error())
			if !ok || !strings.HasPrefix(location, "body") || message == "" || !utf8.ValidString(location) || len(location) > 400 {
				t.Errorf("%q is refused as %q", body, err)
			}
		} else {
			var std any
			if err := json.Unmarshal(body, &std); err != nil {
				t.Errorf("%q was read, and is no JSON: %v", body, err)
			}
			if !utf8.Valid(body) {
				t.Errorf("%q was read, and is no UTF-8", body)
			}
		}
		var request wire.NewRequest
		if err := api.Decode(body, &request); err != nil {
			if _, message, ok := api.SplitFault(err.Error()); !ok || message == "" {
				t.Errorf("%q is refused as %q", body, err)
			}
		}
	})
}

func TestDecode_NamesThePlace(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"a": {"b": [1, {"c": x}]}}`: "body.a.b[1].c",
		`{"a": 1, "a": 2}`:            "body.a",
		`[`:                           "body",
		`{"` + strings.Repeat("n", 500) + `": x}`: "body." + strings.Repeat("n", 64) + "...",
		`{"a\nb": x}`: "body.a?b",
		strings.Repeat(`{"`+strings.Repeat("n", 60)+`":`, 10) + `x`: "body" + strings.Repeat("."+strings.Repeat("n", 60), 5) + "...",
		strings.Repeat(`[`, 40) + strings.Repeat(`]`, 40):           "body",
		strings.Repeat(`{"a":`, 32) + `1` + strings.Repeat(`}`, 32): "",
	} {
		var tree any
		err := api.Decode([]byte(body), &tree)
		got := ""
		if err != nil {
			got, _, _ = api.SplitFault(err.Error())
		}
		if got != want {
			t.Errorf("%.60q: at %q, want %q (%v)", body, got, want, err)
		}
	}
}
