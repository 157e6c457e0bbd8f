package directory_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"outcry"
	"outcry/directory"
)

// signal is a signal with an English name.
func signal(code, parent, name string) outcry.Signal {
	return outcry.Signal{Code: outcry.Code(code), Parent: outcry.Code(parent), Names: map[string]string{"en": name}}
}

// shoes is a small tree of products.
func shoes() []outcry.Signal {
	boots := signal("t:boots", "t:shoes", "Boots")
	boots.Names["ko"] = "부츠"
	return []outcry.Signal{
		boots, signal("t:shoes", "t:wear", "Shoes"), signal("t:wear", "", "Things to wear"),
		signal("t:sandals", "t:shoes", "Sandals"), signal("t:hats", "t:wear", "Hats"),
	}
}

func makeTree(t testing.TB, signals []outcry.Signal) *directory.Tree {
	t.Helper()
	tree, err := directory.NewTree(signals)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestTree_KnowsWhatStandsAboveAndBelow(t *testing.T) {
	t.Parallel()
	tree := makeTree(t, shoes())
	if got, want := tree.Ancestors("t:boots"), []outcry.Code{"t:boots", "t:shoes", "t:wear"}; !slices.Equal(got, want) {
		t.Errorf("ancestors %v, want %v", got, want)
	}
	if got, want := tree.Children("t:shoes"), []outcry.Code{"t:boots", "t:sandals"}; !slices.Equal(got, want) {
		t.Errorf("children %v, want %v", got, want)
	}
	if got, want := tree.Descendants("t:wear"), []outcry.Code{"t:hats", "t:shoes", "t:boots", "t:sandals"}; !slices.Equal(got, want) {
		t.Errorf("descendants %v, want %v", got, want)
	}
	if got, want := tree.Roots(), []outcry.Code{"t:wear"}; !slices.Equal(got, want) {
		t.Errorf("roots %v, want %v", got, want)
	}
	if got, want := tree.Path("t:boots", "ko"), []string{"Things to wear", "Shoes", "부츠"}; !slices.Equal(got, want) {
		t.Errorf("path %v, want %v", got, want)
	}
	if tree.Ancestors("t:none") != nil || tree.Children("") != nil || tree.Len() != 5 {
		t.Error("a code that there is not has relatives")
	}
	var all []outcry.Code
	for s := range tree.All() {
		all = append(all, s.Code)
	}
	if !slices.IsSorted(all) || len(all) != 5 {
		t.Errorf("all signals are not in code order: %v", all)
	}
}

func TestTree_CoversWhatStandsBelow(t *testing.T) {
	t.Parallel()
	tree := makeTree(t, shoes())
	for _, c := range []struct {
		held, asked   outcry.Code
		covers, meets bool
	}{
		{"t:shoes", "t:boots", true, true},
		{"t:wear", "t:boots", true, true},
		{"t:boots", "t:boots", true, true},
		{"t:boots", "t:shoes", false, true},
		{"t:hats", "t:boots", false, false},
		{"t:sandals", "t:boots", false, false},
		{"t:none", "t:boots", false, false},
		{"t:shoes", "t:none", false, false},
		{"t:none", "t:none", false, false},
		{"", "t:boots", false, false},
	} {
		if got := tree.Covers(c.held, c.asked); got != c.covers {
			t.Errorf("%s covers %s: %v", c.held, c.asked, got)
		}
		if got := tree.Meets(c.held, c.asked); got != c.meets {
			t.Errorf("%s meets %s: %v", c.held, c.asked, got)
		}
	}
}

func TestTree_RefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	retired := signal("t:old", "", "Old")
	retired.Retired, retired.ReplacedBy = true, "t:none"
	inUse := signal("t:new", "", "New")
	inUse.ReplacedBy = "t:old"
	long := signal("t:long", "", strings.Repeat("x", 201))
	lines := signal("t:lines", "", "two\nlines")
	badForm := signal("t:form", "", "Form")
	badForm.Forms.Request = []byte(`{"type": "array"}`)
	badLocale := signal("t:loc", "", "Locale")
	badLocale.Synonyms = map[string][]string{"not a locale": {"x"}}
	many := signal("t:many", "", "Many")
	many.Synonyms = map[string][]string{"en": slices.Repeat([]string{"x"}, 201)}
	for name, c := range map[string]struct {
		signals []outcry.Signal
		where   string
	}{
		"a missing parent":       {[]outcry.Signal{signal("t:a", "t:b", "A")}, "signals[t:a].parent"},
		"a circle":               {[]outcry.Signal{signal("t:a", "t:b", "A"), signal("t:b", "t:a", "B")}, "signals[t:a].parent"},
		"its own parent":         {[]outcry.Signal{signal("t:a", "t:a", "A")}, "signals[t:a].parent"},
		"a code twice":           {[]outcry.Signal{signal("t:a", "", "A"), signal("t:a", "", "B")}, "signals[t:a]"},
		"a broken code":          {[]outcry.Signal{signal("T a", "", "A")}, "signals[T a].code"},
		"no English name":        {[]outcry.Signal{signal("t:a", "", "")}, "signals[t:a].names.en"},
		"a long name":            {[]outcry.Signal{long}, "signals[t:long].names.en"},
		"a name of two lines":    {[]outcry.Signal{lines}, "signals[t:lines].names.en"},
		"a missing successor":    {[]outcry.Signal{retired}, "signals[t:old].replaced_by"},
		"a successor while used": {[]outcry.Signal{inUse, signal("t:old", "", "Old")}, "signals[t:new].replaced_by"},
		"a broken form":          {[]outcry.Signal{badForm}, "signals[t:form].forms.request"},
		"a broken locale":        {[]outcry.Signal{badLocale}, "signals[t:loc].synonyms.not a locale"},
		"too many synonyms":      {[]outcry.Signal{many}, "signals[t:many].synonyms.en"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := directory.NewTree(c.signals)
			if outcry.KindOf(err) != outcry.Invalid {
				t.Fatalf("got %v, want an invalid error", err)
			}
			if places := locations(err); !slices.Contains(places, c.where) {
				t.Errorf("complaints at %q, want one at %s", places, c.where)
			}
		})
	}
}

