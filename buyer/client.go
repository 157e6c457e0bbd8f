package buyer

import (
	"net/http"

	"outcry/wire/dial"
)

// Client speaks to one market as one buyer. It is safe for use by many at once.
type Client struct{ caller dial.Caller }

// Config says which market and as whom.
type Config struct {
	// Server is the market's address, such as "http://127.0.0.1:7480".
	Server string
	// Token is a session token or a key. "" is a stranger, who may join, sign in
	// and search only.
	Token string
	// HTTP does the calls; nil is a client with time-outs.
	HTTP *http.Client
}

// New makes a Client. It calls nobody yet.
func New(c Config) *Client {
	return &Client{dial.Caller{Server: c.Server, Token: c.Token, HTTP: c.HTTP}}
}

// Token is what the client shows to say who it is; keep it to come back as the
// same buyer.
func (c *Client) Token() string { return c.caller.Token }

// as is the same client as another member.
func (c *Client) as(token string) *Client {
	next := *c
	next.caller.Token = token
	return &next
}
