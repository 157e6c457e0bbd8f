package outcry_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"outcry"
)

// history makes a random legal log of one request and keeps, by simple maps,
// what it should add up to.
type history struct {
	t       *rapid.T
	request outcry.Request
	log     []outcry.Event
	now     time.Time
	answer  []string // by call: "", "offered", "withdrawn", "declined"
	version []int
	came    []int // numbers of calls, in the order of their first offers
	holds   map[int]string
	done    map[int]bool // calls that had an order
	said    map[string]int
	closed  outcry.ClosedReason
	waves   int
}

func newHistory(t *rapid.T) *history {
	return &history{
		t: t, now: noon, holds: map[int]string{}, done: map[int]bool{}, said: map[string]int{},
		request: outcry.Request{
			ID: outcry.NewID(outcry.RequestPrefix, noon, chance(3)), Buyer: "mem_a", Created: noon,
			State: outcry.RequestOpen, Accepts: rapid.IntRange(1, 3).Draw(t, "accepts"),
			Ask: outcry.Ask{Code: "osm:shop=bakery", RadiusM: 1000, Wanted: 2, Deadline: noon.Add(time.Hour)},
		},
	}
}

func shopOf(call int) string { return fmt.Sprintf("shop_%03d", call) }

func (h *history) add(kind outcry.EventKind, e outcry.Event) {
	h.now = h.now.Add(time.Second)
	e.Seq, e.At, e.Kind, e.Request = int64(len(h.log)*3+1), h.now, kind, h.request.ID
	h.log = append(h.log, e)
}

func (h *history) call() {
	if h.closed != "" {
		return
	}
	h.waves++
	wave := &outcry.Wave{N: h.waves}
	for range rapid.IntRange(1, 4).Draw(h.t, "size") {
		n := len(h.answer)
		wave.Calls = append(wave.Calls, outcry.Called{N: n, Shop: shopOf(n)})
		h.answer, h.version = append(h.answer, ""), append(h.version, 0)
	}
	h.add(outcry.EventCalled, outcry.Event{Wave: wave})
}

// some draws a call whose answer is one of those, -1 where there is none.
func (h *history) some(answers ...string) int {
	var fit []int
	for n, a := range h.answer {
		if slices.Contains(answers, a) && !h.done[n] {
			fit = append(fit, n)
		}
	}
	if len(fit) == 0 {
		return -1
	}
	return rapid.SampledFrom(fit).Draw(h.t, "call")
}

func (h *history) offer(n int, kind outcry.EventKind, answer string) {
	if n < 0 {
		return
	}
	if h.version[n]++; h.version[n] == 1 {
		h.came = append(h.came, n)
	}
	h.answer[n] = answer
	h.add(kind, outcry.Event{Shop: shopOf(n), Offer: &outcry.Offer{
		ID: outcry.OfferID(h.request.ID, n), Call: n, Version: h.version[n],
		Bid: outcry.Bid{ValidUntil: noon.Add(24 * time.Hour)},
	}})
}

func (h *history) decline() {
	if n := h.some("", "withdrawn"); n >= 0 && h.closed == "" {
		h.answer[n] = "declined"
		h.add(outcry.EventDeclined, outcry.Event{Shop: shopOf(n), Decline: &outcry.Decline{Call: n}})
	}
}

func (h *history) close() {
	if h.closed == "" {
		h.closed = rapid.SampledFrom([]outcry.ClosedReason{
			outcry.ClosedDeadline, outcry.ClosedNobody, outcry.ClosedWithdrawn, outcry.ClosedEnough,
		}).Draw(h.t, "reason")
		h.add(outcry.EventClosed, outcry.Event{Closing: &outcry.Closing{Reason: h.closed}})
	}
}

func (h *history) order() {
	if n := h.some("offered"); n >= 0 && len(h.holds) < h.request.Accepts && h.closed != outcry.ClosedWithdrawn {
		h.done[n] = true
		h.step(n, outcry.OrderPlaced)
	}
}

func (h *history) step(n int, to outcry.OrderState) {
	id := fmt.Sprintf("ord_%d", n)
	if h.holds[n] = id; to == outcry.OrderRefused || to == outcry.OrderCancelled {
		delete(h.holds, n)
	}
	h.add(outcry.EventOrder, outcry.Event{Shop: shopOf(n), Order: &outcry.OrderStep{
		Order: id, Offer: outcry.OfferID(h.request.ID, n), State: to,
	}})
}

func (h *history) moveOrder() {
	for n := range h.answer { // the first that holds
		if h.holds[n] != "" {
			h.step(n, rapid.SampledFrom([]outcry.OrderState{
				outcry.OrderConfirmed, outcry.OrderCancelled, outcry.OrderRefused, outcry.OrderCompleted,
			}).Draw(h.t, "to"))
			return
		}
	}
}

