package matching_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/matching/deal"
)

func TestOffer_RevisedAndWithdrawnOnTheBoard(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b", "shop_c")
		defer f.stop()
		ctx, id := t.Context(), f.ask(30, 3)
		a, err := f.offer(id, "shop_a", 300)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = f.offer(id, "shop_b", 200); err != nil {
			t.Fatal(err)
		}
		if a, err = f.Revise(ctx, by("shop_a"), a.ID, 1, outcry.Bid{Price: outcry.Money{Amount: 100, Currency: "GBP"}}); err != nil || a.Version != 2 {
			t.Fatalf("revised to %+v, %v", a, err)
		}
		if v := f.view(id); v.Slips[0].Shop.ID != "shop_a" || v.Slips[0].Offer.Price.Amount != 100 || v.Counts.Offered != 2 {
			t.Errorf("the board shows %+v of %+v, want the revised offer first", v.Slips[0].Offer, v.Counts)
		}
		_, err = f.WithdrawOffer(ctx, by("shop_a"), a.ID, 1)
		refused(t, "withdrawing the old version", err, "offer_changed")
		if _, err = f.WithdrawOffer(ctx, by("shop_a"), a.ID, 2); err != nil {
			t.Fatal(err)
		}
		v := f.view(id)
		if v.Slips[1].Shop.ID != "shop_a" || v.Slips[1].State != outcry.OfferWithdrawn || v.Counts.Offered != 1 || v.Counts.Declined != 1 {
			t.Errorf("the board shows %+v, %+v; want the withdrawn offer last", v.Slips, v.Counts)
		}
		_, err = f.Accept(ctx, f.buyer, a.ID, deal.Acceptance{Version: 3})
		refused(t, "accepting it", err, "offer_withdrawn")
		again, err := f.offer(id, "shop_a", 250)
		if err != nil || again.Version != 4 || f.view(id).Counts.Offered != 2 {
			t.Errorf("a new offer after all: %+v, %v", again, err)
		}
		_, err = f.WithdrawOffer(ctx, by("shop_c"), outcry.OfferID(id, f.number(id, "shop_c")), 0)
		refused(t, "withdrawing what was never offered", err, "not_found")
	})
}

// number is the number of the call to a shop.
func (f *floor) number(request, shop string) int {
	f.t.Helper()
	_, n, _ := outcry.RequestOf(f.call(request, shop))
	return n
}

func TestOffer_TheSameAgainIsWrittenOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a")
		defer f.stop()
		id := f.ask(30, 2)
		for range 3 {
			if o, err := f.offer(id, "shop_a", 300); err != nil || o.Version != 1 {
				t.Errorf("%+v, %v", o, err)
			}
		}
		offers := 0
		for _, e := range f.journal.events {
			if e.Kind == outcry.EventOffer {
				offers++
			}
		}
		if offers != 1 {
			t.Errorf("the offer is %d times in the log", offers)
		}
		_, err := f.offer(id, "shop_a", 301)
		refused(t, "another offer", err, "already_offered")
	})
}

func TestDecline_HasFurtherShopsCalled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var shops []string
		for i := range 30 {
			shops = append(shops, fmt.Sprintf("shop_%02d", i))
		}
		f := open(t, shops...)
		defer f.stop()
		ctx, id := t.Context(), f.ask(600, 1)
		first := f.view(id).Counts.Called
		card, err := f.Decline(ctx, by("shop_00"), f.call(id, "shop_00"), "sold out")
		if err != nil || card.State != outcry.CallDeclined || card.Declined != "sold out" {
			t.Fatalf("%+v, %v", card, err)
		}
		for _, shop := range shops[1:first] {
			if _, err := f.Decline(ctx, by(shop), f.call(id, shop), ""); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := f.Decline(ctx, by("shop_00"), f.call(id, "shop_00"), "again"); err != nil {
			t.Errorf("declining again: %v", err)
		}
		time.Sleep(1100 * time.Millisecond)
		synctest.Wait()
		if c := f.view(id).Counts; c.Declined != first || c.Called < first+1 || c.Waiting != c.Called-first {
			t.Errorf("%+v a second after the first wave of %d declined, want further calls", c, first)
		}
	})
}

func TestOffer_ASuspendedShopNeitherAnswersNorSells(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b")
		defer f.stop()
		ctx, id := t.Context(), f.ask(30, 2)
		o, err := f.offer(id, "shop_a", 300)
		if err != nil {
			t.Fatal(err)
		}
		f.suspend("shop_a")
		f.suspend("shop_b")
		_, err = f.offer(id, "shop_b", 300)
		refused(t, "offering", err, "shop_not_active")
		_, err = f.Revise(ctx, by("shop_a"), o.ID, 1, aPound)
		refused(t, "revising", err, "shop_not_active")
		_, err = f.Decline(ctx, by("shop_b"), f.call(id, "shop_b"), "")
		refused(t, "declining", err, "shop_not_active")
		_, err = f.Accept(ctx, f.buyer, o.ID, deal.Acceptance{Version: 1})
		refused(t, "accepting its offer", err, "shop_not_active")
		if outcry.KindOf(err) != outcry.Forbidden || len(f.journal.orders) != 0 {
			t.Errorf("%v, with %d orders", err, len(f.journal.orders))
		}
		f.set("shop_a", func(*outcry.Listing) {})
		if _, err = f.Accept(ctx, f.buyer, o.ID, deal.Acceptance{Version: 1}); err != nil {
			t.Errorf("when it is active again: %v", err)
		}
	})
}
