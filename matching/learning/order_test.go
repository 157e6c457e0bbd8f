package learning_test

import (
	"slices"
	"testing"

	"outcry"
)

func TestOrder_CountsWhatTheShopStandsByAndWhatNot(t *testing.T) {
	t.Parallel()
	kept, broken := (1+1.8)/(1+2.), (0+1.8)/(1+2.)
	for _, state := range []outcry.OrderState{
		outcry.OrderPlaced, outcry.OrderConfirmed, outcry.OrderFulfilled, outcry.OrderCompleted, outcry.OrderRefused, outcry.OrderCancelled,
	} {
		for _, by := range []outcry.Party{outcry.PartyShop, outcry.PartyBuyer} {
			c, want := newCity(), 0.9
			switch {
			case state == outcry.OrderFulfilled:
				want = kept
			case by == outcry.PartyShop && (state == outcry.OrderRefused || state == outcry.OrderCancelled):
				want = broken
			}
			changed := c.Order("shop_1", outcry.OrderStep{State: state, By: by}, 1)
			near(t, string(state)+" by the "+string(by)+": kept", c.figures("shop_1").Kept, want, 1e-9)
			if counted := want != 0.9; counted != (len(changed) == 1) || counted && changed[0] != "shop_1" {
				t.Errorf("%s by the %s changed %v", state, by, changed)
			}
		}
	}
}

// Whatever way an order goes, it counts once at most.
func TestOrder_CountsOnceOnEveryWay(t *testing.T) {
	t.Parallel()
	verbs := []outcry.OrderVerb{outcry.Confirm, outcry.Refuse, outcry.Fulfil, outcry.Complete, outcry.Cancel}
	var walk func(steps []outcry.OrderStep, state outcry.OrderState)
	ends := map[outcry.OrderState]int{}
	walk = func(steps []outcry.OrderStep, state outcry.OrderState) {
		c := newCity()
		for i, s := range steps {
			c.Order("shop_1", s, int64(i+1))
		}
		rec := c.Tell("shop_1", outcry.Shop{})
		if rec.Kept+rec.Broken > 1 {
			t.Errorf("the way %v counts as %d kept and %d broken", steps, rec.Kept, rec.Broken)
		}
		if state == outcry.OrderCompleted && rec.Kept != 1 {
			t.Errorf("the way %v ends with the buyer having it, and counts as %d kept", steps, rec.Kept)
		}
		ends[state]++
		for _, verb := range verbs {
			for _, by := range []outcry.Party{outcry.PartyShop, outcry.PartyBuyer} {
				if to, moved, err := state.After(verb, by); err == nil && moved {
					walk(append(slices.Clip(steps), outcry.OrderStep{State: to, By: by}), to)
				}
			}
		}
	}
	walk(nil, outcry.OrderPlaced)
	if ends[outcry.OrderCompleted] == 0 || ends[outcry.OrderRefused] == 0 || ends[outcry.OrderCancelled] < 4 {
		t.Errorf("the ways that were gone: %v", ends)
	}
}

func TestTell_SaysWhatIsKnown(t *testing.T) {
	t.Parallel()
	c := newCity()
	if got := c.Tell("shop_1", outcry.Shop{PriceLevel: 3}); got.Calls != 0 || got.Offers != 0 || got.MedianS != 0 || got.Kept != 0 {
		t.Errorf("of an unknown shop: %+v", got)
	}
	for range 4 {
		c.teach(asks, answer{shop: "shop_1", after: 3.5, price: 900}, answer{shop: "shop_2", after: 1, price: 1000})
	}
	c.teach(asks, answer{shop: "shop_1", after: never})
	for i, state := range []outcry.OrderState{outcry.OrderFulfilled, outcry.OrderFulfilled, outcry.OrderRefused} {
		c.Order("shop_1", outcry.OrderStep{State: state, By: outcry.PartyShop}, c.seq+int64(i)+1)
	}
	shop, _ := c.shop("shop_1")
	got, f := c.Tell("shop_1", shop), c.figures("shop_1")
	near(t, "calls", got.Calls, 4.6, 0.1)
	near(t, "offers", got.Offers, 3.6, 0.1)
	near(t, "share answered", got.Answered, f.Offers.By(60), 1e-9)
	near(t, "share within 2 s", got.Soon, f.Offers.By(2), 1e-9)
	near(t, "median", got.MedianS, 3.5, 1e-3) // the middle of 2 to 5 seconds
	near(t, "price", got.Price, f.Price, 1e-9)
	near(t, "stands", got.Stands, (2+1.8)/(3+2), 1e-9)
	if got.Kept != 2 || got.Broken != 1 || len(got.Prices) != 1 || got.Prices[0].Code != bread {
		t.Errorf("record %+v", got)
	}
}
