package api

import (
	"context"
	"net/http"

	"outcry"
	"outcry/wire"
)

func (a *api) keyRoutes() {
	serve(a, route{
		method: http.MethodPost, path: "/v1/keys", name: "make-key", tag: tagMembers, status: http.StatusCreated,
		summary: "Make a key for a program", audited: true,
	}, a.makeKey)
	serve(a, route{
		method: http.MethodGet, path: "/v1/keys", name: "list-keys", tag: tagMembers, summary: "List your keys, without their secrets",
	}, a.listKeys)
	serve(a, route{
		method: http.MethodDelete, path: "/v1/keys/{id}", name: "remove-key", tag: tagMembers, summary: "Remove a key",
		audited: true,
	}, a.removeKey)
}

func (a *api) makeKey(ctx context.Context, in *struct{ Body wire.NewKey }) (*reply[wire.Key], error) {
	token, secret, err := a.Intake.MakeKey(ctx, actorOf(ctx), in.Body.Name, wire.Words[outcry.Scope](in.Body.Scopes))
	out := wire.KeyOf(token)
	out.Key = secret
	visitOf(ctx).target = token.ID
	return as(out), err
}

func (a *api) listKeys(ctx context.Context, _ *struct{}) (*reply[wire.Items[wire.Key]], error) {
	keys, err := a.Intake.Keys(ctx, actorOf(ctx))
	return as(wire.ItemsOf(keys, "", wire.KeyOf)), err
}

func (a *api) removeKey(ctx context.Context, in *struct{ ByID }) (*done, error) {
	return &done{}, a.Intake.RemoveKey(ctx, actorOf(ctx), in.ID)
}
