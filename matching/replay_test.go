package matching_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/matching"
	"outcry/matching/deal"
	"outcry/policy"
)

// history lists the requests of a journal as a store does.
type history struct{ *journal }

func (h history) Requests(_ context.Context, _ string, p outcry.Page) (items []outcry.Request, next string, _ error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, r := range h.requests {
		b := outcry.NewBoard(r)
		for _, e := range h.events {
			if e.Request == r.ID {
				b.Apply(e)
			}
		}
		items = append(items, b.Request)
	}
	slices.SortFunc(items, func(a, b outcry.Request) int { return cmp.Compare(b.ID, a.ID) })
	items = slices.DeleteFunc(items, func(r outcry.Request) bool { return p.After != "" && r.ID >= p.After })
	if len(items) > p.Limit {
		items = items[:p.Limit]
		next = items[p.Limit-1].ID
	}
	return items, next, nil
}

// day is a span of all that a floor's journal has, by pages of 200.
func (f *floor) day() matching.Span {
	return matching.Span{Past: history{f.journal}, Since: time.Now().Add(-24 * time.Hour)}
}

func (f *floor) replay(proposed *policy.Rules) matching.Replay {
	f.t.Helper()
	r, err := f.Replay(f.t.Context(), operator, proposed, f.day())
	if err != nil {
		f.t.Fatal(err)
	}
	return r
}

// crowd makes a floor with n bakeries.
func crowd(t *testing.T, n int) *floor {
	var shops []string
	for i := range n {
		shops = append(shops, fmt.Sprintf("shop_%02d", i))
	}
	return open(t, shops...)
}

// trade runs a request to its end: shop i answers its call i*300 ms later, each
// fourth one declines, and each fifth one stays silent.
func (f *floor) trade(seconds, wanted int) string {
	f.t.Helper()
	id := f.ask(seconds, wanted)
	answered := map[string]bool{}
	for !f.view(id).Request.Deadline.Before(time.Now()) && f.view(id).Request.State == outcry.RequestOpen {
		s, err := f.Selection(f.t.Context(), operator, id)
		if err != nil {
			f.t.Fatal(err)
		}
		for _, c := range s.Calls {
			var i int
			if _, err := fmt.Sscanf(c.Shop, "shop_%d", &i); err != nil {
				f.t.Fatal(err)
			}
			if answered[c.Shop] || time.Since(c.At) < time.Duration(i)*300*time.Millisecond || i%5 == 4 {
				continue
			}
			answered[c.Shop] = true
			if i%4 == 3 {
				_, err = f.Decline(f.t.Context(), by(c.Shop), c.ID, "")
			} else {
				_, err = f.Offer(f.t.Context(), by(c.Shop), c.ID, outcry.Bid{Price: pounds(int64(200 + i))})
			}
			if err != nil && outcry.CodeOf(err) != "call_closed" {
				f.t.Fatal(err)
			}
		}
		time.Sleep(100 * time.Millisecond)
		synctest.Wait()
	}
	time.Sleep(10 * time.Second)
	synctest.Wait()
	return id
}

func pounds(pence int64) outcry.Money { return outcry.Money{Amount: pence, Currency: "GBP"} }

func TestReplay_RecordedAnswersComeAsTheyCame(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b", "shop_c", "shop_d")
		defer f.stop()
		id := f.ask(31, 4) // all are called at once
		time.Sleep(1500 * time.Millisecond)
		if _, err := f.offer(id, "shop_a", 300); err != nil {
			t.Fatal(err)
		}
		time.Sleep(500 * time.Millisecond)
		if _, err := f.Decline(t.Context(), by("shop_b"), f.call(id, "shop_b"), "sold out"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		o, err := f.offer(id, "shop_c", 280)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if _, err := f.Revise(t.Context(), by("shop_c"), o.ID, 1, outcry.Bid{Price: pounds(250)}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		r := f.replay(defaults())
		want := matching.Outcome{
			Calls: 4, Offers: 2, Price: 1, Priced: 1, First: 1500 * time.Millisecond,
		}
		for name, got := range map[string]matching.Outcome{"was": r.Was, "present": r.Present, "proposed": r.Proposed} {
			if got != want {
				t.Errorf("%s: %+v, want %+v", name, got, want)
			}
		}
		r = f.replay(rules(func(p *policy.Policy) { p.Waves.MostCalls = 2 }))
		if r.Proposed.Calls != 2 || len(r.Biggest) != 1 || r.Biggest[0].Request != id || r.Biggest[0].Was.Best != pounds(250) {
			t.Errorf("with two calls: %+v", r)
		}
	})
}

