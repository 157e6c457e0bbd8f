package watch_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"outcry"
	"outcry/cmd/outcry/pricelist"
	"outcry/cmd/outcry/watch"
	"outcry/shop"
	"outcry/wire"
)

// begin is when the calls of these tests come.
var begin = time.Date(2026, 11, 23, 9, 58, 0, 0, time.UTC)

func at(after time.Duration) wire.Time { return wire.Time(begin.Add(after)) }

func pounds(pence int64) outcry.Money { return outcry.Money{Amount: pence, Currency: "GBP"} }

// request is the id of the request of call n.
func request(n int) string { return fmt.Sprintf("req_%026d", n) }

func callID(n int) string { return outcry.CallID(request(n), 0) }

// call is a call for two loaves, with a minute to answer.
func call(n int) wire.Call {
	return wire.Call{
		ID: callID(n), ShopID: "shop_1", State: outcry.CallWaiting, CalledAt: at(0), Deadline: at(time.Minute), Wave: 1,
		Request: wire.Need{Code: "osm:shop=bakery", Quantity: 2, DistanceM: 850, Budget: &wire.Budget{Max: pounds(600)}, Note: fmt.Sprintf("number %d", n)},
	}
}

// order is what the buyer made of the offer for call n.
func order(n int, state outcry.OrderState) wire.Order {
	return wire.Order{
		ID: fmt.Sprintf("ord_%d", n), RequestID: request(n), OfferID: outcry.OfferID(request(n), 0), State: state,
		Terms: wire.Terms{Code: "osm:shop=bakery", Quantity: 2, Price: pounds(480), AcceptedAt: at(0)},
		Buyer: wire.OrderBuyer{Name: "Guest", Contact: "ring twice"}, UpdatedAt: at(time.Second),
	}
}

// till is a shop's line to a market that notes what is done and takes it all,
// but where err is set.
type till struct {
	calls    map[outcry.CallState][]wire.Call
	orders   []wire.Order
	messages []wire.Message
	err      error
	did      []string
	ended    chan struct{} // closed when the watch is over; nil holds no line
}

func (s *till) note(format string, args ...any) error {
	s.did = append(s.did, fmt.Sprintf(format, args...))
	return s.err
}

func (s *till) Watch(ctx context.Context, _ int64) iter.Seq2[shop.Event, error] {
	return func(yield func(shop.Event, error) bool) {
		if s.ended == nil {
			return
		}
		defer close(s.ended)
		if yield(hello(), nil) {
			<-ctx.Done()
		}
	}
}

func (s *till) Acknowledge(_ context.Context, version int) (wire.Book, error) {
	return wire.Book{}, s.note("ack %d", version)
}

func list[T any](items []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, i := range items {
			if !yield(i, nil) {
				return
			}
		}
	}
}

func (s *till) Calls(_ context.Context, states ...outcry.CallState) iter.Seq2[wire.Call, error] {
	return list(s.calls[states[0]])
}

func (s *till) Offer(_ context.Context, call string, bid wire.Bid) (wire.Offer, error) {
	request, n, _ := outcry.RequestOf(call)
	o := wire.Offer{
		ID: outcry.OfferID(request, n), CallID: call, Version: 1, State: outcry.OfferLive, Price: bid.Price, ValidUntil: at(15 * time.Minute),
	}
	return o, s.note("offer %s %s %q", call, bid.Price, bid.Message)
}

func (s *till) Revise(_ context.Context, offer string, version int, bid wire.Bid) (wire.Offer, error) {
	o := wire.Offer{ID: offer, Version: version + 1, State: outcry.OfferLive, Price: bid.Price, ValidUntil: at(15 * time.Minute)}
	return o, s.note("revise %s %d %s", offer, version, bid.Price)
}

func (s *till) Withdraw(_ context.Context, offer string, version int) error {
	return s.note("withdraw %s %d", offer, version)
}

func (s *till) Decline(_ context.Context, call, reason string) error {
	return s.note("decline %s %q", call, reason)
}

func (s *till) Order(_ context.Context, id string) (wire.Order, error) {
	i := slices.IndexFunc(s.orders, func(o wire.Order) bool { return o.ID == id })
	return s.orders[i], nil
}

func (s *till) Orders(context.Context) iter.Seq2[wire.Order, error] { return list(s.orders) }

// turn gives an order a state.
func (s *till) turn(ctx context.Context, id string, state outcry.OrderState) (wire.Order, error) {
	if s.err != nil {
		return wire.Order{}, s.err
	}
	o, _ := s.Order(ctx, id)
	o.State, o.UpdatedAt = state, at(time.Minute)
	return o, nil
}

func (s *till) Confirm(ctx context.Context, id string) (wire.Order, error) {
	s.err = s.note("confirm %s", id)
	return s.turn(ctx, id, outcry.OrderConfirmed)
}

func (s *till) Refuse(ctx context.Context, id, reason string) (wire.Order, error) {
	s.err = s.note("refuse %s %q", id, reason)
	return s.turn(ctx, id, outcry.OrderRefused)
}

func (s *till) Fulfil(ctx context.Context, id string) (wire.Order, error) {
	s.err = s.note("fulfil %s", id)
	return s.turn(ctx, id, outcry.OrderFulfilled)
}

func (s *till) Messages(context.Context, string) iter.Seq2[wire.Message, error] {
	return list(s.messages)
}

func (s *till) Say(_ context.Context, call, text string) (wire.Message, error) {
	m := wire.Message{ID: "msg_" + text, From: outcry.PartyShop, Text: text, CreatedAt: at(0)}
	return m, s.note("say %s %q", call, text)
}

