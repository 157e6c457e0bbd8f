package hook_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/line"
	"outcry/line/hook"
	"outcry/store"
)

var (
	_ hook.Store = (*store.Store)(nil)
	_ hook.Log   = (*store.Store)(nil)
)

// office is a sender on a log, with receivers that the test plays.
type office struct {
	*hook.Sender
	t     *testing.T
	store *store.Store
	disk  *disk
	tail  *line.Tail
	stop  func()
	n     int // shops and webhooks made
	base  int64
	// request is the number of the one that things happen to.
	request int

	mu       sync.Mutex
	replies  map[string]func(hit) reply // by host
	hits     []hit
	connects map[string]int
	offered  []string
	refuse   error // what the market says to answers
	stuck    bool  // it says nothing to offers
	deadline time.Duration
	closed   bool // calls wait no more
}

// hit is a request that came to a receiver.
type hit struct {
	host, id string
	at       time.Time
	head     http.Header
	body     string
	nth      int // of this id at this host, from 1
}

// reply is what a receiver does: after hangs for so long first.
type reply struct {
	status int
	body   string
	after  time.Duration
	head   http.Header
}

func ok(hit) reply { return reply{status: 200} }

// inBubble runs a test with an office, in a time of its own.
func inBubble(t *testing.T, test func(t *testing.T, o *office)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st, err := store.OpenMemory(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		o := &office{
			t: t, store: st, replies: map[string]func(hit) reply{}, connects: map[string]int{}, deadline: time.Minute,
		}
		o.must(st.AddMember(t.Context(), outcry.Member{ID: "mem_1"}, ""))
		o.must(st.AddRequest(t.Context(), outcry.Request{ID: o.asked(), Buyer: "mem_1", State: outcry.RequestOpen}))
		o.start()
		defer func() {
			o.stop()
			if err := st.Close(); err != nil {
				t.Error(err)
			}
		}()
		test(t, o)
	})
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// disk is the store, until the power is cut.
type disk struct {
	*store.Store
	cut atomic.Bool
}

var errCut = errors.New("the power is cut")

func (d *disk) SaveOutbox(ctx context.Context, b outcry.Outbox) error {
	if d.cut.Load() {
		return errCut
	}
	return d.Store.SaveOutbox(ctx, b)
}

// start starts a sender as a server does.
func (o *office) start() {
	o.t.Helper()
	warn := slog.New(slog.DiscardHandler)
	ctx, cancel := context.WithCancel(context.Background())
	var err error
	o.tail, err = line.NewTail(ctx, o.store, warn)
	o.must(err)
	o.disk = &disk{Store: o.store}
	o.Sender, err = hook.New(ctx, hook.Config{
		Tail: o.tail, Store: o.disk, Log: o.store, Market: o, Presence: o, Tell: o.tell, Clock: time.Now, Warn: warn, Transport: o,
	})
	o.must(err)
	var both sync.WaitGroup
	both.Go(func() { _ = o.tail.Run(ctx) })
	both.Go(func() { _ = o.Run(ctx) })
	o.stop = func() {
		cancel()
		both.Wait()
	}
}

// crash ends the server without another word to the disk, and starts it again.
func (o *office) crash() {
	o.disk.cut.Store(true)
	o.stop()
	o.set(func() { o.connects = map[string]int{} })
	o.start()
}

// Connect counts connections.
func (o *office) Connect(shop string, by int, _ time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.connects[shop] += by
}

func (o *office) connected(shop string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.connects[shop]
}

// Offer takes an offer.
func (o *office) Offer(ctx context.Context, w outcry.Webhook, call string, bid outcry.Bid) error {
	o.mu.Lock()
	stuck := o.stuck
	o.mu.Unlock()
	if stuck {
		<-ctx.Done()
		return ctx.Err()
	}
	return o.take(fmt.Sprintf("%s offers %d %s to %s", w.Shop, bid.Price.Amount, bid.Price.Currency, call))
}

// Decline takes a decline.
func (o *office) Decline(_ context.Context, w outcry.Webhook, call, reason string) error {
	return o.take(fmt.Sprintf("%s declines %s: %s", w.Shop, call, reason))
}

func (o *office) take(what string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.refuse == nil {
		o.offered = append(o.offered, what)
	}
	return o.refuse
}

// tell is what shops are told.
func (o *office) tell(_ context.Context, shop string, n *line.News) (hook.Letter, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	data, err := json.Marshal(map[string]any{"shop": shop, "seq": n.Seq})
	l := hook.Letter{Data: data}
	switch {
	case n.Wave != nil:
		l.Type, l.Call, l.Deadline, l.Waits = outcry.ToldCall, outcry.CallID(n.Request, 0), n.At.Add(o.deadline), !o.closed
	case n.Message != nil:
		l.Type = outcry.ToldMessage
	case n.Order != nil:
		l.Type = outcry.ToldOrder
	}
	return l, err
}

