package server_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"outcry"
	"outcry/api"
	"outcry/intake"
	"outcry/line"
	"outcry/matching/board"
	"outcry/onboarding"
	"outcry/server"
	"outcry/shop"
	"outcry/wire"
)

// everybody calls all shops at once, those away too, and waits for all of them.
const everybody = `
waves: {margin: 1000, trigger: 0, load_margin: 1000, most_calls: 1000, stop_at_enough: false}
exploring: {share: 0}
selecting: {patience_s: 0}
limits: {open_requests: 1000, person: {open: 0, hourly: 0}}
`

// street is a market whose shops come to it by a line that is cut again and again.
type street struct {
	*server.Server
	t      *testing.T
	url    string // past the cutter
	cutter *cutter
	shops  []*keeper
	buyer  outcry.Actor
}

// keeper is a shop that answers each call that it hears.
type keeper struct {
	id   string
	line *shop.Line

	mu    sync.Mutex
	known bool           // it has been greeted
	heard []int64        // of each new call the cursor
	calls map[string]int // how often each was heard
	acked map[string]int64
	late  int
	wrong []string
}

// cutter passes bytes on, and cuts each connection after some by chance.
type cutter struct {
	to   string
	cuts atomic.Int64
	most int64
	mu   sync.Mutex
	dice *rand.Rand
	calm []*atomic.Int64 // what the connections may still pass that came before the storm; nil after
}

// storm begins to cut.
func (c *cutter) storm() {
	c.mu.Lock()
	calm := c.calm
	c.calm = nil
	c.mu.Unlock()
	for _, left := range calm {
		left.Store(c.room())
	}
}

// room is how many bytes a connection may still pass; without end once there were
// enough cuts.
func (c *cutter) room() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cuts.Load() >= c.most {
		return 1 << 40
	}
	return 100 + c.dice.Int64N(4000)
}

func (c *cutter) serve(l net.Listener) {
	for {
		near, err := l.Accept()
		if err != nil {
			return
		}
		go c.pass(near)
	}
}

// pass carries a connection's bytes both ways until it has had its room.
func (c *cutter) pass(near net.Conn) {
	defer near.Close()
	far, err := net.Dial("tcp", c.to)
	if err != nil {
		return
	}
	defer far.Close()
	var left atomic.Int64
	c.mu.Lock()
	if c.calm != nil {
		left.Store(1 << 40)
		c.calm = append(c.calm, &left)
		c.mu.Unlock()
	} else {
		c.mu.Unlock()
		left.Store(c.room())
	}
	ended := make(chan bool, 2)
	carry := func(to, from net.Conn) {
		buf := make([]byte, 700)
		for {
			n, err := from.Read(buf)
			over := left.Add(-int64(n))
			if over < 0 {
				n = max(0, n+int(over)) // in the midst of a frame
			}
			if n > 0 {
				_, _ = to.Write(buf[:n]) // a side that is gone ends it below
			}
			if err != nil || over < 0 {
				ended <- over < 0
				return
			}
		}
	}
	go carry(near, far)
	go carry(far, near)
	if <-ended {
		c.cuts.Add(1)
	}
}

