package wire

import "outcry"

// The names of the events that only buyers hear.
const (
	EventCalled         = "called"          // Called
	EventOffer          = "offer"           // OfferNews
	EventOfferRevised   = "offer_revised"   // OfferNews
	EventOfferWithdrawn = "offer_withdrawn" // OfferNews
	EventDeclined       = "declined"        // Declined
	EventChanged        = "changed"         // Changed
)

// The names of the events that only shops hear.
const (
	EventHello = "hello" // Hello
	EventBook  = "book"  // BookNews
	EventCall  = "call"  // Call
)

// The names of the events that both sides hear.
const (
	EventClosed  = "closed"  // Closed, or ClosedCall for a shop
	EventMessage = "message" // Message
	EventOrder   = "order"   // OrderNews
	EventReset   = "reset"   // take the state anew
)

// Standing is how a board stands when one of its events is told.
type Standing struct {
	Counts outcry.Counts
	// Ranking are the ids of the live offers, best first, and Offer is the one that
	// the event is about; nil where the event is about none.
	Ranking []string
	Offer   *BoardOffer
	// Shop knows the shops that were called.
	Shop func(id string) (outcry.Shop, bool)
}

// Called is the data of a board's event called.
type Called struct {
	Wave   int           `json:"wave" doc:"from 1"`
	Shops  []BoardShop   `json:"shops" doc:"those of this wave"`
	Counts outcry.Counts `json:"counts"`
}

// OfferNews is the data of a board's events offer, offer_revised and
// offer_withdrawn: the offer as the event left it, with its present rank, and
// what that makes of the others.
type OfferNews struct {
	BoardOffer
	Counts  outcry.Counts `json:"counts"`
	Ranking []string      `json:"ranking" doc:"the live offers, best first"`
}

// Declined is the data of a board's event declined.
type Declined struct {
	Shop   ShopName      `json:"shop"`
	Reason string        `json:"reason,omitempty"`
	Counts outcry.Counts `json:"counts"`
}

// Closed is the data of a board's event closed.
type Closed struct {
	Reason   outcry.ClosedReason `json:"reason"`
	ClosedAt Time                `json:"closed_at"`
	Counts   outcry.Counts       `json:"counts"`
}

// Changed is the data of a board's event changed: the request was extended or
// widened, and these values hold from now on.
type Changed struct {
	Deadline Time   `json:"deadline"`
	RadiusM  int    `json:"radius_m"`
	Code     string `json:"code"`
	Wanted   int    `json:"wanted_offers"`
}

// OrderNews is the data of the event order.
type OrderNews struct {
	ID        string            `json:"id"`
	RequestID string            `json:"request_id"`
	OfferID   string            `json:"offer_id"`
	State     outcry.OrderState `json:"state"`
	By        outcry.Party      `json:"by"`
	Reason    string            `json:"reason,omitempty"`
	At        Time              `json:"at"`
}

// BoardEvent is what a buyer hears of an event of its request; ok is false
// where it hears nothing.
func BoardEvent(e outcry.Event, s Standing) (name string, data any, ok bool) {
	switch {
	case e.Wave != nil:
		news := Called{Wave: e.Wave.N, Counts: s.Counts, Shops: make([]BoardShop, len(e.Wave.Calls))}
		for i, c := range e.Wave.Calls {
			news.Shops[i] = BoardShopOf(s.shop(c.Shop), c.DistanceM)
		}
		return EventCalled, news, true
	case e.Offer != nil:
		return string(e.Kind), s.offer(e), true
	case e.Decline != nil:
		shop := ShopName{ID: e.Shop, Name: s.shop(e.Shop).Name}
		return EventDeclined, Declined{Shop: shop, Reason: e.Decline.Reason, Counts: s.Counts}, true
	case e.Change != nil:
		c := e.Change
		return EventChanged, Changed{Deadline: Time(c.Deadline), RadiusM: c.RadiusM, Code: string(c.Code), Wanted: c.Wanted}, true
	case e.Closing != nil:
		return EventClosed, Closed{Reason: e.Closing.Reason, ClosedAt: Time(e.At), Counts: s.Counts}, true
	case e.Message != nil:
		return EventMessage, MessageOf(*e.Message), true
	case e.Order != nil:
		return EventOrder, orderNews(e), true
	}
	return "", nil, false
}

// offer is the news of a version of an offer. What stands on the board by now
// may be a later version, whose rank is not this one's.
func (s Standing) offer(e outcry.Event) OfferNews {
	news := OfferNews{BoardOffer: BoardOfferOf(*e.Offer), Counts: s.Counts, Ranking: s.Ranking}
	news.Shop, news.State = BoardShopOf(s.shop(e.Shop), 0), outcry.OfferLive
	if e.Kind == outcry.EventOfferWithdrawn {
		news.State = outcry.OfferWithdrawn
	}
	if o := s.Offer; o != nil {
		news.Shop = o.Shop
		if o.Version == e.Offer.Version {
			news.BoardOffer = *o
		}
	}
	return news
}

func (s Standing) shop(id string) outcry.Shop {
	shop, _ := s.Shop(id)
	shop.ID = id
	return shop
}

func orderNews(e outcry.Event) OrderNews {
	o := e.Order
	return OrderNews{
		ID: o.Order, RequestID: e.Request, OfferID: o.Offer, State: o.State, By: o.By, Reason: o.Reason, At: Time(e.At),
	}
}
