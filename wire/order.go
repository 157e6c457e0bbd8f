package wire

import (
	"encoding/json"

	"outcry"
)

// Acceptance is the body of POST /v1/offers/{id}/accept.
type Acceptance struct {
	Version int    `json:"version" doc:"the version of the offer that the buyer saw"`
	Contact string `json:"contact,omitempty" doc:"how the shop reaches the buyer, at most 300 characters"`
}

// Terms are what was agreed; they never change.
type Terms struct {
	Code         string          `json:"code"`
	Quantity     int             `json:"quantity"`
	Price        outcry.Money    `json:"price"`
	Asked        json.RawMessage `json:"asked,omitempty" doc:"the attributes of the request"`
	Attributes   json.RawMessage `json:"attributes,omitempty" doc:"the attributes of the offer"`
	Message      string          `json:"message,omitempty"`
	Note         string          `json:"note,omitempty"`
	NeededAt     *Time           `json:"needed_at,omitempty"`
	AvailableAt  *Time           `json:"available_at,omitempty"`
	OfferVersion int             `json:"offer_version"`
	Place        outcry.Place    `json:"place" doc:"the buyer's, exact"`
	AcceptedAt   Time            `json:"accepted_at"`
}

// OrderShop is the shop of an order, with how to reach it.
type OrderShop struct {
	ID      string       `json:"id"`
	Name    string       `json:"name"`
	Place   outcry.Place `json:"place"`
	Contact string       `json:"contact,omitempty"`
}

// OrderBuyer is the buyer of an order, with how to reach it.
type OrderBuyer struct {
	Name    string `json:"name"`
	Contact string `json:"contact,omitempty"`
}

// Rated are the stars that each side gave the other.
type Rated struct {
	ByBuyer int `json:"by_buyer,omitzero"`
	ByShop  int `json:"by_shop,omitzero"`
}

// Order is an accepted offer, as both of its parties see it.
type Order struct {
	ID        string            `json:"id"`
	RequestID string            `json:"request_id"`
	OfferID   string            `json:"offer_id"`
	State     outcry.OrderState `json:"state" enum:"placed,confirmed,fulfilled,completed,refused,cancelled"`
	Reason    string            `json:"reason,omitempty" doc:"of a refusal or a cancelling"`
	Terms     Terms             `json:"terms"`
	Shop      OrderShop         `json:"shop"`
	Buyer     OrderBuyer        `json:"buyer"`
	Rated     Rated             `json:"rated"`
	CreatedAt Time              `json:"created_at"`
	UpdatedAt Time              `json:"updated_at"`
}

// OrderOf is an order between that shop and the buyer of that name.
func OrderOf(o outcry.Order, shop outcry.Shop, buyer string) Order {
	t := o.Terms
	return Order{
		ID: o.ID, RequestID: o.Request, OfferID: o.Offer, State: o.State, Reason: o.Reason,
		Terms: Terms{
			Code: string(t.Code), Quantity: t.Quantity, Price: t.Price, Asked: t.Asked, Attributes: t.Attributes,
			Message: t.Message, Note: t.Note, NeededAt: Maybe(t.NeededAt), AvailableAt: Maybe(t.Available),
			OfferVersion: t.Version, Place: t.Place, AcceptedAt: Time(t.Accepted),
		},
		Shop:  OrderShop{ID: o.Shop, Name: shop.Name, Place: shop.Place, Contact: shop.Contact},
		Buyer: OrderBuyer{Name: buyer, Contact: o.Contact},
		Rated: Rated{ByBuyer: o.BuyerRated, ByShop: o.ShopRated}, CreatedAt: Time(o.Created), UpdatedAt: Time(o.Updated),
	}
}

// NewRating is the body of POST /v1/orders/{id}/rating.
type NewRating struct {
	Stars int    `json:"stars" doc:"1 to 5"`
	Text  string `json:"text,omitempty"`
}

// Rating is a rating that was taken.
type Rating struct {
	OrderID string       `json:"order_id"`
	By      outcry.Party `json:"by" enum:"buyer,shop"`
	Stars   int          `json:"stars"`
	Text    string       `json:"text,omitempty"`
}

// RatingOf is a rating.
func RatingOf(r outcry.OrderRating) Rating {
	return Rating{OrderID: r.Order, By: r.By, Stars: r.Stars, Text: r.Text}
}