// tree is a tree of codes.
type tree map[string]wire.Signal

func (t tree) Signal(_ context.Context, code string) (wire.Signal, error) {
	s, ok := t[code]
	if !ok {
		return s, &outcry.Error{Kind: outcry.NotFound, Code: "not_found", Msg: "this code is not known"}
	}
	return s, nil
}

var signals = tree{
	"osm:shop=bakery": {Code: "osm:shop=bakery", Name: "Bakery", Names: map[string]string{"ko": "제과점"}, Parent: "osm:shop"},
	"osm:shop=books":  {Code: "osm:shop=books", Name: "Books", Parent: "osm:shop"},
	"osm:shop":        {Code: "osm:shop", Name: "Shop"},
}

// prices has one line, for a code above that of the calls.
func prices(t *testing.T) pricelist.List {
	t.Helper()
	l, err := pricelist.Read(strings.NewReader("code,price,currency,message,lead_minutes\nosm:shop,2.40,GBP,Still warm,5\n"))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// view drives a model without a terminal. What it wants done is done at once, or
// later where it is held.
type view struct {
	*till
	model tea.Model
	now   time.Time
	left  bool
	rang  int
	held  bool
	later []tea.Cmd
}

func hello() shop.Event {
	return shop.Event{Kind: wire.EventHello, Hello: &wire.Hello{ShopID: "shop_1", Name: "Leith Walk Bakery", Book: wire.Book{Version: 3}, At: at(0)}}
}

// watching is a view that has said hello, with calls 1 to n.
func watching(s watch.Screen, n int) *view {
	v := &view{till: &till{calls: map[outcry.CallState][]wire.Call{}}, now: begin}
	v.begin(s)
	for i := range n {
		v.call(call(i + 1))
	}
	v.did = nil
	return v
}

func (v *view) begin(s watch.Screen) {
	s.Codes = watch.Codes{Signals: signals, Locale: s.Codes.Locale}
	bind := func(work func(context.Context) tea.Msg) tea.Cmd {
		return func() tea.Msg { return work(context.Background()) }
	}
	v.model = watch.Start(s, v.till, bind, func() time.Time { return v.now })
	v.hear(hello())
}

func (v *view) send(msg tea.Msg) {
	var cmd tea.Cmd
	v.model, cmd = v.model.Update(msg)
	if v.held && cmd != nil {
		v.later = append(v.later, cmd)
		return
	}
	v.run(cmd)
}

func (v *view) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			v.run(c)
		}
	case tea.QuitMsg:
		v.left = true
	case tea.RawMsg:
		if msg.Msg == "\a" {
			v.rang++
		}
	default:
		v.send(msg)
	}
}

// release does what was held.
func (v *view) release() {
	v.held = false
	for _, cmd := range v.later {
		v.run(cmd)
	}
	v.later = nil
}

func (v *view) hear(e shop.Event) { v.send(watch.Heard{Event: e}) }

func (v *view) call(c wire.Call) { v.hear(shop.Event{Kind: wire.EventCall, Call: &c}) }

func (v *view) say(n int, id, text string) {
	m := wire.Message{ID: id, RequestID: request(n), From: outcry.PartyBuyer, Text: text, CreatedAt: at(0)}
	v.hear(shop.Event{Kind: wire.EventMessage, Message: &m})
}

func (v *view) order(o wire.Order) {
	v.orders = append(slices.DeleteFunc(v.orders, func(x wire.Order) bool { return x.ID == o.ID }), o)
	v.hear(shop.Event{Kind: wire.EventOrder, Order: &wire.OrderNews{ID: o.ID, RequestID: o.RequestID, OfferID: o.OfferID, State: o.State}})
}

func (v *view) end(n int, state outcry.CallState, why outcry.ClosedReason) {
	v.hear(shop.Event{Kind: wire.EventClosed, Closed: &wire.ClosedCall{ID: callID(n), State: state, Reason: why, ClosedAt: wire.Time(v.now)}})
}

// press sends keys, such as "j", "enter" or "ctrl+c".
func (v *view) press(keys ...string) {
	special := map[string]tea.KeyPressMsg{
		"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown},
		"backspace": {Code: tea.KeyBackspace}, "home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd},
		"ctrl+c": {Code: 'c', Mod: tea.ModCtrl}, "space": {Code: tea.KeySpace, Text: " "},
	}
	for _, k := range keys {
		msg, ok := special[k]
		if !ok {
			msg = tea.KeyPressMsg{Code: []rune(k)[0], Text: k}
		}
		v.send(msg)
	}
}

func (v *view) picture() string { return ansi.Strip(v.model.View().Content) }

// shows fails where the picture has not all the words, or has one that begins
// with "!".
func (v *view) shows(t *testing.T, words ...string) {
	t.Helper()
	picture := v.picture()
	for _, w := range words {
		unwanted, not := strings.CutPrefix(w, "!")
		if strings.Contains(picture, unwanted) == not {
			t.Errorf("%q is wrong in:\n%s", w, picture)
		}
	}
}

// chosen is the note of the chosen line.
func (v *view) chosen() string {
	for line := range strings.Lines(v.picture()) {
		if strings.HasPrefix(line, "❯") {
			_, note, _ := strings.Cut(line, `"`)
			note, _, _ = strings.Cut(note, `"`)
			return note
		}
	}
	return ""
}

// tick lets the view see what time it is.
func (v *view) tick() { v.model, _ = v.model.Update(watch.Tick()) }