func TestReplay_AWithdrawnOfferIsWithdrawnAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b")
		defer f.stop()
		id := f.ask(30, 2)
		o, err := f.offer(id, "shop_a", 300)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if _, err := f.WithdrawOffer(t.Context(), by("shop_a"), o.ID, 0); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if _, err := f.offer(id, "shop_b", 310); err != nil { // not enough: the other is gone
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		want := matching.Outcome{Calls: 2, Offers: 1, Price: 1, Priced: 1, First: 2 * time.Second}
		if r := f.replay(defaults()); r.Was != want || r.Present != want {
			t.Errorf("was %+v, again %+v, want %+v", r.Was, r.Present, want)
		}
	})
}

func TestReplay_TheSamePolicyChangesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := crowd(t, 40)
		defer func() { f.stop() }()
		f.with(func(c *matching.Config) { // some are called by chance, the same ones each time
			f.policy = policy.Default()
			c.Policies = compiled(f.policy)
		})
		for i := range 12 {
			f.trade(10+i, 1+i%4)
		}
		r := f.replay(defaults())
		if r.Requests != 12 || r.Changed != 0 || len(r.Biggest) != 0 || r.Present != r.Proposed || r.Present.Calls == 0 {
			t.Errorf("%+v", r)
		}
		if r.Was.Calls == 0 || r.Was.Offers == 0 || r.Was.Got == 0 || r.Was.Drawn != 0 || r.Present.Drawn == 0 {
			t.Errorf("was %+v, present %+v", r.Was, r.Present)
		}
		if again := f.replay(defaults()); !reflect.DeepEqual(r, again) {
			t.Errorf("again it is %+v, first it was %+v", again, r)
		}
	})
}

func TestReplay_HalfTheMarginCallsFewer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := crowd(t, 40)
		defer f.stop()
		for i := range 8 {
			f.trade(12, 2+i%3)
		}
		r := f.replay(rules(func(p *policy.Policy) { p.Waves.Margin, p.Waves.Trigger = 0.8, 0.65 }))
		if r.Proposed.Calls >= r.Present.Calls || r.Changed == 0 || len(r.Biggest) != r.Changed {
			t.Errorf("%d calls of %d, %d changed, %d told", r.Proposed.Calls, r.Present.Calls, r.Changed, len(r.Biggest))
		}
		for i, d := range r.Biggest {
			if d.Code != bakery || d.Present == d.Proposed || i > 0 && d.Request == r.Biggest[i-1].Request {
				t.Errorf("difference %d: %+v", i, d)
			}
		}
	})
}

func TestReplay_TellsAtMostTheTwentyBiggestDifferences(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := crowd(t, 30)
		defer f.stop()
		for range 25 {
			f.trade(5, 3)
		}
		r := f.replay(rules(func(p *policy.Policy) { p.Waves.MostCalls = 1 }))
		if r.Changed != 25 || len(r.Biggest) != matching.ReplayBiggest {
			t.Fatalf("%d changed, %d told", r.Changed, len(r.Biggest))
		}
		apart := func(d matching.Difference) float64 {
			s := 1 - float64(d.Proposed.Calls)/float64(d.Present.Calls) + 1 - float64(d.Proposed.Offers)/float64(max(1, d.Present.Offers))
			if d.Present.Best.Amount > 0 && d.Proposed.Best.Amount > 0 {
				s += math.Abs(float64(d.Proposed.Best.Amount)/float64(d.Present.Best.Amount) - 1)
			}
			return s
		}
		if !slices.IsSortedFunc(r.Biggest, func(a, b matching.Difference) int { return cmp.Compare(apart(b), apart(a)) }) {
			t.Errorf("not the biggest first: %+v", r.Biggest)
		}
	})
}

func TestReplay_CallsHoldsAndLearnsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := crowd(t, 10)
		defer f.stop()
		for range 3 {
			f.trade(10, 2)
		}
		time.Sleep(10 * time.Second) // what was learned is kept
		synctest.Wait()
		asked := map[string]int{}
		for _, e := range f.journal.events {
			if e.Wave != nil {
				for _, c := range e.Wave.Calls {
					asked[c.Shop]++
				}
			}
		}
		told, kept, known := len(f.bell.kinds()), len(f.journal.events), map[string]outcry.Figures{}
		for i := range 10 {
			id := fmt.Sprintf("shop_%02d", i)
			s, _ := f.shops.Shop(id)
			known[id] = f.Learning.Figures(id, s)
		}
		if r := f.replay(rules(func(p *policy.Policy) { p.Waves.Margin = 5 })); r.Proposed.Calls == 0 {
			t.Fatal("it has replayed nothing")
		}
		synctest.Wait()
		if n := len(f.bell.kinds()); n != told {
			t.Errorf("%d events were told", n-told)
		}
		if n := len(f.journal.events); n != kept {
			t.Errorf("%d events were written", n-kept)
		}
		if rows := f.Learning.Dirty(100); len(rows) != 0 {
			t.Errorf("it has learned: %v", rows)
		}
		for id, before := range known {
			s, _ := f.shops.Shop(id)
			if now := f.Learning.Figures(id, s); !reflect.DeepEqual(now, before) {
				t.Errorf("of %s it has learned %+v, known was %+v", id, now, before)
			}
			// One call is free, of the hour too, where the replay took none.
			limits := policy.Limits{Person: policy.ShopLimit{Open: 1, Hourly: asked[id] + 1}}
			if !f.shops.Hold(id, time.Now(), &limits) {
				t.Errorf("%s is held", id)
			}
		}
	})
}

// eager has a policy by which all shops that are not known offer at once, and
// none is called by chance.
func (f *floor) eager() {
	f.with(func(c *matching.Config) {
		f.policy.Learning.Person = policy.Class{Offers: 1, MedianS: 0.01, Weight: 2, HalfLife: 15}
		f.policy.Exploring.Share = 0
		c.Policies = compiled(f.policy)
	})
}

func TestReplay_DrawsWhoWasNotCalledAndPricesIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a")
		defer func() { f.stop() }()
		f.eager()
		id := f.ask(20, 3)
		time.Sleep(time.Second)
		if _, err := f.offer(id, "shop_a", 300); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		// By their levels one asks a tenth less than shop_a, and one a tenth more.
		f.set("shop_cheap", func(l *outcry.Listing) { l.PriceLevel = 1 })
		f.set("shop_dear", func(l *outcry.Listing) { l.PriceLevel = 3 })
		r := f.replay(f.Policies.Now())
		if r.Present.Calls != 3 || r.Present.Offers != 3 || r.Present.Drawn != 2 || r.Present.Got != 1 || r.Was.Got != 0 {
			t.Fatalf("%+v", r)
		}
		one := rules(func(p *policy.Policy) { *p = f.policy; p.Waves.MostCalls = 1 })
		d := f.replay(one).Biggest[0]
		if d.Was.Best != pounds(300) || d.Present.Best != pounds(270) || d.Proposed.Calls != 1 || d.Proposed.Best != pounds(270) {
			t.Errorf("%+v; want 270 where the cheap one is asked", d)
		}
	})
}

// far asks for three loaves where there are no shops, and waits until time is up.
func (f *floor) far(budget int64) {
	f.t.Helper()
	r, money := f.request(20, 1), pounds(budget)
	r.Place.Lat, r.Quantity, r.Budget = 57, 3, &money
	f.journal.mu.Lock()
	f.journal.requests[r.ID] = r
	f.journal.mu.Unlock()
	if err := f.Start(f.t.Context(), r); err != nil {
		f.t.Fatal(err)
	}
	time.Sleep(30 * time.Second)
	synctest.Wait()
}

