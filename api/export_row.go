package api

import (
	"strconv"
	"strings"
	"time"

	"outcry"
	"outcry/wire"
)

var requestColumns = []string{
	"id", "buyer_id", "state", "closed_reason", "code", "words", "quantity", "note", "budget", "currency", "lat", "lon", "radius_m",
	"needed_at", "deadline", "wanted_offers", "accepts", "rank", "created_at", "closed_at",
}

// requestRow is a request in an export.
type requestRow struct {
	BuyerID string `json:"buyer_id"`
	wire.Request
}

func requestRowOf(r outcry.Request) row { return requestRow{r.Buyer, wire.RequestOf(r)} }

func (r requestRow) cells() []string {
	amount, currency := "", ""
	if r.Budget != nil {
		amount, currency = whole(r.Budget.Max.Amount), r.Budget.Max.Currency
	}
	return []string{
		r.ID, r.BuyerID, string(r.State), string(r.ClosedReason), r.Code, free(r.Words), whole(r.Quantity), free(r.Note), amount, currency,
		degrees(r.Place.Lat), degrees(r.Place.Lon), whole(r.RadiusM), moment(r.NeededAt.Std()), moment((*time.Time)(&r.Deadline)),
		whole(r.Wanted), whole(r.Accepts), string(r.Rank), moment((*time.Time)(&r.CreatedAt)), moment((*time.Time)(&r.ClosedAt)),
	}
}

var offerColumns = []string{
	"seq", "at", "event", "id", "version", "request_id", "shop_id", "price", "currency", "message", "available_at", "valid_until",
}

// offerRow is a version of an offer in an export.
type offerRow struct {
	Seq       int64     `json:"seq"`
	At        wire.Time `json:"at"`
	Event     string    `json:"event"`
	RequestID string    `json:"request_id"`
	ShopID    string    `json:"shop_id"`
	outcry.Bid
	ID      string `json:"id"`
	Version int    `json:"version"`
}

func offerRowOf(e outcry.Event) row {
	return offerRow{
		Seq: e.Seq, At: wire.Time(e.At), Event: string(e.Kind), RequestID: e.Request, ShopID: e.Shop,
		ID: e.Offer.ID, Version: e.Offer.Version, Bid: e.Offer.Bid,
	}
}

func (r offerRow) cells() []string {
	return []string{
		whole(r.Seq), r.At.String(), r.Event, r.ID, whole(r.Version), r.RequestID, r.ShopID, whole(r.Price.Amount), r.Price.Currency,
		free(r.Message), moment(r.AvailableAt), moment(&r.ValidUntil),
	}
}

var orderColumns = []string{
	"id", "request_id", "offer_id", "shop_id", "buyer_id", "state", "reason", "code", "quantity", "price", "currency",
	"accepted_at", "created_at", "updated_at", "stars_by_buyer", "stars_by_shop",
}

// orderRow is an order in an export: without the ways to reach its parties.
type orderRow struct {
	ID        string            `json:"id"`
	RequestID string            `json:"request_id"`
	OfferID   string            `json:"offer_id"`
	ShopID    string            `json:"shop_id"`
	BuyerID   string            `json:"buyer_id"`
	State     outcry.OrderState `json:"state"`
	Reason    string            `json:"reason,omitempty"`
	Terms     wire.Terms        `json:"terms"`
	Rated     wire.Rated        `json:"rated"`
	CreatedAt wire.Time         `json:"created_at"`
	UpdatedAt wire.Time         `json:"updated_at"`
}

func orderRowOf(o outcry.Order) row {
	shown := wire.OrderOf(o, outcry.Shop{}, "")
	return orderRow{
		ID: o.ID, RequestID: o.Request, OfferID: o.Offer, ShopID: o.Shop, BuyerID: o.Buyer, State: o.State, Reason: o.Reason,
		Terms: shown.Terms, Rated: shown.Rated, CreatedAt: shown.CreatedAt, UpdatedAt: shown.UpdatedAt,
	}
}

func (r orderRow) cells() []string {
	t := r.Terms
	return []string{
		r.ID, r.RequestID, r.OfferID, r.ShopID, r.BuyerID, string(r.State), free(r.Reason), t.Code, whole(t.Quantity),
		whole(t.Price.Amount), t.Price.Currency, t.AcceptedAt.String(), r.CreatedAt.String(), r.UpdatedAt.String(),
		whole(r.Rated.ByBuyer), whole(r.Rated.ByShop),
	}
}

func whole[N int | int64](n N) string { return strconv.FormatInt(int64(n), 10) }

func degrees(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// moment is a time as the interface writes it; "" where there is none.
func moment(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return wire.Time(*t).String()
}

// free is a text that somebody has written, safe for programs that take a cell
// that begins with one of these signs for a formula.
func free(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
