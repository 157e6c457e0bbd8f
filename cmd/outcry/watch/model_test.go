package watch_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"

	"outcry"
	"outcry/cmd/outcry/watch"
	"outcry/shop"
	"outcry/wire"
	"outcry/wire/dial"
)

// does fails where what was done is not exactly that.
func (v *view) does(t *testing.T, did ...string) {
	t.Helper()
	if diff := cmp.Diff(did, v.did); diff != "" {
		t.Error(diff)
	}
	v.did = nil
}

func offerID(n int) string { return outcry.OfferID(request(n), 0) }

func TestHello_HoldsTheBookAndShowsWhatStands(t *testing.T) {
	t.Parallel()
	offered, gone := call(2), call(3)
	offered.State, offered.Offer = outcry.CallOffered, &wire.Offer{ID: offerID(2), Price: pounds(410), State: outcry.OfferLive, ValidUntil: at(time.Hour)}
	gone.State, gone.Offer = outcry.CallOffered, &wire.Offer{ID: offerID(3), Price: pounds(999), State: outcry.OfferLost}
	v := &view{now: begin, till: &till{
		calls:  map[outcry.CallState][]wire.Call{outcry.CallWaiting: {call(1)}, outcry.CallOffered: {gone, offered}},
		orders: []wire.Order{order(5, outcry.OrderCompleted), order(4, outcry.OrderPlaced)},
	}}
	v.begin(watch.Screen{})
	v.does(t, "ack 3")
	v.shows(t, "Leith Walk Bakery", "1 waiting, 1 to confirm", "number 1", "offered £4.10", "ordered £4.80: c/x", "!9.99", "!completed")
	if v.chosen() != "number 1" {
		t.Errorf("%q is chosen", v.chosen())
	}
	v.hear(shop.Event{Kind: wire.EventBook, Book: &wire.BookNews{Version: 4}})
	v.does(t, "ack 4")
}

func TestPrice_DigitsAndEnterOfferForAll(t *testing.T) {
	t.Parallel()
	v := watching(watch.Screen{}, 2)
	v.press("down", "4", ".", "5", "5", "backspace", "x", "0")
	v.shows(t, "Offer for all 2 Bakery: 4.50▏ GBP", "enter offer")
	v.does(t)
	v.press("enter")
	v.does(t, fmt.Sprintf("offer %s £4.50 %q", callID(2), ""))
	v.shows(t, "Offered £4.50 for Bakery.", "offered £4.50", "stands until 10:13:00", "1 waiting")
}

func TestPrice_WhatIsNoPriceIsToldAndNotSent(t *testing.T) {
	t.Parallel()
	for keys, want := range map[string]string{"4..5": "write an amount", "4.505": "at most 2 decimals", "9": "Above the budget of £6"} {
		v := watching(watch.Screen{}, 1)
		v.press(strings.Split(keys, "")...)
		if want != "Above the budget of £6" {
			v.press("enter")
		}
		v.does(t)
		v.shows(t, want, "Offer for all 2 Bakery: "+keys)
		v.press("esc")
		v.shows(t, "!Offer for all")
	}
	c := call(1)
	c.Request.Budget = nil
	v := watching(watch.Screen{}, 0)
	v.call(c)
	v.press("4", "enter")
	v.does(t)
	v.shows(t, "--currency GBP")
	v = watching(watch.Screen{Currency: "KRW"}, 0)
	v.call(c)
	v.press("4", "enter")
	v.does(t, fmt.Sprintf("offer %s ₩4 %q", callID(1), ""))
}

func TestPrice_NewCallsNeverTakeTheChoiceOrTheTyping(t *testing.T) {
	t.Parallel()
	v := watching(watch.Screen{}, 3)
	v.press("j", "4")
	for n := range 5 {
		v.call(call(10 + n))
	}
	v.end(1, outcry.CallMissed, outcry.ClosedDeadline)
	v.press("2", "enter")
	v.does(t, fmt.Sprintf("offer %s £42 %q", callID(2), ""))
	if v.chosen() != "number 2" {
		t.Errorf("%q is chosen", v.chosen())
	}
}

