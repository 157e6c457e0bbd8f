package live_test

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"outcry"
	"outcry/buyer"
	"outcry/cmd/outcry/live"
	"outcry/wire"
	"outcry/wire/dial"
)

// counter is a market that notes what it is asked, and answers with the board
// and the order that a test has laid out.
type counter struct {
	board wire.Board
	order wire.Order
	err   error // of whatever changes something
	did   []string
}

func (c *counter) note(format string, args ...any) error {
	c.did = append(c.did, fmt.Sprintf(format, args...))
	return c.err
}

func (c *counter) Watch(context.Context, string, int64) iter.Seq2[buyer.Event, error] {
	return func(func(buyer.Event, error) bool) {}
}

func (c *counter) Board(_ context.Context, _ string, by outcry.Rank) (wire.Board, error) {
	c.did = append(c.did, "board "+string(by))
	return c.board, nil
}

func (c *counter) Signal(_ context.Context, code string) (wire.Signal, error) {
	return map[string]wire.Signal{
		"osm:shop=bakery": {Code: code, Name: "Bakery", Parent: "osm:shop"}, "osm:shop": {Code: code, Name: "Shop"},
	}[code], nil
}

func (c *counter) Withdraw(_ context.Context, request string) (wire.Request, error) {
	c.board.Request.State, c.board.Request.ClosedReason = outcry.RequestClosed, outcry.ClosedWithdrawn
	return wire.Request{}, c.note("withdraw %s", request)
}

func (c *counter) Extend(_ context.Context, _ string, e wire.Extension) (wire.Request, error) {
	return wire.Request{}, c.note("extend %.0f s", *e.DeadlineS)
}

func (c *counter) Widen(_ context.Context, _ string, w wire.Widening) (wire.Request, error) {
	return wire.Request{}, c.note("widen %d %s", w.RadiusM, w.Code)
}

func (c *counter) Accept(_ context.Context, offer string, version int, contact string) (wire.Order, error) {
	return c.order, c.note("accept %s %d %s", offer, version, contact)
}

func (c *counter) Order(context.Context, string) (wire.Order, error) { return c.order, nil }

func (c *counter) Complete(_ context.Context, order string) (wire.Order, error) {
	c.order.State = outcry.OrderCompleted
	return c.order, c.note("complete %s", order)
}

func (c *counter) Rate(_ context.Context, order string, stars int, _ string) (wire.Rating, error) {
	return wire.Rating{}, c.note("rate %s %d", order, stars)
}

// view drives a model without a terminal: what it wants done is done at once.
type view struct {
	*counter
	model tea.Model
	left  bool
}

// watching is a view of the standing board, 18 s after it was asked.
func watching() *view {
	c := &counter{board: standing().Board, order: *accepted(outcry.OrderPlaced)}
	bind := func(work func(context.Context) tea.Msg) tea.Cmd {
		return func() tea.Msg { return work(context.Background()) }
	}
	screen := live.Screen{Request: asked(), Name: "Bakery", Contact: "ring twice"}
	v := &view{counter: c, model: live.Start(screen, c, bind, func() time.Time { return begin.Add(18 * time.Second) })}
	v.hear(buyer.Event{Kind: wire.EventCalled, Called: &wire.Called{Shops: []wire.BoardShop{{ID: "shop_e", Name: "Slow Bakery"}}}})
	c.did = nil
	return v
}

func (v *view) send(msg tea.Msg) {
	var cmd tea.Cmd
	v.model, cmd = v.model.Update(msg)
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
	default:
		v.send(msg)
	}
}

func (v *view) hear(e buyer.Event) { v.send(live.Heard{Event: e}) }

// press sends keys, such as "j", "enter" or "ctrl+c".
func (v *view) press(keys ...string) {
	special := map[string]tea.KeyPressMsg{
		"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown},
		"ctrl+c": {Code: 'c', Mod: tea.ModCtrl},
	}
	for _, k := range keys {
		msg, ok := special[k]
		if !ok {
			msg = tea.KeyPressMsg{Code: rune(k[0]), Text: k}
		}
		v.send(msg)
	}
}

// shows fails where the picture has not all the words, or has one that begins
// with "!".
func (v *view) shows(t *testing.T, words ...string) {
	t.Helper()
	picture := ansi.Strip(v.model.View().Content)
	for _, w := range words {
		unwanted, not := strings.CutPrefix(w, "!")
		if strings.Contains(picture, unwanted) == not {
			t.Errorf("%q is wrong in:\n%s", w, picture)
		}
	}
}

