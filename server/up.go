package server

import (
	"context"
	"time"

	"outcry"
	"outcry/api"
	"outcry/wire"
)

// up does what a shop says on its line; what comes of it is what the same call
// of the API answers.
func (s *Server) up(ctx context.Context, actor outcry.Actor, shop string, said *wire.Up) (any, error) {
	switch said.Type {
	case wire.UpOffer, wire.UpRevise, wire.UpWithdraw:
		offer, err := s.upOffer(ctx, actor, said)
		if err != nil {
			return nil, err
		}
		return offer, nil
	case wire.UpDecline:
		card, err := s.Market.Decline(ctx, actor, said.CallID, said.Reason)
		if err != nil {
			return nil, err
		}
		return api.CallOf(card), nil
	case wire.UpMessage:
		card, err := s.Market.Call(ctx, actor, said.CallID)
		if err != nil {
			return nil, err
		}
		message, err := s.Market.Say(ctx, actor, said.About(), card.Shop, said.Text)
		if err != nil {
			return nil, err
		}
		return wire.MessageOf(message), nil
	}
	book, err := s.Books.Acknowledge(ctx, actor, shop, said.Version)
	if err != nil {
		return nil, err
	}
	return wire.BookOf(book), nil
}

// upOffer makes, revises or withdraws an offer.
func (s *Server) upOffer(ctx context.Context, actor outcry.Actor, said *wire.Up) (wire.Offer, error) {
	began := s.clock().Truncate(time.Millisecond)
	var offer outcry.Offer
	var err error
	state := outcry.OfferLive
	switch said.Type {
	case wire.UpOffer:
		offer, err = s.Market.Offer(ctx, actor, said.CallID, said.Bid.Bid())
	case wire.UpRevise:
		offer, err = s.Market.Revise(ctx, actor, said.OfferID, said.Version, said.Bid.Bid())
	default:
		offer, err = s.Market.WithdrawOffer(ctx, actor, said.OfferID, said.Version)
		state = outcry.OfferWithdrawn
	}
	if err == nil && offer.At.Before(began) { // said before: it may stand otherwise by now
		card, err := s.Market.Call(ctx, actor, offer.ID)
		if err != nil {
			return wire.Offer{}, err
		}
		state = card.OfferState
	}
	return wire.OfferOf(offer, state), err
}
