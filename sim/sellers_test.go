package sim_test

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/matching/calling"
	"outcry/sim"
)

// answer is what a fake counter was told.
type answer struct {
	Shop, Call, What, Reason string
	At                       time.Time
	Bid                      outcry.Bid
}

// counter is a market that takes every answer and keeps it.
type counter struct {
	need    func(shop, call string) calling.Need
	refuse  error // what offers get instead
	signals sim.Signals
	mu      sync.Mutex
	answers []answer
}

func (c *counter) keep(actor outcry.Actor, call, what string, bid outcry.Bid, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answers = append(c.answers, answer{actor.Shops()[0], call, what, reason, time.Now(), bid})
}

// said are the answers so far.
func (c *counter) said() []answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.answers)
}

func (c *counter) Offer(_ context.Context, actor outcry.Actor, call string, bid outcry.Bid) (outcry.Offer, error) {
	c.keep(actor, call, "offer", bid, "")
	if c.refuse != nil {
		return outcry.Offer{}, c.refuse
	}
	request, n, _ := outcry.RequestOf(call)
	return outcry.Offer{ID: outcry.OfferID(request, n), Call: n, Version: 1, Bid: bid}, nil
}

func (c *counter) Revise(_ context.Context, actor outcry.Actor, offer string, version int, bid outcry.Bid) (outcry.Offer, error) {
	c.keep(actor, offer, "revise", bid, "")
	return outcry.Offer{ID: offer, Version: version + 1, Bid: bid}, nil
}

func (c *counter) WithdrawOffer(_ context.Context, actor outcry.Actor, offer string, version int) (outcry.Offer, error) {
	c.keep(actor, offer, "withdraw", outcry.Bid{}, "")
	return outcry.Offer{ID: offer, Version: version + 1}, nil
}

func (c *counter) Decline(_ context.Context, actor outcry.Actor, call, reason string) (calling.Card, error) {
	c.keep(actor, call, "decline", outcry.Bid{}, reason)
	return calling.Card{}, nil
}

func (c *counter) Call(_ context.Context, actor outcry.Actor, call string) (calling.Card, error) {
	return calling.Card{ID: call, Need: c.need(actor.Shops()[0], call)}, nil
}

func (c *counter) Step(_ context.Context, actor outcry.Actor, order string, verb outcry.OrderVerb, reason string) (outcry.Order, error) {
	c.keep(actor, order, string(verb), outcry.Bid{}, reason)
	return outcry.Order{ID: order}, nil
}

func (c *counter) Say(_ context.Context, actor outcry.Actor, request, shop, text string) (outcry.Message, error) {
	c.keep(actor, request, "say", outcry.Bid{}, text)
	return outcry.Message{}, nil
}

// noForms is a tree without forms.
type noForms struct{}

func (noForms) Get(outcry.Code) (outcry.Signal, bool) { return outcry.Signal{}, false }

// bakeries makes n shops that differ by id only.
func bakeries(n int, by outcry.Answering) []outcry.Shop {
	shops := make([]outcry.Shop, n)
	for i := range shops {
		shops[i] = outcry.Shop{
			ID: fmt.Sprintf("shop_%06d", i), Place: edinburgh, TimeZone: "Europe/London", Languages: []string{"en"},
			PriceLevel: 2, Answers: by, State: outcry.ShopActive,
		}
	}
	return shops
}

// requestID is an id of a request, and the number in it.
func requestID(n int) string { return fmt.Sprintf("%s%026d", outcry.RequestPrefix, n) }

// caller calls shops in waves of a thousand.
type caller struct {
	sellers  *sim.Sellers
	requests int
}

// call has new requests call all of the shops now.
func (c *caller) call(shops []outcry.Shop) {
	for part := range slices.Chunk(shops, 1000) {
		wave := &outcry.Wave{N: 1}
		for i, s := range part {
			wave.Calls = append(wave.Calls, outcry.Called{N: i, Shop: s.ID})
		}
		c.requests++
		c.sellers.Hear([]outcry.Event{{
			Seq: int64(c.requests), At: time.Now(), Kind: outcry.EventCalled, Request: requestID(c.requests), Wave: wave,
		}})
	}
}

