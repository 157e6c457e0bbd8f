package shop_test

import (
	"context"
	"fmt"
	"time"

	"outcry"
	"outcry/shop"
	"outcry/wire"
)

// A shop server pairs, acknowledges its book and offers bread to whoever calls
// for it.
func Example() {
	market := open(event(7, wire.EventHello, wire.Hello{Name: "Bakery", Book: wire.Book{Version: 3}}) + event(8, wire.EventCall, bread))
	defer market.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()

	client, err := shop.Pair(ctx, shop.Config{Server: market.URL}, "ABCD-EFGH", "till 1")
	if err != nil {
		fmt.Println(err)
		return
	}
	for e, err := range client.Watch(ctx, 0) {
		if err != nil {
			fmt.Println(err)
			return
		}
		switch {
		case e.Hello != nil:
			book, err := client.Acknowledge(ctx, e.Hello.Book.Version)
			fmt.Println(e.Hello.Name, "holds version", book.Acknowledged, err)
		case e.Call != nil:
			offer, err := client.Offer(ctx, e.Call.ID, wire.Bid{Price: outcry.Money{Amount: 240, Currency: "GBP"}})
			fmt.Println("called for", e.Call.Request.Code, "and offered", offer.Price, err)
			return
		}
	}
	// Output:
	// Bakery holds version 3 <nil>
	// called for osm:shop=bakery and offered £2.40 <nil>
}
