package matching_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/matching/deal"
)

func TestOperate_ClosesAtTheDeadlineWhenNobodyAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b")
		defer f.stop()
		began := time.Now()
		id := f.ask(20, 1)
		time.Sleep(20 * time.Second)
		synctest.Wait()
		v := f.view(id)
		if v.Request.Reason != outcry.ClosedNobody {
			t.Errorf("closed for %q, want nobody", v.Request.Reason)
		}
		if late := v.Request.Closed.Sub(began); late != 20*time.Second {
			t.Errorf("closed after %v, want exactly 20s", late)
		}
		if v.Counts.Called != 2 || v.Counts.Waiting != 0 {
			t.Errorf("counts %+v, want 2 called and none waiting", v.Counts)
		}
	})
}

func TestOperate_ClosesWhenEnoughOffersAreIn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b", "shop_c")
		defer f.stop()
		id := f.ask(20, 2)
		for i, shop := range []string{"shop_a", "shop_b"} {
			if _, err := f.offer(id, shop, int64(300-i)); err != nil {
				t.Fatal(err)
			}
		}
		v := f.view(id)
		if v.Request.State != outcry.RequestOpen {
			t.Errorf("closed for %q while an offer of shop_c is to be expected", v.Request.Reason)
		}
		time.Sleep(15 * time.Second) // by then hardly
		v = f.view(id)
		if v.Request.Reason != outcry.ClosedEnough || len(v.Slips) != 2 {
			t.Fatalf("closed for %q with %d offers, want enough with 2", v.Request.Reason, len(v.Slips))
		}
		if v.Slips[0].Shop.ID != "shop_b" || v.Slips[0].Rank != 1 {
			t.Errorf("first is %s, want the cheaper shop_b", v.Slips[0].Shop.ID)
		}
		if _, err := f.offer(id, "shop_c", 100); outcry.CodeOf(err) != "call_closed" {
			t.Errorf("an offer after enough: %v, want call_closed", err)
		}
	})
}

func TestOperate_ClosesWithEnoughAtOnceWhenNobodyIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b")
		defer f.stop()
		id := f.ask(20, 1)
		if _, err := f.Decline(t.Context(), by("shop_b"), f.call(id, "shop_b"), "sold out"); err != nil {
			t.Fatal(err)
		}
		if _, err := f.offer(id, "shop_a", 300); err != nil {
			t.Fatal(err)
		}
		if v := f.view(id); v.Request.Reason != outcry.ClosedEnough || !v.Request.Closed.Equal(time.Now()) {
			t.Errorf("closed for %q at %v, want enough now, %v", v.Request.Reason, v.Request.Closed, time.Now())
		}
	})
}

func TestOperate_RefusesAnOfferAtTheDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b")
		defer f.stop()
		id := f.ask(10, 2)
		call := f.call(id, "shop_b")
		time.Sleep(10*time.Second - time.Millisecond)
		if _, err := f.offer(id, "shop_a", 300); err != nil {
			t.Errorf("an offer 1 ms before the deadline: %v", err)
		}
		time.Sleep(time.Millisecond)
		_, err := f.Offer(t.Context(), by("shop_b"), call, outcry.Bid{Price: outcry.Money{Amount: 1, Currency: "GBP"}})
		if outcry.CodeOf(err) != "call_closed" || outcry.KindOf(err) != outcry.Closed {
			t.Errorf("an offer at the deadline: %v, want call_closed", err)
		}
	})
}

func TestOperate_WidensInWavesWhileOffersAreMissing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var shops []string
		for i := range 40 {
			shops = append(shops, fmt.Sprintf("shop_%02d", i))
		}
		f := open(t, shops...)
		defer f.stop()
		id := f.ask(30, 2)
		first := f.view(id).Counts.Called
		if first < 3 || first > 12 {
			t.Errorf("the first wave called %d of 40, want some", first)
		}
		time.Sleep(29 * time.Second)
		synctest.Wait()
		if later := f.view(id).Counts.Called; later < 2*first {
			t.Errorf("%d called after 29 s without an answer, %d at first: the waves did not widen", later, first)
		}
	})
}

func TestOperate_CallsAShopThatConnectsInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		defer f.stop()
		id := f.ask(30, 1)
		if n := f.view(id).Counts.Called; n != 0 {
			t.Fatalf("%d called of no shops", n)
		}
		f.add("shop_late")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if _, err := f.offer(id, "shop_late", 300); err != nil {
			t.Error(err)
		}
	})
}

