package matching_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/matching"
	"outcry/matching/deal"
)

// Who is not the buyer of a floor.
var (
	operator = outcry.NewActor(outcry.Member{ID: "mem_op", Operator: true}, outcry.Token{}, nil)
	stranger = outcry.NewActor(outcry.Member{ID: "mem_else"}, outcry.Token{}, []string{"shop_else"})
)

// with opens the market anew with another configuration.
func (f *floor) with(change func(*matching.Config)) {
	f.t.Helper()
	f.stop()
	f.startWith(change)
}

// set puts a shop that add could have made, changed.
func (f *floor) set(id string, change func(*outcry.Listing)) {
	f.t.Helper()
	l := outcry.Listing{Shop: f.shop(id), Codes: []outcry.Code{bakery}}
	change(&l)
	if err := f.shops.Put(l); err != nil {
		f.t.Fatal(err)
	}
	f.shops.Connect(id, 1, time.Now())
}

func (f *floor) suspend(id string) {
	f.set(id, func(l *outcry.Listing) { l.State = outcry.ShopSuspended })
}

var aPound = outcry.Bid{Price: outcry.Money{Amount: 100, Currency: "GBP"}}

// refused complains where an error has not that code.
func refused(t *testing.T, what string, err error, code string) {
	t.Helper()
	if outcry.CodeOf(err) != code {
		t.Errorf("%s: %v, want %q", what, err, code)
	}
}

// ledger is a journal that keeps ratings and hears which requests called a shop.
type ledger struct {
	*journal
	ratings []outcry.OrderRating
}

func (l *ledger) Commit(ctx context.Context, b outcry.Batch) ([]outcry.Event, error) {
	events, err := l.journal.Commit(ctx, b)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range b.Rated {
		o := l.orders[r.Order]
		if r.By == outcry.PartyBuyer {
			o.BuyerRated = r.Stars
		} else {
			o.ShopRated = r.Stars
		}
		l.orders[r.Order] = o
		l.ratings = append(l.ratings, r)
	}
	return events, nil
}

func (l *ledger) Heard(_ context.Context, shop string, p outcry.Page) (requests []string, next string, _ error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range slices.Backward(l.events) {
		if e.Wave == nil || slices.Contains(requests, e.Request) || p.After != "" && e.Request >= p.After {
			continue
		}
		if !slices.ContainsFunc(e.Wave.Calls, func(c outcry.Called) bool { return c.Shop == shop }) {
			continue
		}
		if len(requests) == p.Limit {
			return requests, requests[len(requests)-1], nil
		}
		requests = append(requests, e.Request)
	}
	return requests, "", nil
}

// keep has the floor's market work with a ledger.
func (f *floor) keep() *ledger {
	l := &ledger{journal: f.journal}
	f.with(func(c *matching.Config) { c.Journal, c.Orders = l, l })
	return l
}

func TestMarket_ForeignersLearnNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b")
		defer f.stop()
		ctx, id := t.Context(), f.ask(30, 2)
		o, err := f.offer(id, "shop_a", 300)
		if err != nil {
			t.Fatal(err)
		}
		call := f.call(id, "shop_a")
		order, err := f.Accept(ctx, f.buyer, o.ID, deal.Acceptance{Version: 1})
		if err != nil {
			t.Fatal(err)
		}
		for name, actor := range map[string]outcry.Actor{"a stranger": stranger, "another called shop": by("shop_b")} {
			for what, do := range map[string]func() error{
				"offer":     func() error { _, err := f.Offer(ctx, actor, call, aPound); return err },
				"revise":    func() error { _, err := f.Revise(ctx, actor, o.ID, 0, aPound); return err },
				"take back": func() error { _, err := f.WithdrawOffer(ctx, actor, o.ID, 0); return err },
				"decline":   func() error { _, err := f.Decline(ctx, actor, call, ""); return err },
				"accept":    func() error { _, err := f.Accept(ctx, actor, o.ID, deal.Acceptance{Version: 1}); return err },
				"withdraw":  func() error { _, err := f.Withdraw(ctx, actor, id); return err },
				"extend":    func() error { _, err := f.Extend(ctx, actor, id, time.Now().Add(time.Hour)); return err },
				"widen":     func() error { _, err := f.Widen(ctx, actor, id, matching.Widening{Wanted: 3}); return err },
				"board":     func() error { _, err := f.Board(ctx, actor, id, ""); return err },
				"call":      func() error { _, err := f.Call(ctx, actor, call); return err },
				"calls":     func() error { _, _, err := f.Calls(ctx, actor, "shop_a", nil, outcry.Page{Limit: 5}); return err },
				"selection": func() error { _, err := f.Selection(ctx, actor, id); return err },
				"explain":   func() error { _, err := f.Explain(ctx, actor, id, "shop_a"); return err },
				"say":       func() error { _, err := f.Say(ctx, actor, id, "shop_a", "hello"); return err },
				"thread":    func() error { _, err := f.Thread(ctx, actor, id, "shop_a"); return err },
				"order":     func() error { _, _, err := f.Order(ctx, actor, order.ID); return err },
				"confirm":   func() error { _, err := f.Step(ctx, actor, order.ID, outcry.Confirm, ""); return err },
				"rate":      func() error { _, err := f.Rate(ctx, actor, order.ID, 1, ""); return err },
			} {
				refused(t, name+" may "+what, do(), "not_found")
			}
		}
	})
}

