package shop

import (
	"context"
	"iter"
	"net/url"

	"outcry"
	"outcry/wire"
	"outcry/wire/dial"
)

// Calls are the shop's calls in those states, all where none is given, newest
// first.
func (c *Client) Calls(ctx context.Context, states ...outcry.CallState) iter.Seq2[wire.Call, error] {
	query := url.Values{}
	for _, s := range states {
		query.Add("state", string(s))
	}
	return dial.Pages[wire.Call](ctx, c.caller, c.path("calls"), query)
}

// Call finds one of the shop's calls.
func (c *Client) Call(ctx context.Context, id string) (call wire.Call, err error) {
	err = c.get(ctx, dial.Path("v1", "calls", id), &call)
	return call, err
}
