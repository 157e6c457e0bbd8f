package api

import (
	"context"
	"net/http"

	"outcry/wire"
)

func (a *api) pairingRoutes() {
	serve(a, route{
		method: http.MethodPost, path: "/v1/shops/{id}/pairings", name: "make-pairing", tag: tagInstalling, status: http.StatusCreated,
		summary: "Get a code by which a shop server may join the shop, once within 10 minutes", audited: true,
	}, a.makePairing)
	serve(a, route{
		method: http.MethodPost, path: "/v1/pairings/{code}", name: "pair", tag: tagInstalling, status: http.StatusCreated,
		summary: "Join a shop as its shop server", access: anybody,
	}, a.pair)
}

func (a *api) makePairing(ctx context.Context, in *struct{ ByID }) (*reply[wire.Pairing], error) {
	code, expires, err := a.Onboarding.NewPairing(ctx, actorOf(ctx), in.ID)
	return as(wire.Pairing{Code: code, ExpiresAt: wire.Time(expires)}), err
}

func (a *api) pair(ctx context.Context, in *struct {
	Code string `path:"code"`
	Body *wire.Pair
}) (*reply[wire.Paired], error) {
	name := ""
	if in.Body != nil {
		name = in.Body.Name
	}
	shop, key, err := a.Onboarding.Pair(ctx, in.Code, name)
	if err != nil {
		return nil, err
	}
	a.Presence.Seen(shop, a.now())
	return as(wire.Paired{ShopID: shop, Key: key}), nil
}
