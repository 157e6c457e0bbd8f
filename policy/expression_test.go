package policy_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"outcry"
	"outcry/policy"
)

// requiring is the policy with one rule.
func requiring(when string) policy.Policy {
	p := policy.Default()
	p.Selecting.Require = []policy.Requirement{{Name: "one", When: when, Why: "why"}}
	return p
}

// adding is the policy with one part.
func adding(points string) policy.Policy {
	p := policy.Default()
	p.Score.Add = []policy.Addition{{Name: "one", Points: points, Why: "why"}}
	return p
}

func TestRequires_HoldsAShopAgainstARule(t *testing.T) {
	t.Parallel()
	for when, want := range map[string]bool{
		"true":                                               true,
		"!true":                                              false,
		"shop.id == 'shop_1'":                                true,
		"shop.distance_km < 6.2":                             false,
		"shop.distance_km <= 6.2":                            true,
		"shop.rating > 4 && shop.rating < 5":                 true,
		"shop.ratings == 31":                                 true,
		"shop.ratings / 2 == 15.5":                           true, // no number is whole
		"shop.price_level in [1, 2]":                         true,
		"shop.price * 2 == 1.9":                              true,
		"shop.chance - 0.7 == 0":                             true,
		"shop.kept != 0.9":                                   false,
		"shop.calls_last_hour + 1 == 4":                      true,
		"-shop.calls == -40.0":                               true,
		"shop.software":                                      false,
		"'ko' in shop.languages":                             true,
		"request.locale in shop.languages":                   false,
		"size(shop.languages) == 3":                          true,
		"size(request.locale) >= 5":                          true,
		"shop.languages[0] == 'en'":                          true,
		"shop.languages.exists(l, l == 'fr')":                false,
		"shop.languages.all(l, size(l) == 2)":                true,
		"shop.capabilities.exists_one(c, c.startsWith('p'))": true,
		"request.code.startsWith('osm:amenity=')":            true,
		"request.code.endsWith('bar') || request.code.contains('rest')": true,
		"request.radius_km == 5":                                                   true,
		"request.quantity > 2":                                                     false,
		"request.wanted == 3 ? shop.software : true":                               false,
		"request.deadline_s >= 60 && request.has_budget":                           true,
		"request.hour >= 9 && request.hour < 18":                                   true,
		"min(shop.rating, 3) == 3 && max(shop.rating, 5) == 5":                     true,
		"'pickup' in shop.capabilities && 'deliver' in shop.capabilities":          true,
		"request.locale == \"ko\" + \"-KR\"":                                       true,
		"shop.distance_km >\n5 // metres would be more exact\n && shop.rating > 4": true,
		"1 / 0 > 5":      true, // as numbers are, not an error
		"0 / 0 == 0 / 0": false,
		"shop.languages.exists(shop, shop == 'ko') && shop.id == 'shop_1'": true,
	} {
		ok, name, why := compiled(t, requiring(when)).For(nil).Requires(someShop(), someRequest())
		if ok != want || !ok && (name != "one" || why != "why") {
			t.Errorf("%s is %v by %q: %q, want %v", when, ok, name, why, want)
		}
	}
}

func TestRequires_NamesTheFirstRuleThatLeavesAShopOut(t *testing.T) {
	t.Parallel()
	p := policy.Default()
	p.Selecting.Require = []policy.Requirement{
		{Name: "first", When: "shop.rating > 4", Why: "a"},
		{Name: "second", When: "shop.software", Why: "b"},
		{Name: "third", When: "false", Why: "c"},
	}
	if ok, name, why := compiled(t, p).For(nil).Requires(someShop(), someRequest()); ok || name != "second" || why != "b" {
		t.Errorf("%v by %q: %q", ok, name, why)
	}
}

