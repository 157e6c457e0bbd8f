package outcry

import (
	"slices"
	"time"
)

// Member is an account: a person, or a program acting for one.
type Member struct {
	ID    string
	Email string // "" for a guest
	Name  string
	// Locale is the language for texts, a BCP 47 tag such as "en" or "ko".
	Locale string
	// Guest is a buyer without an account: tighter limits until claimed.
	Guest    bool
	Operator bool
	Created  time.Time
}

// Role is what a member may be. Every member is a buyer; one who owns or works
// at a shop is staff there.
type Role string

// The roles.
const (
	Buyer    Role = "buyer"
	Staff    Role = "shop_staff"
	Operator Role = "operator"
)

// Scope narrows what a key may do.
type Scope string

// The scopes of keys. A key without scopes may do all that its member may.
const (
	ScopeBuy     Scope = "buy"     // ask, accept, talk as the buyer
	ScopeShop    Scope = "shop"    // act for the member's shops
	ScopeOperate Scope = "operate" // act as the operator
	ScopeRead    Scope = "read"    // read only
)

// Scopes are all there are.
var Scopes = []Scope{ScopeBuy, ScopeShop, ScopeOperate, ScopeRead}

// Token is what proves who asks: a session of a person or a key of a program.
// Only a hash of its secret is kept.
type Token struct {
	ID     string
	Hash   string // SHA-256 of the secret, in hex
	Member string
	// Name says what a key is for; "" marks a session.
	Name   string
	Scopes []Scope
	// Shop is the one shop that a paired shop server's key acts for.
	Shop    string
	Created time.Time
	Expires time.Time // zero: never
}

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