// trading runs Sellers of the shops against a counter, in a bubble.
func trading(t *testing.T, seed uint64, c *counter, shops []outcry.Shop, do func(*caller)) {
	t.Helper()
	if c.need == nil {
		c.need = func(string, string) calling.Need { return calling.Need{Code: "osm:shop=bakery", Locale: "en"} }
	}
	if c.signals == nil {
		c.signals = noForms{}
	}
	s := sim.NewSellers(sim.SellersConfig{
		Seed: seed, Shops: c, Calls: c, Orders: c, Threads: c, Signals: c.signals,
		Member: "mem_x", Clock: time.Now, Log: slog.New(slog.DiscardHandler),
	})
	s.Drive(shops...)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = s.Run(ctx) })
	do(&caller{sellers: s})
	cancel()
	running.Wait()
}

// firsts are the first answers to each call.
func firsts(answers []answer) map[string]answer {
	first := map[string]answer{}
	for _, a := range answers {
		if _, ok := first[a.Call]; !ok && (a.What == "offer" || a.What == "decline") {
			first[a.Call] = a
		}
	}
	return first
}

func TestSellers_AnswerTheShareOfCallsThatWasSeen(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		synctest.Test(t, func(t *testing.T) {
			c := &counter{}
			shops := bakeries(10_000, outcry.ByPerson)
			trading(t, seed, c, shops, func(x *caller) {
				for range 4 {
					x.call(shops)
					time.Sleep(20 * time.Minute)
				}
				if n := x.sellers.Count(); n.Silent+n.Offers+n.Declines != 40_000 || n.Calls != 40_000 || n.Faults+n.Lost != 0 {
					t.Errorf("the counts do not add up: %+v", n)
				}
			})
			share := float64(len(firsts(c.said()))) / 40_000
			if share < 0.54 || share > 0.56 {
				t.Errorf("seed %d: %.4f of the calls were answered", seed, share)
			}
		})
	}
}

func TestSellers_RatesAreUShaped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const rounds = 40
		c := &counter{}
		shops := bakeries(3000, outcry.BySoftware)
		trading(t, 1, c, shops, func(x *caller) {
			for range rounds {
				x.call(shops)
				time.Sleep(16 * time.Minute)
			}
		})
		by := map[string]int{}
		for _, a := range firsts(c.said()) {
			by[a.Shop]++
		}
		never, steady := 0, 0
		for _, s := range shops {
			switch n := by[s.ID]; {
			case n <= rounds/10:
				never++
			case n >= rounds*9/10:
				steady++
			}
		}
		if got := float64(never) / 3000; got < 0.16 || got > 0.26 {
			t.Errorf("%.3f of the shops hardly ever answer, not about a fifth", got)
		}
		if got := float64(steady) / 3000; got < 0.27 || got > 0.37 {
			t.Errorf("%.3f of the shops nearly always answer, not about three in ten", got)
		}
	})
}

func TestSellers_AnswerInSpells(t *testing.T) {
	t.Parallel()
	// The correlation within a shop of rate p is (E[xy] - p^2) / (p - p^2). A call
	// hours before stands for p: over all shops its product with x is E[p^2].
	within := func(apart time.Duration) (correlation float64) {
		synctest.Test(t, func(t *testing.T) {
			c := &counter{}
			shops := bakeries(12_000, outcry.BySoftware)
			trading(t, 5, c, shops, func(x *caller) {
				x.call(shops)
				time.Sleep(3 * time.Hour)
				x.call(shops)
				time.Sleep(apart)
				x.call(shops)
				time.Sleep(time.Hour)
			})
			first := firsts(c.said())
			var sum, near, far float64
			for i := range shops {
				said := [3]float64{}
				for round := range said {
					if _, ok := first[outcry.CallID(requestID(1+round*12+i/1000), i%1000)]; ok {
						said[round] = 1
					}
				}
				sum += said[1]
				near += said[1] * said[2]
				far += said[0] * said[1]
			}
			correlation = (near - far) / (sum - far)
		})
		return correlation
	}
	early := 0.0
	for _, minutes := range []time.Duration{1, 2, 3, 4} {
		early += within(minutes*time.Minute) / 4
	}
	if math.Abs(early-0.45) > 0.04 {
		t.Errorf("calls up to 5 minutes apart correlate %.3f, not 0.45", early)
	}
	for _, minutes := range []time.Duration{16, 30} {
		if late := within(minutes * time.Minute); math.Abs(late) > 0.04 {
			t.Errorf("calls %d minutes apart correlate %.3f", minutes, late)
		}
	}
}

