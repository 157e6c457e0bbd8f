package intake

import (
	"context"
	"fmt"
	"strings"
	"time"

	"outcry"
)

// sessionLife is how long a session lasts.
const sessionLife = 30 * 24 * time.Hour

// SignIn gives a session to the member with this address and password, for 30
// days. A wrong one of either is Unauthorized with the code "wrong_password";
// after ten of them a minute for one address the answer is Limited.
func (in *Intake) SignIn(ctx context.Context, email, password string) (secret string, session outcry.Token, err error) {
	email = strings.TrimSpace(email)
	name := strings.ToLower(email)
	if len(email) > maxEmail || len(password) > maxPasswordBytes {
		return "", outcry.Token{}, wrongPassword()
	}
	if err := in.tries.take(name, in.now()); err != nil {
		return "", outcry.Token{}, err
	}
	m, hash, err := in.Members.MemberByEmail(ctx, email)
	if err != nil && outcry.KindOf(err) != outcry.NotFound {
		return "", outcry.Token{}, fmt.Errorf("sign in: %w", err)
	}
	right, err := in.passwords.verify(ctx, password, hash)
	if err != nil {
		return "", outcry.Token{}, err
	}
	if !right {
		return "", outcry.Token{}, wrongPassword()
	}
	in.tries.forgive(name)
	return in.session(ctx, m.ID)
}

// session makes a session of a member.
func (in *Intake) session(ctx context.Context, member string) (secret string, session outcry.Token, err error) {
	return in.token(ctx, sessionPrefix, outcry.Token{Member: member, Expires: in.now().Add(sessionLife)})
}

// token makes a token and keeps the hash of its secret. Its id is by chance,
// also when a command is done again: the secret is known to nobody then.
func (in *Intake) token(ctx context.Context, prefix string, t outcry.Token) (string, outcry.Token, error) {
	secret := newSecret(prefix, in.Random)
	t.Hash, t.Created = hashOf(secret), in.now()
	t.ID = outcry.NewID(outcry.KeyPrefix, t.Created, in.Random)
	if err := in.Tokens.AddToken(ctx, t); err != nil {
		return "", outcry.Token{}, fmt.Errorf("add token: %w", err)
	}
	return secret, t, nil
}

// SignOut ends the session that the actor shows.
func (in *Intake) SignOut(ctx context.Context, actor outcry.Actor) error {
	if !actor.Known() {
		return actor.MayWrite()
	}
	if actor.Token().Name != "" {
		return &outcry.Error{Op: "sign out", Kind: outcry.Conflict, Code: "not_a_session",
			Msg: "a key has no session to end; DELETE /v1/keys/{id} removes it"}
	}
	defer in.Forget(actor.Member)
	if err := in.Tokens.RemoveToken(ctx, actor.Member, actor.Token().ID); err != nil && outcry.KindOf(err) != outcry.NotFound {
		return fmt.Errorf("sign out: %w", err)
	}
	return nil
}

// Who is the actor that shows a secret. One that is unknown, removed or expired
// is Unauthorized with the code "bad_token". What a member may do is remembered
// for a second at most; see Forget.
func (in *Intake) Who(ctx context.Context, secret string) (outcry.Actor, error) {
	if !looksLikeSecret(secret) {
		return outcry.Actor{}, badToken()
	}
	hash, now := hashOf(secret), in.Clock()
	actor, epoch, ok := in.shown.get(hash, now)
	if !ok {
		token, m, staff, err := in.Tokens.TokenByHash(ctx, hash)
		switch {
		case outcry.KindOf(err) == outcry.NotFound:
			return outcry.Actor{}, badToken()
		case err != nil:
			return outcry.Actor{}, fmt.Errorf("look up token: %w", err)
		}
		actor = outcry.NewActor(m, token, staff)
		in.shown.put(hash, actor, now, epoch)
	}
	if expires := actor.Token().Expires; !expires.IsZero() && !now.Before(expires) {
		return outcry.Actor{}, badToken()
	}
	return actor, nil
}

// Forget says that what a member is or may do has changed: Who looks anew. It is
// called after a member becomes staff of a shop, among others.
func (in *Intake) Forget(member string) { in.shown.forget(member) }

func badToken() error {
	return &outcry.Error{Op: "show token", Kind: outcry.Unauthorized, Code: "bad_token",
		Msg: "this token is unknown, was removed or has expired; sign in again"}
}

func wrongPassword() error {
	return &outcry.Error{Op: "sign in", Kind: outcry.Unauthorized, Code: "wrong_password",
		Msg: "the address or the password is wrong"}
}
