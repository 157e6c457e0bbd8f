package words_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"outcry/directory/words"
)

// entry is an entry with one English name and synonyms.
func entry(above int, name string, synonyms ...string) words.Entry {
	e := words.Entry{Above: above, Phrases: []words.Phrase{{Text: name, Locale: "en", Weight: 1}}}
	for _, s := range synonyms {
		e.Phrases = append(e.Phrases, words.Phrase{Text: s, Locale: "en", Weight: 0.9})
	}
	return e
}

// names is an index of entries without anything above them.
func names(list ...string) *words.Index {
	var entries []words.Entry
	for _, n := range list {
		entries = append(entries, entry(-1, n))
	}
	return words.Build(entries)
}

// first is the number of the best entry, -1 for none.
func first(hits []words.Hit) int {
	if len(hits) == 0 {
		return -1
	}
	return hits[0].Entry
}

func TestSearch_ReadsFormsOfWords(t *testing.T) {
	t.Parallel()
	x := names("Shoe Store", "Bakery", "Coffee Tables", "Lighting", "Locksmith", "Curtains & Drapes")
	for text, want := range map[string]int{
		"shoes":              0,
		"SHOE":               0,
		"bakeries":           1,
		"bakrey":             1,
		"bakry":              1,
		"coffe tabel":        2,
		"lights":             3,
		"the locksmith":      4,
		"locksmth, please!":  4,
		"drape":              5,
		"table for a coffee": 2,
		"zebra":              -1,
		"":                   -1,
	} {
		if got := first(x.Search(text, "en", 5)); got != want {
			t.Errorf("%q: found %d, want %d", text, got, want)
		}
	}
}

func TestSearch_TheLastWordNamesTheThing(t *testing.T) {
	t.Parallel()
	x := names("Desk Lamps", "Lamp Oil", "Desks", "Executive Toys", "Chairs")
	for text, want := range map[string]int{
		"desk lamp":                0,
		"lamp oil":                 1,
		"white desk with drawers":  2,
		"elegant executive chair":  4,
		"chair for my desk":        4,
		"large black leather desk": 2,
	} {
		if got := first(x.Search(text, "en", 5)); got != want {
			t.Errorf("%q: found %d, want %d", text, got, want)
		}
	}
}

func TestSearch_AWholeNameComesBeforeAPart(t *testing.T) {
	t.Parallel()
	x := names("Bread Machines", "Bread", "Bread Boxes & Bags", "Sandwich Bread Slicing Guides")
	hits := x.Search("bread", "en", 10)
	if first(hits) != 1 || hits[0].Score < 0.9 {
		t.Errorf("hits %+v, want bread itself first with 0.9 or more", hits)
	}
	for i := range hits[1:] {
		if hits[i+1].Score > hits[i].Score {
			t.Errorf("hits are not in order: %+v", hits)
		}
	}
}

func TestSearch_WhatStandsAboveTellsNamesakesApart(t *testing.T) {
	t.Parallel()
	x := words.Build([]words.Entry{
		entry(-1, "Furniture"), entry(0, "Tables"), entry(-1, "Dolls"), entry(2, "Tables"), entry(-1, "Gardens"), entry(4, "Tables"),
	})
	for text, want := range map[string]int{"garden tables": 5, "tables for a doll": 3, "tables": 1} {
		if got := first(x.Search(text, "en", 5)); got != want {
			t.Errorf("%q: found %d, want %d", text, got, want)
		}
	}
}

func TestSearch_HiddenEntriesOnlyLend(t *testing.T) {
	t.Parallel()
	hidden := entry(-1, "Shop")
	hidden.Hidden = true
	x := words.Build([]words.Entry{hidden, entry(0, "Bakery")})
	for _, h := range x.Search("shop", "en", 5) {
		if h.Entry == 0 {
			t.Error("a hidden entry is found")
		}
	}
}

func TestSearch_ReadsDenseScripts(t *testing.T) {
	t.Parallel()
	texts := []struct{ locale, text string }{
		{"ko", "제과점"}, {"ko", "빵집"}, {"ko", "미용실"}, {"ja", "パン屋"}, {"ja", "自転車店"}, {"ja", "靴"}, {"ko", "자전거 대여소"},
	}
	var entries []words.Entry
	for _, c := range texts {
		entries = append(entries, words.Entry{Above: -1, Phrases: []words.Phrase{{Text: c.text, Locale: c.locale, Weight: 1}}})
	}
	x := words.Build(entries)
	for text, want := range map[string]int{
		"빵": 1, "빵집": 1, "빵을 사고 싶어요": 1, "미용실이 어디": 2, "미욜실": 2, "パンが食べたい": 3, "ﾊﾟﾝ屋": 3, "自転車の修理": 4, "靴屋": 5, "자전거": 6,
	} {
		if got := first(x.Search(text, "ko", 5)); got != want {
			t.Errorf("%q: found %d, want %d", text, got, want)
		}
	}
}

func TestSearch_ReadsGermanAndSpanish(t *testing.T) {
	t.Parallel()
	var entries []words.Entry
	for _, c := range []struct{ locale, text string }{
		{"de", "Fahrradgeschäft"}, {"de", "Bäckerei"}, {"es", "Zapatería"}, {"es", "Tienda de flores"}, {"de", "Schlüsseldienst"},
	} {
		entries = append(entries, words.Entry{Above: -1, Phrases: []words.Phrase{{Text: c.text, Locale: c.locale, Weight: 1}}})
	}
	x := words.Build(entries)
	for _, c := range []struct {
		locale, text string
		want         int
	}{
		{"de", "Fahrrad", 0}, {"de", "Fahrräder", 0}, {"de", "baeckerei", 1}, {"de", "Bäckereien", 1}, {"es", "zapaterias", 2},
		{"es", "flor", 3}, {"de-AT", "Schlüssel", 4}, {"en", "zapatería", 2},
	} {
		if got := first(x.Search(c.text, c.locale, 5)); got != c.want {
			t.Errorf("%s %q: found %d, want %d", c.locale, c.text, got, c.want)
		}
	}
}