func TestOperate_TellsNothingThatIsNotDurable(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b")
		defer f.stop()
		id := f.ask(30, 2)
		call := f.call(id, "shop_a")
		told := len(f.bell.kinds())
		f.journal.mu.Lock()
		f.journal.fail = &outcry.Error{Kind: outcry.Unavailable, Code: "maybe", Msg: "try again", Err: errDisk}
		f.journal.mu.Unlock()
		bid := outcry.Bid{Price: outcry.Money{Amount: 250, Currency: "GBP"}}
		if _, err := f.Offer(t.Context(), by("shop_a"), call, bid); outcry.CodeOf(err) != "maybe" {
			t.Fatalf("an offer that could not be kept: %v, want maybe", err)
		}
		if now := len(f.bell.kinds()); now != told {
			t.Errorf("%d events were told that are not in the log", now-told)
		}
		if n := len(f.view(id).Slips); n != 0 {
			t.Errorf("the board shows %d offers that are not in the log", n)
		}
		f.journal.mu.Lock()
		f.journal.fail = nil
		f.journal.mu.Unlock()
		if _, err := f.Offer(t.Context(), by("shop_a"), call, bid); err != nil {
			t.Errorf("the same offer when the disk is back: %v", err)
		}
	})
}

func TestOperate_GoesOnAfterARestartWithItsOwnDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b", "shop_c")
		began := time.Now()
		id := f.ask(30, 3)
		if _, err := f.offer(id, "shop_a", 300); err != nil {
			t.Fatal(err)
		}
		f.stop()
		time.Sleep(5 * time.Second)
		f.start()
		synctest.Wait()
		if _, err := f.offer(id, "shop_b", 290); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		v := f.view(id)
		if v.Request.Reason != outcry.ClosedDeadline || v.Request.Closed.Sub(began) != 30*time.Second {
			t.Errorf("closed for %q after %v, want deadline after 30s", v.Request.Reason, v.Request.Closed.Sub(began))
		}
		if len(v.Slips) != 2 || v.Counts.Called != 3 {
			t.Errorf("%d offers of %d calls, want both of 3", len(v.Slips), v.Counts.Called)
		}
		f.stop()
	})
}

func TestAccept_MakesOneOrderWhateverRaces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b", "shop_c")
		defer f.stop()
		id := f.ask(30, 5)
		var offers []outcry.Offer
		for _, shop := range []string{"shop_a", "shop_b", "shop_c"} {
			o, err := f.offer(id, shop, 300)
			if err != nil {
				t.Fatal(err)
			}
			offers = append(offers, o)
		}
		results := make(chan error)
		for i := range 30 {
			go func() {
				_, err := f.Accept(t.Context(), f.buyer, offers[i%3].ID, deal.Acceptance{Version: 1})
				results <- err
			}()
		}
		won := 0
		for range 30 {
			switch err := <-results; outcry.CodeOf(err) {
			case "":
				won++
			case "already_accepted":
			default:
				t.Error(err)
			}
		}
		if won != 1 || len(f.journal.orders) != 1 {
			t.Errorf("%d accepted, %d orders, want 1 and 1", won, len(f.journal.orders))
		}
		if v := f.view(id); v.Request.Reason != outcry.ClosedAccepted {
			t.Errorf("closed for %q, want accepted", v.Request.Reason)
		}
	})
}

func TestAccept_TakesExactlyTheVersionSeen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b")
		defer f.stop()
		id := f.ask(30, 2)
		o, err := f.offer(id, "shop_a", 300)
		if err != nil {
			t.Fatal(err)
		}
		bid := outcry.Bid{Price: outcry.Money{Amount: 350, Currency: "GBP"}}
		if _, err = f.Revise(t.Context(), by("shop_a"), o.ID, 1, bid); err != nil {
			t.Fatal(err)
		}
		if _, err = f.Accept(t.Context(), f.buyer, o.ID, deal.Acceptance{Version: 1}); outcry.CodeOf(err) != "offer_changed" {
			t.Errorf("accepting the old version: %v, want offer_changed", err)
		}
		order, err := f.Accept(t.Context(), f.buyer, o.ID, deal.Acceptance{Version: 2})
		if err != nil || order.Terms.Price.Amount != 350 {
			t.Errorf("accepting the new version: %+v, %v", order.Terms, err)
		}
		if !slices.Contains(f.bell.kinds(), outcry.EventOrder) {
			t.Error("nobody was told of the order")
		}
	})
}

func TestOperate_ReadingABoardCallsNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		defer f.stop()
		id := f.ask(30, 1)
		f.add("shop_late")
		for range 5 {
			if n := f.view(id).Counts.Called; n != 0 {
				t.Fatalf("%d called by reading the board", n)
			}
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if n := f.view(id).Counts.Called; n != 1 {
			t.Errorf("%d called when it was time to look, want 1", n)
		}
	})
}
