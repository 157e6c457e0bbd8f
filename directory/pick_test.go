package directory_test

import (
	"fmt"
	"strings"
	"testing"

	"outcry"
	"outcry/directory"
)

func TestPicked_LiftsWhatBuyersChose(t *testing.T) {
	t.Parallel()
	k := &keeper{}
	d := open(t, k)
	const words = "something for the party"
	before := d.Search(words, "en", 1)
	for range 8 {
		if err := d.Picked(t.Context(), words, "osm:shop=alcohol"); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := d.Best(words, "en"); got != "osm:shop=alcohol" || len(before) > 0 && before[0].Code == got {
		t.Errorf("found %s after the picks, %v before", got, before)
	}
	if got, _ := d.Best("party, please!", "en"); got != "osm:shop=alcohol" {
		t.Errorf("other words for the same found %s", got)
	}
	if got, _ := open(t, k).Best(words, "en"); got != "osm:shop=alcohol" {
		t.Errorf("found %s after a restart", got)
	}
}

func TestPicked_TeachesWordsThatNobodyListed(t *testing.T) {
	t.Parallel()
	d := open(t, &keeper{})
	if code, ok := d.Best("zorblax", "en"); ok {
		t.Fatalf("zorblax is known as %s", code)
	}
	for range 3 {
		if err := d.Picked(t.Context(), "a zorblax", "osm:shop=toys"); err != nil {
			t.Fatal(err)
		}
	}
	if code, _ := d.Best("zorblax", "en"); code != "osm:shop=toys" {
		t.Errorf("found %q", code)
	}
}

func TestPicked_DoesNotDrownWhatWordsSay(t *testing.T) {
	t.Parallel()
	d := open(t, &keeper{})
	for range 50 {
		if err := d.Picked(t.Context(), "red bread", "osm:shop=toys"); err != nil {
			t.Fatal(err)
		}
	}
	if code, _ := d.Best("bakery", "en"); code != "osm:shop=bakery" {
		t.Errorf("bakery is now %s", code)
	}
	if code, _ := d.Best("fresh bread", "en"); code != "osm:shop=bakery" {
		t.Errorf("fresh bread is now %s", code)
	}
}

func TestPicked_FollowsASuccessor(t *testing.T) {
	t.Parallel()
	d := open(t, &keeper{})
	for range 5 {
		if err := d.Picked(t.Context(), "zorblax", "osm:shop=video"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Retire(t.Context(), operates(), "osm:shop=video", "osm:shop=books"); err != nil {
		t.Fatal(err)
	}
	if code, _ := d.Best("zorblax", "en"); code != "osm:shop=books" {
		t.Errorf("found %q", code)
	}
}

func TestPicked_KeepsNoNumbersAndNothingLong(t *testing.T) {
	t.Parallel()
	k := &keeper{}
	d := open(t, k)
	for _, text := range []string{"", "call 0131 496 0000", "the of and", strings.Repeat("word ", 200), "a b c d e f g h i j k l m n o p"} {
		if err := d.Picked(t.Context(), text, "osm:shop=books"); err != nil {
			t.Fatal(err)
		}
	}
	for key := range k.picks {
		if strings.ContainsAny(key, "0123456789") || len(key) > 120 {
			t.Errorf("kept %q", key)
		}
	}
	if err := d.Picked(t.Context(), "book", "osm:shop=none"); outcry.KindOf(err) != outcry.Invalid {
		t.Errorf("an unknown code: %v", err)
	}
}

func TestPicked_IsBounded(t *testing.T) {
	t.Parallel()
	k := &keeper{}
	d := open(t, k)
	word := func(i int) string {
		return "w" + strings.Map(func(r rune) rune { return r - '0' + 'a' }, fmt.Sprint(i))
	}
	for i := range directory.MaxPicks + 10 {
		if err := d.Picked(t.Context(), word(i), "osm:shop=books"); err != nil {
			t.Fatal(err)
		}
	}
	if len(k.picks) != directory.MaxPicks {
		t.Errorf("%d pairs are kept, want %d", len(k.picks), directory.MaxPicks)
	}
	if err := d.Picked(t.Context(), word(0), "osm:shop=books"); err != nil || k.picks[word(0)]["osm:shop=books"] != 2 {
		t.Errorf("a known pair is counted %d times: %v", k.picks[word(0)]["osm:shop=books"], err)
	}
}

func TestErasePicks_ForgetsThemAll(t *testing.T) {
	t.Parallel()
	k := &keeper{}
	d := open(t, k)
	for range 3 {
		if err := d.Picked(t.Context(), "zorblax", "osm:shop=toys"); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.ErasePicks(t.Context(), operates()); err != nil {
		t.Fatal(err)
	}
	if code, ok := d.Best("zorblax", "en"); ok || len(k.picks) != 0 {
		t.Errorf("still found %s, kept %v", code, k.picks)
	}
}