// locations are the places that an Invalid error names.
func locations(err error) []string {
	var out []string
	if e, ok := errors.AsType[*outcry.Error](err); ok {
		for _, f := range e.Fields {
			out = append(out, f.Location)
		}
	}
	return out
}

func TestTree_IsBounded(t *testing.T) {
	t.Parallel()
	deep := []outcry.Signal{signal("t:0", "", "0")}
	for i := 1; i <= directory.MaxDepth; i++ {
		deep = append(deep, signal(fmt.Sprintf("t:%d", i), fmt.Sprintf("t:%d", i-1), "x"))
	}
	if _, err := directory.NewTree(deep[:directory.MaxDepth]); err != nil {
		t.Errorf("%d deep is refused: %v", directory.MaxDepth, err)
	}
	if _, err := directory.NewTree(deep); outcry.KindOf(err) != outcry.Invalid {
		t.Errorf("%d deep is taken: %v", directory.MaxDepth+1, err)
	}
	if _, err := directory.NewTree(make([]outcry.Signal, directory.MaxSignals+1)); outcry.KindOf(err) != outcry.Invalid {
		t.Errorf("too many signals are taken: %v", err)
	}
	var bad []outcry.Signal
	for i := range 100 {
		bad = append(bad, signal(fmt.Sprintf("t:%d", i), "t:none", "x"))
	}
	if _, err := directory.NewTree(bad); len(locations(err)) != 20 {
		t.Errorf("%d complaints, want the first 20", len(locations(err)))
	}
}

func TestTree_SuggestsCodesWrittenAlike(t *testing.T) {
	t.Parallel()
	tree := makeTree(t, directory.DefaultSignals())
	for asked, want := range map[outcry.Code]outcry.Code{
		"osm:shop=bakerry": "osm:shop=bakery",
		"osm:shop=baker":   "osm:shop=bakery",
		"osm:bakery":       "osm:shop=bakery",
		"shop=bakery":      "osm:shop=bakery",
		"bakery":           "osm:shop=bakery",
		"osm:shop=Shoes":   "osm:shop=shoes",
		"osm:craft=hotel":  "osm:tourism=hotel",
	} {
		if got := tree.Suggest(asked); len(got) == 0 || got[0] != want {
			t.Errorf("%s: suggested %v, want %s first", asked, got, want)
		}
	}
	if got := tree.Suggest("osm:shop=quantum_flux"); len(got) != 0 {
		t.Errorf("suggested %v for nonsense", got)
	}
	if got := tree.Suggest("osm:shop=x"); len(got) > directory.MostSuggested {
		t.Errorf("%d suggestions", len(got))
	}
}

func TestTree_FollowsSuccessors(t *testing.T) {
	t.Parallel()
	a, b, c, d := signal("t:a", "", "A"), signal("t:b", "", "B"), signal("t:c", "", "C"), signal("t:d", "", "D")
	a.Retired, a.ReplacedBy = true, "t:b"
	b.Retired, b.ReplacedBy = true, "t:c"
	d.Retired = true
	tree := makeTree(t, []outcry.Signal{a, b, c, d})
	for code, want := range map[outcry.Code]outcry.Code{"t:a": "t:c", "t:c": "t:c", "t:d": "", "t:none": ""} {
		if got := tree.Successor(code); got != want {
			t.Errorf("successor of %s: %q, want %q", code, got, want)
		}
	}
}
