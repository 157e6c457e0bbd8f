package shop

import (
	"context"
	"iter"

	"outcry/wire"
	"outcry/wire/dial"
)

// Messages are what the shop and the buyer of a call have written, oldest
// first.
func (c *Client) Messages(ctx context.Context, call string) iter.Seq2[wire.Message, error] {
	return dial.Pages[wire.Message](ctx, c.caller, dial.Path("v1", "calls", call, "messages"), nil)
}

// Say writes to the buyer of a call.
func (c *Client) Say(ctx context.Context, call, text string) (m wire.Message, err error) {
	err = c.post(ctx, dial.Path("v1", "calls", call, "messages"), wire.Text{Text: text}, &m)
	return m, err
}
