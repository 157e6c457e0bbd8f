package storetest

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"outcry"
	"outcry/store"
)

// market is a store with what a promise needs at hand. What it makes has every
// field set.
type market struct {
	testing.TB
	*store.Store
	ctx     context.Context //nolint:containedctx // a test's own, which never ends
	address string

	mu     sync.Mutex // guards what follows
	random *rand.ChaCha8
	now    time.Time
}

func newMarket(t testing.TB, address string) *market {
	t.Helper()
	return &market{
		TB: t, Store: Open(t, address), ctx: context.Background(), address: address,
		random: rand.NewChaCha8([32]byte{1}), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	}
}

// another opens the same database again, as another process would; nil where
// nobody else can.
func (m *market) another() *store.Store {
	m.Helper()
	if m.address == "" {
		return nil
	}
	return Open(m, m.address)
}

// tick is a moment later than every one before.
func (m *market) tick() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = m.now.Add(time.Millisecond)
	return m.now
}

// id is a new id, greater than every one before.
func (m *market) id(prefix string) string {
	at := m.tick()
	m.mu.Lock()
	defer m.mu.Unlock()
	return outcry.NewID(prefix, at, m.random)
}

// ok ends the test where err is one.
func (m *market) ok(err error) {
	m.Helper()
	if err != nil {
		m.Fatal(err)
	}
}

// fails ends the test where err is not of kind and code.
func (m *market) fails(err error, kind outcry.Kind, code string) {
	m.Helper()
	if outcry.KindOf(err) != kind || outcry.CodeOf(err) != code {
		m.Fatalf("error %v, want %s %s", err, kind, code)
	}
}