func (h *history) say() {
	if len(h.answer) > 0 {
		shop := shopOf(rapid.IntRange(0, len(h.answer)-1).Draw(h.t, "with"))
		h.said[shop]++
		h.add(outcry.EventMessage, outcry.Event{Shop: shop, Message: &outcry.Message{Shop: shop, Text: fmt.Sprint(h.said[shop])}})
	}
}

func (h *history) widen() {
	if h.closed == "" {
		h.request.RadiusM += 500
		h.request.Wanted++
		h.request.Code, h.request.Deadline = "osm:shop", h.request.Deadline.Add(time.Hour)
		h.add(outcry.EventChanged, outcry.Event{Change: &outcry.Change{
			Deadline: h.request.Deadline, RadiusM: h.request.RadiusM, Code: h.request.Code, Wanted: h.request.Wanted,
		}})
	}
}

// next adds one event, or none where the drawn one is not legal now.
func (h *history) next() {
	switch rapid.IntRange(0, 10).Draw(h.t, "what") {
	case 0, 1:
		h.call()
	case 2, 3:
		if h.closed == "" {
			h.offer(h.some("", "declined", "withdrawn"), outcry.EventOffer, "offered")
		}
	case 4:
		h.offer(h.some("offered"), outcry.EventOfferRevised, "offered")
	case 5:
		h.offer(h.some("offered"), outcry.EventOfferWithdrawn, "withdrawn")
	case 6:
		h.decline()
	case 7:
		h.order()
	case 8:
		h.moveOrder()
	case 9:
		h.say()
	case 10:
		if rapid.IntRange(0, 3).Draw(h.t, "rarely") == 0 {
			h.close()
		} else {
			h.widen()
		}
	}
}

// callState is where a call should stand.
func (h *history) callState(n int) outcry.CallState {
	switch {
	case h.answer[n] == "offered":
		return outcry.CallOffered
	case h.answer[n] != "":
		return outcry.CallDeclined
	case h.closed == "":
		return outcry.CallWaiting
	case h.closed == outcry.ClosedDeadline || h.closed == outcry.ClosedNobody:
		return outcry.CallMissed
	}
	return outcry.CallClosed
}

// offerState is where the offer of a call should stand while it is valid.
func (h *history) offerState(n int) outcry.OfferState {
	switch {
	case h.version[n] == 0:
		return ""
	case h.holds[n] != "":
		return outcry.OfferAccepted
	case h.answer[n] == "withdrawn":
		return outcry.OfferWithdrawn
	case h.answer[n] == "declined": // after a withdrawal
		return outcry.OfferWithdrawn
	case h.done[n] || len(h.holds) >= h.request.Accepts || h.closed == outcry.ClosedWithdrawn:
		return outcry.OfferLost
	}
	return outcry.OfferLive
}

// check compares a board with what the history adds up to.
func (h *history) check(b *outcry.Board) {
	sum := map[outcry.CallState]int{}
	for n, c := range b.Calls {
		state := b.CallState(c)
		sum[state]++
		if state != h.callState(n) || b.OfferState(c, h.now) != h.offerState(n) || c.Came != slices.Index(h.came, n)+1 {
			h.t.Fatalf("call %d is %s with an offer %q, came %d; want %s, %q, %d", n, state, b.OfferState(c, h.now), c.Came,
				h.callState(n), h.offerState(n), slices.Index(h.came, n)+1)
		}
		if b.Called(c.Shop) != c || b.Call(n) != c || c.Shop != shopOf(n) {
			h.t.Fatalf("call %d of %s is not found by its shop and number", n, c.Shop)
		}
	}
	counts := b.Counts()
	want := outcry.Counts{
		Called: len(h.answer), Offered: sum[outcry.CallOffered], Declined: sum[outcry.CallDeclined], Waiting: sum[outcry.CallWaiting],
	}
	if counts != want || len(b.Calls) != len(h.answer) {
		h.t.Fatalf("counts %+v, want %+v", counts, want)
	}
	added := counts.Offered + counts.Declined + counts.Waiting + sum[outcry.CallMissed] + sum[outcry.CallClosed]
	if added != counts.Called || b.Closed() && counts.Waiting > 0 {
		h.t.Fatalf("%+v does not add up: %v", counts, sum)
	}
	if b.Orders != len(h.holds) || b.Taken() != (len(h.holds) >= h.request.Accepts) || b.Waves != h.waves {
		h.t.Fatalf("%d orders in %d waves, want %d in %d", b.Orders, b.Waves, len(h.holds), h.waves)
	}
	for shop, n := range h.said {
		if thread := b.Thread(shop); len(thread) != n || thread[n-1].Text != fmt.Sprint(n) {
			h.t.Fatalf("%d messages with %s, want %d", len(thread), shop, n)
		}
	}
	if r := b.Request; r.RadiusM != h.request.RadiusM || !r.Deadline.Equal(h.request.Deadline) || r.Wanted != h.request.Wanted || r.Reason != h.closed {
		h.t.Fatalf("the request is %+v, want %+v", r, h.request)
	}
}

