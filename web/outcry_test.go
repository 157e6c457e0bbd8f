package web_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"outcry/web"
)

func TestOutcry_TheExampleOfItsPageBuysBread(t *testing.T) {
	t.Parallel()
	example := regexp.MustCompile("(?s)```js\n(.*?)```").FindStringSubmatch(text(t, "../docs/javascript.md"))[1]
	m := openMarket(t, "Adam")
	market := m.Handler
	served := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/example.js" {
			market.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write([]byte(example))
	}))
	t.Cleanup(served.Close)
	page := openTab(t, served.URL+"/operator")
	page.do(`
		window.shown = [];
		const { buyBread } = await import('/example.js');
		window.buying = buyBread({ lat: 55.951, lon: -3.191 }, (what) => { shown.push(what); });`)
	m.offer(m.shops[0], 240)
	got := run[[]string](page, `const order = await buying; return [order.state, order.buyer.contact, ...shown];`)
	if diff := cmp.Diff([]string{"placed", "0131 496 0000", "live", "1 called", "Adam 240"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestOutcry_ADealFromBothSides(t *testing.T) {
	t.Parallel()
	m := openMarket(t, "Adam", "Bell")
	page := openTab(t, m.url()+"/operator")
	run[[]string](page, asked)
	got := run[[]any](page, `
		const [a, b] = `+mustJSON(t, []map[string]string{{"id": m.shops[0].id, "token": m.shops[0].token}, {"id": m.shops[1].id, "token": m.shops[1].token}})+`;
		const adam = new Outcry({ token: a.token }), bell = new Outcry({ token: b.token });
		const heard = []; const leave = new AbortController();
		const hearing = adam.hear(a.id, { signal: leave.signal, on: (event) => { heard.push(event); } });
		await when(() => heard.some(({ type }) => type === 'call'));
		const call = heard.find(({ type }) => type === 'call').data;
		const bid = { price: { amount: 450, currency: 'GBP' } };
		let offer = await adam.offer(call.id, bid);
		offer = await adam.revise(offer.id, offer.version, { price: { amount: 400, currency: 'GBP' } });
		const stale = await refused(() => adam.withdrawOffer(offer.id, 1));
		const other = (await bell.calls(b.id, { state: 'waiting' })).items[0];
		const declined = await bell.decline(other.id, 'sold out');
		await client.say(request.id, a.id, 'sliced?');
		await adam.sayToBuyer(call.id, 'yes');
		const board = await client.board(request.id, 'price');
		const old = await refused(() => client.accept(offer.id, 1));
		let order = await client.accept(offer.id, board.offers[0].version, 'door 2');
		await when(() => heard.some(({ type }) => type === 'order'));
		leave.abort(); await hearing;
		order = await adam.confirm(order.id);
		order = await adam.fulfil(order.id);
		order = await client.complete(order.id);
		const rating = await client.rate(order.id, 5, 'good bread');
		const paused = await adam.pause(a.id, { for_s: 600 }), resumed = await adam.resume(a.id);
		return [heard[0].type, offer.version, stale.code, old.code, declined.state, (await client.messages(request.id, a.id)).items.length,
			board.offers[0].price.amount, order.state, rating.stars, (await adam.orders({ shop_id: a.id })).items.length,
			Boolean(paused.paused_until), Boolean(resumed.paused_until), (await adam.book(a.id)).codes.join(), (await client.orders()).items.length];`)
	want := []any{"hello", 2.0, "offer_changed", "offer_changed", "declined", 2.0, 400.0, "completed", 5.0, 1.0, true, false, "osm:shop=bakery", 1.0}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// refusal is what a script tells of an OutcryError.
type refusal struct {
	Ours                    bool
	Status                  int
	Code, Detail, RequestID string
	Fields                  []struct{ Location, Message string }
}

func TestOutcry_WhatIsRefusedTellsWhyAndWhere(t *testing.T) {
	t.Parallel()
	m := openMarket(t)
	page := openTab(t, m.url()+"/operator")
	got := run[[]refusal](page, `
		const client = new Outcry();
		const stranger = await refused(() => client.me());
		await client.joinAsGuest();
		const need = { code: 'osm:shop=bakery', place: { lat: 95, lon: 0 }, radius_m: 3000, deadline_s: 60 };
		return [stranger, await refused(() => client.ask(need)), await refused(() => client.request('../me'))];`)
	for i, want := range []struct {
		status int
		code   string
	}{{401, "no_token"}, {422, "invalid"}, {404, "not_found"}} {
		if r := got[i]; !r.Ours || r.Status != want.status || r.Code != want.code || r.Detail == "" || r.RequestID == "" {
			t.Errorf("got %+v, not %v", r, want)
		}
	}
	if f := got[1].Fields; len(f) != 1 || f[0].Location != "body.place.lat" || f[0].Message == "" {
		t.Errorf("the fields were %v", f)
	}
}

func TestOutcry_AnAnswerThatIsLostIsNotDoneTwice(t *testing.T) {
	t.Parallel()
	m := openMarket(t, "Adam")
	page := openTab(t, m.url()+"/operator")
	run[[]string](page, asked)
	page.do(`leave.abort(); await watching;`)
	m.cutAfter(40) // within the head of the next answer
	got := run[[]any](page, `
		const { id } = await client.ask({ code: 'osm:shop=bakery', place: { lat: 55.951, lon: -3.191 }, radius_m: 3000, deadline_s: 60 });
		const { items } = await client.requests();
		return [items.length, items[0].id === id];`)
	if diff := cmp.Diff([]any{2.0, true}, got); diff != "" || m.done() != 1 {
		t.Error(diff, m.done(), "cuts")
	}
}

// fakeMarket serves the pages, and calls as a test wants them.
func fakeMarket(t *testing.T, calls http.HandlerFunc) string {
	t.Helper()
	pages := web.New(&gate{}, slog.New(slog.DiscardHandler))
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if web.Answers(r.URL.Path) {
			pages.ServeHTTP(w, r)
			return
		}
		calls(w, r)
	}))
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s.URL
}