func TestKeys_AcceptAsksFirstAndTakesTheVersionThatIsShown(t *testing.T) {
	t.Parallel()
	v := watching()
	v.press("down", "enter")
	v.shows(t, "Accept £1.95 from 연남 빵집?", "The terms are fixed then")
	if len(v.did) > 0 {
		t.Fatalf("before the answer it did %v", v.did)
	}
	v.press("y")
	if diff := cmp.Diff([]string{"accept off_b 2 ring twice", "board best"}, v.did); diff != "" {
		t.Error(diff)
	}
	v.shows(t, "Accepted £2.40 from Leith Walk Bakery", "Next: the shop confirms it.", "q leave")
}

func TestKeys_NothingButYesAccepts(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"n", "esc", "enter", "q", "x"} {
		v := watching()
		v.press("enter", key)
		if len(v.did) > 0 || v.left {
			t.Errorf("after %q it did %v", key, v.did)
		}
	}
}

func TestKeys_TheChoiceStaysInTheList(t *testing.T) {
	t.Parallel()
	v := watching()
	v.press("k", "up", "j", "j", "j", "down")
	v.shows(t, "❯ 3  The Very Long Name")
	v.press("k", "k", "k", "k")
	v.shows(t, "❯ 1  Leith Walk Bakery")
}

func TestKeys_AskFurther(t *testing.T) {
	t.Parallel()
	v := watching()
	v.press("w")
	v.shows(t, "Now asking within 6 km.")
	v.press("e")
	v.shows(t, "1:00 more to answer.")
	v.press("b")
	v.shows(t, "Now asking for Shop.", "fresh bread  Shop")
	want := []string{"widen 6000 ", "board best", "extend 102 s", "board best", "widen 0 osm:shop", "board best"}
	if diff := cmp.Diff(want, v.did); diff != "" {
		t.Error(diff)
	}
}

func TestKeys_NothingIsBroaderThanTheTop(t *testing.T) {
	t.Parallel()
	v := watching()
	v.board.Request.Code = "osm:shop"
	v.press("s", "b")
	v.shows(t, "There is nothing broader than Shop.")
}

func TestKeys_RankInTurn(t *testing.T) {
	t.Parallel()
	v := watching()
	v.press("s", "s", "s", "s", "s")
	want := []string{"board price", "board near", "board rating", "board soon", "board best"}
	if diff := cmp.Diff(want, v.did); diff != "" {
		t.Error(diff)
	}
}

func TestKeys_LeavingAnOpenRequestAsksAndWithdraws(t *testing.T) {
	t.Parallel()
	v := watching()
	v.press("q")
	v.shows(t, "Withdraw this request and leave?")
	v.press("n")
	if v.left || len(v.did) > 0 {
		t.Fatalf("no left it, or did %v", v.did)
	}
	v.press("q", "y")
	if diff := cmp.Diff([]string{"withdraw req_1", "board best"}, v.did); diff != "" || !v.left {
		t.Error(v.left, diff)
	}
	v.shows(t, "you withdrew it", "!leave?", "!q leave")
}

func TestKeys_ClosedRequestsAreLeftWithoutAQuestion(t *testing.T) {
	t.Parallel()
	v := watching()
	v.board = closed(standing(), outcry.ClosedEnough).Board
	v.hear(buyer.Event{Kind: wire.EventClosed, Closed: &wire.Closed{}})
	v.press("w", "q")
	if !v.left || len(v.did) != 1 {
		t.Errorf("left %v, did %v", v.left, v.did)
	}
}

func TestKeys_CtrlCLeavesAtOnce(t *testing.T) {
	t.Parallel()
	v := watching()
	v.press("enter", "ctrl+c")
	if !v.left || len(v.did) > 0 {
		t.Errorf("left %v, did %v", v.left, v.did)
	}
}

// revised is the news that the first offer has another price.
func revised(price outcry.Money) buyer.Event {
	o := offers()[0]
	o.Price, o.Version = price, o.Version+1
	return buyer.Event{Kind: wire.EventOfferRevised, Offer: &wire.OfferNews{BoardOffer: o}}
}

func TestEvents_AnOfferThatChangesUnderTheQuestionTakesTheQuestionAway(t *testing.T) {
	t.Parallel()
	v := watching()
	v.press("enter")
	v.board.Offers = offers()
	v.board.Offers[0].Price, v.board.Offers[0].Version = pounds(260), 2
	v.hear(revised(pounds(260)))
	v.shows(t, "This offer changed to £2.60 while you read. Look again.", "!Accept £")
	v.press("y")
	for _, did := range v.did {
		if strings.HasPrefix(did, "accept") {
			t.Errorf("a yes to the old price did %v", v.did)
		}
	}
}

func TestEvents_AWithdrawnOfferTakesTheQuestionAway(t *testing.T) {
	t.Parallel()
	v := watching()
	v.press("enter")
	news := wire.OfferNews{BoardOffer: offers()[0]}
	news.Version++
	v.board.Offers = offers()[1:]
	v.hear(buyer.Event{Kind: wire.EventOfferWithdrawn, Offer: &news})
	v.shows(t, "Leith Walk Bakery offers it no more.", "!Accept £")
}

