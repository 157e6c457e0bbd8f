package api

import (
	"net/http"
	"strings"

	"outcry"
)

// who says who makes a call, by its token, and whether such a one may make it at
// all. On routes for anybody a token that is not good is as none.
func (a *api) who(req *http.Request, r *route) (outcry.Actor, error) {
	secret, err := token(req)
	if err != nil || secret == "" {
		if r.access == anybody {
			return outcry.Actor{}, nil
		}
		if err == nil {
			err = &outcry.Error{Kind: outcry.Unauthorized, Code: "no_token", Msg: "sign in, and send Authorization: Bearer TOKEN"}
		}
		return outcry.Actor{}, err
	}
	actor, err := a.Intake.Who(req.Context(), secret)
	switch {
	case outcry.KindOf(err) == outcry.Unauthorized && r.access == anybody:
		return outcry.Actor{}, nil
	case err != nil:
		return outcry.Actor{}, err
	case r.access != anybody && r.writes() && actor.ReadOnly():
		return actor, actor.MayWrite()
	case r.access == operator && !actor.Operates():
		return actor, outcry.OperatorOnly()
	}
	return actor, nil
}

// token is the secret of a call's Authorization header; "" where it has none.
func token(req *http.Request) (string, error) {
	headers := req.Header.Values("Authorization")
	if len(headers) == 0 {
		return "", nil
	}
	scheme, secret, ok := strings.Cut(headers[0], " ")
	if !ok || len(headers) > 1 || !strings.EqualFold(scheme, "Bearer") || strings.TrimSpace(secret) == "" {
		return "", &outcry.Error{Kind: outcry.Unauthorized, Code: "bad_token", Msg: "send one header Authorization: Bearer TOKEN"}
	}
	return strings.TrimSpace(secret), nil
}