func TestReplay_PricesByWhatIsUsualOrNotAtAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a")
		defer func() { f.stop() }()
		f.eager()
		f.far(1000)
		f.far(299)
		f.set("shop_north", func(l *outcry.Listing) { l.Place.Lat = 57 })
		if r := f.replay(f.Policies.Now()); r.Present.Offers != 2 || r.Present.Priced != 0 || r.Was.Offers != 0 {
			t.Errorf("where nobody knows a price: %+v", r)
		}
		for range 5 { // 100 for one is what it costs
			id := f.ask(20, 1)
			if _, err := f.offer(id, "shop_a", 100); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		// Three cost 300, which is more than one of the budgets.
		r := f.replay(rules(func(p *policy.Policy) { *p = f.policy; p.Waves.MostCalls = 1 }))
		if r.Requests != 7 || r.Present.Offers != 6 || r.Present.Priced != 6 || r.Present.Got != 6 {
			t.Errorf("%+v; want six of seven with a price", r)
		}
	})
}

func TestReplay_DrawsAsTheLearnedCurveHasIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t)
		defer f.stop()
		const n = 400
		for range n {
			f.far(1000)
		}
		f.set("shop_north", func(l *outcry.Listing) { l.Place.Lat = 57 })
		shop, _ := f.shops.Shop("shop_north")
		curve := f.Learning.Figures("shop_north", shop).Offers
		r := f.replay(defaults())
		share, chance := float64(r.Present.Offers)/n, curve.By(20)
		if r.Present.Calls != n || r.Present.Drawn != n || math.Abs(share-chance) > 4.5*math.Sqrt(chance*(1-chance)/n) {
			t.Errorf("%d calls, %d drawn, %.3f of them offer; want about %.3f", r.Present.Calls, r.Present.Drawn, share, chance)
		}
		if early := curve.By(r.Present.First.Seconds()) / chance; early < 0.4 || early > 0.6 {
			t.Errorf("half have offered by %v, by the curve %.2f of them have", r.Present.First, early)
		}
	})
}

func TestReplay_DrawsByTheSilenceOfWhoWasCutShort(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b")
		defer func() { f.stop() }()
		f.with(func(c *matching.Config) {
			f.policy.Waves.Margin, f.policy.Limits.Person = 5, policy.ShopLimit{} // both are called
			c.Policies = compiled(f.policy)
		})
		const n = 300
		for range n {
			id := f.ask(20, 1)
			time.Sleep(5 * time.Second)
			if _, err := f.offer(id, "shop_a", 300); err != nil { // that is enough
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		shop, _ := f.shops.Shop("shop_b")
		chance := f.Learning.Figures("shop_b", shop).Offers
		want := chance.Later(5, 20)
		r := f.replay(rules(func(p *policy.Policy) { *p = f.policy; p.Waves.StopAtEnough = false }))
		got := float64(r.Proposed.Offers-n) / n
		if r.Present.Offers != n || math.Abs(got-want) > 4.5*math.Sqrt(want*(1-want)/n) || want > 0.9*chance.By(20) {
			t.Errorf("%.3f offer after all, want about %.3f; by the policy in force %d offers", got, want, r.Present.Offers)
		}
	})
}

func TestReplay_TheBuyerDoesAsItDid(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := crowd(t, 3)
		defer f.stop()
		id := f.ask(60, 9)
		time.Sleep(3 * time.Second)
		if _, err := f.offer(id, "shop_02", 250); err != nil { // in the last moment
			t.Fatal(err)
		}
		if _, err := f.Withdraw(t.Context(), f.buyer, id); err != nil {
			t.Fatal(err)
		}
		// Who had not answered by then answers later, if at all.
		if r := f.replay(defaults()); r.Present.Calls != 3 || r.Present.Drawn != 2 || r.Present.Offers != 1 {
			t.Errorf("withdrawn after 3 s: %+v", r.Present)
		}
		id = f.ask(60, 9)
		time.Sleep(2 * time.Second)
		o, err := f.offer(id, "shop_00", 250)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Accept(t.Context(), f.buyer, o.ID, deal.Acceptance{Version: 1}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		span := f.day()
		span.Most = 1
		r, err := f.Replay(t.Context(), operator, defaults(), span)
		want := matching.Outcome{Calls: 3, Offers: 1, Price: 1, Priced: 1, First: 2 * time.Second}
		again := want
		again.Drawn = 2
		if err != nil || r.Was != want || r.Present != again {
			t.Errorf("accepted after 2 s: %+v, %v", r, err)
		}
	})
}

