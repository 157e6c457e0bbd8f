package outcry

import "time"

// Message is one text in the thread between the buyer of a request and one
// called shop.
type Message struct {
	ID      string    `json:"id"`
	Request string    `json:"request_id"`
	Shop    string    `json:"shop_id"`
	From    Party     `json:"from"`
	Text    string    `json:"text"`
	At      time.Time `json:"at"`
}

// Party is a side of a deal.
type Party string

// The parties.
const (
	PartyBuyer    Party = "buyer"
	PartyShop     Party = "shop"
	PartyOperator Party = "operator"
)
