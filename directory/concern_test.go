package directory_test

import (
	"maps"
	"slices"
	"testing"

	"outcry"
)

// concerned gives the codes of the last change that shops are to be told, each
// with what takes its place.
func concerned(k *keeper) map[outcry.Code][]outcry.Code {
	out := map[outcry.Code][]outcry.Code{}
	if len(k.told) == 0 {
		return out
	}
	for _, r := range k.told[len(k.told)-1].Codes {
		out[r.Code] = r.Becomes
	}
	return out
}

// branches is a small tree: t:wear has a form that t:shoes and t:boots inherit,
// and t:hats has forms of its own.
func branches() []outcry.Signal {
	form := func(name string) []byte {
		return []byte(`{"type":"object","properties":{"` + name + `":{"type":"string"}}}`)
	}
	wear, hats := signal("t:wear", "", "Wear"), signal("t:hats", "t:wear", "Hats")
	wear.Forms = outcry.Forms{Request: form("size"), Offer: form("size")}
	hats.Forms = outcry.Forms{Request: form("head"), Offer: form("head")}
	return []outcry.Signal{
		wear, hats, signal("t:shoes", "t:wear", "Shoes"), signal("t:boots", "t:shoes", "Boots"),
		signal("t:sandals", "t:shoes", "Sandals"), signal("t:other", "", "Other"),
	}
}

func TestChange_ConcernsThoseWhoHoldWhatItRedefines(t *testing.T) {
	t.Parallel()
	none := []outcry.Code(nil)
	for name, c := range map[string]struct {
		change func(s *outcry.Signal)
		code   outcry.Code
		want   map[outcry.Code][]outcry.Code
	}{
		"another name": {func(s *outcry.Signal) { s.Names = map[string]string{"en": "Footwear"} }, "t:shoes",
			map[outcry.Code][]outcry.Code{"t:shoes": none}},
		"words that buyers use": {func(s *outcry.Signal) { s.Synonyms = map[string][]string{"en": {"trainers"}} }, "t:shoes",
			map[outcry.Code][]outcry.Code{}},
		"a form that those below inherit": {func(s *outcry.Signal) { s.Forms.Offer = []byte(`{"type":"object"}`) }, "t:wear",
			map[outcry.Code][]outcry.Code{"t:wear": none, "t:shoes": none, "t:boots": none, "t:sandals": none}},
		"a form that nobody inherits": {func(s *outcry.Signal) { s.Forms.Offer = []byte(`{"type":"object"}`) }, "t:hats",
			map[outcry.Code][]outcry.Code{"t:hats": none}},
		"another parent": {func(s *outcry.Signal) { s.Parent = "t:other" }, "t:shoes",
			map[outcry.Code][]outcry.Code{"t:shoes": none, "t:boots": none, "t:sandals": none}},
		"another parent, with forms of its own": {func(s *outcry.Signal) { s.Parent = "t:other" }, "t:hats",
			map[outcry.Code][]outcry.Code{"t:hats": none}},
		"a new code": {func(*outcry.Signal) {}, "t:new", map[outcry.Code][]outcry.Code{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := &keeper{signals: branches()}
			d := open(t, k)
			s, known := d.Get(c.code)
			if !known {
				s = signal(string(c.code), "t:wear", "New")
			}
			c.change(&s)
			if changed, err := d.PutSignal(t.Context(), operates(), s); err != nil || len(changed) != 1 {
				t.Fatalf("changed %v: %v", changed, err)
			}
			if got := concerned(k); !maps.EqualFunc(got, c.want, slices.Equal) {
				t.Errorf("concerns %v, want %v", got, c.want)
			}
			select {
			case <-d.Changes():
			default:
				t.Error("nobody is told that the tree has changed")
			}
		})
	}
}

func TestRetire_WhatTakesACodesPlaceInBooksServesTheSame(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		retire [][2]outcry.Code
		want   map[outcry.Code][]outcry.Code
	}{
		"nothing replaces it":       {[][2]outcry.Code{{"t:hats", ""}}, map[outcry.Code][]outcry.Code{"t:hats": nil}},
		"one code for another":      {[][2]outcry.Code{{"t:hats", "t:other"}}, map[outcry.Code][]outcry.Code{"t:hats": {"t:other"}}},
		"codes in use below remain": {[][2]outcry.Code{{"t:shoes", "t:other"}}, map[outcry.Code][]outcry.Code{"t:shoes": {"t:other", "t:boots", "t:sandals"}}},
		"the one above has them":    {[][2]outcry.Code{{"t:shoes", "t:wear"}}, map[outcry.Code][]outcry.Code{"t:shoes": {"t:wear"}}},
		"one below replaces it":     {[][2]outcry.Code{{"t:shoes", "t:boots"}}, map[outcry.Code][]outcry.Code{"t:shoes": {"t:boots", "t:sandals"}}},
		"what is retired below": {[][2]outcry.Code{{"t:shoes", ""}, {"t:wear", "t:other"}},
			map[outcry.Code][]outcry.Code{"t:wear": {"t:other", "t:hats", "t:boots", "t:sandals"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := &keeper{signals: branches()}
			d := open(t, k)
			for _, r := range c.retire {
				if _, err := d.Retire(t.Context(), operates(), r[0], r[1]); err != nil {
					t.Fatal(err)
				}
			}
			if got := concerned(k); !maps.EqualFunc(got, c.want, slices.Equal) {
				t.Errorf("becomes %v, want %v", got, c.want)
			}
			if by := k.told[0].By; by != operates().Member {
				t.Errorf("by %q", by)
			}
		})
	}
}