func TestOutcry_SaysACallAgainUnderOneKey(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var keys []string
	var times []time.Time
	page := openTab(t, fakeMarket(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		keys, times = append(keys, r.Header.Get("Idempotency-Key")), append(times, time.Now())
		w.Header().Set("Content-Type", "application/problem+json")
		switch len(keys) {
		case 1:
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = w.Write([]byte(`{"code":"limited","detail":"too many"}`))
		case 2:
			w.WriteHeader(http.StatusConflict)
			_, _ = w.Write([]byte(`{"code":"idempotency_running","detail":"runs"}`))
		case 3:
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"id":"req_1"}`))
		default:
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte(`{"code":"overloaded","detail":"busy"}`))
		}
	})+"/operator")
	got := run[[]string](page, `
		const client = new Outcry();
		const { id } = await client.ask({});
		return [id, (await refused(() => client.ask({}, { idempotencyKey: 'mine' }))).code];`)
	if diff := cmp.Diff([]string{"req_1", "overloaded"}, got); diff != "" {
		t.Error(diff)
	}
	if len(keys) != 4 || len(keys[0]) != 32 || keys[0] != keys[1] || keys[1] != keys[2] || keys[3] != "mine" {
		t.Errorf("the keys were %q", keys)
	} else if waited := times[1].Sub(times[0]); waited < time.Second {
		t.Errorf("it was to wait a second, and came after %s", waited)
	}
}

// following follows a fake market's events to the third, and tells what was heard.
// A stream may take so many milliseconds to begin.
func following(opening int) string {
	return fmt.Sprintf(`
	const heard = [], states = [], leave = new AbortController();
	await new Outcry().follow('/v1/requests/req_1/events', {
		silence: 400, opening: %d, signal: leave.signal, onState: (state) => { states.push(state); },
		on: ({ type, seq }) => { heard.push(type + seq); if (seq === 3) leave.abort(); },
	});
	return [heard.join(), states.join()];`, opening)
}

func TestFollow_SilenceIsABreakAndAGreetingIsHeardOnce(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var cursors []string
	page := openTab(t, fakeMarket(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		cursors = append(cursors, r.Header.Get("Last-Event-ID"))
		n := len(cursors)
		mu.Unlock()
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = w.Write([]byte("retry: 10\n\n" + [...]string{
			"event: hello\ndata: {}\n\nevent: call\nda", // cut short
			"event: hello\ndata: {}\n\nevent: call\r\nid: 2\r\ndata: {\ndata: }\r\n\r\n: still here\nid: 2\n\n",
			"id: 2\nevent: call\ndata: {}\n\nid: 3\nevent: closed\ndata: {}\n\n",
		}[n-1]))
		if n > 1 {
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}
	})+"/operator")
	got := run[[]string](page, following(10_000))
	if diff := cmp.Diff([]string{"hello0,call2,closed3", "live,lost,back,lost,back"}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"", "", "2"}, cursors); diff != "" {
		t.Error("cursors", diff)
	}
}

func TestFollow_PollsWhereStreamsDoNotComeThrough(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var polls []string
	page := openTab(t, fakeMarket(t, func(w http.ResponseWriter, r *http.Request) {
		if !r.URL.Query().Has("wait") {
			<-r.Context().Done() // something in between keeps the stream to itself
			return
		}
		mu.Lock()
		polls = append(polls, r.URL.RawQuery)
		n := len(polls)
		mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte([...]string{
			`{"items":[{"type":"called","seq":1,"data":{}}],"next":2}`,
			`{"items":[],"next":2,"reset":true}`,
			`{"items":[{"type":"closed","seq":3,"data":{}}],"next":3}`,
		}[n-1]))
	})+"/operator")
	got := run[[]string](page, following(1500))
	if diff := cmp.Diff([]string{"called1,reset2,closed3", "live"}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff("wait=0s after=2&wait=25s after=2&wait=25s", strings.Join(polls, " ")); diff != "" {
		t.Error(diff)
	}
}

func TestFollow_WhatThePageThrowsEndsIt(t *testing.T) {
	t.Parallel()
	page := openTab(t, fakeMarket(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = w.Write([]byte("id: 1\nevent: called\ndata: {}\n\nid: 2\nevent: called\ndata: {}\n\n"))
	})+"/operator")
	got := run[string](page, `
		let times = 0;
		try {
			await new Outcry().follow('/v1/x', { on: async () => { times++; throw new RangeError('mine'); } });
		} catch (e) {
			return e.name + ' ' + e.message + ' ' + times;
		}`)
	if got != "RangeError mine 1" {
		t.Errorf("got %q", got)
	}
}
