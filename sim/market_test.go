package sim_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/intake"
	"outcry/matching"
	"outcry/matching/learning"
	"outcry/matching/selection"
	"outcry/policy"
	"outcry/sim"
)

// journal keeps everything in memory.
type journal struct {
	mu       sync.Mutex
	shops    *selection.Index
	requests map[string]outcry.Request
	log      []outcry.Event
	orders   map[string]outcry.Order
	ratings  []outcry.OrderRating
}

func (j *journal) Commit(_ context.Context, b outcry.Batch) ([]outcry.Event, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	last := int64(0)
	for _, e := range j.log {
		if e.Request == b.Request {
			last = e.Seq
		}
	}
	if last != b.Base {
		return nil, &outcry.Error{Kind: outcry.Conflict, Code: "stale", Msg: "stale"}
	}
	events := slices.Clone(b.Events)
	for i := range events {
		events[i].Seq = int64(len(j.log) + 1)
		j.log = append(j.log, events[i])
	}
	for _, o := range slices.Concat(b.Placed, b.Moved) {
		j.orders[o.ID] = o
	}
	j.ratings = append(j.ratings, b.Rated...)
	return events, nil
}

func (*journal) CallsSince(context.Context, time.Time, func(string, time.Time) error) error {
	return nil
}

// What was learned is not kept, since nothing restarts.
func (*journal) EachLearned(context.Context, func(outcry.Learned) error) error { return nil }
func (*journal) SaveLearned(context.Context, []outcry.Learned, int64) error    { return nil }
func (*journal) LearnedUpTo(context.Context) (int64, error)                    { return 0, nil }
func (*journal) Lessons(context.Context, int64, int) ([]outcry.Event, error)   { return nil, nil }

// onePolicy is a policy of which there is one version.
type onePolicy struct{ rules *policy.Rules }

func (p onePolicy) Now() *policy.Rules                             { return p.rules }
func (p onePolicy) At(context.Context, int) (*policy.Rules, error) { return p.rules, nil }

func (j *journal) RequestLog(_ context.Context, request string, after int64, limit int) ([]outcry.Event, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	var events []outcry.Event
	for _, e := range j.log {
		if e.Request == request && e.Seq > after && len(events) < limit {
			events = append(events, e)
		}
	}
	return events, nil
}

func (j *journal) Request(_ context.Context, id string) (outcry.Request, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	r, ok := j.requests[id]
	if !ok {
		return r, outcry.Missing("request")
	}
	return r, nil
}

func (j *journal) OpenRequests(context.Context) ([]outcry.Request, error) { return nil, nil }

func (j *journal) Order(_ context.Context, id string) (outcry.Order, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	o, ok := j.orders[id]
	if !ok {
		return o, outcry.Missing("order")
	}
	return o, nil
}

func (j *journal) Heard(context.Context, string, outcry.Page) ([]string, string, error) {
	return nil, "", errors.New("nobody lists calls here")
}

// tree is a tree of codes without forms.
type tree struct{ noForms }

func (tree) Ancestors(code outcry.Code) []outcry.Code { return []outcry.Code{code} }

func (tree) Around(code outcry.Code) []outcry.Code { return []outcry.Code{code} }

func (tree) CheckOffer(outcry.Code, []byte, string) error { return nil }

// fan tells every listener.
type fan []func([]outcry.Event)

func (f *fan) Ring(events []outcry.Event) {
	for _, hear := range *f {
		hear(events)
	}
}

// chance is seeded randomness for ids.
type chance struct {
	mu sync.Mutex
	r  *rand.ChaCha8
}

func (c *chance) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.r.Read(p)
}

// desk takes requests as unit intake does, without its checks.
type desk struct {
	*journal
	market *matching.Market
}

func (d desk) Ask(ctx context.Context, actor outcry.Actor, draft intake.Draft) (outcry.Request, error) {
	now := time.Now().UTC().Truncate(time.Millisecond)
	r := outcry.Request{
		ID: outcry.MakeID(ctx, outcry.RequestPrefix, now, d.market.Random), Buyer: actor.Member, Accepts: 1,
		State: outcry.RequestOpen, Created: now,
		Ask: outcry.Ask{
			Code: outcry.Code(*draft.Code), Attributes: draft.Attributes, Quantity: 1, Note: draft.Note, Budget: draft.Budget,
			Place: *draft.Place, RadiusM: *draft.RadiusM, Wanted: *draft.Wanted, Rank: outcry.Rank(*draft.Rank), Locale: draft.Locale,
			Deadline: now.Add(time.Duration(*draft.DeadlineS * float64(time.Second))),
		},
	}
	d.mu.Lock()
	d.requests[r.ID] = r
	d.mu.Unlock()
	return r, d.market.Start(ctx, r)
}

// day is what a market was like.
type day struct {
	*journal
	sellers sim.SellersCount
	buyers  sim.BuyersCount
}

