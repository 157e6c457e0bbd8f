package outcry

import "slices"

// Actor is who asks: a member as one token shows it. The zero Actor is a
// stranger.
type Actor struct {
	Member   string
	Name     string
	Locale   string
	Guest    bool
	operator bool
	staff    []string
	token    Token
}

// NewActor is the member as token shows it; staff are the shops it works at.
func NewActor(m Member, token Token, staff []string) Actor {
	return Actor{
		Member: m.ID, Name: m.Name, Locale: m.Locale, Guest: m.Guest,
		operator: m.Operator, staff: staff, token: token,
	}
}

// Known says whether the actor is anybody.
func (a Actor) Known() bool { return a.Member != "" }

// Token is the token by which the actor showed itself.
func (a Actor) Token() Token { return a.token }

// Operates says whether the actor may act as the operator.
func (a Actor) Operates() bool { return a.operator && a.token.Shop == "" && a.has(ScopeOperate) }

// Buys says whether the actor may act for the buyer whose member id is given.
func (a Actor) Buys(member string) bool {
	return a.Known() && a.Member == member && a.token.Shop == "" && a.has(ScopeBuy)
}

// Serves says whether the actor may act for the shop: as its staff, or as its
// paired shop server.
func (a Actor) Serves(shop string) bool {
	if !a.Known() || !a.has(ScopeShop) || !slices.Contains(a.staff, shop) {
		return false
	}
	return a.token.Shop == "" || a.token.Shop == shop
}

// Shops are the shops that the actor may act for.
func (a Actor) Shops() []string {
	return slices.DeleteFunc(slices.Clone(a.staff), func(s string) bool { return !a.Serves(s) })
}

// ReadOnly says whether the actor's key may only read.
func (a Actor) ReadOnly() bool {
	return len(a.token.Scopes) > 0 && !slices.ContainsFunc(a.token.Scopes, func(s Scope) bool { return s != ScopeRead })
}

// MayRead says why a caller may see nothing that is anybody's: nobody known asks.
func (a Actor) MayRead() error {
	if !a.Known() {
		return &Error{Kind: Unauthorized, Code: "no_token", Msg: "sign in, and send Authorization: Bearer TOKEN"}
	}
	return nil
}

// MayWrite says why a caller may change nothing at all: nobody known asks, or
// the key may only read.
func (a Actor) MayWrite() error {
	if err := a.MayRead(); err != nil {
		return err
	}
	if a.ReadOnly() {
		return &Error{Kind: Forbidden, Code: "read_only", Msg: "this key may only read; make one with other scopes"}
	}
	return nil
}

// MayOperate says why a caller may not do what only the operator does.
func (a Actor) MayOperate() error {
	if err := a.MayWrite(); err != nil {
		return err
	}
	if !a.Operates() {
		return OperatorOnly()
	}
	return nil
}

// OperatorOnly is the answer to one who is known but is not the operator.
func OperatorOnly() *Error {
	return &Error{Kind: Forbidden, Code: "operator_only", Msg: "only the operator may do this"}
}

// has says whether the token carries the scope; reading is open to all scopes
// of the same party, so a read-only key passes here and is stopped at writes.
func (a Actor) has(s Scope) bool {
	return len(a.token.Scopes) == 0 || slices.Contains(a.token.Scopes, s) || slices.Contains(a.token.Scopes, ScopeRead)
}

// Roles are the member's roles.
func (a Actor) Roles() []Role {
	roles := []Role{Buyer}
	if len(a.staff) > 0 {
		roles = append(roles, Staff)
	}
	if a.operator {
		roles = append(roles, Operator)
	}
	return roles
}