func TestTemplate_IsTheListsPriceTimesTheQuantity(t *testing.T) {
	t.Parallel()
	v := watching(watch.Screen{List: prices(t)}, 1)
	v.shows(t, "t £4.80", "t offers £4.80, in 5 min")
	v.press("t")
	v.does(t, fmt.Sprintf("offer %s £4.80 %q", callID(1), "Still warm"))
	v.press("5", "enter")
	v.does(t, fmt.Sprintf("revise %s 1 £5", offerID(1)))
}

func TestTemplate_IsTheLastPriceOfTheSameCode(t *testing.T) {
	t.Parallel()
	v := watching(watch.Screen{}, 2)
	v.press("t")
	v.does(t)
	v.shows(t, "No price is known for Bakery", "!t offers")
	v.press("4", ".", "8", "1", "enter", "j", "t")
	v.does(t, fmt.Sprintf("offer %s £4.81 %q", callID(1), ""), fmt.Sprintf("offer %s £4.81 %q", callID(2), ""))
	books, three := call(3), call(4)
	books.Request.Code, three.Request.Quantity = "osm:shop=books", 3
	v.call(books)
	v.call(three)
	v.press("j", "t", "j", "t")
	v.does(t, fmt.Sprintf("offer %s £7.22 %q", callID(4), "")) // 3 times £2.405, the half upwards
}

func TestOffer_TheScreenGoesOnWhileItIsOnItsWay(t *testing.T) {
	t.Parallel()
	v := watching(watch.Screen{List: prices(t)}, 2)
	v.held = true
	v.press("t")
	v.shows(t, "offering £4.80…")
	v.press("t", "d", "7")
	v.shows(t, "Wait a moment: offering £4.80.", "!Decline", "!Offer for")
	v.press("j", "9")
	v.shows(t, "Offer for all 2 Bakery: 9▏")
	v.press("esc")
	v.does(t)
	v.release()
	v.does(t, fmt.Sprintf("offer %s £4.80 %q", callID(1), "Still warm"))
	v.shows(t, "offered £4.80")
}

func TestOffer_ALateOneSaysWhyItWasNotTaken(t *testing.T) {
	t.Parallel()
	v := watching(watch.Screen{}, 2)
	v.err = &outcry.Error{Kind: outcry.Closed, Code: "request_closed", Msg: "the request closed at 09:58:03: enough offers"}
	v.press("4", "enter")
	v.shows(t, "Bakery: not taken: The request closed at 09:58:03: enough offers", "Not taken: The request closed", "!offered £4")
	v.end(1, outcry.CallClosed, outcry.ClosedEnough)
	v.shows(t, "closed, enough offers")
	v.did, v.err = nil, nil
	v.press("4", "enter", "t")
	v.does(t)
	v.shows(t, "It takes no more answers: closed, enough offers.")
	v.now = begin.Add(61 * time.Second)
	v.press("j", "4", "enter")
	v.does(t)
	v.shows(t, "time is up", "0 waiting")
}

func TestOffer_TimeThatRunsOutWhileTypingIsTold(t *testing.T) {
	t.Parallel()
	v := watching(watch.Screen{}, 1)
	v.press("4")
	v.now = begin.Add(time.Minute)
	v.press("enter")
	v.does(t)
	v.shows(t, "It takes no more answers: time is up.", "!Offer for")
}

func TestDecline_AsksForAReason(t *testing.T) {
	t.Parallel()
	v := watching(watch.Screen{}, 3)
	v.press("d")
	v.shows(t, "Decline Bakery?", "1 not in stock", "6 no reason")
	v.press("esc", "d", "9", "2")
	v.does(t, fmt.Sprintf("decline %s %q", callID(1), "fully booked"))
	v.shows(t, "Declined Bakery.", "declined")
	v.press("d", "t", "4")
	v.does(t)
	v.shows(t, "It was declined.")
	v.press("j", "d", "6")
	v.does(t, fmt.Sprintf("decline %s %q", callID(2), ""))
	v.press("j", "4", "enter", "d")
	v.shows(t, "An offer stands: take it back with u first.")
}

