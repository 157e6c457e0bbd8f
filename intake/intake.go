package intake

import (
	"context"
	"io"
	"time"

	"outcry"
	"outcry/policy"
)

// Members keeps members with the hashes of their passwords.
type Members interface {
	// AddMember adds a member; an address that another one has is a Conflict
	// with the code "email_taken", the same id again does nothing.
	AddMember(ctx context.Context, m outcry.Member, passwordHash string) error
	Member(ctx context.Context, id string) (outcry.Member, error)
	// MemberByEmail finds a member by its address, whatever its case.
	MemberByEmail(ctx context.Context, email string) (outcry.Member, string, error)
	// UpdateMember writes a member; passwordHash "" keeps the password.
	UpdateMember(ctx context.Context, m outcry.Member, passwordHash string) error
}

// Operators knows whether anybody operates this market yet.
type Operators interface {
	HasOperator(ctx context.Context) (bool, error)
}

// Tokens keeps sessions and keys by the hashes of their secrets.
type Tokens interface {
	AddToken(ctx context.Context, t outcry.Token) error
	// TokenByHash gives a token with its member and the shops it works at.
	TokenByHash(ctx context.Context, hash string) (outcry.Token, outcry.Member, []string, error)
	// Keys lists a member's keys without its sessions.
	Keys(ctx context.Context, member string) ([]outcry.Token, error)
	RemoveToken(ctx context.Context, member, id string) error
}

// Sessions ends sessions.
type Sessions interface {
	// EndSessions ends all sessions of a member but the one with the id keep.
	EndSessions(ctx context.Context, member, keep string) error
}

// Requests keeps requests.
type Requests interface {
	// AddRequest adds a request; the same id again does nothing.
	AddRequest(ctx context.Context, r outcry.Request) error
	Request(ctx context.Context, id string) (outcry.Request, error)
	// Requests lists a buyer's requests, the newest first.
	Requests(ctx context.Context, buyer string, p outcry.Page) (items []outcry.Request, next string, err error)
	// CountOpen is how many requests of a buyer take answers.
	CountOpen(ctx context.Context, buyer string) (int, error)
}

// Signals knows the tree of codes and the words for them.
type Signals interface {
	Get(code outcry.Code) (outcry.Signal, bool)
	// Suggest gives codes that are written much like one that is not there.
	Suggest(code outcry.Code) []outcry.Code
	// Best is the code that words mean; ok is false where none is likely.
	Best(words, locale string) (code outcry.Code, ok bool)
	// CheckRequest says what is wrong with the attributes of a request for the
	// code; its fields lie below location.
	CheckRequest(code outcry.Code, attributes []byte, location string) error
}

// Matcher runs a request that is in the store.
type Matcher interface {
	// Start runs a new request.
	Start(ctx context.Context, r outcry.Request) error
	// Continue runs one that may have begun before.
	Continue(ctx context.Context, request string) error
}

// Config is what an Intake works with. All fields but PolicyVersion are needed.
type Config struct {
	Members   Members
	Operators Operators
	Tokens    Tokens
	Sessions  Sessions
	Requests  Requests
	Signals   Signals
	Matcher   Matcher
	// Policy is the policy that holds now; PolicyVersion its version, 0 where
	// it is nil.
	Policy        func() policy.Policy
	PolicyVersion func() int
	Clock         func() time.Time
	Random        io.Reader // must be fit for secrets
}

// Intake takes in members and what they ask.
type Intake struct {
	Config
	passwords *passwords
	tries     *tries
	shown     *shown
	asking    *turns
	link      operatorLink
}

// New makes an Intake.
func New(c Config) *Intake {
	return &Intake{
		Config: c, passwords: newPasswords(c.Random), tries: newTries(signInTries, time.Minute),
		shown: newShown(), asking: newTurns(),
	}
}

// now is the time with the resolution that is kept, milliseconds.
func (in *Intake) now() time.Time { return in.Clock().UTC().Truncate(time.Millisecond) }

// mayManage says why an actor may not change the account itself: only a person
// who signed in and a key without bounds may.
func mayManage(actor outcry.Actor) error {
	if err := actor.MayWrite(); err != nil {
		return err
	}
	if t := actor.Token(); t.Shop != "" || len(t.Scopes) > 0 {
		return &outcry.Error{Kind: outcry.Forbidden, Code: "scope",
			Msg: "this key may not change the account; sign in with the password"}
	}
	return nil
}
