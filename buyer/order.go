package buyer

import (
	"context"
	"iter"
	"net/url"

	"outcry/wire"
	"outcry/wire/dial"
)

// Accept turns an offer, exactly in the version that the buyer saw, into an
// order. The codes to know: "offer_changed" (look again), "offer_expired",
// "offer_withdrawn" and "already_accepted". contact is how the shop reaches the
// buyer; it may be "".
func (c *Client) Accept(ctx context.Context, offer string, version int, contact string) (o wire.Order, err error) {
	err = c.post(ctx, dial.Path("v1", "offers", offer, "accept"), wire.Acceptance{Version: version, Contact: contact}, &o)
	return o, err
}

// Order finds one of the buyer's orders.
func (c *Client) Order(ctx context.Context, id string) (o wire.Order, err error) {
	err = c.get(ctx, dial.Path("v1", "orders", id), nil, &o)
	return o, err
}

// Orders are the buyer's orders, newest first.
func (c *Client) Orders(ctx context.Context) iter.Seq2[wire.Order, error] {
	return dial.Pages[wire.Order](ctx, c.caller, dial.Path("v1", "orders"), url.Values{"mine": {"true"}})
}

// Complete says that the buyer has what a fulfilled order promised.
func (c *Client) Complete(ctx context.Context, order string) (o wire.Order, err error) {
	err = c.post(ctx, dial.Path("v1", "orders", order, "complete"), nil, &o)
	return o, err
}

// Cancel calls an order off before it is fulfilled.
func (c *Client) Cancel(ctx context.Context, order, reason string) (o wire.Order, err error) {
	err = c.post(ctx, dial.Path("v1", "orders", order, "cancel"), wire.Reason{Reason: reason}, &o)
	return o, err
}

// Rate gives the shop of a completed order 1 to 5 stars, once.
func (c *Client) Rate(ctx context.Context, order string, stars int, text string) (r wire.Rating, err error) {
	err = c.post(ctx, dial.Path("v1", "orders", order, "rating"), wire.NewRating{Stars: stars, Text: text}, &r)
	return r, err
}
