package buyer_test

import (
	"context"
	"fmt"
	"time"

	"outcry"
	"outcry/buyer"
	"outcry/wire"
)

// A buyer without an account asks for bread, watches the offers come, and
// accepts the first.
func Example() {
	market := open(event(1, wire.EventCalled, wire.Called{Wave: 1, Counts: outcry.Counts{Called: 4}}) +
		event(2, wire.EventOffer, wire.OfferNews{BoardOffer: bread}))
	defer market.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()

	client, _, err := buyer.New(buyer.Config{Server: market.URL}).Guest(ctx, "", "en")
	if err != nil {
		fmt.Println(err)
		return
	}
	words, radius, seconds := "fresh bread", 3000, 20.0
	request, err := client.Ask(ctx, wire.NewRequest{
		Words: &words, Place: &outcry.Place{Lat: 55.95, Lon: -3.19}, RadiusM: &radius, DeadlineS: &seconds,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for e, err := range client.Watch(ctx, request.ID, 0) {
		if err != nil {
			fmt.Println(err)
			return
		}
		switch {
		case e.Called != nil:
			fmt.Println(e.Called.Counts.Called, "shops called")
		case e.Offer != nil:
			fmt.Println(e.Offer.Shop.Name, "offers at", e.Offer.Price)
			order, err := client.Accept(ctx, e.Offer.ID, e.Offer.Version, "0131 496 0000")
			if err != nil {
				fmt.Println(err)
				return
			}
			fmt.Println("order", order.State)
			return
		}
	}
	// Output:
	// 4 shops called
	// Bakery offers at £2.40
	// order placed
}

// A buyer comes back to a request: it takes the board as it stands, and goes on
// behind it. Where the line breaks it goes on by itself, and nothing is told
// twice.
func ExampleClient_Watch() {
	market := open(
		event(8, wire.EventMessage, wire.Message{From: outcry.PartyShop, Text: "Still warm"}),
		event(9, wire.EventClosed, wire.Closed{Reason: outcry.ClosedEnough}), // after a break
	)
	defer market.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()

	client := buyer.New(buyer.Config{Server: market.URL, Token: "ocs_guest"})
	board, err := client.Board(ctx, "req_1", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("best so far:", board.Offers[0].Shop.Name, board.Offers[0].Price)
	for e, err := range client.Watch(ctx, "req_1", board.Seq) {
		switch {
		case err != nil:
			fmt.Println(err)
			return
		case e.Message != nil:
			fmt.Println("the", e.Message.From, "says:", e.Message.Text)
		case e.Closed != nil:
			fmt.Println("closed:", e.Closed.Reason)
			return
		}
	}
	// Output:
	// best so far: Bakery £2.40
	// the shop says: Still warm
	// closed: enough
}
