package api

import (
	"context"
	"net/http"

	"outcry/wire"
)

func (a *api) sessionRoutes() {
	serve(a, route{
		method: http.MethodPost, path: "/v1/sessions", name: "sign-in", tag: tagMembers, status: http.StatusCreated,
		summary: "Sign in", access: anybody,
	}, a.signIn)
	serve(a, route{
		method: http.MethodDelete, path: "/v1/sessions/current", name: "sign-out", tag: tagMembers,
		summary: "Sign out: end the session whose token this call carries",
	}, a.signOut)
}

func (a *api) signIn(ctx context.Context, in *struct{ Body wire.SignIn }) (*reply[wire.Session], error) {
	secret, session, err := a.Intake.SignIn(ctx, in.Body.Email, in.Body.Password)
	return as(wire.Session{Token: secret, ExpiresAt: wire.Time(session.Expires), MemberID: session.Member}), err
}

func (a *api) signOut(ctx context.Context, _ *struct{}) (*done, error) {
	return &done{}, a.Intake.SignOut(ctx, actorOf(ctx))
}
