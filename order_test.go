package outcry_test

import (
	"testing"

	"pgregory.net/rapid"

	"outcry"
)

var (
	verbs   = []outcry.OrderVerb{outcry.Confirm, outcry.Refuse, outcry.Fulfil, outcry.Complete, outcry.Cancel}
	parties = []outcry.Party{outcry.PartyBuyer, outcry.PartyShop, outcry.PartyOperator}
)

// verbOf says which parties have a verb, from which states it moves and where
// to.
var verbOf = map[outcry.OrderVerb]struct {
	buyer, shop bool
	from        string
	to          outcry.OrderState
}{
	outcry.Confirm:  {shop: true, from: "placed", to: outcry.OrderConfirmed},
	outcry.Refuse:   {shop: true, from: "placed", to: outcry.OrderRefused},
	outcry.Fulfil:   {shop: true, from: "confirmed", to: outcry.OrderFulfilled},
	outcry.Complete: {buyer: true, from: "fulfilled", to: outcry.OrderCompleted},
	outcry.Cancel:   {buyer: true, shop: true, from: "placed confirmed", to: outcry.OrderCancelled},
}

// promised is what a party's verb does to an order, by the table above.
func promised(s outcry.OrderState, verb outcry.OrderVerb, by outcry.Party) (to outcry.OrderState, moved bool, code string) {
	v := verbOf[verb]
	switch {
	case !(by == outcry.PartyBuyer && v.buyer || by == outcry.PartyShop && v.shop):
		return s, false, "wrong_party"
	case s == v.to:
		return s, false, ""
	case s == outcry.OrderPlaced && (v.from == "placed" || v.from == "placed confirmed"),
		s == outcry.OrderConfirmed && (v.from == "confirmed" || v.from == "placed confirmed"),
		s == outcry.OrderFulfilled && v.from == "fulfilled":
		return v.to, true, ""
	}
	return s, false, "wrong_state"
}

func TestOrder_MovesOnlyAsTheTableSays(t *testing.T) {
	t.Parallel()
	kinds := map[string]outcry.Kind{"": "", "wrong_party": outcry.Forbidden, "wrong_state": outcry.Conflict}
	rapid.Check(t, func(t *rapid.T) {
		state := outcry.OrderPlaced
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			verb, by := rapid.SampledFrom(verbs).Draw(t, "verb"), rapid.SampledFrom(parties).Draw(t, "by")
			to, moved, err := state.After(verb, by)
			wantTo, wantMoved, code := promised(state, verb, by)
			if to != wantTo || moved != wantMoved || outcry.CodeOf(err) != code || outcry.KindOf(err) != kinds[code] {
				t.Fatalf("%s by %s when %s: %s, %v, %v; want %s, %v, %q", verb, by, state, to, moved, err, wantTo, wantMoved, code)
			}
			if moved {
				again, twice, err := to.After(verb, by)
				if again != to || twice || err != nil {
					t.Fatalf("%s by %s repeated: %s, %v, %v; want no change", verb, by, again, twice, err)
				}
			}
			state = to
		}
	})
}

func TestOrder_EveryCellOfTheTable(t *testing.T) {
	t.Parallel()
	states := []outcry.OrderState{
		outcry.OrderPlaced, outcry.OrderConfirmed, outcry.OrderFulfilled, outcry.OrderCompleted,
		outcry.OrderRefused, outcry.OrderCancelled,
	}
	moves := 0
	for _, state := range states {
		for _, verb := range verbs {
			for _, by := range parties {
				to, moved, err := state.After(verb, by)
				wantTo, wantMoved, code := promised(state, verb, by)
				if to != wantTo || moved != wantMoved || outcry.CodeOf(err) != code {
					t.Errorf("%s by %s when %s: %s, %v, %v; want %s, %v, %q", verb, by, state, to, moved, err, wantTo, wantMoved, code)
				}
				if moved {
					moves++
				}
			}
		}
	}
	if moves != 8 {
		t.Errorf("%d moves, want 8", moves)
	}
	if _, _, err := outcry.OrderPlaced.After("burn", outcry.PartyShop); outcry.CodeOf(err) != "wrong_party" {
		t.Errorf("an unknown verb: %v", err)
	}
}