func TestSellers_TakeTheTimeThatWasSeen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var delays []float64
		mean := map[outcry.Answering]float64{}
		for by, n := range map[outcry.Answering]int{outcry.BySoftware: 4000, outcry.ByPerson: 6000} {
			c := &counter{}
			shops := bakeries(n, by)
			start := time.Now()
			trading(t, 2, c, shops, func(x *caller) {
				x.call(shops)
				time.Sleep(10 * time.Minute)
			})
			for _, a := range firsts(c.said()) {
				delays = append(delays, a.At.Sub(start).Seconds())
				mean[by] += math.Log(a.At.Sub(start).Seconds()) / float64(n)
			}
		}
		slices.Sort(delays)
		within := func(s float64) float64 {
			n, _ := slices.BinarySearch(delays, s)
			return float64(n) / float64(len(delays))
		}
		at := func(share float64) float64 { return delays[int(share*float64(len(delays)))] }
		if p := at(0.5); p < 0.41 || p > 0.53 {
			t.Errorf("p50 %.2f s", p)
		}
		if p := at(0.9); p < 6 || p > 7.5 {
			t.Errorf("p90 %.2f s", p)
		}
		for s, want := range map[float64]float64{2: 0.79, 5: 0.88, 30: 0.985} {
			if got := within(s); math.Abs(got-want) > 0.015 {
				t.Errorf("%.3f of the answers are in by %v s, not %.3f", got, s, want)
			}
		}
		// The first of seven answers, by the median of its place among all.
		if p := at(1 - math.Pow(0.5, 1./7)); p < 0.06 || p > 0.13 {
			t.Errorf("the first answer comes after %.3f s", p)
		}
		if mean[outcry.BySoftware] >= mean[outcry.ByPerson] {
			t.Error("software is not faster than people")
		}
	})
}

func TestSellers_SameSeedSameAnswers(t *testing.T) {
	t.Parallel()
	run := func(seed uint64, shops []outcry.Shop) (answers []answer) {
		synctest.Test(t, func(t *testing.T) {
			c := &counter{}
			trading(t, seed, c, shops, func(x *caller) {
				for range 3 {
					x.call(shops)
					time.Sleep(2 * time.Minute)
				}
			})
			answers = c.said()
		})
		return answers
	}
	shops := bakeries(200, outcry.ByPerson)
	one, again := run(4, shops), run(4, shops)
	if len(one) == 0 || !reflect.DeepEqual(one, again) {
		t.Errorf("the same seed gave %d answers and then %d others", len(one), len(again))
	}
	if reflect.DeepEqual(one, run(5, shops)) {
		t.Error("another seed gave the same answers")
	}
	// What a shop does has nothing to do with who else is there.
	few := firsts(run(4, shops[:20]))
	for call, a := range firsts(one) {
		if b, ok := few[call]; a.Shop < shops[20].ID && (!ok || !reflect.DeepEqual(a, b)) {
			t.Errorf("%s answered otherwise among fewer shops", a.Shop)
		}
	}
}

func TestSellers_DoWhatElseShopsDo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &counter{}
		shops := bakeries(10_000, outcry.BySoftware)
		trading(t, 3, c, shops, func(x *caller) {
			x.call(shops)
			time.Sleep(10 * time.Minute)
			n := x.sellers.Count()
			if n.Repeats == 0 || n.Faults != 0 || n.Late != 0 {
				t.Errorf("%+v", n)
			}
		})
		count := map[string]float64{}
		offers := map[string]outcry.Bid{}
		for _, a := range c.said() {
			count[a.What]++
			request, n, _ := outcry.RequestOf(a.Call)
			switch before, twice := offers[outcry.OfferID(request, n)]; {
			case a.What == "offer" && twice:
				count["repeat"]++
				if !reflect.DeepEqual(before, a.Bid) {
					t.Errorf("%s repeats another offer", a.Shop)
				}
			case a.What == "offer":
				offers[outcry.OfferID(request, n)] = a.Bid
			case a.What == "revise" && (a.Bid.Price.Amount >= before.Price.Amount || a.Bid.Price.Currency != before.Price.Currency):
				t.Errorf("%s revised %v to %v", a.Shop, before.Price, a.Bid.Price)
			case a.What == "decline" && a.Reason == "":
				t.Errorf("%s declines without a reason", a.Shop)
			}
		}
		first := count["offer"] - count["repeat"]
		for what, want := range map[string]float64{"revise": 0.05, "withdraw": 0.02, "decline": 0.05 / 0.95} {
			if got := count[what] / first; math.Abs(got-want) > 0.015 {
				t.Errorf("%s: %.3f of the offers, not %.3f", what, got, want)
			}
		}
		if got := count["repeat"] / first; got < 0.05 || got > 0.2 {
			t.Errorf("%.3f of the offers are sent again", got)
		}
	})
}

