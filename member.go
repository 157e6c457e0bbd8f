package outcry

import "time"

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
