package live_test

import (
	"encoding/json"
	"time"

	"outcry"
	"outcry/cmd/outcry/live"
	"outcry/wire"
)

// begin is when the request of these tests was asked.
var begin = time.Date(2026, 11, 23, 9, 58, 0, 0, time.UTC)

func at(after time.Duration) *wire.Time {
	t := wire.Time(begin.Add(after))
	return &t
}

// asked is an open request for bread with a minute to answer.
func asked() wire.Request {
	return wire.Request{
		ID: "req_1", State: outcry.RequestOpen, Code: "osm:shop=bakery", Words: "fresh bread", Quantity: 2,
		Budget: &wire.Budget{Max: pounds(2000)}, Place: outcry.Place{Lat: 55.95, Lon: -3.19}, RadiusM: 3000,
		Attributes: json.RawMessage(`{"sliced":true,"kinds":["rye","wheat"]}`),
		CreatedAt:  wire.Time(begin), Deadline: *at(time.Minute), Wanted: 3, Accepts: 1, Rank: outcry.RankBest,
		Counts: &outcry.Counts{Called: 9, Waiting: 9},
	}
}

func pounds(pence int64) outcry.Money { return outcry.Money{Amount: pence, Currency: "GBP"} }

// offers are three that stand and one that was taken back.
func offers() []wire.BoardOffer {
	return []wire.BoardOffer{
		{
			ID: "off_a", Shop: wire.BoardShop{ID: "shop_a", Name: "Leith Walk Bakery", Rating: 4.62, Ratings: 112, DistanceM: 850},
			Price: pounds(240), Message: "Sourdough, still warm. Ask for \x1b[31mthe back door.", Rank: 1, Score: 88.4, Version: 1,
			Reasons: []outcry.Part{{Name: "price", Points: 32}, {Name: "near", Points: 18.4}, {Name: "rating", Points: 18}, {Name: "soon", Points: 15}},
			State:   outcry.OfferLive, Attributes: json.RawMessage(`{"sliced":true,"weight_g":800}`), ValidUntil: *at(16 * time.Minute),
		},
		{
			ID: "off_b", Shop: wire.BoardShop{ID: "shop_b", Name: "연남 빵집", Rating: 4, DistanceM: 2150},
			Price: pounds(195), AvailableAt: at(25 * time.Minute), Rank: 2, Score: 81.6, Version: 2,
			Reasons: []outcry.Part{{Name: "price", Points: 40}}, State: outcry.OfferLive, ValidUntil: *at(16 * time.Minute),
		},
		{
			ID: "off_c", Shop: wire.BoardShop{ID: "shop_c", Name: "The Very Long Name of an Old Bakery by the Water", Rating: 4.1, Ratings: 3, DistanceM: 2900},
			Price: pounds(1250), AvailableAt: at(26 * time.Hour), Rank: 3, Score: 40.2, Version: 1, State: outcry.OfferLive, ValidUntil: *at(16 * time.Minute),
		},
		{
			ID: "off_d", Shop: wire.BoardShop{ID: "shop_d", Name: "Bread & Co", Rating: 3.9, Ratings: 8, DistanceM: 400},
			Price: pounds(210), Version: 2, State: outcry.OfferWithdrawn, ValidUntil: *at(16 * time.Minute),
		},
	}
}

// standing is a board with offers, 18 s after it was asked.
func standing() live.State {
	r := asked()
	r.Counts = &outcry.Counts{Called: 9, Offered: 3, Declined: 2, Waiting: 4}
	return live.State{
		Board: wire.Board{Request: r, Offers: offers(), Seq: 9, At: *at(18 * time.Second)}, Name: "Bakery", Rank: outcry.RankBest,
		Was: map[string]outcry.Money{"off_b": pounds(230)}, Names: map[string]string{},
	}
}

// closed is the state with its request closed for a reason.
func closed(s live.State, why outcry.ClosedReason) live.State {
	s.Board.Request.State, s.Board.Request.ClosedReason, s.Board.Request.ClosedAt = outcry.RequestClosed, why, *at(58 * time.Second)
	return s
}

// accepted is an order of the first offer.
func accepted(state outcry.OrderState) *wire.Order {
	o := offers()[0]
	return &wire.Order{
		ID: "ord_1", RequestID: "req_1", OfferID: o.ID, State: state,
		Terms: wire.Terms{Code: "osm:shop=bakery", Quantity: 2, Price: o.Price, Message: o.Message, Attributes: o.Attributes},
		Shop:  wire.OrderShop{ID: o.Shop.ID, Name: o.Shop.Name, Contact: "0131 496 0000"}, UpdatedAt: *at(40 * time.Second),
	}
}