func TestMarket_UnknownIDsAreNotFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a")
		defer f.stop()
		ctx, shop := t.Context(), by("shop_a")
		gone := outcry.NewID(outcry.RequestPrefix, time.Now(), f.Random)
		uncalled := outcry.CallID(f.ask(30, 1), 9)
		for _, id := range []string{"", "call_x", outcry.CallID(gone, 0), outcry.OfferID(gone, 0), uncalled} {
			_, err := f.Offer(ctx, shop, id, aPound)
			refused(t, "offer to "+id, err, "not_found")
			_, err = f.Revise(ctx, shop, id, 0, aPound)
			refused(t, "revise "+id, err, "not_found")
			_, err = f.Call(ctx, shop, id)
			refused(t, "see "+id, err, "not_found")
			_, err = f.Accept(ctx, f.buyer, id, deal.Acceptance{Version: 1})
			refused(t, "accept "+id, err, "not_found")
			_, _, err = f.Order(ctx, f.buyer, id)
			refused(t, "order "+id, err, "not_found")
		}
		_, err := f.Board(ctx, f.buyer, gone, "")
		refused(t, "a board", err, "not_found")
		_, err = f.Withdraw(ctx, f.buyer, gone)
		refused(t, "withdrawing", err, "not_found")
		_, err = f.Explain(ctx, operator, gone, "shop_a")
		refused(t, "explaining", err, "not_found")
		synctest.Wait()
		if n := f.Waiting(); n != 1 {
			t.Errorf("%d requests have an owner, 1 is there", n)
		}
	})
}

func TestMarket_ReadOnlyKeysChangeNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a")
		defer f.stop()
		ctx, id := t.Context(), f.ask(30, 2)
		call := f.call(id, "shop_a")
		o, err := f.offer(id, "shop_a", 300)
		if err != nil {
			t.Fatal(err)
		}
		token := outcry.Token{Scopes: []outcry.Scope{outcry.ScopeRead}}
		buyer := outcry.NewActor(outcry.Member{ID: "mem_buyer"}, token, nil)
		shop := outcry.NewActor(outcry.Member{ID: "mem_shop_a"}, token, []string{"shop_a"})
		if _, err := f.Board(ctx, buyer, id, ""); err != nil {
			t.Error(err)
		}
		if _, err := f.Call(ctx, shop, call); err != nil {
			t.Error(err)
		}
		before := len(f.journal.events)
		for what, do := range map[string]func() error{
			"decline":   func() error { _, err := f.Decline(ctx, shop, call, ""); return err },
			"revise":    func() error { _, err := f.Revise(ctx, shop, o.ID, 0, aPound); return err },
			"take back": func() error { _, err := f.WithdrawOffer(ctx, shop, o.ID, 0); return err },
			"accept":    func() error { _, err := f.Accept(ctx, buyer, o.ID, deal.Acceptance{Version: 1}); return err },
			"withdraw":  func() error { _, err := f.Withdraw(ctx, buyer, id); return err },
			"widen":     func() error { _, err := f.Widen(ctx, buyer, id, matching.Widening{Wanted: 5}); return err },
			"say":       func() error { _, err := f.Say(ctx, buyer, id, "shop_a", "hello"); return err },
		} {
			refused(t, what, do(), "read_only")
		}
		if now := len(f.journal.events); now != before {
			t.Errorf("%d events were written by keys that may only read", now-before)
		}
	})
}