// RoundTrip plays the receivers.
func (o *office) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	h := hit{host: r.URL.Host, id: r.Header.Get("webhook-id"), at: time.Now(), head: r.Header.Clone(), body: string(body), nth: 1}
	o.mu.Lock()
	for _, had := range o.hits {
		if had.host == h.host && had.id == h.id {
			h.nth++
		}
	}
	o.hits = append(o.hits, h)
	re := o.replies[h.host](h)
	o.mu.Unlock()
	if re.after > 0 {
		select {
		case <-r.Context().Done():
			return nil, r.Context().Err()
		case <-time.After(re.after):
		}
	}
	if re.head == nil {
		re.head = http.Header{}
	}
	return &http.Response{StatusCode: re.status, Header: re.head, Body: io.NopCloser(bytes.NewReader([]byte(re.body)))}, nil
}

// came are the requests that came to a webhook.
func (o *office) came(w outcry.Webhook) (hits []hit) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, h := range o.hits {
		if "https://"+h.host+"/" == w.URL {
			hits = append(hits, h)
		}
	}
	return hits
}

const (
	secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	second = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
)

// hook registers a webhook of a new shop, which does as does says.
func (o *office) hook(does func(hit) reply, events ...outcry.Told) outcry.Webhook {
	o.t.Helper()
	o.n++
	host := fmt.Sprintf("till%d.example", o.n)
	w := outcry.Webhook{
		ID: outcry.NewID(outcry.WebhookPrefix, time.Now(), strings.NewReader(fmt.Sprintf("%010d", o.n))), Shop: fmt.Sprintf("shop_%d", o.n),
		By: "mem_1", URL: "https://" + host + "/", Events: events, Secret: secret, Created: time.Now(),
	}
	if len(events) == 0 {
		w.Events = outcry.ToldAll
	}
	o.must(o.store.AddShop(o.t.Context(), outcry.Shop{ID: w.Shop, Owner: "mem_1"}))
	w, err := o.store.AddWebhook(o.t.Context(), w, 5)
	o.must(err)
	o.does(w, does)
	o.Put(w)
	return w
}

// does changes what the receiver of a webhook does.
func (o *office) does(w outcry.Webhook, does func(hit) reply) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.replies[strings.TrimSuffix(strings.TrimPrefix(w.URL, "https://"), "/")] = does
}

func (o *office) asked() string { return fmt.Sprintf("req_%026d", o.request) }

// happens writes an event and rings.
func (o *office) happens(e outcry.Event) outcry.Event {
	o.t.Helper()
	if e.Wave != nil { // a request calls a shop once
		o.request++
		o.base = 0
		o.must(o.store.AddRequest(o.t.Context(), outcry.Request{ID: o.asked(), Buyer: "mem_1", State: outcry.RequestOpen}))
	}
	e.At = time.Now()
	events, err := o.store.Commit(o.t.Context(), outcry.Batch{Request: o.asked(), Base: o.base, Events: []outcry.Event{e}})
	o.must(err)
	o.base = events[0].Seq
	o.tail.Ring(events)
	return events[0]
}

// call calls shops.
func (o *office) call(hooks ...outcry.Webhook) outcry.Event {
	o.t.Helper()
	wave := &outcry.Wave{N: 1}
	var hearers []outcry.Hearer
	for _, w := range hooks {
		wave.Calls = append(wave.Calls, outcry.Called{Shop: w.Shop})
		hearers = append(hearers, outcry.Hearer{Shop: w.Shop})
	}
	return o.happens(outcry.Event{Kind: outcry.EventCalled, Wave: wave, Hearers: hearers})
}

// write writes a shop a message.
func (o *office) write(w outcry.Webhook) outcry.Event {
	o.t.Helper()
	return o.happens(outcry.Event{Kind: outcry.EventMessage, Shop: w.Shop, Message: &outcry.Message{Shop: w.Shop}})
}

// order moves an order of a shop.
func (o *office) order(w outcry.Webhook) outcry.Event {
	o.t.Helper()
	return o.happens(outcry.Event{Kind: outcry.EventOrder, Shop: w.Shop, Order: &outcry.OrderStep{Order: "ord_1"}})
}

// deliveries are those of a webhook, the oldest first.
func (o *office) deliveries(w outcry.Webhook) []outcry.Delivery {
	o.t.Helper()
	all, _, err := o.store.Deliveries(o.t.Context(), w.ID, outcry.Page{Limit: outcry.MaxPage})
	o.must(err)
	slices.Reverse(all)
	return all
}

// only is the one delivery of a webhook.
func (o *office) only(w outcry.Webhook) outcry.Delivery {
	o.t.Helper()
	all := o.deliveries(w)
	if len(all) != 1 {
		o.t.Fatalf("there are %d deliveries, want one", len(all))
	}
	return all[0]
}

// set changes what receivers and the market do.
func (o *office) set(change func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	change()
}

// taken is what the market took since it was last asked.
func (o *office) taken() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	taken := o.offered
	o.offered = nil
	return taken
}

// pass lets time go by.
func (o *office) pass(d time.Duration) { time.Sleep(d) }
