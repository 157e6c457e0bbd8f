package wire

import "outcry"

// Join is the body of POST /v1/members: an account, or a guest.
type Join struct {
	Email    string `json:"email,omitempty" doc:"the address to sign in with"`
	Password string `json:"password,omitempty" doc:"10 to 200 characters"`
	Name     string `json:"name,omitempty" doc:"how shops address the member once there is an order"`
	Locale   string `json:"locale,omitempty" doc:"a BCP 47 tag, such as en or ko"`
	Guest    bool   `json:"guest,omitzero" doc:"true joins without an account: give no email and no password"`
}

// SignIn is the body of POST /v1/sessions.
type SignIn struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

// FirstOperator is the body of POST /v1/operator.
type FirstOperator struct {
	Code     string `json:"code" doc:"the code of the link that the first start prints"`
	Email    string `json:"email"`
	Password string `json:"password" doc:"10 to 200 characters"`
	Name     string `json:"name,omitempty"`
}

// MemberChange is the body of PATCH /v1/me; what is left out stays.
type MemberChange struct {
	Email    *string `json:"email,omitempty"`
	Password *string `json:"password,omitempty" doc:"10 to 200 characters"`
	Name     *string `json:"name,omitempty"`
	Locale   *string `json:"locale,omitempty"`
}

// Member is an account.
type Member struct {
	ID        string        `json:"id"`
	Email     string        `json:"email,omitempty"`
	Name      string        `json:"name"`
	Locale    string        `json:"locale,omitempty"`
	Guest     bool          `json:"guest"`
	Roles     []outcry.Role `json:"roles" enum:"buyer,shop_staff,operator"`
	Shops     []ShopName    `json:"shops" doc:"the shops that this member may act for"`
	CreatedAt Time          `json:"created_at"`
	// Token is a guest's, given once, at joining.
	Token string `json:"token,omitempty" doc:"a guest's token, given once, at joining"`
}

// MemberOf is a member who has only just joined, or as others are shown it:
// with the role of its own and no shops.
func MemberOf(m outcry.Member) Member {
	roles := []outcry.Role{outcry.Buyer}
	if m.Operator {
		roles = append(roles, outcry.Operator)
	}
	return Member{
		ID: m.ID, Email: m.Email, Name: m.Name, Locale: m.Locale, Guest: m.Guest,
		Roles: roles, Shops: []ShopName{}, CreatedAt: Time(m.Created),
	}
}

// Session is a sign-in.
type Session struct {
	Token     string `json:"token" doc:"sent as Authorization: Bearer TOKEN"`
	ExpiresAt Time   `json:"expires_at"`
	MemberID  string `json:"member_id"`
}

// NewKey is the body of POST /v1/keys.
type NewKey struct {
	Name   string   `json:"name" doc:"what the key is for"`
	Scopes []string `json:"scopes,omitempty" enum:"buy,shop,operate,read" doc:"what the key may do; none: all that the member may"`
}

// Key is a key of a program.
type Key struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Scopes    []string `json:"scopes" enum:"buy,shop,operate,read"`
	ShopID    string   `json:"shop_id,omitempty" doc:"the one shop that the key of a shop server acts for"`
	CreatedAt Time     `json:"created_at"`
	// Key is the secret, given once, when it is made.
	Key string `json:"key,omitempty" doc:"the secret, given once"`
}

// KeyOf is a key without its secret.
func KeyOf(t outcry.Token) Key {
	return Key{ID: t.ID, Name: t.Name, Scopes: Texts(t.Scopes), ShopID: t.Shop, CreatedAt: Time(t.Created)}
}
