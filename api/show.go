package api

import (
	"context"

	"outcry"
	"outcry/matching/board"
	"outcry/matching/calling"
	"outcry/wire"
)

// CallOf is a call as its shop sees it.
func CallOf(c calling.Card) wire.Call {
	out := wire.Call{
		ID: c.ID, ShopID: c.Shop, Deadline: wire.Time(c.Deadline), Wave: c.Wave, State: c.State, CalledAt: wire.Time(c.At),
		ClosedAt: wire.Time(c.Closed), ClosedReason: c.Reason, Declined: c.Declined,
		Request: wire.Need{
			Code: string(c.Need.Code), Attributes: c.Need.Attributes, Note: c.Need.Note, Quantity: c.Need.Quantity,
			Budget: wire.BudgetOf(c.Need.Budget), PlaceCell: c.Need.PlaceCell, DistanceM: c.Need.DistanceM,
			NeededAt: wire.Maybe(c.Need.NeededAt), Locale: c.Need.Locale,
		},
	}
	if c.Offer != nil {
		o := wire.OfferOf(*c.Offer, c.OfferState)
		out.Offer = &o
	}
	return out
}

// Called is what the first shop of a wave hears of it, but for its distance.
func Called(e outcry.Event, cell outcry.Place) wire.Call {
	asked, first := e.Asked, e.Wave.Calls[0]
	return wire.Call{
		ID: outcry.CallID(asked.ID, first.N), ShopID: first.Shop, Deadline: wire.Time(asked.Deadline), Wave: e.Wave.N,
		State: outcry.CallWaiting, CalledAt: wire.Time(e.At),
		Request: wire.Need{
			Code: string(asked.Code), Attributes: asked.Attributes, Note: asked.Note, Quantity: asked.Quantity,
			Budget: wire.BudgetOf(asked.Budget), PlaceCell: cell, NeededAt: wire.Maybe(asked.NeededAt), Locale: asked.Locale,
		},
	}
}

// boardOffer is the offer of a slip.
func boardOffer(s board.Slip) wire.BoardOffer {
	o := wire.BoardOfferOf(s.Offer)
	o.Shop, o.State, o.Rank, o.Score = wire.BoardShopOf(s.Shop, s.DistanceM), s.State, s.Rank, s.Score
	o.Reasons = append(o.Reasons, s.Parts...)
	return o
}

func boardOffers(slips []board.Slip) []wire.BoardOffer {
	out := make([]wire.BoardOffer, len(slips))
	for i, s := range slips {
		out[i] = boardOffer(s)
	}
	return out
}

// Standing is how a board stands when one of its events is told.
type Standing struct {
	Counts outcry.Counts
	Slips  []board.Slip // ranked
	Shops  board.Shops  // knows the shops that were called
}

// BoardEvent is what a buyer hears of an event of its request; ok is false
// where it hears nothing.
func BoardEvent(e outcry.Event, s Standing) (name string, data any, ok bool) {
	told := wire.Standing{Counts: s.Counts, Shop: s.Shops.Shop, Ranking: make([]string, 0, len(s.Slips))}
	if e.Offer != nil {
		for i := range s.Slips {
			if s.Slips[i].State == outcry.OfferLive {
				told.Ranking = append(told.Ranking, s.Slips[i].Offer.ID)
			}
			if s.Slips[i].Offer.ID == e.Offer.ID {
				o := boardOffer(s.Slips[i])
				told.Offer = &o
			}
		}
	}
	return wire.BoardEvent(e, told)
}

// ShopEvent is what a shop hears of an event; ok is false where it hears
// nothing. card is the shop's call in the event's request, nil where it has
// none.
func ShopEvent(e outcry.Event, shop string, card *calling.Card) (name string, data any, ok bool) {
	if card == nil || card.ID == "" {
		return wire.ShopEvent(e, shop, nil)
	}
	call := CallOf(*card)
	return wire.ShopEvent(e, shop, &call)
}

// shopName is a shop beside something else.
func (a *api) shopName(id string) wire.ShopName {
	s, _ := a.Shops.Shop(id)
	return wire.ShopName{ID: id, Name: s.Name, State: s.State}
}

// order is an order as its parties see it, with the names that they learn of
// each other by it.
func (a *api) order(ctx context.Context, o outcry.Order) (wire.Order, error) {
	list, err := a.orderList(ctx, []outcry.Order{o})
	if err != nil {
		return wire.Order{}, err
	}
	return list[0], nil
}

// orderList is order for many; each buyer is looked up once.
func (a *api) orderList(ctx context.Context, orders []outcry.Order) ([]wire.Order, error) {
	names, shops := map[string]string{}, map[string]outcry.Shop{}
	out := make([]wire.Order, len(orders))
	for i, o := range orders {
		if _, ok := names[o.Buyer]; !ok {
			buyer, err := a.Parties.Member(ctx, o.Buyer)
			if err != nil && outcry.KindOf(err) != outcry.NotFound {
				return nil, err
			}
			names[o.Buyer] = buyer.Name
		}
		if _, ok := shops[o.Shop]; !ok {
			shop, err := a.Parties.Shop(ctx, o.Shop)
			if err != nil && outcry.KindOf(err) != outcry.NotFound {
				return nil, err
			}
			shops[o.Shop] = shop
		}
		out[i] = wire.OrderOf(o, shops[o.Shop], names[o.Buyer])
	}
	return out, nil
}
