package buyer

import (
	"context"
	"iter"
	"net/http"
	"net/url"

	"outcry/wire"
	"outcry/wire/dial"
)

// Ask calls out a need. The server takes it once, however often the call has to
// be repeated on a bad line.
func (c *Client) Ask(ctx context.Context, ask wire.NewRequest) (r wire.Request, err error) {
	err = c.post(ctx, dial.Path("v1", "requests"), ask, &r)
	return r, err
}

// Preview says how many shops a request could call and what it has to fill in,
// without calling any.
func (c *Client) Preview(ctx context.Context, ask wire.NewRequest) (p wire.Preview, err error) {
	err = c.post(ctx, dial.Path("v1", "requests", "preview"), ask, &p)
	return p, err
}

// Request finds one of the buyer's requests.
func (c *Client) Request(ctx context.Context, id string) (r wire.Request, err error) {
	err = c.get(ctx, dial.Path("v1", "requests", id), nil, &r)
	return r, err
}

// Requests are the buyer's requests, newest first.
func (c *Client) Requests(ctx context.Context) iter.Seq2[wire.Request, error] {
	return dial.Pages[wire.Request](ctx, c.caller, dial.Path("v1", "requests"), url.Values{"mine": {"true"}})
}

// Withdraw closes a request; no offer can be accepted any more.
func (c *Client) Withdraw(ctx context.Context, id string) (r wire.Request, err error) {
	err = c.post(ctx, dial.Path("v1", "requests", id, "withdraw"), nil, &r)
	return r, err
}

// Extend gives an open request a later deadline.
func (c *Client) Extend(ctx context.Context, id string, e wire.Extension) (r wire.Request, err error) {
	err = c.post(ctx, dial.Path("v1", "requests", id, "extend"), e, &r)
	return r, err
}

// Widen calls further shops for an open request: within a larger radius, by a
// code above the present one, or for more offers. Offers so far stay.
func (c *Client) Widen(ctx context.Context, id string, w wire.Widening) (r wire.Request, err error) {
	err = c.post(ctx, dial.Path("v1", "requests", id, "widen"), w, &r)
	return r, err
}

func (c *Client) get(ctx context.Context, path string, query url.Values, into any) error {
	return c.caller.Do(ctx, dial.Call{Method: http.MethodGet, Path: path, Query: query}, into)
}

func (c *Client) post(ctx context.Context, path string, body, into any) error {
	return c.caller.Do(ctx, dial.Call{Method: http.MethodPost, Path: path, Body: body}, into)
}
