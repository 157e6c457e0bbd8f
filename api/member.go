package api

import (
	"context"
	"net/http"

	"outcry"
	"outcry/intake"
	"outcry/wire"
)

func (a *api) memberRoutes() {
	serve(a, route{
		method: http.MethodPost, path: "/v1/members", name: "join", tag: tagMembers, status: http.StatusCreated,
		summary: "Become a member, or a guest", access: anybody, joins: true,
	}, a.join)
	serve(a, route{
		method: http.MethodPost, path: "/v1/operator", name: "join-as-operator", tag: tagMembers, status: http.StatusCreated,
		summary: "Become the first operator, by the link that the first start prints", access: anybody, joins: true,
	}, a.joinAsOperator)
	serve(a, route{
		method: http.MethodGet, path: "/v1/me", name: "get-me", tag: tagMembers, summary: "See yourself",
	}, a.me)
	serve(a, route{
		method: http.MethodPatch, path: "/v1/me", name: "change-me", tag: tagMembers,
		summary: "Change yourself; a guest with email and password becomes a member",
	}, a.changeMe)
}

// joined is a new member, and where it is found.
type joined struct {
	Location string `header:"Location"`
	Body     wire.Member
}

func (a *api) join(ctx context.Context, in *struct{ Body wire.Join }) (*joined, error) {
	if in.Body.Guest {
		return a.joinAsGuest(ctx, in.Body)
	}
	m, err := a.Intake.Join(ctx, intake.Joining{
		Email: in.Body.Email, Password: in.Body.Password, Name: in.Body.Name, Locale: in.Body.Locale,
	})
	return &joined{"/v1/me", wire.MemberOf(m)}, err
}

func (a *api) joinAsGuest(ctx context.Context, body wire.Join) (*joined, error) {
	var bad outcry.Complaints
	if body.Email != "" {
		bad.Add("body.email", "a guest has no account; leave it out")
	}
	if body.Password != "" {
		bad.Add("body.password", "a guest has no account; leave it out")
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	m, secret, err := a.Intake.JoinAsGuest(ctx, body.Name, body.Locale)
	out := wire.MemberOf(m)
	out.Token = secret
	return &joined{"/v1/me", out}, err
}

func (a *api) joinAsOperator(ctx context.Context, in *struct{ Body wire.FirstOperator }) (*joined, error) {
	m, err := a.Intake.JoinAsOperator(ctx, in.Body.Code, intake.Joining{
		Email: in.Body.Email, Password: in.Body.Password, Name: in.Body.Name,
	})
	return &joined{"/v1/me", wire.MemberOf(m)}, err
}

func (a *api) me(ctx context.Context, _ *struct{}) (*reply[wire.Member], error) {
	m, err := a.Intake.Me(ctx, actorOf(ctx))
	if err != nil {
		return nil, err
	}
	return as(a.self(ctx, m)), nil
}

func (a *api) changeMe(ctx context.Context, in *struct{ Body wire.MemberChange }) (*reply[wire.Member], error) {
	m, err := a.Intake.Change(ctx, actorOf(ctx), intake.MemberChange{
		Email: in.Body.Email, Password: in.Body.Password, Name: in.Body.Name, Locale: in.Body.Locale,
	})
	if err != nil {
		return nil, err
	}
	return as(a.self(ctx, m)), nil
}

// self is the caller's own member, with its roles and shops.
func (a *api) self(ctx context.Context, m outcry.Member) wire.Member {
	out, actor := wire.MemberOf(m), actorOf(ctx)
	out.Roles = actor.Roles()
	for _, shop := range actor.Shops()[:min(len(actor.Shops()), outcry.MaxPage)] {
		out.Shops = append(out.Shops, a.shopName(shop))
	}
	return out
}
