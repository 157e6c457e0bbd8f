package shop

import (
	"context"

	"outcry/wire"
)

// Pause stops the calls to the shop for a while; the zero Pause until Resume.
// Calls that wait for its answer stay open.
func (c *Client) Pause(ctx context.Context, p wire.Pause) (s wire.Shop, err error) {
	err = c.post(ctx, c.path("pause"), p, &s)
	return s, err
}

// Resume lets the shop be called again.
func (c *Client) Resume(ctx context.Context) (s wire.Shop, err error) {
	err = c.post(ctx, c.path("resume"), nil, &s)
	return s, err
}
