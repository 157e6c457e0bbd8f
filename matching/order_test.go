package matching_test

import (
	"testing"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/matching/deal"
)

// sold has shop_a sell to the buyer of a fresh floor that keeps a ledger.
func sold(t *testing.T) (*floor, *ledger, outcry.Order) {
	t.Helper()
	f := open(t, "shop_a", "shop_b")
	l := f.keep()
	o, err := f.offer(f.ask(30, 2), "shop_a", 300)
	if err != nil {
		t.Fatal(err)
	}
	order, err := f.Accept(t.Context(), f.buyer, o.ID, deal.Acceptance{Version: 1, Contact: "+44 131"})
	if err != nil {
		t.Fatal(err)
	}
	return f, l, order
}

func TestStep_BringsAnOrderToItsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, _, order := sold(t)
		defer f.stop()
		ctx := t.Context()
		for _, c := range []struct {
			actor outcry.Actor
			verb  outcry.OrderVerb
			code  string
			state outcry.OrderState
		}{
			{f.buyer, outcry.Confirm, "wrong_party", outcry.OrderPlaced},
			{operator, outcry.Cancel, "wrong_party", outcry.OrderPlaced},
			{by("shop_b"), outcry.Confirm, "not_found", outcry.OrderPlaced},
			{by("shop_a"), outcry.Fulfil, "wrong_state", outcry.OrderPlaced},
			{by("shop_a"), outcry.Confirm, "", outcry.OrderConfirmed},
			{by("shop_a"), outcry.Confirm, "", outcry.OrderConfirmed},
			{by("shop_a"), outcry.Refuse, "wrong_state", outcry.OrderConfirmed},
			{by("shop_a"), outcry.Fulfil, "", outcry.OrderFulfilled},
			{f.buyer, outcry.Cancel, "wrong_state", outcry.OrderFulfilled},
			{f.buyer, outcry.Complete, "", outcry.OrderCompleted},
			{f.buyer, outcry.Complete, "", outcry.OrderCompleted},
		} {
			time.Sleep(10 * time.Second) // each time the request's owner is another
			got, err := f.Step(ctx, c.actor, order.ID, c.verb, "why")
			refused(t, string(c.verb), err, c.code)
			if err == nil && got.State != c.state {
				t.Errorf("%s gives %s, want %s", c.verb, got.State, c.state)
			}
			seen, as, err := f.Order(ctx, f.buyer, order.ID)
			if err != nil || seen.State != c.state || as != outcry.PartyBuyer || seen.Terms.Price != order.Terms.Price || seen.Reason != "" {
				t.Errorf("after %s the order is %+v, %v; want %s", c.verb, seen, err, c.state)
			}
		}
		steps := 0
		for _, k := range f.bell.kinds() {
			if k == outcry.EventOrder {
				steps++
			}
		}
		if steps != 4 {
			t.Errorf("%d steps were told, 4 were taken", steps)
		}
		for party, actor := range map[outcry.Party]outcry.Actor{outcry.PartyShop: by("shop_a"), outcry.PartyOperator: operator} {
			if _, as, err := f.Order(ctx, actor, order.ID); err != nil || as != party {
				t.Errorf("the %s sees it as %q, %v", party, as, err)
			}
		}
	})
}

func TestStep_OneWhoIsBothPartiesActsAsTheOneWhoseVerbItIs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, _, order := sold(t)
		defer f.stop()
		both := outcry.NewActor(outcry.Member{ID: "mem_buyer"}, outcry.Token{}, []string{"shop_a"})
		for _, verb := range []outcry.OrderVerb{outcry.Confirm, outcry.Fulfil, outcry.Complete} {
			if _, err := f.Step(t.Context(), both, order.ID, verb, ""); err != nil {
				t.Errorf("%s: %v", verb, err)
			}
		}
	})
}

func TestStep_ACalledOffOrderLeavesItsPlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b")
		defer func() { f.stop() }()
		f.keep()
		ctx, id := t.Context(), f.ask(30, 5)
		a, err := f.offer(id, "shop_a", 300)
		if err != nil {
			t.Fatal(err)
		}
		b, err := f.offer(id, "shop_b", 310)
		if err != nil {
			t.Fatal(err)
		}
		order, err := f.Accept(ctx, f.buyer, a.ID, deal.Acceptance{Version: 1})
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.Accept(ctx, f.buyer, b.ID, deal.Acceptance{Version: 1})
		refused(t, "accepting a second", err, "already_accepted")
		if got, err := f.Step(ctx, by("shop_a"), order.ID, outcry.Refuse, "burnt"); err != nil || got.Reason != "burnt" {
			t.Fatalf("%+v, %v", got, err)
		}
		if _, err = f.Accept(ctx, f.buyer, b.ID, deal.Acceptance{Version: 1}); err != nil {
			t.Errorf("the other, after the first was refused: %v", err)
		}
	})
}

func TestAccept_ARetryGivesTheSameOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a")
		defer func() { f.stop() }()
		f.keep()
		o, err := f.offer(f.ask(30, 2), "shop_a", 300)
		if err != nil {
			t.Fatal(err)
		}
		ctx := outcry.WithSeed(t.Context(), outcry.Seed{At: time.Now(), Key: "mem_buyer accept k1"})
		first, err := f.Accept(ctx, f.buyer, o.ID, deal.Acceptance{Version: 1})
		if err != nil {
			t.Fatal(err)
		}
		f.suspend("shop_a") // what was done stays done
		time.Sleep(time.Minute)
		again, err := f.Accept(ctx, f.buyer, o.ID, deal.Acceptance{Version: 1})
		if err != nil || again.ID != first.ID || !again.Created.Equal(first.Created) {
			t.Errorf("the retry gives %s of %v, %v; want %s", again.ID, again.Created, err, first.ID)
		}
		_, err = f.Accept(t.Context(), f.buyer, o.ID, deal.Acceptance{Version: 1})
		refused(t, "another acceptance", err, "already_accepted")
	})
}

func TestRate_EachPartyOnceAfterCompletion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, l, order := sold(t)
		defer f.stop()
		ctx := t.Context()
		_, err := f.Rate(ctx, f.buyer, order.ID, 5, "")
		refused(t, "before completion", err, "wrong_state")
		for _, s := range []struct {
			actor outcry.Actor
			verb  outcry.OrderVerb
		}{{by("shop_a"), outcry.Confirm}, {by("shop_a"), outcry.Fulfil}, {f.buyer, outcry.Complete}} {
			if _, err := f.Step(ctx, s.actor, order.ID, s.verb, ""); err != nil {
				t.Fatal(err)
			}
		}
		_, err = f.Rate(ctx, operator, order.ID, 5, "")
		refused(t, "by the operator", err, "wrong_party")
		_, err = f.Rate(ctx, f.buyer, order.ID, 6, "")
		refused(t, "six stars", err, "invalid")
		if r, err := f.Rate(ctx, f.buyer, order.ID, 5, "lovely"); err != nil || r.By != outcry.PartyBuyer || r.Shop != "shop_a" {
			t.Errorf("by the buyer: %+v, %v", r, err)
		}
		if r, err := f.Rate(ctx, by("shop_a"), order.ID, 4, ""); err != nil || r.By != outcry.PartyShop {
			t.Errorf("by the shop: %+v, %v", r, err)
		}
		_, err = f.Rate(ctx, f.buyer, order.ID, 1, "changed my mind")
		refused(t, "again", err, "already_rated")
		if len(l.ratings) != 2 || l.ratings[0].Stars != 5 || l.ratings[1].Stars != 4 {
			t.Errorf("kept %+v", l.ratings)
		}
	})
}
