package watch

import (
	"context"
	"iter"

	"outcry"
	"outcry/shop"
	"outcry/wire"
)

// Shop is what the view asks of the market; shop.Client is one.
type Shop interface {
	hearing
	answering
	dealing
	talking
}

// hearing is how the shop learns what it is called for.
type hearing interface {
	Watch(ctx context.Context, after int64) iter.Seq2[shop.Event, error]
	Acknowledge(ctx context.Context, version int) (wire.Book, error)
	Calls(ctx context.Context, states ...outcry.CallState) iter.Seq2[wire.Call, error]
}

// answering is how the shop answers a call.
type answering interface {
	Offer(ctx context.Context, call string, bid wire.Bid) (wire.Offer, error)
	Revise(ctx context.Context, offer string, version int, bid wire.Bid) (wire.Offer, error)
	Withdraw(ctx context.Context, offer string, version int) error
	Decline(ctx context.Context, call, reason string) error
}

// dealing is what the shop does about its orders; Orders come newest first.
type dealing interface {
	orders
	Confirm(ctx context.Context, order string) (wire.Order, error)
	Refuse(ctx context.Context, order, reason string) (wire.Order, error)
	Fulfil(ctx context.Context, order string) (wire.Order, error)
}

type orders interface {
	Order(ctx context.Context, id string) (wire.Order, error)
	Orders(ctx context.Context) iter.Seq2[wire.Order, error]
}

// talking is how the shop writes with the buyer of a call.
type talking interface {
	Messages(ctx context.Context, call string) iter.Seq2[wire.Message, error]
	Say(ctx context.Context, call, text string) (wire.Message, error)
}

var _ Shop = (*shop.Client)(nil)
