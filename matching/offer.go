package matching

import (
	"context"

	"outcry"
	"outcry/matching/calling"
)

// Offer takes a shop's offer to a call.
func (m *Market) Offer(ctx context.Context, actor outcry.Actor, call string, bid outcry.Bid) (outcry.Offer, error) {
	var taken outcry.Offer
	err := m.answer(ctx, actor, call, func(_ *turn, c *outcry.Call, d calling.Desk) (e *outcry.Event, err error) {
		taken, e, err = d.Offer(c, bid)
		return e, err
	})
	return taken, err
}

// Revise makes a new version of an offer; version is the one that the shop saw,
// 0 where it does not matter.
func (m *Market) Revise(ctx context.Context, actor outcry.Actor, offer string, version int, bid outcry.Bid) (outcry.Offer, error) {
	var taken outcry.Offer
	err := m.answer(ctx, actor, offer, func(_ *turn, c *outcry.Call, d calling.Desk) (e *outcry.Event, err error) {
		taken, e, err = d.Revise(c, version, bid)
		return e, err
	})
	return taken, err
}

// WithdrawOffer takes an offer back; version as for Revise.
func (m *Market) WithdrawOffer(ctx context.Context, actor outcry.Actor, offer string, version int) (outcry.Offer, error) {
	var taken outcry.Offer
	err := m.answer(ctx, actor, offer, func(_ *turn, c *outcry.Call, d calling.Desk) (e *outcry.Event, err error) {
		if c.Offer == nil {
			return nil, outcry.Missing("offer")
		}
		taken, e, err = d.Withdraw(c, version)
		return e, err
	})
	return taken, err
}

// Decline refuses a call.
func (m *Market) Decline(ctx context.Context, actor outcry.Actor, call, reason string) (calling.Card, error) {
	var card calling.Card
	err := m.answer(ctx, actor, call, func(t *turn, c *outcry.Call, d calling.Desk) (*outcry.Event, error) {
		e, err := d.Decline(c, reason)
		if e != nil {
			t.board.Apply(*e)
		}
		card = calling.CardOf(t.board, c, t.now, m.Shops)
		return e, err
	})
	return card, err
}

// answering decides on an answer to a call; a nil event means that it was said
// before.
type answering func(t *turn, c *outcry.Call, d calling.Desk) (*outcry.Event, error)

// answer has the shop of a call, or of an offer, answer it.
func (m *Market) answer(ctx context.Context, actor outcry.Actor, id string, decide answering) error {
	if err := actor.MayWrite(); err != nil {
		return err
	}
	request, n, ok := outcry.RequestOf(id)
	if !ok {
		return outcry.Missing("call")
	}
	err := m.do(ctx, request, func(t *turn) error {
		c := t.board.Call(n)
		if c == nil || !actor.Serves(c.Shop) {
			return outcry.Missing("call")
		}
		if err := m.mustBeActive(c.Shop); err != nil {
			return err
		}
		desk := calling.Desk{Board: t.board, Now: t.now, Forms: m.Forms, Rules: t.rules.Policy.Offers}
		e, err := decide(t, c, desk)
		if err == nil && e != nil {
			t.add(*e)
		}
		return err
	})
	if outcry.KindOf(err) == outcry.NotFound {
		return outcry.Missing("call")
	}
	return err
}

// mustBeActive says why a shop may not trade now.
func (m *Market) mustBeActive(shop string) error {
	s, ok := m.Shops.Shop(shop)
	if ok && s.State == outcry.ShopActive {
		return nil
	}
	return &outcry.Error{Op: "answer", Kind: outcry.Forbidden, Code: "shop_not_active",
		Msg: "the shop is " + string(s.State) + "; the operator can make it active"}
}
