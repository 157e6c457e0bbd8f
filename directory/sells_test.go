package directory_test

import (
	"compress/gzip"
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"

	"outcry"
	"outcry/directory"
)

func TestSells_AShoeShopSellsTheShoesOfEachTaxonomy(t *testing.T) {
	t.Parallel()
	bare := makeTree(t, directory.DefaultSignals())
	if got := bare.Sells("osm:shop=shoes"); len(got) != 0 {
		t.Errorf("sells %v, which the tree does not have", got)
	}
	tree := makeTree(t, append(directory.DefaultSignals(), signal("shopify:aa-8", "", "Shoes"), signal("google:187", "", "Shoes")))
	for _, code := range []outcry.Code{"shopify:aa-8", "google:187"} {
		if got := tree.Sells("osm:shop=shoes"); !slices.Contains(got, code) {
			t.Errorf("sells %v, not %s", got, code)
		}
	}
	if got := tree.Sells("osm:shop=bakery"); len(got) != 0 {
		t.Errorf("a bakery sells %v", got)
	}
	if got := tree.Sells("osm:shop=none"); got != nil {
		t.Errorf("a kind that there is not sells %v", got)
	}
}

func TestSells_ANarrowerKindSellsWhatTheWiderSells(t *testing.T) {
	t.Parallel()
	tree := makeTree(t, append(directory.DefaultSignals(), shopify(t)...))
	car, second := tree.Sells("osm:shop=car"), tree.Sells("osm:shop=car.second_hand=only")
	if len(car) == 0 || !slices.Equal(car, second) {
		t.Errorf("cars %v, second-hand cars %v", car, second)
	}
}

func TestSells_RetiredBranchesAreNotSold(t *testing.T) {
	t.Parallel()
	old := signal("shopify:aa-8", "", "Shoes")
	old.Retired = true
	tree := makeTree(t, append(directory.DefaultSignals(), old))
	if got := tree.Sells("osm:shop=shoes"); len(got) != 0 {
		t.Errorf("sells %v", got)
	}
}

func TestCrossWalk_NamesCodesThatAre(t *testing.T) {
	t.Parallel()
	tree := makeTree(t, append(directory.DefaultSignals(), shopify(t)...))
	walk := directory.CrossWalk()
	if len(walk) < 120 {
		t.Errorf("only %d kinds are in the cross-walk", len(walk))
	}
	for kind, branches := range walk {
		if _, ok := tree.Get(kind); !ok {
			t.Errorf("there is no kind %s", kind)
		}
		for _, b := range branches {
			if _, ok := tree.Get(b); !ok && b.Scheme() == "shopify" {
				t.Errorf("%s: there is no code %s", kind, b)
			}
			if _, err := outcry.ParseCode(string(b)); err != nil {
				t.Errorf("%s: %s is no code", kind, b)
			}
		}
	}
}

// TestCrossWalk_NamesAreThoseOfTheTaxonomy reads the names that stand beside the
// codes, which are there for people.
func TestCrossWalk_NamesAreThoseOfTheTaxonomy(t *testing.T) {
	t.Parallel()
	tree := makeTree(t, shopify(t))
	text, err := os.ReadFile("sells.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		code, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok || !strings.HasPrefix(code, "shopify:") {
			continue
		}
		if s, _ := tree.Get(outcry.Code(code)); s.Names["en"] != name {
			t.Errorf("%s is called %q there, %q here", code, s.Names["en"], name)
		}
	}
}

func TestEverydayWords_AreForCodesThatAre(t *testing.T) {
	t.Parallel()
	tree := makeTree(t, append(directory.DefaultSignals(), shopify(t)...))
	for code, list := range directory.Everyday() {
		if _, ok := tree.Get(code); !ok {
			t.Errorf("there is no code %s", code)
		}
		for _, p := range list {
			if p.Text == "" || !slices.Contains(directory.Locales, p.Locale) {
				t.Errorf("%s: %q in %q", code, p.Text, p.Locale)
			}
		}
	}
}

