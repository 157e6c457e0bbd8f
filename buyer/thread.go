package buyer

import (
	"context"
	"iter"

	"outcry/wire"
	"outcry/wire/dial"
)

// Messages are what the buyer and one called shop have written about a request,
// oldest first.
func (c *Client) Messages(ctx context.Context, request, shop string) iter.Seq2[wire.Message, error] {
	return dial.Pages[wire.Message](ctx, c.caller, thread(request, shop), nil)
}

// Say writes to one called shop.
func (c *Client) Say(ctx context.Context, request, shop, text string) (m wire.Message, err error) {
	err = c.post(ctx, thread(request, shop), wire.Text{Text: text}, &m)
	return m, err
}

func thread(request, shop string) string {
	return dial.Path("v1", "requests", request, "threads", shop, "messages")
}