func TestBoard_IsWhatItsEventsAddUpTo(t *testing.T) {
	t.Parallel()
	whole := cmp.AllowUnexported(outcry.Board{})
	rapid.Check(t, func(t *rapid.T) {
		h := newHistory(t)
		asked := h.request
		once, twice := outcry.NewBoard(asked), outcry.NewBoard(asked)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			before := len(h.log)
			h.next()
			for _, e := range h.log[before:] {
				once.Apply(e)
				twice.Apply(e)
				twice.Apply(e)
			}
			h.check(once)
			if before > 0 {
				twice.Apply(h.log[rapid.IntRange(0, len(h.log)-1).Draw(t, "old")])
			}
		}
		if diff := cmp.Diff(once, twice, whole); diff != "" {
			t.Fatalf("events applied again changed the board (-once +twice):\n%s", diff)
		}
		folded := outcry.NewBoard(asked)
		for _, e := range h.log {
			folded.Apply(e)
		}
		if diff := cmp.Diff(once, folded, whole); diff != "" {
			t.Fatalf("the log folds to another board (-live +folded):\n%s", diff)
		}
		h.check(folded)
	})
}

func TestBoard_LeavesWhatItCannotPlace(t *testing.T) {
	t.Parallel()
	request := outcry.NewID(outcry.RequestPrefix, noon, chance(3))
	other := outcry.NewID(outcry.RequestPrefix, noon, chance(4))
	b := outcry.NewBoard(outcry.Request{ID: request, Accepts: 1, State: outcry.RequestOpen})
	b.Apply(outcry.Event{Seq: 1, Wave: &outcry.Wave{N: 1, Calls: []outcry.Called{{N: 0, Shop: "shop_a"}}}})
	for i, e := range []outcry.Event{
		{Wave: &outcry.Wave{N: 1, Calls: []outcry.Called{{N: 0, Shop: "shop_b"}, {N: 5, Shop: "shop_c"}}}},
		{Offer: &outcry.Offer{Call: 7}},
		{Offer: &outcry.Offer{Call: -1}},
		{Decline: &outcry.Decline{Call: 9}},
		{Order: &outcry.OrderStep{Order: "ord_x", Offer: "off_nonsense", State: outcry.OrderPlaced}},
		{Order: &outcry.OrderStep{Order: "ord_x", Offer: outcry.OfferID(other, 0), State: outcry.OrderPlaced}},
		{Order: &outcry.OrderStep{Order: "ord_x", Offer: outcry.OfferID(request, 1), State: outcry.OrderPlaced}},
	} {
		e.Seq = int64(i + 2)
		b.Apply(e)
		if c := b.Call(0); len(b.Calls) != 1 || c.Shop != "shop_a" || c.Order != "" || b.Orders != 0 || b.Taken() {
			t.Errorf("event %d changed the board: %d calls, %d orders", i, len(b.Calls), b.Orders)
		}
		if b.Seq != e.Seq {
			t.Errorf("event %d left the cursor at %d", i, b.Seq)
		}
	}
	if b.Called("shop_b") != nil || b.Call(1) != nil || b.Call(-1) != nil {
		t.Error("a call that was not made is found")
	}
	if got := b.Hearers(); !slices.Equal(got, []outcry.Hearer{{Shop: "shop_a", State: outcry.CallWaiting}}) {
		t.Errorf("called %v", got)
	}
}

func TestBoard_OfferExpiresAtItsTime(t *testing.T) {
	t.Parallel()
	request := outcry.NewID(outcry.RequestPrefix, noon, chance(3))
	b := outcry.NewBoard(outcry.Request{ID: request, Accepts: 1, State: outcry.RequestOpen})
	b.Apply(outcry.Event{Wave: &outcry.Wave{N: 1, Calls: []outcry.Called{{N: 0, Shop: "shop_a"}}}})
	b.Apply(outcry.Event{Kind: outcry.EventOffer, Offer: &outcry.Offer{Bid: outcry.Bid{ValidUntil: noon}}})
	c := b.Called("shop_a")
	if got := b.OfferState(c, noon.Add(-1)); got != outcry.OfferLive || b.Live(noon.Add(-1)) != 1 {
		t.Errorf("just before: %s", got)
	}
	if got := b.OfferState(c, noon); got != outcry.OfferExpired || b.Live(noon) != 0 {
		t.Errorf("at its time: %s", got)
	}
	if b.CallState(c) != outcry.CallOffered {
		t.Error("an expired offer is an answer all the same")
	}
}
