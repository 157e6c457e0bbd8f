package store_test

import (
	"context"
	"slices"
	"testing"

	"outcry"
	"outcry/store"
)

// A list is what JSON says, however it is written.
func FuzzListFrom(f *testing.F) {
	for _, text := range []string{
		``, `[]`, `{}`, `null`, `["a"]`, `["a","b"]`, `[""]`, `["",""]`, `["","",""]`, `["a" , "b"]`, `["a,"b"]`, `["a""b"]`, `["]`, `[""`,
		`["a"],"b"]`, `["\u0041","\n"]`, "[\"\n\"]", "[\"\xff\"]", `["빵"]`, `["a",1]`, `["a"] `, `["a","b"]]`, `[["a"]]`, `["\"]`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var want []string
		failed := store.FromJSON(text, &want)
		got, err := store.ListFrom(text)
		if (err == nil) != (failed == nil) || err == nil && !slices.Equal(got, want) {
			t.Fatalf("%q is read as %q, %v; it is %q, %v", text, got, err, want, failed)
		}
	})
}

func TestEachListing_SaysThatAColumnIsNoNumber(t *testing.T) {
	t.Parallel()
	for _, set := range []string{"price_level = 'low'", "price_level = 1.5", "created = 'today'", "lat = 'north'"} {
		w := &watched{}
		s := openWatched(t, w)
		ctx := context.Background()
		if err := s.AddMember(ctx, outcry.Member{ID: "m"}, ""); err != nil {
			t.Fatal(err)
		}
		if err := s.AddShop(ctx, outcry.Shop{ID: "s", Owner: "m"}); err != nil {
			t.Fatal(err)
		}
		if _, err := rawly(t, w.file).Exec("UPDATE shops SET " + set); err != nil {
			t.Fatal(err)
		}
		given := 0
		err := s.EachListing(ctx, func(outcry.Listing) error {
			given++
			return nil
		})
		if err == nil || given > 0 {
			t.Errorf("%s: error %v after %d shops", set, err, given)
		}
	}
}
