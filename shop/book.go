package shop

import (
	"context"

	"outcry/wire"
)

// Book is what the shop sells, as signal codes.
func (c *Client) Book(ctx context.Context) (b wire.Book, err error) {
	err = c.get(ctx, c.path("book"), &b)
	return b, err
}

// Acknowledge tells the market that this shop server holds a version of the
// book.
func (c *Client) Acknowledge(ctx context.Context, version int) (b wire.Book, err error) {
	err = c.post(ctx, c.path("book", "acknowledge"), wire.Acknowledgement{Version: version}, &b)
	return b, err
}