func TestAdditions_AreFromMinusOneToOne(t *testing.T) {
	t.Parallel()
	for points, want := range map[string]float64{
		"1":                        1,
		"-1":                       -1,
		"0.25":                     0.25,
		"7 - 3.5":                  1,
		"-shop.calls":              -1,
		"1 / 0":                    1,
		"-1 / 0":                   -1,
		"shop.ratings / 100":       0.31,
		"min(0.2, shop.chance)":    0.2,
		"shop.software ? 1 : -0.5": -0.5,
		"size(shop.languages) / 10 + size('ko') / 100": 0.32,
	} {
		rules := compiled(t, adding(points)).For(nil)
		if rules.Plain() {
			t.Fatal("a policy with a part is plain")
		}
		got := rules.Additions(someShop(), someRequest())
		if len(got) != 1 || math.Abs(got[0].Points-want) > 1e-12 || got[0].Name != "one" || got[0].Why != "why" {
			t.Errorf("%s adds %+v, want %v", points, got, want)
		}
	}
	if rules := compiled(t, policy.Default()).For(nil); !rules.Plain() || rules.Additions(someShop(), someRequest()) != nil {
		t.Error("the default has parts of its own")
	}
}

// What cannot be worked out leaves the shop out, or adds nothing, says so, and is
// reported once.
func TestExpressions_FailInWords(t *testing.T) {
	t.Parallel()
	p := policy.Default()
	p.Selecting.Require = []policy.Requirement{{Name: "speaks", When: "shop.languages[5] == 'ko'", Why: "it does not speak it"}}
	p.Score.Add = []policy.Addition{{Name: "even", Points: "0 / 0", Why: "it is even"}, {Name: "known", Points: "0.5", Why: "it is known"}}
	r := compiled(t, p)
	var told []string
	r.Reporting(func(words string) { told = append(told, words) })
	rules := r.For([]outcry.Code{"osm:amenity=restaurant"})
	for range 3 {
		ok, name, why := rules.Requires(someShop(), someRequest())
		if ok || name != "speaks" || why != "it does not speak it (could not be worked out: index out of bounds: 5)" {
			t.Errorf("%v by %q: %q", ok, name, why)
		}
		parts := rules.Additions(someShop(), someRequest())
		if parts[0] != (policy.Part{Name: "even", Why: "it is even (could not be worked out: it gives no number)"}) || parts[1].Points != 0.5 {
			t.Errorf("parts %+v", parts)
		}
	}
	want := []string{
		`the policy's rule "speaks" could not be worked out for a shop: index out of bounds: 5`,
		`the policy's part "even" could not be worked out for a shop: it gives no number`,
	}
	if !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
	// Nobody is told where nobody listens.
	if ok, _, _ := compiled(t, p).For(nil).Requires(someShop(), someRequest()); ok {
		t.Error("a rule that fails lets a shop pass")
	}
}

// However long what shops say is, an expression stays within what it may cost.
func TestExpressions_SeeNoMoreThanTheirCostAllows(t *testing.T) {
	t.Parallel()
	s, r := someShop(), someRequest()
	s.Languages = nil
	for i := range 10000 {
		s.Languages = append(s.Languages, fmt.Sprintf("%d%s", i, strings.Repeat("x", 1000)))
	}
	s.ID, r.Locale = strings.Repeat("é", 1<<20), ""
	p := requiring("size(shop.languages) == 20 && !shop.languages.exists(l, l == request.locale) && size(shop.id) <= 128")
	if ok, _, why := compiled(t, p).For(nil).Requires(s, r); !ok {
		t.Error(why)
	}
}

