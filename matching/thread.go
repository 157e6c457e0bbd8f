package matching

import (
	"context"

	"outcry"
	"outcry/matching/deal"
)

// Say adds a message to the thread of a request and a called shop. The buyer
// gives the shop; a shop is the one that the call belongs to.
func (m *Market) Say(ctx context.Context, actor outcry.Actor, request, shop, text string) (outcry.Message, error) {
	var said outcry.Message
	if err := actor.MayWrite(); err != nil {
		return said, err
	}
	err := m.do(ctx, request, func(t *turn) error {
		from, err := t.party(actor, shop)
		if err != nil {
			return err
		}
		said = outcry.Message{
			ID: outcry.MakeID(ctx, outcry.MessagePrefix, t.now, m.Random), Request: request, Shop: shop,
			From: from, Text: text, At: t.now,
		}
		thread := t.board.Thread(shop)
		for _, before := range thread {
			if before.ID == said.ID {
				said = before // a retry of what was said
				return nil
			}
		}
		e, err := deal.Say(said, len(thread))
		if err == nil {
			t.add(e)
		}
		return err
	})
	return said, asMissing(err, "thread")
}

// Thread is what the buyer and one called shop have written to each other.
func (m *Market) Thread(ctx context.Context, actor outcry.Actor, request, shop string) ([]outcry.Message, error) {
	var thread []outcry.Message
	err := m.read(ctx, request, func(t *turn) error {
		if _, err := t.party(actor, shop); err != nil && !actor.Operates() {
			return err
		}
		thread = t.board.Thread(shop)
		return nil
	})
	return thread, asMissing(err, "thread")
}

// party is the side on which the actor stands in the thread with a shop.
func (t *turn) party(actor outcry.Actor, shop string) (outcry.Party, error) {
	switch {
	case t.board.Called(shop) == nil:
	case actor.Buys(t.board.Request.Buyer):
		return outcry.PartyBuyer, nil
	case actor.Serves(shop):
		return outcry.PartyShop, nil
	}
	return "", outcry.Missing("thread")
}
