package wire

import (
	"encoding/json"

	"outcry"
)

// BoardShop is the shop of an offer, as a buyer sees it before a deal.
type BoardShop struct {
	ID        string  `json:"id"`
	Name      string  `json:"name"`
	Rating    float64 `json:"rating" doc:"stars, 1 to 5"`
	Ratings   int     `json:"ratings" doc:"how many rated it"`
	DistanceM int     `json:"distance_m"`
}

// BoardShopOf is a shop at that distance, in metres.
func BoardShopOf(s outcry.Shop, metres int) BoardShop {
	return BoardShop{ID: s.ID, Name: s.Name, Rating: stars(s.Rating), Ratings: s.Rating.Count, DistanceM: metres}
}

// BoardOffer is an offer on a buyer's board.
type BoardOffer struct {
	ID          string            `json:"id"`
	Shop        BoardShop         `json:"shop"`
	Price       outcry.Money      `json:"price"`
	Attributes  json.RawMessage   `json:"attributes,omitempty"`
	Message     string            `json:"message,omitempty"`
	AvailableAt *Time             `json:"available_at,omitempty"`
	ValidUntil  Time              `json:"valid_until"`
	Rank        int               `json:"rank" doc:"from 1 among the live offers; 0 for others"`
	Score       float64           `json:"score" doc:"points of 100"`
	Reasons     []outcry.Part     `json:"reasons" doc:"what the score is made of"`
	Version     int               `json:"version"`
	State       outcry.OfferState `json:"state" enum:"live,withdrawn,expired,accepted,lost"`
	CreatedAt   Time              `json:"created_at"`
	UpdatedAt   Time              `json:"updated_at"`
}

// BoardOfferOf is what a version of an offer says by itself: without its shop,
// state and rank.
func BoardOfferOf(o outcry.Offer) BoardOffer {
	return BoardOffer{
		ID: o.ID, Price: o.Price, Attributes: o.Attributes, Message: o.Message, AvailableAt: Maybe(o.AvailableAt),
		ValidUntil: Time(o.ValidUntil), Version: o.Version, Reasons: []outcry.Part{},
		CreatedAt: Time(o.First), UpdatedAt: Time(o.At),
	}
}

// Board is a buyer's view of a request.
type Board struct {
	Request Request      `json:"request"`
	Offers  []BoardOffer `json:"offers" doc:"the live ones in their rank, then the others"`
	Seq     int64        `json:"seq" doc:"the cursor from which the events go on"`
	At      Time         `json:"at" doc:"when the board stood so"`
}
