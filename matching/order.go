package matching

import (
	"context"

	"outcry"
	"outcry/matching/deal"
)

// Accept turns an offer, exactly in the version that its buyer saw, into an
// order. The same acceptance again gives the same order.
func (m *Market) Accept(ctx context.Context, actor outcry.Actor, offer string, a deal.Acceptance) (outcry.Order, error) {
	if err := actor.MayWrite(); err != nil {
		return outcry.Order{}, err
	}
	request, n, ok := outcry.RequestOf(offer)
	if !ok {
		return outcry.Order{}, outcry.Missing("offer")
	}
	var order outcry.Order
	var placed string // the order that this offer had become before
	err := m.do(ctx, request, func(t *turn) (err error) {
		c := t.board.Call(n)
		if c == nil || c.Offer == nil || !actor.Buys(t.board.Request.Buyer) {
			return outcry.Missing("offer")
		}
		a.At, a.ID = t.now, outcry.MakeID(ctx, outcry.OrderPrefix, t.now, m.Random)
		if placed = c.Order; placed == a.ID {
			return nil // a retry of what was done
		}
		placed = ""
		if order, err = deal.Accept(t.board, c, a); err != nil {
			return err
		}
		if err = m.mustBeActive(c.Shop); err != nil {
			return err
		}
		t.batch.Placed = append(t.batch.Placed, order)
		t.add(deal.Placed(order))
		return nil
	})
	if err == nil && placed != "" {
		return m.Orders.Order(ctx, placed)
	}
	return order, asMissing(err, "offer")
}

// Step has a party move an order. A step taken already changes nothing.
func (m *Market) Step(ctx context.Context, actor outcry.Actor, id string, verb outcry.OrderVerb, reason string) (outcry.Order, error) {
	if err := actor.MayWrite(); err != nil {
		return outcry.Order{}, err
	}
	order, by, err := m.orderOf(ctx, actor, id, verb)
	if err != nil {
		return outcry.Order{}, err
	}
	err = m.do(ctx, order.Request, func(t *turn) error {
		_, n, _ := outcry.RequestOf(order.Offer)
		c := t.board.Call(n)
		if c == nil || c.Order != id {
			return outcry.Missing("order")
		}
		order.State = c.OrderState // the log knows best
		next, moved, err := deal.Step(order, verb, by, reason, t.now)
		if err != nil || !moved {
			return err
		}
		order = next
		t.batch.Moved = append(t.batch.Moved, order)
		t.add(deal.Moved(order, by))
		return nil
	})
	return order, err
}

// Order shows an order to its parties and the operator, and says as which of
// them the actor sees it.
func (m *Market) Order(ctx context.Context, actor outcry.Actor, id string) (outcry.Order, outcry.Party, error) {
	order, err := m.Orders.Order(ctx, id)
	if err != nil {
		return outcry.Order{}, "", asMissing(err, "order")
	}
	switch {
	case actor.Buys(order.Buyer):
		return order, outcry.PartyBuyer, nil
	case actor.Serves(order.Shop):
		return order, outcry.PartyShop, nil
	case actor.Operates():
		return order, outcry.PartyOperator, nil
	}
	return outcry.Order{}, "", outcry.Missing("order")
}

// orderOf finds an order for a party that wants to do something to it. One who
// is both parties acts as the one whose verb it is.
func (m *Market) orderOf(ctx context.Context, actor outcry.Actor, id string, verb outcry.OrderVerb) (outcry.Order, outcry.Party, error) {
	order, by, err := m.Order(ctx, actor, id)
	if err != nil {
		return order, by, err
	}
	if actor.Serves(order.Shop) && verb != outcry.Complete && verb != outcry.Cancel {
		by = outcry.PartyShop
	}
	return order, by, nil
}

// Rate takes a party's rating of a completed order, once.
func (m *Market) Rate(ctx context.Context, actor outcry.Actor, id string, stars int, text string) (outcry.OrderRating, error) {
	if err := actor.MayWrite(); err != nil {
		return outcry.OrderRating{}, err
	}
	order, by, err := m.Order(ctx, actor, id)
	if err != nil {
		return outcry.OrderRating{}, err
	}
	if by == outcry.PartyOperator {
		return outcry.OrderRating{}, &outcry.Error{Op: "rate", Kind: outcry.Forbidden, Code: "wrong_party",
			Msg: "only the buyer and the shop rate an order"}
	}
	rating, err := deal.Rate(order, by, stars, text)
	if err != nil {
		return outcry.OrderRating{}, err
	}
	err = m.do(ctx, order.Request, func(t *turn) error {
		_, err := m.Journal.Commit(ctx, outcry.Batch{
			Request: order.Request, Base: t.batch.Base, Rated: []outcry.OrderRating{rating},
		})
		return err
	})
	if err == nil && by == outcry.PartyBuyer {
		m.Shops.Rated(order.Shop, stars)
	}
	return rating, err
}

// asMissing lets a missing request show as the thing that was asked for.
func asMissing(err error, what string) error {
	if outcry.KindOf(err) == outcry.NotFound {
		return outcry.Missing(what)
	}
	return err
}
