package shop_test

import (
	"context"
	"fmt"
	"sync"
	"time"

	"outcry"
	"outcry/shop"
	"outcry/wire"
	"outcry/wire/dial"
)

// A shop server pairs, acknowledges its book and answers every call.
func Example() {
	market := open()
	defer market.Close()
	market.line = &counter{frames: []wire.Frame{
		{Type: wire.EventHello, Data: wire.Hello{Name: "Bakery", Book: wire.Book{Version: 3}}},
		{Type: wire.EventCall, Seq: 8, Data: bread},
	}}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()

	client, err := shop.Pair(ctx, shop.Config{Server: market.URL}, "ABCD-EFGH", "till 1")
	if err != nil {
		fmt.Println(err)
		return
	}
	line := client.Open(ctx, 0)
	defer line.Close()
	for e, err := range line.Events(ctx) {
		if err != nil {
			fmt.Println(err)
			return
		}
		switch {
		case e.Hello != nil:
			book, err := line.Acknowledge(ctx, e.Hello.Book.Version)
			fmt.Println(e.Hello.Name, "holds version", book.Acknowledged, err)
		case e.Call != nil:
			offer, err := line.Offer(ctx, e.Call.ID, wire.Bid{Price: outcry.Money{Amount: 240, Currency: "GBP"}})
			fmt.Println("called for", e.Call.Request.Code, "and offered", offer.Price, err)
			return
		}
	}
	// Output:
	// Bakery holds version 3 <nil>
	// called for osm:shop=bakery and offered £2.40 <nil>
}

// A shop prices by a rule: so much a loaf, a tenth off from six loaves on, and
// never more than twelve. Many calls are answered at once; what cannot be
// answered is said.
func ExampleLine_Offer() {
	market, client := atBakery(
		wire.Call{ID: "call_1", Request: wire.Need{Code: "osm:shop=bakery", Quantity: 2}},
		wire.Call{ID: "call_2", Request: wire.Need{Code: "osm:shop=bakery", Quantity: 6}},
		wire.Call{ID: "call_3", Request: wire.Need{Code: "osm:shop=bakery", Quantity: 40}},
	)
	defer market.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	price := func(loaves int) (outcry.Money, bool) {
		pence := 240 * int64(loaves)
		if loaves >= 6 {
			pence -= pence / 10
		}
		return outcry.Money{Amount: pence, Currency: "GBP"}, loaves <= 12
	}
	answer := func(line *shop.Line, call wire.Call) string {
		asked, ok := price(call.Request.Quantity)
		if !ok {
			return fmt.Sprint(call.ID, " declined ", line.Decline(ctx, call.ID, "we bake twelve at most"))
		}
		offer, err := line.Offer(ctx, call.ID, wire.Bid{Price: asked})
		if err != nil {
			return fmt.Sprint(call.ID, " ", outcry.KindOf(err)) // "closed": others were faster
		}
		return fmt.Sprint(call.ID, " ", offer.Price)
	}

	line := client.Open(ctx, 0)
	defer line.Close()
	var answering sync.WaitGroup
	said := make([]string, 3)
	calls := 0
	for e, err := range line.Events(ctx) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if e.Call == nil {
			continue
		}
		answering.Go(func() { said[e.Seq-1] = answer(line, *e.Call) })
		if calls++; calls == len(said) {
			break
		}
	}
	answering.Wait()
	for _, s := range said {
		fmt.Println(s)
	}
	// Output:
	// call_1 £4.80
	// call_2 £12.96
	// call_3 declined <nil>
}

// A shop hears that its offer became an order, looks at its terms and confirms
// it. It keeps the cursor, so that after a restart it goes on where it was.
func ExampleLine_Events() {
	market, client := atBakery(bread)
	defer market.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	kept := int64(0) // out of a file, say

	line := client.Open(ctx, kept)
	defer line.Close()
	for e, err := range line.Events(ctx) {
		switch {
		case err != nil:
			fmt.Println(err) // the key was removed, say
			return
		case e.Kind == dial.Lost:
			fmt.Println("no line to the market, trying again:", e.Err)
		case e.Call != nil:
			price := outcry.Money{Amount: 240, Currency: "GBP"}
			if _, err := line.Offer(ctx, e.Call.ID, wire.Bid{Price: price, Message: "accept me"}); err != nil {
				fmt.Println(err)
			}
		case e.Order != nil && e.Order.State == outcry.OrderPlaced:
			order, err := client.Confirm(ctx, e.Order.ID)
			kept = line.Cursor()
			fmt.Println("confirmed", order.ID, err, "and keeps", kept)
			return
		}
	}
	// Output:
	// confirmed ord_1 <nil> and keeps 50
}

// atBakery is a market that makes those calls, and a client of its bakery.
func atBakery(calls ...wire.Call) (*market, *shop.Client) {
	m := open()
	m.line = &counter{}
	for i, c := range calls {
		m.line.frames = append(m.line.frames, wire.Frame{Type: wire.EventCall, Seq: int64(i + 1), Data: c})
	}
	return m, shop.New(shop.Config{Server: m.URL, Key: "ock_1", Shop: "shop_1"})
}