func TestWithdraw_TakesTheLastOfferBackThenTheOneBefore(t *testing.T) {
	t.Parallel()
	v := watching(watch.Screen{}, 3)
	v.press("u")
	v.shows(t, "No offer stands")
	v.press("4", "enter", "j", "5", "enter", "k", "6", "enter", "j", "j")
	v.did = nil
	v.press("u", "u", "u")
	v.does(t, fmt.Sprintf("withdraw %s 2", offerID(1)), fmt.Sprintf("withdraw %s 1", offerID(2)))
	v.shows(t, "withdrawn £6", "withdrawn £5", "No offer stands")
	v.press("home", "3", "enter") // while there is time it may be offered anew
	v.does(t, fmt.Sprintf("offer %s £3 %q", callID(1), ""))
}

func TestOrder_AppearsAndIsConfirmedThenFulfilled(t *testing.T) {
	t.Parallel()
	v := watching(watch.Screen{}, 2)
	v.press("4", "enter", "j")
	v.order(order(1, outcry.OrderPlaced))
	v.shows(t, "Ordered: Bakery for £4.80. Confirm it with c", "1 waiting, 1 to confirm")
	if v.chosen() != "number 2" {
		t.Errorf("the order took the choice: %q", v.chosen())
	}
	v.did = nil
	v.press("c")
	v.shows(t, "It is no order yet.")
	v.press("k", "t", "u", "5")
	v.does(t)
	v.shows(t, "its terms are fixed", "ring twice")
	v.press("f", "c", "c", "f")
	v.does(t, "confirm ord_1", "fulfil ord_1")
	v.shows(t, "fulfilled", "1 waiting", "!1 to confirm")
}

func TestOrder_IsRefusedWithAReasonOrNotTakenBack(t *testing.T) {
	t.Parallel()
	v := watching(watch.Screen{}, 0)
	v.order(order(7, outcry.OrderPlaced)) // of a call that was never seen here
	v.press("x", "1")
	v.does(t, `refuse ord_7 "not in stock any more"`)
	v.shows(t, "refused")
	v.order(order(8, outcry.OrderPlaced))
	v.press("j", "x", "esc")
	v.did = nil
	late := order(8, outcry.OrderCancelled)
	late.Reason, late.UpdatedAt = "changed my\x1b[2J mind", at(2*time.Second)
	v.order(late)
	v.shows(t, "Cancelled: Bakery for £4.80. changed my mind", "cancelled")
	v.order(order(8, outcry.OrderPlaced)) // told late
	v.shows(t, "cancelled")
}

func TestMessages_AreCountedReadAndAnswered(t *testing.T) {
	t.Parallel()
	v := watching(watch.Screen{}, 2)
	v.say(2, "msg_1", "Is it\x1b[31m fresh?")
	v.say(2, "msg_1", "Is it fresh?") // told twice
	v.shows(t, "Bakery: the buyer writes: Is it fresh?", "(1) waiting")
	v.messages = []wire.Message{{ID: "msg_0", From: outcry.PartyShop, Text: "Hello"}, {ID: "msg_1", From: outcry.PartyBuyer, Text: "Is it fresh?"}}
	v.press("j", "m", "Y", "e", "s", "space", "q")
	v.shows(t, "You: Hello", "Buyer: Is it fresh?", "> Yes q▏")
	v.err = errors.New("no server answers")
	v.press("enter")
	v.shows(t, "Not sent: no server answers", "> Yes q▏")
	v.err, v.did = nil, nil
	v.press("backspace", "backspace", "enter")
	v.does(t, fmt.Sprintf("say %s %q", callID(2), "Yes"))
	v.shows(t, "You: Yes", "> ▏")
	v.say(2, "msg_3", "Good")
	v.shows(t, "Buyer: Good")
	v.press("esc")
	v.shows(t, "!(1)")
	v.say(9, "msg_4", "anybody?") // of a call that is not kept
	v.shows(t, "A buyer writes: anybody?")
}

func TestMessages_HoldNoMoreThanMayBeSent(t *testing.T) {
	t.Parallel()
	v := watching(watch.Screen{}, 1)
	v.press("m")
	v.send(tea.PasteMsg{Content: strings.Repeat("빵", outcry.MaxMessage+5)})
	v.press("x", "enter")
	if want := fmt.Sprintf("say %s %q", callID(1), strings.Repeat("빵", outcry.MaxMessage)); len(v.did) != 1 || v.did[0] != want {
		t.Error("another text was sent")
	}
}