func newStreet(t *testing.T, shops int, cuts int64) *street {
	t.Helper()
	rules := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(rules, []byte(everybody), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := server.New(t.Context(), server.Config{
		Database: filepath.Join(t.TempDir(), "market.db"), Policy: rules, Lines: line.Bounds{Shop: 64},
		Limits: api.Limits{Member: api.Rate{PerSecond: -1}, Stranger: api.Rate{PerSecond: -1}, Joining: api.Rate{PerSecond: -1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	w := &street{Server: s, t: t}
	web, front := w.listen(), w.listen()
	w.url = "http://" + front.Addr().String()
	w.cutter = &cutter{to: web.Addr().String(), most: cuts, dice: rand.New(rand.NewPCG(7, 11)), calm: []*atomic.Int64{}}
	go w.cutter.serve(front)
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, web) }()
	t.Cleanup(func() {
		_ = front.Close()
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	for i := range shops {
		w.shops = append(w.shops, w.keeper(i))
	}
	buyer, _, err := s.Intake.JoinAsGuest(t.Context(), "Bo", "en")
	if err != nil {
		t.Fatal(err)
	}
	buyer.Guest = false
	w.buyer = outcry.NewActor(buyer, outcry.Token{}, nil)
	return w
}

func (w *street) listen() net.Listener {
	w.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

// keeper makes an active bakery.
func (w *street) keeper(i int) *keeper {
	w.t.Helper()
	ctx := w.t.Context()
	place, radius := outcry.Place{Lat: 55.95, Lon: -3.19}, 5000
	owner, token, err := w.Intake.JoinAsGuest(ctx, fmt.Sprint("Keeper ", i), "en")
	if err != nil {
		w.t.Fatal(err)
	}
	owner.Guest = false
	made, err := w.Onboarding.Register(ctx, outcry.NewActor(owner, outcry.Token{}, nil), onboarding.Registration{
		Name: fmt.Sprint("Bakery ", i), Place: &place, ServiceRadiusM: &radius, TimeZone: "UTC", Contact: "door",
	})
	if err != nil {
		w.t.Fatal(err)
	}
	operator := outcry.NewActor(outcry.Member{ID: "mem_operator", Operator: true}, outcry.Token{}, nil)
	if _, err = w.Onboarding.Approve(ctx, operator, made.ID); err != nil {
		w.t.Fatal(err)
	}
	staff := outcry.NewActor(owner, outcry.Token{}, []string{made.ID})
	if _, err = w.Books.PutBook(ctx, staff, made.ID, []string{"osm:shop=bakery"}); err != nil {
		w.t.Fatal(err)
	}
	client := shop.New(shop.Config{Server: w.url, Key: token, Shop: made.ID, HTTP: &http.Client{Timeout: time.Minute}})
	return &keeper{id: made.ID, line: client.Open(ctx, 0), calls: map[string]int{}, acked: map[string]int64{}}
}

// work hears and answers until ctx ends; price is what it asks.
func (k *keeper) work(ctx context.Context, price int64) {
	var answering sync.WaitGroup
	defer answering.Wait()
	for e, err := range k.line.Events(ctx) {
		switch {
		case err != nil:
			if ctx.Err() == nil {
				k.fault("the line ended: " + err.Error())
			}
			return
		case e.Hello != nil:
			k.mu.Lock()
			k.known = true
			k.mu.Unlock()
			continue
		case e.Call == nil:
			continue
		}
		k.mu.Lock()
		again := k.calls[e.Call.ID] > 0
		k.calls[e.Call.ID]++
		if e.Seq > 0 {
			k.heard = append(k.heard, e.Seq)
		}
		k.mu.Unlock()
		if again {
			continue
		}
		call := e.Call.ID
		answering.Go(func() { k.answer(ctx, call, price) })
	}
}

func (k *keeper) answer(ctx context.Context, call string, price int64) {
	bid := wire.Bid{Price: outcry.Money{Amount: price, Currency: "GBP"}}
	offer, err := k.line.Offer(ctx, call, bid)
	for outcry.KindOf(err) == outcry.Unavailable && ctx.Err() == nil { // the kit has given up: say it again
		offer, err = k.line.Offer(ctx, call, bid)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case err == nil:
		k.acked[offer.ID] = offer.Price.Amount
	case outcry.KindOf(err) == outcry.Closed && strings.Contains(err.Error(), "time was up"):
		k.late++
	case ctx.Err() == nil:
		k.wrong = append(k.wrong, "an offer: "+err.Error())
	}
}

func (k *keeper) fault(words string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.wrong = append(k.wrong, words)
}

// ask asks for bread from all shops, for some seconds.
func (w *street) ask(seconds float64) string {
	w.t.Helper()
	place, radius, code, wanted := outcry.Place{Lat: 55.95, Lon: -3.19}, 3000, "osm:shop=bakery", 10
	r, err := w.Intake.Ask(w.t.Context(), w.buyer, intake.Draft{
		Code: &code, Place: &place, RadiusM: &radius, DeadlineS: &seconds, Wanted: &wanted, Locale: "en",
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return r.ID
}

// TestLine_NothingIsLostByCuts cuts the lines of shops at random bytes while they
// are called and answer: every call comes once and in order, every offer that was
// acknowledged is on its board, none twice, and late ones are refused with the
// reason.
func TestLine_NothingIsLostByCuts(t *testing.T) {
	t.Parallel()
	cuts, shops := int64(10_000), 150
	if testing.Short() || raced {
		cuts, shops = 300, 30
	}
	w := newStreet(t, shops, cuts)
	ctx, stop := context.WithCancel(t.Context())
	var working sync.WaitGroup
	for i, k := range w.shops {
		working.Go(func() { k.work(ctx, int64(100+i)) })
	}
	w.greeted()
	w.cutter.storm()
	var requests []string
	pace := time.NewTicker(400 * time.Millisecond) // whatever becomes of the lines
	defer pace.Stop()
	for w.cutter.cuts.Load() < cuts {
		requests = append(requests, w.ask(1.5), w.ask(30))
		<-pace.C
	}
	requests = append(requests, w.ask(20))
	w.settle(requests)
	stop()
	working.Wait()
	w.check(requests)
	late := 0
	for _, k := range w.shops {
		late += k.late
	}
	t.Logf("%d cuts, %d requests to %d shops, %d offers refused as late", w.cutter.cuts.Load(), len(requests), shops, late)
}

// greeted waits until every shop has a cursor from which it can go on: who comes
// without one hears of the calls that wait alone.
func (w *street) greeted() {
	w.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for over := time.Now().Add(time.Minute); time.Now().Before(over); <-tick.C {
		known := 0
		for _, k := range w.shops {
			k.mu.Lock()
			if k.known && k.line.Cursor() > 0 {
				known++
			}
			k.mu.Unlock()
		}
		if known == len(w.shops) {
			return
		}
	}
	w.t.Fatal("not every shop was greeted")
}

// settle waits until every shop has heard and answered all that still waits.
func (w *street) settle(requests []string) {
	w.t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for over := time.Now().Add(time.Minute); time.Now().Before(over); <-tick.C {
		waits := 0
		for _, id := range requests {
			view, err := w.Market.Show(w.t.Context(), id)
			if err != nil {
				w.t.Fatal(err)
			}
			waits += view.Counts.Waiting
		}
		heard := 0
		for _, k := range w.shops {
			k.mu.Lock()
			heard += len(k.calls)
			k.mu.Unlock()
		}
		if waits == 0 && heard == len(requests)*len(w.shops) {
			return
		}
	}
}

// check holds what shops know against the boards.
func (w *street) check(requests []string) {
	w.t.Helper()
	onBoard := map[string]int64{}
	for _, id := range requests {
		view, err := w.Market.Show(w.t.Context(), id)
		if err != nil {
			w.t.Fatal(err)
		}
		if view.Counts.Called != len(w.shops) {
			w.t.Fatalf("request %s called %d of %d shops", id, view.Counts.Called, len(w.shops))
		}
		for _, slip := range view.Slips {
			onBoard[slip.Offer.ID] = slip.Offer.Price.Amount
		}
		if n := len(view.Slips); n != len(slices.CompactFunc(view.Slips, func(a, b board.Slip) bool { return a.Shop.ID == b.Shop.ID })) {
			w.t.Errorf("request %s has an offer twice", id)
		}
	}
	for i, k := range w.shops {
		k.mu.Lock()
		for _, words := range k.wrong {
			w.t.Errorf("shop %d: %s", i, words)
		}
		if len(k.calls) != len(requests) {
			w.t.Errorf("shop %d heard %d of %d calls", i, len(k.calls), len(requests))
		}
		for call, n := range k.calls {
			if n != 1 {
				w.t.Errorf("shop %d heard %s %d times", i, call, n)
			}
		}
		if !slices.IsSorted(k.heard) {
			w.t.Errorf("shop %d heard its calls out of order", i)
		}
		for id, price := range k.acked {
			if onBoard[id] != price {
				w.t.Errorf("shop %d: offer %s at %d was acknowledged; its board has %d", i, id, price, onBoard[id])
			}
		}
		k.mu.Unlock()
	}
}