func TestSellers_KeepToTheBudget(t *testing.T) {
	t.Parallel()
	needs := []calling.Need{
		{Code: "osm:shop=bakery", Budget: &outcry.Money{Amount: 450, Currency: "GBP"}},
		{Code: "osm:tourism=hotel", Budget: &outcry.Money{Amount: 80_000, Currency: "KRW"}, Attributes: []byte(`{"nights": 1}`)},
		{Code: "osm:tourism=hotel", Budget: &outcry.Money{Amount: 600_000, Currency: "KRW"}, Attributes: []byte(`{"nights": 3, "guests": 2}`)},
		{Code: "shopify:aa-8-1", Budget: &outcry.Money{Amount: 9000, Currency: "JPY"}},
		{Code: "osm:craft=plumber", Budget: &outcry.Money{Amount: 0, Currency: "EUR"}},
		{Code: "osm:office=lawyer", Budget: &outcry.Money{Amount: 9000, Currency: "BHD"}},
		{Code: "osm:shop=shoes", Quantity: 1_000_000, Budget: &outcry.Money{Amount: outcry.MaxAmount, Currency: "VND"}},
		{Code: "osm:amenity=taxi"},
	}
	synctest.Test(t, func(t *testing.T) {
		shops := bakeries(1000, outcry.BySoftware)
		for i := range shops {
			shops[i].PriceLevel = 1 + i%4
		}
		for _, need := range needs {
			c := &counter{need: func(string, string) calling.Need { return need }}
			trading(t, 9, c, shops, func(x *caller) {
				x.call(shops)
				time.Sleep(5 * time.Minute)
			})
			offers := 0
			for _, a := range c.said() {
				if a.What != "offer" && a.What != "revise" {
					continue
				}
				offers++
				var bad outcry.Complaints
				a.Bid.Price.Check(&bad, "price")
				if bad.Err() != nil || a.Bid.Price.Amount == 0 {
					t.Errorf("%s: %v: %v", need.Code, a.Bid.Price, bad.Err())
				}
				if need.Budget == nil && a.Bid.Price.Currency != "GBP" {
					t.Errorf("a shop in Britain asks for %v", a.Bid.Price)
				}
				if b := need.Budget; b != nil && (a.Bid.Price.Currency != b.Currency || a.Bid.Price.Amount > b.Amount) {
					t.Errorf("%s: %v for a budget of %v", need.Code, a.Bid.Price, *b)
				}
			}
			if poor := need.Budget != nil && (need.Budget.Amount == 0 || need.Budget.Currency == "KRW" && need.Budget.Amount == 80_000); !poor && offers == 0 {
				t.Errorf("%s: nobody offers for %v", need.Code, need.Budget)
			}
		}
	})
}

func TestSellers_WriteInTheBuyersLanguage(t *testing.T) {
	t.Parallel()
	script := map[string]func(r rune) bool{
		"ko":    func(r rune) bool { return r >= 0xac00 && r <= 0xd7a3 },
		"ja-JP": func(r rune) bool { return r >= 0x3040 && r <= 0x30ff },
		"de":    func(r rune) bool { return r < 0x250 || r > 0x2000 && r < 0x2100 },
		"xx":    func(r rune) bool { return r < 0x80 },
	}
	synctest.Test(t, func(t *testing.T) {
		shops := bakeries(300, outcry.BySoftware)
		for locale, native := range script {
			for _, code := range sim.Everyday() {
				c := &counter{need: func(string, string) calling.Need { return calling.Need{Code: code, Locale: locale} }}
				trading(t, 1, c, shops[:40], func(x *caller) {
					x.call(shops[:40])
					time.Sleep(3 * time.Minute)
				})
				for _, a := range c.said() {
					text := a.Bid.Message + a.Reason
					if a.What != "withdraw" && (text == "" || !slices.ContainsFunc([]rune(text), native)) {
						t.Errorf("%s in %s: %q", code, locale, text)
					}
					if at := a.Bid.AvailableAt; at != nil && at.Before(a.At.Add(-time.Minute)) {
						t.Errorf("%s is available at %v, before %v", code, at, a.At)
					}
				}
			}
		}
	})
}

