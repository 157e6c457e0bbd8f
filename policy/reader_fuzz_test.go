package policy_test

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"outcry"
	"outcry/policy"
)

// Whatever the text, Read tells its faults in order, inside the text, or gives a
// policy that compiles, works and reads back the same from JSON.
func FuzzRead(f *testing.F) {
	f.Add(string(policy.DefaultText()))
	f.Add(nested)
	f.Add(bomb())
	f.Add("selecting:\n  require:\n  - {name: a, when: 'shop.languages.exists(l, l == \"ko\")', why: b}\n")
	f.Add("score:\n  add:\n  - name: a\n    points: |\n      1 / shop.rating\n      + min(1, 2)\n    why: >-\n      b\n")
	f.Add("{\"waves\": {\"ends\": [0.5, 1]}, \"score\": {\"add\": [{\"name\": \"a\", \"points\": \"1\", \"why\": \"\\ud83c\\udf72\"}]}}")
	f.Add("branches: [{code: osm:a, ranking: {price: 100, near: 0, rating: 0, soon: 0}, selecting: {require: []}}]")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := policy.Read([]byte(text))
		if err != nil {
			checkFaults(t, text, err)
			return
		}
		rules, err := policy.Compile(p)
		if err != nil {
			t.Fatalf("%q is read but not compiled: %v", text, err)
		}
		path := []outcry.Code{"osm:a"}
		for _, b := range p.Branches {
			path = append(path, b.Code)
		}
		holds := rules.For(path)
		if err := holds.Policy.Check(); err != nil {
			t.Fatalf("%q: what holds for %v is bad: %v", text, path, err)
		}
		holds.Requires(someShop(), someRequest())
		for _, part := range holds.Additions(&policy.ShopFacts{}, &policy.RequestFacts{}) {
			if !(part.Points >= -1 && part.Points <= 1) {
				t.Fatalf("%q: %+v", text, part)
			}
		}
		again, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		back, err := policy.Read(again)
		if len(again) > policy.MaxText {
			return
		}
		if err != nil {
			t.Fatalf("%q as JSON: %v", text, err)
		}
		if !reflect.DeepEqual(back, p) {
			t.Fatalf("%q reads %+v, and from JSON %+v", text, p, back)
		}
	})
}

// checkFaults checks that an error of Read tells places in the text, in order.
func checkFaults(t *testing.T, text string, err error) {
	t.Helper()
	faults := policy.FaultsOf(err)
	if len(faults) == 0 || len(faults) > policy.MaxFaults || outcry.KindOf(err) != outcry.Invalid {
		t.Fatalf("%q: %v", text, err)
	}
	lines := strings.Split(text, "\n")
	for _, f := range faults {
		if f.Line < 1 || f.Line > len(lines) || f.Column < 1 || f.Column > len([]rune(lines[f.Line-1]))+2 {
			t.Fatalf("%q has no place %d:%d", text, f.Line, f.Column)
		}
		if f.Message == "" || len(f.Message) > 1000 {
			t.Fatalf("%q: message %q", text, f.Message)
		}
	}
	if !slices.IsSortedFunc(faults, func(a, b policy.Fault) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	}) {
		t.Fatalf("%q: %v", text, faults)
	}
}

// Whatever an expression is, what is wrong with it is told at one of its
// characters, or it works for every shop within its cost.
func FuzzExpression(f *testing.F) {
	for _, text := range []string{
		"shop.rating >= 4 && !shop.software", "shop.languages.exists(l, l == 'ko')", "min(1, shop.ratings / 100)", "'a' in [request.code, \"b\"]",
		"shop.languages[0].startsWith('k') ? 1 : -0.5", "(((1)))", "size(shop.id) + size(shop.languages) // words\n", "shop . rating", "{'a': 1}.a", "r'\\d' == b'1'",
	} {
		f.Add(text)
	}
	at := regexp.MustCompile(`at character (\d+): `)
	long := someShop()
	long.Languages = slices.Repeat([]string{strings.Repeat("k", 200)}, 200)
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range []policy.Policy{requiring(text), adding(text)} {
			rules, err := policy.Compile(p)
			if err != nil {
				m := at.FindStringSubmatch(err.Error())
				if m == nil {
					continue
				}
				if n, err := strconv.Atoi(m[1]); err != nil || n < 1 || n > utf8.RuneCountInString(text)+1 {
					t.Fatalf("%q: %v", text, m)
				}
				continue
			}
			for _, s := range []*policy.ShopFacts{someShop(), {}, long} {
				holds := rules.For(nil)
				if ok, _, why := holds.Requires(s, someRequest()); !ok && strings.Contains(why, "cost") {
					t.Fatalf("%q: %s", text, why)
				}
				for _, part := range holds.Additions(s, someRequest()) {
					if !(part.Points >= -1 && part.Points <= 1) || strings.Contains(part.Why, "cost") {
						t.Fatalf("%q: %+v", text, part)
					}
				}
			}
		}
	})
}