func TestReplay_LimitsAreNotReplayed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := crowd(t, 1)
		defer f.stop()
		f.trade(10, 1)
		for name, most := range map[string]int{"the policy's": 0, "its own": 1} {
			f.set("shop_00", func(l *outcry.Listing) { l.MostOpen = most })
			for range f.policy.Limits.Person.Open {
				f.shops.Hold("shop_00", time.Now(), &f.policy.Limits)
			}
			if f.shops.Hold("shop_00", time.Now(), &f.policy.Limits) {
				t.Fatalf("the shop is not at %s limit", name)
			}
			if r := f.replay(defaults()); r.Was.Calls != 1 || r.Present.Calls != 1 || r.Proposed.Calls != 1 {
				t.Errorf("at %s limit: %+v, want a call each", name, r)
			}
		}
	})
}

func TestReplay_TakesTheNewestClosedRequestsSinceThen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := crowd(t, 3)
		defer f.stop()
		var ids []string
		for range 6 {
			ids = append(ids, f.trade(5, 1))
			time.Sleep(time.Minute)
		}
		since := f.view(ids[2]).Request.Created
		f.ask(60, 5)
		var done []int
		span := matching.Span{Past: history{f.journal}, Since: since, Progress: func(n int) { done = append(done, n) }}
		one := rules(func(p *policy.Policy) { p.Waves.MostCalls = 1 })
		r, err := f.Replay(t.Context(), operator, one, span)
		if err != nil || r.Requests != 4 || r.Open != 1 || r.More || !slices.Equal(done, []int{1, 2, 3, 4}) {
			t.Errorf("%+v, %v, told %v; want the last four, and the open one left out", r, err, done)
		}
		for _, d := range r.Biggest {
			if !slices.Contains(ids[2:], d.Request) {
				t.Errorf("%s was asked before", d.Request)
			}
		}
		span.Most = 2
		if r, err = f.Replay(t.Context(), operator, one, span); err != nil || r.Requests != 2 || !r.More {
			t.Errorf("at most two: %+v, %v", r, err)
		}
		for _, d := range r.Biggest {
			if !slices.Contains(ids[4:], d.Request) {
				t.Errorf("%s is not one of the newest two", d.Request)
			}
		}
	})
}

func TestReplay_IsTheOperatorsOneAtATimeAndStops(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := crowd(t, 3)
		defer f.stop()
		f.trade(5, 1)
		f.trade(5, 1)
		_, err := f.Replay(t.Context(), f.buyer, defaults(), f.day())
		refused(t, "by the buyer", err, "operator_only")
		for what, bad := range map[string]func(*matching.Span){
			"no time":   func(s *matching.Span) { s.Since = time.Time{} },
			"a future":  func(s *matching.Span) { s.Since = time.Now().Add(time.Hour) },
			"too many":  func(s *matching.Span) { s.Most = matching.ReplayMost + 1 },
			"below one": func(s *matching.Span) { s.Most = -1 },
		} {
			span := f.day()
			bad(&span)
			_, err = f.Replay(t.Context(), operator, defaults(), span)
			refused(t, what, err, "invalid")
		}
		ctx, cancel := context.WithCancel(t.Context())
		span, done := f.day(), 0
		span.Progress = func(n int) {
			done = n
			_, err := f.Replay(t.Context(), operator, defaults(), f.day())
			refused(t, "a second one", err, "replay_running")
			cancel()
		}
		if _, err = f.Replay(ctx, operator, defaults(), span); !errors.Is(err, context.Canceled) || done != 1 {
			t.Errorf("stopped after the first: %v, %d done", err, done)
		}
		f.replay(defaults())
	})
}