func TestSellers_HoldTheirTongueWhenTheRequestHasClosed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &counter{}
		shops := bakeries(500, outcry.BySoftware)
		trading(t, 1, c, shops, func(x *caller) {
			x.call(shops)
			time.Sleep(time.Second)
			before := len(c.said())
			x.sellers.Hear([]outcry.Event{{
				At: time.Now(), Kind: outcry.EventClosed, Request: requestID(1), Closing: &outcry.Closing{Reason: outcry.ClosedEnough},
			}})
			time.Sleep(5 * time.Minute)
			if n := x.sellers.Count(); n.Late == 0 || n.Offers+n.Declines+n.Late+n.Silent != 500 {
				t.Errorf("%+v", n)
			}
			for _, a := range c.said()[before:] {
				if a.What == "decline" || a.What == "offer" && firsts(c.said())[a.Call].At.Equal(a.At) {
					t.Errorf("%s answered a closed request", a.Shop)
				}
			}
		})
	})
}

func TestSellers_TryAgainWhatTheMarketCannotDoNow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &counter{refuse: &outcry.Error{Kind: outcry.Unavailable, Code: "busy", Msg: "busy", Retry: 2}}
		shops := bakeries(100, outcry.BySoftware)
		trading(t, 1, c, shops, func(x *caller) {
			x.call(shops)
			time.Sleep(10 * time.Minute)
			n := x.sellers.Count()
			if n.Faults == 0 || n.Offers != 0 {
				t.Errorf("%+v", n)
			}
			tries := map[string][]answer{}
			for _, a := range c.said() {
				if a.What == "offer" {
					tries[a.Call] = append(tries[a.Call], a)
				}
			}
			if len(tries) != n.Faults {
				t.Errorf("%d offers, %d faults", len(tries), n.Faults)
			}
			for call, list := range tries {
				if len(list) != 3 || list[1].At.Sub(list[0].At) != 2*time.Second || !reflect.DeepEqual(list[0].Bid, list[2].Bid) {
					t.Errorf("%s was tried %d times: %v", call, len(list), list)
				}
			}
		})
	})
}

func TestSellers_OnlyTheDrivenShopsAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &counter{}
		shops := bakeries(200, outcry.BySoftware)
		trading(t, 1, c, shops[:100], func(x *caller) {
			for _, s := range shops[:50] {
				x.sellers.Leave(s.ID)
			}
			x.call(shops)
			for _, s := range shops[50:70] { // between call and answer
				x.sellers.Leave(s.ID)
			}
			time.Sleep(5 * time.Minute)
			if n := x.sellers.Count(); n.Shops != 30 || n.Calls != 50 {
				t.Errorf("%+v", n)
			}
		})
		if len(c.said()) == 0 {
			t.Error("nobody answered")
		}
		for _, a := range c.said() {
			if a.Shop < shops[70].ID || a.Shop > shops[99].ID {
				t.Errorf("%s answered", a.Shop)
			}
		}
	})
}