// live runs a market of a city for so long, in a bubble; with one hand it is the
// same each time.
func live(t *testing.T, seed uint64, hands int, length time.Duration) (d day) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		log := slog.New(slog.NewTextHandler(t.Output(), nil))
		city := sim.City(seed, 400, edinburgh, nil)
		j := &journal{shops: selection.NewIndex(), requests: map[string]outcry.Request{}, orders: map[string]outcry.Order{}}
		bell := &fan{}
		rules, err := policy.Compile(policy.Default())
		if err != nil {
			t.Fatal(err)
		}
		market := matching.New(matching.Config{
			Journal: j, Orders: j, Tree: tree{}, Forms: tree{}, Shops: j.shops, Bell: bell,
			Memory: j, Learning: learning.New(func() *policy.Policy { return rules.Policy() }), Policies: onePolicy{rules},
			Clock: time.Now, Random: &chance{r: rand.NewChaCha8([32]byte{byte(seed)})}, Log: log,
		})
		sellers := sim.NewSellers(sim.SellersConfig{
			Seed: seed, Shops: market, Calls: market, Orders: market, Threads: market, Signals: tree{}, Lines: j.shops,
			Member: "mem_shops", Clock: time.Now, Hands: hands, Log: log,
		})
		for _, l := range city {
			if err := j.shops.Put(l); err != nil {
				t.Fatal(err)
			}
			sellers.Drive(l.Shop)
		}
		feed := make(chan outcry.Event, 1000) // one of the two listens to a feed
		buyers := sim.NewBuyers(sim.BuyersConfig{
			Seed: seed, Requests: desk{j, market}, Boards: market, Deals: market, Orders: market, Threads: market, Signals: tree{},
			Feed: feed, Actors: []outcry.Actor{
				outcry.NewActor(outcry.Member{ID: "mem_a"}, outcry.Token{}, nil),
				outcry.NewActor(outcry.Member{ID: "mem_b"}, outcry.Token{}, nil),
			},
			Centre: edinburgh, PerMinute: 6, Clock: time.Now, Hands: hands, Log: log,
		})
		*bell = fan{sellers.Hear, func(events []outcry.Event) {
			for _, e := range events {
				feed <- e
			}
		}}
		if j.shops.Connected() != 400 {
			t.Errorf("%d shops are connected", j.shops.Connected())
		}
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		for _, run := range []func(context.Context) error{market.Run, sellers.Run, buyers.Run} {
			running.Go(func() {
				if err := run(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		time.Sleep(length)
		cancel()
		running.Wait()
		d = day{j, sellers.Count(), buyers.Count()}
		if j.shops.Connected() != 0 {
			t.Errorf("%d shops are still connected", j.shops.Connected())
		}
	})
	return d
}

func TestMarket_LivesByItself(t *testing.T) {
	t.Parallel()
	d := live(t, 1, 8, 40*time.Minute)
	t.Logf("%+v", d.sellers)
	t.Logf("%+v", d.buyers)
	b, s := d.buyers, d.sellers
	if b.Asked < 180 || b.Asked > 300 {
		t.Errorf("%d requests in 40 minutes at 6 a minute", b.Asked)
	}
	if b.Faults+s.Faults != 0 {
		t.Errorf("%d faults of buyers, %d of shops", b.Faults, s.Faults)
	}
	if b.Accepted < b.Asked/4 || b.Completed < b.Accepted*8/10 || b.Rated < b.Completed/2 || b.Messages == 0 || s.Replies == 0 {
		t.Errorf("little life: %+v, %+v", b, s)
	}
	if len(d.ratings) != b.Rated || len(d.orders) != b.Accepted || s.Offers == 0 || s.Confirmed == 0 || s.Fulfilled < b.Completed {
		t.Errorf("the counts differ from the log: %d ratings, %d orders", len(d.ratings), len(d.orders))
	}
	kinds := map[outcry.EventKind]int{}
	for _, e := range d.log {
		kinds[e.Kind]++
	}
	for _, k := range []outcry.EventKind{
		outcry.EventCalled, outcry.EventOffer, outcry.EventOfferRevised, outcry.EventDeclined, outcry.EventClosed, outcry.EventMessage, outcry.EventOrder,
	} {
		if kinds[k] == 0 {
			t.Errorf("no event %s in the log", k)
		}
	}
	for _, o := range d.orders {
		if asked := d.requests[o.Request]; asked.Budget != nil && o.Terms.Price.Amount > asked.Budget.Amount {
			t.Errorf("%s was sold for %v, above %v", o.ID, o.Terms.Price, asked.Budget)
		}
	}
}

func TestMarket_SameSeedSameMarket(t *testing.T) {
	t.Parallel()
	tale := func(seed uint64) string {
		var told strings.Builder
		for _, e := range live(t, seed, 1, 10*time.Minute).log {
			fmt.Fprintf(&told, "%s %s %s %s", e.At.Format("15:04:05.000"), e.Kind, e.Request, e.Shop)
			switch {
			case e.Wave != nil:
				fmt.Fprintf(&told, " %+v", e.Wave.Calls)
			case e.Offer != nil:
				fmt.Fprintf(&told, " %v %s", e.Offer.Price, e.Offer.Message)
			case e.Order != nil:
				fmt.Fprintf(&told, " %+v", *e.Order)
			case e.Message != nil:
				fmt.Fprintf(&told, " %+v", *e.Message)
			}
			told.WriteByte('\n')
		}
		return told.String()
	}
	one := tale(3)
	if again := tale(3); one != again {
		a, b := strings.Split(one, "\n"), strings.Split(again, "\n")
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				t.Fatalf("line %d of %d and %d:\n%s\n%s", i, len(a), len(b), a[i], b[i])
			}
		}
		t.Fatalf("%d lines, then %d", len(a), len(b))
	}
	if strings.Count(one, "\n") < 200 || one == tale(4) {
		t.Error("another seed gave the same market, or nothing happened")
	}
}
