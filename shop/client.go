package shop

import (
	"context"
	"net/http"

	"outcry/wire"
	"outcry/wire/dial"
)

// Client answers for one shop. It is safe for use by many at once.
type Client struct {
	caller dial.Caller
	shop   string
}

// Config says which market and which shop.
type Config struct {
	// Server is the market's address, such as "http://127.0.0.1:7480".
	Server string
	// Key is what Pair gave, or a token of somebody who works at the shop.
	Key string
	// Shop is the shop's id.
	Shop string
	// HTTP does the calls; nil is a client with time-outs.
	HTTP *http.Client
}

// New makes a Client. It calls nobody yet.
func New(c Config) *Client {
	return &Client{caller: dial.Caller{Server: c.Server, Token: c.Key, HTTP: c.HTTP}, shop: c.Shop}
}

// Pair joins a shop server to its shop by a code such as "ABCD-EFGH", which the
// shop's staff gets from the market and which works once, for ten minutes. name is
// what the shop server is called. c needs no key and no shop; the Client has
// both, and Key and Shop tell what to keep.
func Pair(ctx context.Context, c Config, code, name string) (*Client, error) {
	client := New(c)
	var paired wire.Paired
	err := client.post(ctx, dial.Path("v1", "pairings", code), wire.Pair{Name: name}, &paired)
	if err != nil {
		return nil, err
	}
	c.Key, c.Shop = paired.Key, paired.ShopID
	return New(c), nil
}

// Key is what the client shows to say who it is.
func (c *Client) Key() string { return c.caller.Token }

// Shop is the shop's id.
func (c *Client) Shop() string { return c.shop }

// Show is the shop as the market knows it.
func (c *Client) Show(ctx context.Context) (s wire.Shop, err error) {
	err = c.get(ctx, c.path(), &s)
	return s, err
}

// path is a path of the shop's own.
func (c *Client) path(more ...string) string {
	return dial.Path(append([]string{"v1", "shops", c.shop}, more...)...)
}

func (c *Client) get(ctx context.Context, path string, into any) error {
	return c.caller.Do(ctx, dial.Call{Method: http.MethodGet, Path: path}, into)
}

func (c *Client) post(ctx context.Context, path string, body, into any) error {
	return c.caller.Do(ctx, dial.Call{Method: http.MethodPost, Path: path, Body: body}, into)
}
