package matching_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/policy"
)

func TestBoard_IsRankedAsAskedOrAsSaid(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		defer f.stop()
		f.set("shop_near", func(*outcry.Listing) {})
		f.set("shop_far", func(l *outcry.Listing) { l.Place.Lat = 55.97; l.Contact = "+44 131" })
		id := f.ask(30, 5)
		for shop, price := range map[string]int64{"shop_near": 310, "shop_far": 300} {
			if _, err := f.offer(id, shop, price); err != nil {
				t.Fatal(err)
			}
		}
		for rank, want := range map[outcry.Rank]string{"": "shop_near", outcry.RankBest: "shop_near", outcry.RankPrice: "shop_far", outcry.RankNear: "shop_near"} {
			v, err := f.Board(t.Context(), operator, id, rank)
			if err != nil || len(v.Slips) != 2 || v.Slips[0].Shop.ID != want || v.Slips[1].Shop.Contact != "" {
				t.Errorf("by %q: %+v, %v; want %s first", rank, v.Slips, err, want)
			}
		}
		v, err := f.Show(t.Context(), id)
		if err != nil || v.Slips[0].Shop.ID != "shop_near" || v.Seq != f.journal.last(id) || !v.At.Equal(time.Now()) || v.Counts.Offered != 2 {
			t.Errorf("shown as %+v, %v", v, err)
		}
	})
}

func TestBoard_OfARequestLongClosedIsReadFromTheLog(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a")
		defer f.stop()
		id := f.ask(10, 2)
		if _, err := f.offer(id, "shop_a", 300); err != nil {
			t.Fatal(err)
		}
		live := f.view(id)
		if f.Waiting() != 1 {
			t.Errorf("%d requests have an owner", f.Waiting())
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if f.Waiting() != 0 {
			t.Errorf("%d requests have an owner a minute later", f.Waiting())
		}
		v := f.view(id)
		if v.Request.Reason != outcry.ClosedDeadline || v.Seq != live.Seq+1 || len(v.Slips) != 1 || v.Slips[0].Offer.ID != live.Slips[0].Offer.ID {
			t.Errorf("%+v, want the offer of %+v", v, live)
		}
		if f.Waiting() != 0 {
			t.Error("looking gave it an owner")
		}
	})
}

func TestCall_IsShownToItsShopAndTheOperator(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a")
		defer f.stop()
		id := f.ask(30, 2)
		call := f.call(id, "shop_a")
		for name, actor := range map[string]outcry.Actor{"shop": by("shop_a"), "operator": operator} {
			card, err := f.Call(t.Context(), actor, call)
			if err != nil || card.ID != call || card.State != outcry.CallWaiting || card.Need.Code != bakery {
				t.Errorf("to the %s: %+v, %v", name, card, err)
			}
		}
		_, err := f.Call(t.Context(), f.buyer, call)
		refused(t, "to its buyer", err, "not_found")
		card, err := f.Card(t.Context(), id, "shop_z")
		if err != nil || card.ID != "" {
			t.Errorf("of a shop that was not called: %+v, %v", card, err)
		}
	})
}

func TestCalls_ListsPagesByState(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b")
		defer func() { f.stop() }()
		f.policy.Limits.Person = policy.ShopLimit{} // seven calls wait at once
		f.keep()
		ctx := t.Context()
		var asked []string
		for range 7 {
			asked = append(asked, f.ask(60, 2))
			time.Sleep(10 * time.Millisecond) // ids sort by time
		}
		for i, id := range asked { // 0 and 3 and 6 are declined
			if i%3 == 0 {
				if _, err := f.Decline(ctx, by("shop_a"), f.call(id, "shop_a"), ""); err != nil {
					t.Fatal(err)
				}
			}
		}
		for name, c := range map[string]struct {
			states []outcry.CallState
			want   string
		}{
			"all":      {nil, "6 5 4 3 2 1 0"},
			"waiting":  {[]outcry.CallState{outcry.CallWaiting}, "5 4 2 1"},
			"declined": {[]outcry.CallState{outcry.CallDeclined}, "6 3 0"},
			"either":   {[]outcry.CallState{outcry.CallDeclined, outcry.CallWaiting}, "6 5 4 3 2 1 0"},
			"offered":  {[]outcry.CallState{outcry.CallOffered}, ""},
		} {
			for limit := 1; limit <= 8; limit++ {
				var got string
				page := outcry.Page{Limit: limit}
				for pages := 0; ; pages++ {
					cards, next, err := f.Calls(ctx, by("shop_a"), "shop_a", c.states, page)
					if err != nil || len(cards) > limit || pages > 8 {
						t.Fatalf("%s by %d: %d cards on page %d, %v", name, limit, len(cards), pages, err)
					}
					for _, card := range cards {
						request, _, _ := outcry.RequestOf(card.ID)
						for i, id := range asked {
							if id == request {
								got += fmt.Sprintf(" %d", i)
							}
						}
					}
					if page.After = next; next == "" {
						break
					}
				}
				if got != c.want && got != " "+c.want {
					t.Errorf("%s by %d:%s, want %s", name, limit, got, c.want)
				}
			}
		}
		if cards, err := f.WaitingCalls(ctx, "shop_a", 3); err != nil || len(cards) != 3 {
			t.Errorf("%d waiting calls, %v; want 3 of 4", len(cards), err)
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if cards, err := f.WaitingCalls(ctx, "shop_a", 10); err != nil || len(cards) != 0 {
			t.Errorf("%d waiting calls when all are closed, %v", len(cards), err)
		}
	})
}