func TestEvents_ABoardThatComesUnderTheQuestionIsLookedAtToo(t *testing.T) {
	t.Parallel()
	v := watching()
	v.press("enter")
	v.board.Offers = offers()
	v.board.Offers[0].Price, v.board.Offers[0].Version = pounds(260), 2
	v.hear(buyer.Event{Kind: wire.EventDeclined, Declined: &wire.Declined{}}) // something else happened
	v.shows(t, "This offer changed to £2.60 while you read. Look again.", "!Accept £")
}

func TestEvents_AChangedPriceKeepsTheOldOne(t *testing.T) {
	t.Parallel()
	v := watching()
	v.send(tea.WindowSizeMsg{Width: 120, Height: 60})
	v.board.Offers = offers()
	v.board.Offers[0].Price, v.board.Offers[0].Version = pounds(220), 2
	v.hear(revised(pounds(220)))
	v.shows(t, "Was £2.40. Nearest")
}

func TestEvents_ALostLineIsToldAndWhatCameMeanwhile(t *testing.T) {
	t.Parallel()
	v := watching()
	v.board.Offers = offers()[:1]
	v.hear(buyer.Event{Kind: wire.EventOffer, Offer: &wire.OfferNews{BoardOffer: offers()[0]}})
	v.hear(buyer.Event{Kind: dial.Lost})
	v.shows(t, "No connection since")
	v.board.Offers = offers()
	v.hear(buyer.Event{Kind: dial.Back})
	v.shows(t, "!No connection", "Back on the line. 2 offers came meanwhile.")
}

func TestEvents_AMessageNamesItsShop(t *testing.T) {
	t.Parallel()
	v := watching()
	v.hear(buyer.Event{Kind: wire.EventMessage, Message: &wire.Message{ShopID: "shop_e", From: outcry.PartyShop, Text: "White or\x1b[31m brown?"}})
	v.shows(t, "Slow Bakery says: White or brown?")
}

func TestOrder_IsFollowedToItsEnd(t *testing.T) {
	t.Parallel()
	v := watching()
	v.press("enter", "y", "c", "5")
	v.shows(t, "● placed   ○ confirmed")
	v.did = nil
	v.order.State, v.order.UpdatedAt = outcry.OrderFulfilled, *at(50 * time.Second)
	v.hear(buyer.Event{Kind: wire.EventOrder, Order: &wire.OrderNews{ID: "ord_1", State: outcry.OrderFulfilled}})
	v.shows(t, "Next: say that you have it.", "c I have it")
	v.press("c")
	v.shows(t, "Next: rate the shop, 1 to 5.", "1-5 stars")
	v.press("5", "4")
	v.shows(t, "Rated 5 stars.", "It is complete.", "!1-5 stars")
	want := []string{"board best", "complete ord_1", "board best", "rate ord_1 5", "board best"}
	if diff := cmp.Diff(want, v.did); diff != "" {
		t.Error(diff)
	}
}

func TestOrder_ARefusalBringsTheOtherOffersBack(t *testing.T) {
	t.Parallel()
	v := watching()
	v.press("enter", "y")
	v.order.State, v.order.Reason, v.order.UpdatedAt = outcry.OrderRefused, "sold out", *at(50 * time.Second)
	v.hear(buyer.Event{Kind: wire.EventOrder, Order: &wire.OrderNews{ID: "ord_1", State: outcry.OrderRefused}})
	v.shows(t, "The shop refused: sold out.", "연남 빵집", "!Accepted £")
}

func TestAccept_ARefusalOfTheServerIsTold(t *testing.T) {
	t.Parallel()
	v := watching()
	v.err = &outcry.Error{Kind: outcry.Conflict, Code: "offer_changed", Msg: "the offer is at version 2 (£64), not 1; look again"}
	v.press("enter", "y")
	v.shows(t, "The offer is at version 2 (£64), not 1; look again", "!Accepted £")
}

func TestWatch_ItsEndEndsTheView(t *testing.T) {
	t.Parallel()
	v := watching()
	gone := outcry.Missing("request")
	v.send(live.Heard{Err: gone})
	if m, ok := v.model.(live.Model); !ok || !v.left || outcry.KindOf(m.Err) != outcry.NotFound {
		t.Errorf("left %v with %+v", v.left, v.model)
	}
}

func TestWindow_FollowsTheTerminal(t *testing.T) {
	t.Parallel()
	v := watching()
	v.send(tea.WindowSizeMsg{Width: 60, Height: 21})
	v.shows(t, "1 more below")
	for line := range strings.SplitSeq(ansi.Strip(v.model.View().Content), "\n") {
		if len([]rune(line)) > 60 {
			t.Errorf("a line is too long: %q", line)
		}
	}
}
