package selection_test

import (
	"testing"

	"outcry"
	"outcry/matching/selection"
)

func TestScan_ARatingCountsAtOnce(t *testing.T) {
	t.Parallel()
	scan := selection.NewScan()
	if err := scan.Put(outcry.Listing{Shop: outcry.Shop{ID: "shop_a", TimeZone: "UTC"}}); err != nil {
		t.Fatal(err)
	}
	scan.Rated("shop_a", 5)
	scan.Rated("shop_a", 2)
	scan.Rated("shop_gone", 1)
	if got, _ := scan.Shop("shop_a"); got.Rating != (outcry.Rating{Stars: 7, Count: 2}) {
		t.Errorf("rated %+v, want 7 stars of 2", got.Rating)
	}
}