func TestPaste_IsNoKeys(t *testing.T) {
	t.Parallel()
	v := watching(watch.Screen{List: prices(t)}, 1)
	v.send(tea.PasteMsg{Content: "tq\r5"})
	if v.does(t); v.left {
		t.Error("it left")
	}
}

func TestBell_RingsOnceForANewCallAndOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	v := watching(watch.Screen{Bell: true}, 2)
	v.call(call(2)) // once more, as after a reset
	if v.rang != 2 {
		t.Errorf("it rang %d times for 2 calls", v.rang)
	}
	if v := watching(watch.Screen{}, 2); v.rang != 0 {
		t.Error("it rang unasked")
	}
}

func TestLine_WhatClosedWhileItWasLostIsSeenAfterAReset(t *testing.T) {
	t.Parallel()
	v := watching(watch.Screen{}, 3)
	v.press("4", "enter")
	v.hear(shop.Event{Kind: dial.Lost, Err: errors.New("broken")})
	v.shows(t, "No connection since 09:58:00. Trying again.")
	v.calls[outcry.CallWaiting] = []wire.Call{call(3), call(1)} // 1 as it was before the offer
	v.hear(shop.Event{Kind: wire.EventReset})
	v.hear(shop.Event{Kind: dial.Back})
	v.shows(t, "Back on the line.", "!No connection", "1 waiting", "closed", "offered £4")
	v.call(call(2)) // it waits after all
	v.shows(t, "2 waiting", "!closed")
}

func TestLine_AnEndThatCannotBeMendedLeaves(t *testing.T) {
	t.Parallel()
	v := watching(watch.Screen{}, 1)
	v.send(watch.Heard{Err: errors.New("the key was removed")})
	if m, ok := v.model.(watch.Model); !v.left || !ok || m.Err == nil {
		t.Error("it goes on")
	}
}

func TestLines_WhatIsOverGoesButNotUnderTheCursor(t *testing.T) {
	t.Parallel()
	v := watching(watch.Screen{}, 3)
	v.end(1, outcry.CallClosed, outcry.ClosedWithdrawn)
	v.end(2, outcry.CallClosed, outcry.ClosedWithdrawn)
	v.tick()
	v.now = begin.Add(59 * time.Second)
	v.tick()
	v.shows(t, "number 1", "number 2", "closed, buyer left")
	v.now = begin.Add(61 * time.Second)
	v.tick()
	v.shows(t, "number 1", "!number 2", "number 3")
	v.press("j")
	v.tick()
	v.shows(t, "!number 1", "number 3")
}

func TestLines_AreBoundedAndTheOldestThatIsOverMakesRoom(t *testing.T) {
	t.Parallel()
	v := watching(watch.Screen{}, 500)
	v.call(call(501))
	v.shows(t, "1 call not shown: too many at once.", "500 waiting")
	v.end(7, outcry.CallClosed, outcry.ClosedEnough)
	v.call(call(502))
	v.press("end")
	if v.chosen() != "number 502" {
		t.Errorf("the end is %q", v.chosen())
	}
}

func TestKeys_HelpMoveAndLeave(t *testing.T) {
	t.Parallel()
	v := watching(watch.Screen{}, 3)
	v.press("?")
	v.shows(t, "take the last offer back", "!number 1")
	v.press("q")
	v.shows(t, "number 1")
	v.press("down", "j", "j", "j")
	if v.chosen() != "number 3" {
		t.Errorf("%q is chosen", v.chosen())
	}
	v.press("k", "up", "up")
	if v.chosen() != "number 1" || v.left {
		t.Errorf("%q is chosen", v.chosen())
	}
	if v.press("q"); !v.left {
		t.Error("q stays")
	}
	none := watching(watch.Screen{}, 0)
	none.press("t", "d", "c", "x", "m", "u", "5", "enter", "j")
	if none.does(t); none.left {
		t.Error("it left")
	}
	if none.press("ctrl+c"); !none.left {
		t.Error("ctrl+c stays")
	}
}
