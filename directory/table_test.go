package directory_test

import (
	"os"
	"strings"
	"testing"

	"outcry"
	"outcry/directory"
)

func TestDefaultSignals_AreATreeOfKindsInFiveLanguages(t *testing.T) {
	t.Parallel()
	signals := directory.DefaultSignals()
	tree := makeTree(t, signals)
	for _, root := range []outcry.Code{"osm:shop", "osm:craft", "osm:amenity", "osm:office", "osm:leisure", "osm:tourism"} {
		if s, ok := tree.Get(root); !ok || s.Parent != "" || len(tree.Children(root)) < 15 {
			t.Errorf("%s has %d kinds below it", root, len(tree.Children(root)))
		}
	}
	named, synonyms := map[string]int{}, map[string]int{}
	for _, s := range signals {
		for _, l := range directory.Locales {
			if s.Names[l] != "" {
				named[l]++
			}
			synonyms[l] += len(s.Synonyms[l])
		}
		if _, err := outcry.ParseCode(string(s.Code)); err != nil {
			t.Errorf("%s: %v", s.Code, err)
		}
	}
	for _, l := range directory.Locales {
		if 100*named[l] < 95*len(signals) || synonyms[l] < 400 {
			t.Errorf("%s: %d of %d names, %d synonyms", l, named[l], len(signals), synonyms[l])
		}
	}
}

func TestDefaultSignals_HaveWhatTradesAndNothingElse(t *testing.T) {
	t.Parallel()
	tree := makeTree(t, directory.DefaultSignals())
	for _, code := range []outcry.Code{
		"osm:shop=bakery", "osm:shop=shoes", "osm:craft=plumber", "osm:amenity=restaurant", "osm:amenity=pharmacy", "osm:tourism=hotel",
		"osm:amenity=restaurant.cuisine=pizza", "osm:office=lawyer", "osm:leisure=fitness_centre", "osm:amenity=driving_school", "osm:healthcare=physiotherapist",
	} {
		if _, ok := tree.Get(code); !ok {
			t.Errorf("%s is missing", code)
		}
	}
	for _, code := range []outcry.Code{
		"osm:amenity=bench", "osm:amenity=waste_basket", "osm:amenity=atm", "osm:amenity=police", "osm:amenity=place_of_worship", "osm:leisure=park",
		"osm:tourism=viewpoint", "osm:shop=vacant", "osm:shop=yes", "osm:office=government", "osm:amenity=vending_machine",
	} {
		if _, ok := tree.Get(code); ok {
			t.Errorf("%s is there", code)
		}
	}
	if got := tree.Ancestors("osm:amenity=restaurant.cuisine=pizza"); len(got) != 3 || got[1] != "osm:amenity=restaurant" {
		t.Errorf("pizza stands below %v", got)
	}
}

func TestDefaultSignals_AreTheCallers(t *testing.T) {
	t.Parallel()
	directory.DefaultSignals()[0].Code = "t:mine"
	if directory.DefaultSignals()[0].Code == "t:mine" {
		t.Error("two callers share one slice")
	}
}

func TestTable_KeepsTheLicenceOfItsWords(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"table.tsv", "former.tsv"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"ISC License", "Copyright (c) iD Contributors", "permission notice appear in all copies", `PROVIDED "AS IS"`} {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s has lost %q", name, want)
			}
		}
	}
}