func TestSellers_DealWithOrdersAndMessages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &counter{}
		shops := bakeries(300, outcry.BySoftware)
		shops[1].Capabilities = []outcry.Capability{outcry.Deliver}
		for i, language := range []string{"ko", "ja", "de", "es"} {
			shops[4+i].Languages = []string{language}
		}
		trading(t, 1, c, shops, func(x *caller) {
			for i, s := range shops {
				state := []outcry.OrderState{outcry.OrderPlaced, outcry.OrderConfirmed, outcry.OrderFulfilled}[i%3]
				x.sellers.Hear([]outcry.Event{{
					At: time.Now(), Kind: outcry.EventOrder, Request: requestID(1), Shop: s.ID,
					Order: &outcry.OrderStep{Order: fmt.Sprint("ord_", i), State: state},
				}})
			}
			for i, text := range []string{"Can you deliver?", "DO YOU DELIVER", "thank you", "Is that your best price?",
				"배달되나요?", "配達できますか？", "Liefern Sie?", "¿Hacen entrega a domicilio?"} {
				for _, from := range []outcry.Party{outcry.PartyBuyer, outcry.PartyShop} { // their own are not heard
					x.sellers.Hear([]outcry.Event{{
						At: time.Now(), Kind: outcry.EventMessage, Request: requestID(9), Shop: shops[i].ID,
						Message: &outcry.Message{From: from, Text: text},
					}})
				}
			}
			time.Sleep(2 * time.Minute)
			n := x.sellers.Count()
			if n.Confirmed+n.Refused != 100 || n.Refused > 8 || n.Fulfilled != 100 || n.Replies != 8 {
				t.Errorf("%+v", n)
			}
		})
		replies := map[string]string{}
		for _, a := range c.said() {
			if a.What == "say" {
				replies[a.Shop] = a.Reason
			}
			if a.What == "refuse" && a.Reason == "" {
				t.Error("an order was refused without a reason")
			}
		}
		if no, yes := replies[shops[0].ID], replies[shops[1].ID]; no != "We cannot bring it, but it is kept here for you." || yes != "Yes, we bring it to you." {
			t.Errorf("%q, %q", no, yes)
		}
		for i, no := range []string{"배달은 안 되지만", "配達はできません", "Bringen können wir es nicht", "No podemos llevarlo"} {
			if got := replies[shops[4+i].ID]; !strings.HasPrefix(got, no) {
				t.Errorf("%q, not %q", got, no)
			}
		}
		if replies[shops[2].ID] == replies[shops[3].ID] || replies[shops[3].ID] == "" {
			t.Errorf("%q", replies)
		}
	})
}

func TestSellers_AnswerACallOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &counter{}
		shops := bakeries(100, outcry.BySoftware)
		trading(t, 1, c, shops, func(x *caller) {
			x.call(shops)
			x.requests-- // the bus rings again
			x.call(shops)
			time.Sleep(5 * time.Minute)
			if n := x.sellers.Count(); n.Calls != 100 || n.Silent+n.Offers+n.Declines != 100 {
				t.Errorf("%+v", n)
			}
		})
	})
}

func TestSellers_AnswerAtMostTenMessagesOfAThread(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &counter{}
		shops := bakeries(1, outcry.BySoftware)
		trading(t, 1, c, shops, func(x *caller) {
			x.call(shops)
			for range 30 {
				x.sellers.Hear([]outcry.Event{{
					At: time.Now(), Kind: outcry.EventMessage, Request: requestID(1), Shop: shops[0].ID,
					Message: &outcry.Message{From: outcry.PartyBuyer, Text: "hello"},
				}})
				time.Sleep(20 * time.Second)
			}
			if n := x.sellers.Count(); n.Replies != 10 {
				t.Errorf("%+v", n)
			}
		})
	})
}

func TestSellers_ForgetWhatIsTooMuch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &counter{}
		shops := bakeries(1000, outcry.BySoftware)
		trading(t, 1, c, shops, func(x *caller) {
			for range 450 { // at one moment: some 240,000 answers
				x.call(shops)
			}
			if n := x.sellers.Count(); n.Lost == 0 || n.Calls-n.Silent-n.Lost != 200_000 {
				t.Errorf("%+v", n)
			}
		})
	})
}

func TestSellers_RememberAsManyRequestsAsTheyMay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const most = 20_000
		c := &counter{}
		shops := bakeries(1, outcry.BySoftware)
		trading(t, 1, c, shops, func(x *caller) {
			for range most {
				x.call(shops)
			}
			x.requests = most - 1
			x.call(shops) // the last one is remembered
			x.call(shops) // one more, and the first is forgotten
			x.requests = 0
			x.call(shops)
			if n := x.sellers.Count(); n.Calls != most+2 {
				t.Errorf("%d calls were new, not %d", n.Calls, most+2)
			}
		})
	})
}