// same ends the test where got is not want.
func (m *market) same(what string, got, want any) {
	m.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		m.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

func (m *market) member() outcry.Member {
	m.Helper()
	id := m.id(outcry.MemberPrefix)
	one := outcry.Member{ID: id, Email: id + "@Example.org", Name: "Ann", Locale: "ko", Created: m.tick()}
	m.ok(m.AddMember(m.ctx, one, "hash of "+id))
	return one
}

func (m *market) aShop(owner string) outcry.Shop {
	return outcry.Shop{
		ID: m.id(outcry.ShopPrefix), Owner: owner, Name: "Bäckerei \"Süß\"", Place: outcry.Place{Lat: 55.953251, Lon: -3.188267},
		ServiceRadiusM: 3000, Hours: "Mo-Fr 09:00-18:00", TimeZone: "Europe/London", Languages: []string{"en", "de"}, PriceLevel: 2,
		Capabilities: []outcry.Capability{outcry.Pickup, outcry.Deliver}, Contact: "+44 131 0", Answers: outcry.ByPerson,
		State: outcry.ShopActive, Created: m.tick(), Updated: m.tick(),
		QuietHours: "Mo-Su 12:00-13:00", PausedUntil: m.tick().Add(time.Hour), MostOpen: 3, MostHourly: 40,
	}
}

// shop adds a shop with an owner of its own.
func (m *market) shop() outcry.Shop {
	m.Helper()
	one := m.aShop(m.member().ID)
	m.ok(m.AddShop(m.ctx, one))
	return one
}

// shops adds n shops of one owner, and gives their ids.
func (m *market) shops(n int) []string {
	m.Helper()
	owner := m.member().ID
	ids := make([]string, n)
	for i := range ids {
		one := m.aShop(owner)
		ids[i] = one.ID
		m.ok(m.AddShop(m.ctx, one))
	}
	return ids
}

func (m *market) aRequest(buyer string) outcry.Request {
	needed := m.tick().Add(time.Hour)
	return outcry.Request{
		ID: m.id(outcry.RequestPrefix), Buyer: buyer,
		Ask: outcry.Ask{
			Code: "osm:shop=bakery", Words: "fresh bread", Attributes: json.RawMessage(`{"loaves":2,"note":"a < b"}`), Quantity: 2,
			Note: "crusty, 맛있는", Budget: &outcry.Money{Amount: 800, Currency: "GBP"}, Place: outcry.Place{Lat: 55.95, Lon: -3.19},
			RadiusM: 3000, NeededAt: &needed, Deadline: m.tick().Add(time.Minute), Wanted: 3, Rank: outcry.RankNear,
			Languages: []string{"en"}, Needs: []outcry.Capability{outcry.Pickup}, Locale: "en-GB",
			LeastRating: 3.5,
		},
		Accepts: 1, State: outcry.RequestOpen, Created: m.tick(), Policy: 7,
	}
}

// request adds an open request of a buyer of its own, which becomes as many
// orders as accepts says.
func (m *market) request(accepts int) outcry.Request {
	m.Helper()
	one := m.aRequest(m.member().ID)
	one.Accepts = accepts
	m.ok(m.AddRequest(m.ctx, one))
	return one
}

// called is the wave n of calls to shops, numbered from first.
func (m *market) called(n, first int, shops ...string) outcry.Event {
	w := &outcry.Wave{N: n}
	for i, s := range shops {
		w.Calls = append(w.Calls, outcry.Called{
			N: first + i, Shop: s, DistanceM: 100 * i, Score: 0.5 + float64(i),
			Weighed: outcry.Weighed{
				Software: true, Chance: 0.5, Price: 1.25, Rating: 4.5, Kept: 0.9, Hour: 3, Drawn: true,
				Own: []outcry.Part{{Name: "local", Points: 0.25, Words: "of this town"}},
			},
		})
	}
	return outcry.Event{At: m.tick(), Kind: outcry.EventCalled, Wave: w}
}

// offer is the offer of the shop that was called as number n.
func (m *market) offer(request string, n int, shop string) outcry.Event {
	at := m.tick()
	soon := at.Add(time.Hour)
	return outcry.Event{At: at, Kind: outcry.EventOffer, Shop: shop, Offer: &outcry.Offer{
		ID: outcry.OfferID(request, n), Call: n, Version: 1, At: at, First: at,
		Bid: outcry.Bid{
			Price: outcry.Money{Amount: 250, Currency: "GBP"}, Attributes: json.RawMessage(`{"kind":"rye"}`),
			Message: "still warm", AvailableAt: &soon, ValidUntil: soon,
		},
	}}
}

func (m *market) declined(n int, shop string) outcry.Event {
	return outcry.Event{At: m.tick(), Kind: outcry.EventDeclined, Shop: shop, Decline: &outcry.Decline{Call: n, Reason: "sold out"}}
}

func (m *market) closed(why outcry.ClosedReason) outcry.Event {
	return outcry.Event{At: m.tick(), Kind: outcry.EventClosed, Closing: &outcry.Closing{Reason: why}}
}

// order is what the request's buyer makes of the offer of call n.
func (m *market) order(q outcry.Request, n int, shop string) outcry.Order {
	return outcry.Order{
		ID: m.id(outcry.OrderPrefix), Request: q.ID, Offer: outcry.OfferID(q.ID, n), Shop: shop, Buyer: q.Buyer,
		Terms: outcry.Terms{
			Code: q.Code, Quantity: 2, Price: outcry.Money{Amount: 250, Currency: "GBP"}, Asked: q.Attributes, Note: q.Note,
			NeededAt: q.NeededAt, Version: 1, Place: q.Place, Accepted: m.tick(),
		},
		Contact: "+44 7700 900000", State: outcry.OrderPlaced, Created: m.tick(), Updated: m.tick(),
	}
}

// write commits events to the end of the request's log, whatever it is.
func (m *market) write(request string, events ...outcry.Event) []outcry.Event {
	m.Helper()
	return m.commit(outcry.Batch{Request: request, Events: events})
}

// commit commits b to the end of its request's log, whatever it is.
func (m *market) commit(b outcry.Batch) []outcry.Event {
	m.Helper()
	b.Base = m.end(b.Request)
	events, err := m.Commit(m.ctx, b)
	m.ok(err)
	return events
}

// end is where the log of a request ends.
func (m *market) end(request string) int64 {
	m.Helper()
	events, err := m.RequestLog(m.ctx, request, 0, 0)
	m.ok(err)
	if len(events) == 0 {
		return 0
	}
	return events[len(events)-1].Seq
}

// tail gives the whole log above after.
func (m *market) tail(after int64) []outcry.Event {
	m.Helper()
	var all []outcry.Event
	for {
		some, err := m.Tail(m.ctx, after, 1000)
		m.ok(err)
		if len(some) == 0 {
			return all
		}
		all = append(all, some...)
		after = some[len(some)-1].Seq
	}
}

// together runs do n times at once and gives the errors in the order of their
// numbers.
func together(n int, do func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = do(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

// count says how many errs have the code; "" counts those that are none.
func count(errs []error, code string) int {
	n := 0
	for _, err := range errs {
		if outcry.CodeOf(err) == code {
			n++
		}
	}
	return n
}

// held keeps the writer busy with one write until release is called, so that
// what is written meanwhile comes into one group.
func (m *market) held(shop string) (release func()) {
	m.Helper()
	entered, leave, left := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	var once sync.Once
	go func() {
		_, err := m.ChangeShop(m.ctx, shop, func(*outcry.Shop) error {
			once.Do(func() { close(entered) })
			<-leave
			return nil
		})
		left <- err
	}()
	<-entered
	return sync.OnceFunc(func() {
		close(leave)
		m.ok(<-left)
	})
}

// pages gathers all pages of a list, three items at a time.
func pages[T any](m *market, read func(outcry.Page) ([]T, string, error)) []T {
	m.Helper()
	var all []T
	p := outcry.Page{Limit: 3}
	for range 1000 {
		items, next, err := read(p)
		m.ok(err)
		if len(items) > 3 || len(items) == 0 && p.After != "" {
			m.Fatalf("a page of %d items after %q", len(items), p.After)
		}
		all = append(all, items...)
		if next == "" {
			return all
		}
		p.After = next
	}
	m.Fatal("the pages do not end")
	return nil
}
