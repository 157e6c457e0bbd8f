package matching_test

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/matching"
	"outcry/matching/learning"
	"outcry/matching/selection"
	"outcry/policy"
)

// journal is a log in memory that keeps the promises of matching.Journal.
type journal struct {
	mu       sync.Mutex
	requests map[string]outcry.Request
	events   []outcry.Event
	orders   map[string]outcry.Order
	learned  map[string]outcry.Learned
	upTo     int64
	fail     error // what the next commits fail with
}

func newJournal() *journal {
	return &journal{
		requests: map[string]outcry.Request{}, orders: map[string]outcry.Order{}, learned: map[string]outcry.Learned{},
	}
}

func (j *journal) Commit(_ context.Context, b outcry.Batch) ([]outcry.Event, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.fail != nil {
		return nil, j.fail
	}
	if j.last(b.Request) != b.Base {
		return nil, &outcry.Error{Kind: outcry.Conflict, Code: "stale", Msg: "the request has moved on"}
	}
	events := append([]outcry.Event(nil), b.Events...)
	for i := range events {
		events[i].Seq = int64(len(j.events) + 1)
		j.events = append(j.events, events[i])
	}
	for _, o := range append(b.Placed, b.Moved...) {
		j.orders[o.ID] = o
	}
	return events, nil
}

func (j *journal) last(request string) (seq int64) {
	for _, e := range j.events {
		if e.Request == request {
			seq = e.Seq
		}
	}
	return seq
}

func (j *journal) RequestLog(_ context.Context, request string, after int64, limit int) (found []outcry.Event, _ error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, e := range j.events {
		if e.Request == request && e.Seq > after && len(found) < limit {
			found = append(found, e)
		}
	}
	return found, nil
}

func (j *journal) Request(_ context.Context, id string) (outcry.Request, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if r, ok := j.requests[id]; ok {
		return r, nil
	}
	return outcry.Request{}, outcry.Missing("request")
}

func (j *journal) OpenRequests(context.Context) (open []outcry.Request, _ error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, r := range j.requests {
		open = append(open, r)
	}
	return open, nil
}

func (j *journal) Order(_ context.Context, id string) (outcry.Order, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if o, ok := j.orders[id]; ok {
		return o, nil
	}
	return outcry.Order{}, outcry.Missing("order")
}

func (j *journal) Heard(context.Context, string, outcry.Page) ([]string, string, error) {
	return nil, "", nil
}

// anything is a tree and forms in which every code stands alone and every
// attribute will do.
type anything struct{}

func (anything) Ancestors(code outcry.Code) []outcry.Code     { return []outcry.Code{code} }
func (anything) Around(code outcry.Code) []outcry.Code        { return []outcry.Code{code} }
func (anything) CheckOffer(outcry.Code, []byte, string) error { return nil }

// bell keeps what it was told.
type bell struct {
	mu     sync.Mutex
	events []outcry.Event
}

func (b *bell) Ring(events []outcry.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.events = append(b.events, events...)
}

func (b *bell) kinds() (kinds []outcry.EventKind) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.events {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

const bakery = outcry.Code("osm:shop=bakery")

// floor is a market with shops, in a bubble.
type floor struct {
	*matching.Market
	t       *testing.T
	journal *journal
	bell    *bell
	shops   *selection.Index
	policy  policy.Policy
	buyer   outcry.Actor
	stop    func()
}

// open makes a market of bakeries with those ids, all connected, at the buyer's
// place.
func open(t *testing.T, shops ...string) *floor {
	f := &floor{
		t: t, journal: newJournal(), policy: policy.Default(),
		buyer: outcry.NewActor(outcry.Member{ID: "mem_buyer"}, outcry.Token{}, nil),
	}
	f.policy.Exploring.Share = 0 // nobody is called by chance
	f.build()
	for _, id := range shops {
		f.add(id)
	}
	f.start()
	return f
}

// build makes what the market works with.
func (f *floor) build() { f.bell, f.shops = &bell{}, selection.NewIndex() }

// shop is a bakery as add puts it up.
func (f *floor) shop(id string) outcry.Shop {
	return outcry.Shop{
		ID: id, Name: id, Place: outcry.Place{Lat: 55.95, Lon: -3.19}, ServiceRadiusM: 5000,
		TimeZone: "UTC", PriceLevel: 2, State: outcry.ShopActive, Answers: outcry.ByPerson,
	}
}

func (f *floor) put(s outcry.Shop) {
	f.t.Helper()
	if err := f.shops.Put(outcry.Listing{Shop: s, Codes: []outcry.Code{bakery}}); err != nil {
		f.t.Fatal(err)
	}
}

func (f *floor) add(id string) {
	f.put(f.shop(id))
	f.shops.Connect(id, 1, time.Now())
}

// config is what the market works with.
func (f *floor) config() matching.Config {
	return matching.Config{
		Journal: f.journal, Orders: f.journal, Memory: f.journal, Tree: anything{}, Forms: anything{}, Shops: f.shops,
		Learning: learning.New(func() *policy.Policy { return &f.policy }), Bell: f.bell, Policies: compiled(f.policy),
		Clock: time.Now, Random: rand.Reader, Log: slog.New(slog.DiscardHandler),
	}
}

// start runs the market; a floor may be started again after stop.
func (f *floor) start() { f.startWith(func(*matching.Config) {}) }

// startWith runs a market that works with something else.
func (f *floor) startWith(change func(*matching.Config)) {
	c := f.config()
	change(&c)
	f.Market = matching.New(c)
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() {
		if err := f.Run(ctx); err != nil {
			f.t.Error(err)
		}
	})
	done.Go(func() {
		if err := f.shops.Run(ctx); err != nil {
			f.t.Error(err)
		}
	})
	f.stop = func() { cancel(); done.Wait() }
}

// ask calls out for bread with a deadline of that many seconds.
func (f *floor) ask(seconds, wanted int) string {
	f.t.Helper()
	r := f.request(seconds, wanted)
	f.journal.mu.Lock()
	f.journal.requests[r.ID] = r
	f.journal.mu.Unlock()
	if err := f.Start(f.t.Context(), r); err != nil {
		f.t.Fatal(err)
	}
	synctest.Wait()
	return r.ID
}

// by is the staff of a shop.
func by(shop string) outcry.Actor {
	return outcry.NewActor(outcry.Member{ID: "mem_" + shop}, outcry.Token{}, []string{shop})
}

// call is the id of the call that a request made to a shop.
func (f *floor) call(request, shop string) string {
	f.t.Helper()
	s, err := f.Selection(f.t.Context(), f.buyer, request)
	if err != nil {
		f.t.Fatal(err)
	}
	for _, c := range s.Calls {
		if c.Shop == shop {
			return c.ID
		}
	}
	f.t.Fatalf("%s was not called", shop)
	return ""
}

// offer has a shop offer bread at a price in pence.
func (f *floor) offer(request, shop string, pence int64) (outcry.Offer, error) {
	f.t.Helper()
	return f.Offer(f.t.Context(), by(shop), f.call(request, shop),
		outcry.Bid{Price: outcry.Money{Amount: pence, Currency: "GBP"}})
}

func (f *floor) view(request string) matching.View {
	f.t.Helper()
	v, err := f.Board(f.t.Context(), f.buyer, request, "")
	if err != nil {
		f.t.Fatal(err)
	}
	return v
}

var errDisk = errors.New("no space left on device")
