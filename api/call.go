package api

import (
	"context"
	"net/http"

	"outcry"
	"outcry/wire"
)

func (a *api) callRoutes() {
	serve(a, route{
		method: http.MethodGet, path: "/v1/shops/{id}/calls", name: "list-calls", tag: tagCalls,
		summary: "List a shop's calls, the newest first",
	}, a.listCalls)
	serve(a, route{
		method: http.MethodGet, path: "/v1/calls/{id}", name: "get-call", tag: tagCalls, summary: "See a call",
	}, a.getCall)
	serve(a, route{
		method: http.MethodPost, path: "/v1/calls/{id}/decline", name: "decline-call", tag: tagCalls, summary: "Refuse a call",
	}, a.declineCall)
}

func (a *api) listCalls(ctx context.Context, in *struct {
	ByID
	State []outcry.CallState `query:"state,explode" enum:"waiting,offered,declined,missed,closed" doc:"only calls in these states"`
	Paging
}) (*reply[wire.Items[wire.Call]], error) {
	cards, next, err := a.Market.Calls(ctx, actorOf(ctx), in.ID, in.State, in.page())
	if err != nil {
		return nil, err
	}
	a.seen(ctx, in.ID)
	return as(wire.ItemsOf(cards, next, CallOf)), nil
}

func (a *api) getCall(ctx context.Context, in *struct{ ByID }) (*reply[wire.Call], error) {
	card, err := a.Market.Call(ctx, actorOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	a.seen(ctx, card.Shop)
	return as(CallOf(card)), nil
}

func (a *api) declineCall(ctx context.Context, in *struct {
	ByID
	Body *wire.Reason
}) (*reply[wire.Call], error) {
	card, err := a.Market.Decline(ctx, actorOf(ctx), in.ID, reasonOf(in.Body))
	if err != nil {
		return nil, err
	}
	a.metrics.declines.Add(1)
	a.seen(ctx, card.Shop)
	return as(CallOf(card)), nil
}

// reasonOf is what a body that may be missing gives as the reason.
func reasonOf(b *wire.Reason) string {
	if b == nil {
		return ""
	}
	return b.Reason
}
