package buyer

import (
	"context"
	"net/url"
	"strconv"

	"outcry/wire"
	"outcry/wire/dial"
)

// Signals finds the codes that words mean, best first, at most limit of them.
// locale is the language of the words and of the names; "" is the server's
// choice.
func (c *Client) Signals(ctx context.Context, words, locale string, limit int) ([]wire.Hit, error) {
	query := url.Values{"q": {words}, "limit": {strconv.Itoa(limit)}}
	if locale != "" {
		query.Set("locale", locale)
	}
	var page wire.Items[wire.Hit]
	err := c.get(ctx, dial.Path("v1", "signals"), query, &page)
	return page.Items, err
}

// Signal is a code with its names, forms and place in the tree.
func (c *Client) Signal(ctx context.Context, code string) (s wire.Signal, err error) {
	err = c.get(ctx, dial.Path("v1", "signals", code), nil, &s)
	return s, err
}
