package wire_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"outcry"
	"outcry/wire"
)

func TestSheet_IsTheCallOfEachShop(t *testing.T) {
	t.Parallel()
	at := wire.Time(time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC))
	for name, need := range map[string]wire.Need{
		"plain": {Code: "osm:shop=bakery", Quantity: 1, PlaceCell: outcry.Place{Lat: 55.95, Lon: -3.19}},
		"all of it": {
			Code: "osm:shop=bakery", Attributes: json.RawMessage(`{"distance_m":-1099511627776}`), Note: `"distance_m":-1099511627776, <b>`,
			Quantity: 3, Budget: &wire.Budget{Max: outcry.Money{Amount: 8000, Currency: "GBP"}}, NeededAt: &at, Locale: "ko",
		},
	} {
		call := wire.Call{ID: "call_x", ShopID: "shop_x", Request: need, Deadline: at, Wave: 2, State: outcry.CallWaiting, CalledAt: at}
		sheet, err := wire.SheetOf(call)
		if err != nil {
			t.Fatal(err)
		}
		for shop, metres := range map[string]int{"shop_1": 0, "shop_2": 1250} {
			call.ID, call.ShopID, call.Request.DistanceM = "call_of_"+shop, shop, metres
			want, err := json.Marshal(call)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(sheet.For(call.ID, shop, metres))); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	}
}