// A rule is in block scalars, quotes and flows; its fault is told where it stands.
func TestRead_SaysWhereAnExpressionIsWrong(t *testing.T) {
	t.Parallel()
	rule := func(when string) string {
		return "selecting:\n  require:\n    - name: one\n      why: x\n      when: " + when + "\n"
	}
	part := func(points string) string { return "score: {add: [{name: one, why: x, points: " + points + "}]}" }
	for name, c := range map[string]struct{ text, want string }{
		// Where it stands.
		"plain":               {rule("shop.ratin >= 4"), `5:13: selecting.require[0].when: there is no "shop.ratin"; did you mean shop.rating?`},
		"further on":          {rule("true && shop.ratin >= 4"), `5:21: selecting.require[0].when: there is no "shop.ratin"`},
		"behind letters":      {rule(`"'먹다' == shop.code"`), `5:22: selecting.require[0].when: there is no "shop.code"; did you mean request.code?`},
		"single quotes":       {rule("'shop.id == ''a'' && shop.fax'"), `5:34: selecting.require[0].when: there is no "shop.fax"`},
		"double quotes":       {rule(`"shop.id == \"a\" && shop.fax"`), `5:34: selecting.require[0].when: there is no "shop.fax"`},
		"JSON":                {`{"score": {"add": [{"name": "one", "why": "x", "points": "shop.id == \"a\" ? 1 : shop.fax"}]}}`, `1:82: score.add[0].points: there is no "shop.fax"`},
		"a block":             {rule("|\n        shop.rating > 3\n        && shop.fax"), `7:12: selecting.require[0].when: there is no "shop.fax"`},
		"a folded block":      {rule(">-\n        shop.rating > 3\n        && shop.fax"), `7:12: selecting.require[0].when: there is no "shop.fax"`},
		"a block with blanks": {rule("|2-\n\n        shop.rating > 3\n\n\n          && shop.fax"), `10:14: selecting.require[0].when: there is no "shop.fax"`},
		"plain, two lines":    {rule("shop.rating > 3\n        && shop.fax"), `6:12: selecting.require[0].when: there is no "shop.fax"`},
		"quoted, two lines":   {rule("\"shop.rating > 3\n\n        && shop.fax\""), `7:12: selecting.require[0].when: there is no "shop.fax"`},
		"escaped end":         {rule(`"shop.rating > 3\n && shop.fax"`), `5:35: selecting.require[0].when: there is no "shop.fax"`},
		"escaped line":        {rule("\"shop.rating > 3 \\\n        && shop.fax\""), `6:12: selecting.require[0].when: there is no "shop.fax"`},
		"the end":             {rule("shop.rating >"), `5:26: selecting.require[0].when: the expression breaks off here`},
		"in a branch": {"branches:\n- code: osm:a\n  score:\n    add:\n    - {name: a, why: b, points: 1 + shop.fax}\n",
			`5:37: branches[0].score.add[0].points: there is no "shop.fax"`},

		// Names and kinds.
		"a part of a name":    {rule("shop"), `5:13: selecting.require[0].when: there is no "shop"; docs/policy.md lists what there is`},
		"another's name":      {rule("rating > 3"), `5:13: selecting.require[0].when: there is no "rating"; did you mean shop.rating?`},
		"no function":         {part("abs(1)"), `1:43: score.add[0].points: there is no function "abs"; there are size, min,`},
		"no method":           {rule("shop.id.matches('a')"), `5:28: selecting.require[0].when: there is no function "matches"`},
		"no time":             {rule("timestamp('2026-01-01T00:00:00Z') > now()"), `5:13: selecting.require[0].when: there is no function "timestamp"`},
		"no way round kinds":  {part("dyn('a')"), `1:43: score.add[0].points: there is no function "dyn"`},
		"no macro":            {rule("has(shop.rating)"), `5:13: selecting.require[0].when: there is no function "has"`},
		"behind a number":     {rule("shop.rating.stars > 3"), `5:24: selecting.require[0].when: a number has nothing behind a dot`},
		"number and text":     {rule(`shop.rating > '4'`), `5:25: selecting.require[0].when: ">" does not go with a number and a text`},
		"number for yes":      {rule("shop.rating && true"), `5:`},
		"minus yes":           {part("-shop.software"), `1:43: score.add[0].points: "-" does not go with true or false`},
		"list and text":       {rule("shop.languages == 'ko'"), `5:28: selecting.require[0].when: "==" does not go with a list and a text`},
		"two kinds":           {part("'true ? 1 : shop.id'"), `1:49: score.add[0].points: write CONDITION ? ONE : OTHER`},
		"a number for a rule": {rule("shop.rating"), `5:13: selecting.require[0].when: this gives a number; write one that gives true or false`},
		"a yes for a part":    {part("shop.software"), `1:43: score.add[0].points: this gives true or false; write one that gives a number`},
		"a list for a part":   {part("shop.languages"), `1:43: score.add[0].points: this gives a list; write one that gives a number`},
		"a map":               {part("'{1: 2}[1]'"), `1:44: score.add[0].points: braces do not belong here; a list has square brackets`},
		"an unsigned":         {part("1u"), `1:43: score.add[0].points: write the number without u`},
		"bytes":               {rule("b'a' == b'a'"), `5:13: selecting.require[0].when: this is neither a number, a text, true nor false`},
		"null":                {rule("shop.id == null"), `5:24: selecting.require[0].when: this is neither a number`},

		// What is no expression.
		"two in one":      {part("1 2"), `1:45: score.add[0].points: "2" is not expected here`},
		"an open quote":   {rule(`"'abc"`), `5:14: selecting.require[0].when: "'abc" cannot be read; is a quote or a bracket missing?`},
		"an open bracket": {rule("(true"), `5:18: selecting.require[0].when: a bracket is not closed`},
		"an assignment":   {rule("shop.rating = 4"), `5:25: selecting.require[0].when: "=" cannot be read`},

		// What would take too long.
		"too deep": {rule(strings.Repeat("(", 200) + "true" + strings.Repeat(")", 200)), `5:13: selecting.require[0].when: it is nested too deeply; at most 60 brackets`},
		"too long": {rule("true" + strings.Repeat(" || true", 130)), `5:13: selecting.require[0].when: the expression has 1044 characters; write at most 1000`},
		"loops in loops": {rule("shop.languages.all(a, shop.languages.all(b, shop.languages.all(c, a == b)))"),
			`5:13: selecting.require[0].when: it is too dear: it may cost`},
		"a long list in loops": {rule("'[" + strings.Repeat("1,", 100) + "1].all(a, [" + strings.Repeat("1,", 100) + "1].all(b, a == b))'"),
			`5:14: selecting.require[0].when: it is too dear: it may cost`},
	} {
		_, err := policy.Read([]byte(c.text))
		if err == nil {
			t.Errorf("%s: taken", name)
			continue
		}
		faults := policy.FaultsOf(err)
		if name != "an open bracket" && len(faults) != 1 || len(faults) == 0 || !strings.HasPrefix(faults[0].String(), c.want) {
			t.Errorf("%s: %v, want %q", name, faults, c.want)
		}
	}
}

func TestCompile_SaysWhichCharacterOfAnExpressionIsWrong(t *testing.T) {
	t.Parallel()
	p := requiring("true &&\nshop.fax")
	p.Waves.Margin = 0
	_, err := policy.Compile(p)
	want := "(body.waves.margin: write a number from 0.1 to 1000000) (body.selecting.require[0].when: at character 9: there is no \"shop.fax\""
	if outcry.KindOf(err) != outcry.Invalid || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}

// Each may be dear, but not all of them together.
func TestCompile_BoundsAListAsAWhole(t *testing.T) {
	t.Parallel()
	p := policy.Default()
	dear := "shop.languages.exists(l, l in shop.capabilities)"
	for i := range policy.MaxExpressions {
		p.Selecting.Require = append(p.Selecting.Require, policy.Requirement{Name: fmt.Sprintf("r%d", i), When: dear, Why: "why"})
	}
	if _, err := policy.Compile(requiring(dear)); err != nil {
		t.Errorf("one alone: %v", err)
	}
	if _, err := policy.Compile(p); !slices.Equal(fields(err), []string{"body.selecting.require"}) {
		t.Errorf("%d dear rules: %v", len(p.Selecting.Require), err)
	}
}
