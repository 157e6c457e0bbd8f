package shop

import (
	"context"
	"iter"
	"net/url"

	"outcry/wire"
	"outcry/wire/dial"
)

// Order finds one of the shop's orders.
func (c *Client) Order(ctx context.Context, id string) (o wire.Order, err error) {
	err = c.get(ctx, dial.Path("v1", "orders", id), &o)
	return o, err
}

// Orders are the shop's orders, newest first.
func (c *Client) Orders(ctx context.Context) iter.Seq2[wire.Order, error] {
	return dial.Pages[wire.Order](ctx, c.caller, dial.Path("v1", "orders"), url.Values{"shop_id": {c.shop}})
}

// Confirm says that the shop will do what the order says.
func (c *Client) Confirm(ctx context.Context, order string) (wire.Order, error) {
	return c.move(ctx, order, "confirm", "")
}

// Refuse says that the shop will not do what a placed order says.
func (c *Client) Refuse(ctx context.Context, order, reason string) (wire.Order, error) {
	return c.move(ctx, order, "refuse", reason)
}

// Fulfil says that the shop has done what the order says.
func (c *Client) Fulfil(ctx context.Context, order string) (wire.Order, error) {
	return c.move(ctx, order, "fulfil", "")
}

// Cancel calls an order off before it is fulfilled.
func (c *Client) Cancel(ctx context.Context, order, reason string) (wire.Order, error) {
	return c.move(ctx, order, "cancel", reason)
}

// Rate gives the buyer of a completed order 1 to 5 stars, once.
func (c *Client) Rate(ctx context.Context, order string, stars int, text string) (r wire.Rating, err error) {
	err = c.post(ctx, dial.Path("v1", "orders", order, "rating"), wire.NewRating{Stars: stars, Text: text}, &r)
	return r, err
}

func (c *Client) move(ctx context.Context, order, verb, reason string) (o wire.Order, err error) {
	var body any
	if reason != "" {
		body = wire.Reason{Reason: reason}
	}
	err = c.post(ctx, dial.Path("v1", "orders", order, verb), body, &o)
	return o, err
}
