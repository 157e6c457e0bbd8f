package shop

import (
	"context"

	"outcry/wire"
)

// Figures are what the market has learned of the shop, by which it is called.
func (c *Client) Figures(ctx context.Context) (f wire.ShopFigures, err error) {
	err = c.get(ctx, c.path("figures"), &f)
	return f, err
}
