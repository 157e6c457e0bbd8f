package api

import (
	"context"
	"net/http"

	"outcry"
	"outcry/wire"
)

func (a *api) offerRoutes() {
	serve(a, route{
		method: http.MethodPost, path: "/v1/calls/{id}/offer", name: "offer", tag: tagCalls, status: http.StatusCreated,
		summary: "Answer a call with an offer",
	}, a.makeOffer)
	serve(a, route{
		method: http.MethodPut, path: "/v1/offers/{id}", name: "revise-offer", tag: tagCalls,
		summary: "Revise an offer, out of the version that If-Match names",
	}, a.reviseOffer)
	serve(a, route{
		method: http.MethodDelete, path: "/v1/offers/{id}", name: "withdraw-offer", tag: tagCalls,
		summary: "Take an offer back, until it is accepted",
	}, a.withdrawOffer)
}

// offered is a new offer, with its version as an entity tag.
type offered struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     wire.Offer
}

func (a *api) makeOffer(ctx context.Context, in *struct {
	ByID
	Body wire.Bid
}) (*offered, error) {
	offer, err := a.Market.Offer(ctx, actorOf(ctx), in.ID, in.Body.Bid())
	if err != nil {
		return nil, err
	}
	a.metrics.offers.Add(1)
	return a.offerAfter(ctx, offer)
}

func (a *api) reviseOffer(ctx context.Context, in *struct {
	ByID
	IfMatch
	Body wire.Bid
}) (*offered, error) {
	version, _, err := in.version()
	if err != nil {
		return nil, err
	}
	offer, err := a.Market.Revise(ctx, actorOf(ctx), in.ID, version, in.Body.Bid())
	if err != nil {
		return nil, err
	}
	return a.offerAfter(ctx, offer)
}

func (a *api) withdrawOffer(ctx context.Context, in *struct {
	ByID
	IfMatch
}) (*offered, error) {
	version, _, err := in.version()
	if err != nil {
		return nil, err
	}
	offer, err := a.Market.WithdrawOffer(ctx, actorOf(ctx), in.ID, version)
	if err != nil {
		return nil, err
	}
	return a.offerAfter(ctx, offer)
}

// offerAfter shows an offer that was taken, and where it stands by now.
func (a *api) offerAfter(ctx context.Context, taken outcry.Offer) (*offered, error) {
	card, err := a.Market.Call(ctx, actorOf(ctx), taken.ID)
	if err != nil {
		return nil, err
	}
	a.seen(ctx, card.Shop)
	return &offered{"/v1/offers/" + taken.ID, etag(taken.Version), wire.OfferOf(taken, card.OfferState)}, nil
}
