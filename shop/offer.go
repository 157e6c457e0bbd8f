package shop

import (
	"context"
	"net/http"

	"outcry/wire"
	"outcry/wire/dial"
)

// Offer answers a call. A call takes one offer, which may be revised; an error
// of the kind outcry.Closed says that the request takes no more answers, and why.
func (c *Client) Offer(ctx context.Context, call string, bid wire.Bid) (o wire.Offer, err error) {
	err = c.post(ctx, dial.Path("v1", "calls", call, "offer"), bid, &o)
	return o, err
}

// Revise makes a new version of an offer out of the version that it is at.
func (c *Client) Revise(ctx context.Context, offer string, version int, bid wire.Bid) (o wire.Offer, err error) {
	err = c.caller.Do(ctx, dial.Call{
		Method: http.MethodPut, Path: dial.Path("v1", "offers", offer), Body: bid, Version: version,
	}, &o)
	return o, err
}

// Withdraw takes an offer back, in the version that it is at, until it is
// accepted.
func (c *Client) Withdraw(ctx context.Context, offer string, version int) error {
	return c.caller.Do(ctx, dial.Call{
		Method: http.MethodDelete, Path: dial.Path("v1", "offers", offer), Version: version,
	}, nil)
}

// Decline refuses a call. The reason may be "".
func (c *Client) Decline(ctx context.Context, call, reason string) error {
	return c.post(ctx, dial.Path("v1", "calls", call, "decline"), wire.Reason{Reason: reason}, nil)
}
