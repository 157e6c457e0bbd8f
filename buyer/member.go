package buyer

import (
	"context"
	"net/http"

	"outcry/wire"
	"outcry/wire/dial"
)

// Guest joins as a buyer without an account, and gives a client that asks as
// it. The token is all that the guest has: whoever loses it loses the orders.
func (c *Client) Guest(ctx context.Context, name, locale string) (*Client, wire.Member, error) {
	var m wire.Member
	err := c.caller.Do(ctx, dial.Call{
		Method: http.MethodPost, Path: "/v1/members", Body: wire.Join{Guest: true, Name: name, Locale: locale},
	}, &m)
	if err != nil {
		return nil, wire.Member{}, err
	}
	token := m.Token
	m.Token = ""
	return c.as(token), m, nil
}

// SignIn signs a member in, and gives a client that asks as it.
func (c *Client) SignIn(ctx context.Context, email, password string) (*Client, wire.Session, error) {
	var s wire.Session
	err := c.caller.Do(ctx, dial.Call{
		Method: http.MethodPost, Path: "/v1/sessions", Body: wire.SignIn{Email: email, Password: password},
	}, &s)
	if err != nil {
		return nil, wire.Session{}, err
	}
	return c.as(s.Token), s, nil
}

// SignOut ends the session of the client's token.
func (c *Client) SignOut(ctx context.Context) error {
	return c.caller.Do(ctx, dial.Call{Method: http.MethodDelete, Path: "/v1/sessions/current"}, nil)
}

// Me is the member that the client asks as.
func (c *Client) Me(ctx context.Context) (m wire.Member, err error) {
	err = c.caller.Do(ctx, dial.Call{Method: http.MethodGet, Path: "/v1/me"}, &m)
	return m, err
}