func TestSearch_ReadsHowManyComeAsOneThing(t *testing.T) {
	t.Parallel()
	x := words.Build([]words.Entry{entry(-1, "Furniture", "table"), entry(-1, "Restaurant", "table for two")})
	for text, want := range map[string]int{"table for four": 1, "a table, for 6 people": 1, "table": 0} {
		if got := first(x.Search(text, "en", 5)); got != want {
			t.Errorf("%q: found %d, want %d", text, got, want)
		}
	}
}

func TestSearchUnsaid_LeavesOutThePhraseItself(t *testing.T) {
	t.Parallel()
	x := words.Build([]words.Entry{entry(-1, "Bakery", "bread", "bread rolls"), entry(-1, "Toaster", "Bread!")})
	if got := x.SearchUnsaid("bread", "en", 5); first(got) != 0 || len(got) != 1 {
		t.Errorf("hits %+v, want the bakery by its rolls only", got)
	}
	if got := x.Search("bread", "en", 5); len(got) != 2 {
		t.Errorf("the index has changed: %+v", got)
	}
}

func TestSearch_IsTheSameForMany(t *testing.T) {
	t.Parallel()
	x := names("Bakery", "Shoe Store", "Coffee Tables", "Curtains & Drapes", "Bicycle Repair")
	want := fmt.Sprint(x.Search("repair my bike and the shoes", "en", 5))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				x.Search("coffee curtains bakery", "en", 5)
				if got := fmt.Sprint(x.Search("repair my bike and the shoes", "en", 5)); got != want {
					t.Errorf("found %s, want %s", got, want)
				}
			}
		})
	}
	all.Wait()
}

func TestSearch_KeepsBounds(t *testing.T) {
	t.Parallel()
	x := names("Bakery", "Shoe Store")
	for _, text := range []string{
		strings.Repeat("bakery ", 10_000), strings.Repeat("빵", 5000), strings.Repeat("x", 5000), "\xff\xfe\xfd", "\x00", "👍👍👍", "a\u0301\u0301\u0301",
	} {
		for _, h := range x.Search(text, "en", 3) {
			if h.Score < 0 || h.Score > 1 {
				t.Errorf("%.20q: score %f", text, h.Score)
			}
		}
	}
	if n := len(x.Search("bakery shoe", "en", 0)); n != 0 {
		t.Errorf("%d hits for none", n)
	}
}

func TestKey_IsTheSameForTheSameWish(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"fresh bread", "Bread, fresh!", "some fresh breads please", "  FRESH   bread "},
		{"갓 구운 빵", "구운 갓 빵"},
	} {
		for _, text := range same[1:] {
			if a, b := words.Key(same[0]), words.Key(text); a != b || a == "" {
				t.Errorf("%q is %q, %q is %q", same[0], a, text, b)
			}
		}
	}
	for _, text := range []string{"", "the of and", "12345", strings.Repeat("word ", 200), "a1 b2 c3", "one two three four five six seven eight nine ten eleven twelve thirteen"} {
		if k := words.Key(text); k != "" && strings.ContainsAny(k, "0123456789") || len(k) > 120 {
			t.Errorf("%.30q is %q", text, k)
		}
	}
	if words.Key("bread") == words.Key("cake") {
		t.Error("two wishes have one key")
	}
}

func TestSlips_CountsLettersThatAreWrong(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		most int
		want int
	}{
		{"bakery", "bakery", 2, 0}, {"bakery", "bakry", 2, 1}, {"bakery", "bakrey", 2, 1}, {"bakery", "backery", 2, 1},
		{"bakery", "battery", 3, 2}, {"bakery", "florist", 2, 3}, {"", "ab", 2, 2}, {"Bäckerei", "backerei", 2, 0}, {"", "", 1, 0},
		{strings.Repeat("x", 61), "x", 2, 3},
	} {
		if got := words.Slips(c.a, c.b, c.most); got != c.want {
			t.Errorf("%q and %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func FuzzSearch(f *testing.F) {
	x := names("Bakery", "Shoe Store", "Coffee Tables", "Curtains & Drapes")
	f.Add("fresh bread", "en")
	f.Add("パンが食べたい", "ja")
	f.Add("\xff", "de-AT")
	f.Fuzz(func(t *testing.T, text, locale string) {
		for _, h := range x.Search(text, locale, 3) {
			if h.Entry < 0 || h.Entry > 3 || h.Score < 0 || h.Score > 1 {
				t.Fatalf("%q: %+v", text, h)
			}
		}
		if k := words.Key(text); len(k) > 120 {
			t.Fatalf("%q has the key %q", text, k)
		}
	})
}

func TestBM25_IsPlain(t *testing.T) {
	t.Parallel()
	b := words.NewBM25([]string{"Food Bakery", "Food Bread Machines", "Shoes"}, "en")
	if hits := b.Search("breads", 5, nil); len(hits) != 1 || hits[0].Entry != 1 {
		t.Errorf("hits %+v", hits)
	}
	if hits := b.Search("bread", 5, map[int]string{1: "bread"}); len(hits) != 0 {
		t.Errorf("hits %+v without the word", hits)
	}
	if hits := b.Search("bakrey", 5, nil); len(hits) != 0 {
		t.Errorf("plain BM25 reads typing errors: %+v", hits)
	}
}