func TestCodesForTags_ReadsThePlacesOfOpenStreetMap(t *testing.T) {
	t.Parallel()
	tree := makeTree(t, directory.DefaultSignals())
	for _, c := range []struct{ tags, want string }{
		{"shop=bakery", "shop=bakery"},
		{"shop=books;stationery", "shop=books shop=stationery"},
		{"shop=Books; Stationery", "shop=books shop=stationery"},
		{"shop=estate_agent", "office=estate_agent"},
		{"shop=betting", "shop=bookmaker"},
		{"craft=tailor shop=tailor", "shop=tailor"},
		{"amenity=cafe shop=bakery", "shop=bakery amenity=cafe"},
		{"amenity=restaurant", "amenity=restaurant"},
		{"amenity=restaurant cuisine=pizza", "amenity=restaurant.cuisine=pizza"},
		{"amenity=restaurant cuisine=pizza;italian", "amenity=restaurant.cuisine=pizza amenity=restaurant.cuisine=italian"},
		{"amenity=restaurant cuisine=martian", "amenity=restaurant"},
		{"amenity=restaurant cuisine=martian;thai", "amenity=restaurant.cuisine=thai"},
		{"shop=hairdresser hairdresser=barber", "shop=hairdresser.hairdresser=barber"},
		{"amenity=doctors healthcare=doctor healthcare:speciality=cardiology", "amenity=doctors.healthcare:speciality=cardiology"},
		{"leisure=pitch sport=tennis", "leisure=pitch.sport=tennis"},
		{"tourism=bed_and_breakfast", "tourism=guest_house"},
		{"office=lawyer", "office=lawyer"},
		{"shop=florists", "shop=florist"},
		{"shop=interior_decorartion", "shop=interior_decoration"},
		{"shop=hairdreser", "shop=hairdresser"},
		{"shop=yes", ""},
		{"shop=vacant", ""},
		{"shop=no", ""},
		{"shop=;;", ""},
		{"amenity=bench", ""},
		{"name=Bakery", ""},
		{"cuisine=pizza", ""},
		{"", ""},
	} {
		tags := map[string]string{}
		for pair := range strings.SplitSeq(c.tags, " ") {
			if k, v, ok := strings.Cut(pair, "="); ok {
				tags[k] = v
			}
		}
		if c.tags == "shop=Books; Stationery" {
			tags = map[string]string{"shop": "Books; Stationery"}
		}
		var want []outcry.Code
		for code := range strings.FieldsSeq(c.want) {
			want = append(want, outcry.Code("osm:"+code))
		}
		if got := tree.CodesForTags(tags); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", c.tags, got, want)
		}
	}
}

func TestCodesForTags_GivesOnlyCodesInUse(t *testing.T) {
	t.Parallel()
	signals := directory.DefaultSignals()
	for i := range signals {
		if signals[i].Code == "osm:shop=bakery" {
			signals[i].Retired = true
		}
	}
	tree := makeTree(t, signals)
	if got := tree.CodesForTags(map[string]string{"shop": "bakery"}); len(got) != 0 {
		t.Errorf("got %v", got)
	}
	if got := makeTree(t, shoes()).CodesForTags(map[string]string{"shop": "estate_agent"}); len(got) != 0 {
		t.Errorf("got %v from a tree without kinds", got)
	}
}

func TestAliases_StandForCodesThatAre(t *testing.T) {
	t.Parallel()
	tree := makeTree(t, directory.DefaultSignals())
	for tag, code := range directory.Aliases() {
		if _, ok := tree.Get(code); !ok {
			t.Errorf("%s: there is no code %s", tag, code)
		}
		if _, ok := tree.Get(outcry.Code("osm:" + tag)); ok {
			t.Errorf("%s has a code of its own", tag)
		}
	}
}

func TestCodesForTags_TakesARealCity(t *testing.T) {
	t.Parallel()
	z, err := gzip.NewReader(shared(t, placesFile))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	tree := makeTree(t, directory.DefaultSignals())
	kinds, taken := 0, 0
	missed := map[string]int{}
	for _, row := range rows[1:] {
		tags := map[string]string{}
		for i, name := range rows[0] {
			tags[name] = row[i]
		}
		if tags["shop"] == "" || tags["shop"] == "vacant" || tags["shop"] == "no" {
			continue
		}
		kinds++
		if len(tree.CodesForTags(tags)) > 0 {
			taken++
		} else {
			missed[tags["shop"]]++
		}
	}
	t.Logf("%d of %d places taken; missed %v", taken, kinds, missed)
	if kinds < 3000 || float64(taken) < 0.95*float64(kinds) {
		t.Errorf("%d of %d places taken, want 95 %%", taken, kinds)
	}
}
