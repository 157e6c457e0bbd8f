package intake

import (
	"context"
	"fmt"
	"slices"

	"outcry"
)

// maxKeys is how many keys a member may have.
const maxKeys = 100

// MakeKey makes a key for a program of the actor's; its secret is shown this
// once. Without scopes it may do all that the member may.
func (in *Intake) MakeKey(ctx context.Context, actor outcry.Actor, name string, scopes []outcry.Scope) (outcry.Token, string, error) {
	if err := mayManage(actor); err != nil {
		return outcry.Token{}, "", err
	}
	if actor.Guest {
		return outcry.Token{}, "", &outcry.Error{Op: "make key", Kind: outcry.Forbidden, Code: "guest",
			Msg: "a guest has no keys; give the account an address and a password first: PATCH /v1/me"}
	}
	var bad outcry.Complaints
	name = checkName(&bad, name)
	scopes = checkScopes(&bad, actor, scopes)
	if err := bad.Err(); err != nil {
		return outcry.Token{}, "", err
	}
	keys, err := in.Tokens.Keys(ctx, actor.Member)
	if err != nil {
		return outcry.Token{}, "", fmt.Errorf("make key: %w", err)
	}
	if len(keys) >= maxKeys {
		return outcry.Token{}, "", &outcry.Error{Op: "make key", Kind: outcry.Conflict, Code: "too_many_keys",
			Msg: fmt.Sprintf("a member has at most %d keys; remove one first", maxKeys)}
	}
	secret, key, err := in.token(ctx, keyPrefix, outcry.Token{Member: actor.Member, Name: name, Scopes: scopes})
	return key, secret, err
}

// checkScopes gives each scope once, and notes those that there are not or that
// the actor cannot give away.
func checkScopes(c *outcry.Complaints, actor outcry.Actor, scopes []outcry.Scope) []outcry.Scope {
	var each []outcry.Scope
	for i, s := range scopes {
		location := fmt.Sprintf("body.scopes[%d]", i)
		switch {
		case i >= 2*len(outcry.Scopes):
			c.Add("body.scopes", "write each scope once")
			return nil
		case !slices.Contains(outcry.Scopes, s):
			c.Add(location, "write one of %v", outcry.Scopes)
		case s == outcry.ScopeOperate && !actor.Operates():
			c.Add(location, "only the operator has this scope to give")
		case !slices.Contains(each, s):
			each = append(each, s)
		}
	}
	return each
}

// Keys lists the actor's keys, the oldest first, with those of the shop servers
// that were paired with its shops.
func (in *Intake) Keys(ctx context.Context, actor outcry.Actor) ([]outcry.Token, error) {
	if !actor.Known() {
		return nil, actor.MayWrite()
	}
	keys, err := in.Tokens.Keys(ctx, actor.Member)
	if err != nil {
		return nil, fmt.Errorf("list keys: %w", err)
	}
	if shop := actor.Token().Shop; shop != "" {
		keys = slices.DeleteFunc(keys, func(k outcry.Token) bool { return k.Shop != shop })
	}
	return keys, nil
}

// RemoveKey ends a key of the actor's at once.
func (in *Intake) RemoveKey(ctx context.Context, actor outcry.Actor, id string) error {
	if err := mayManage(actor); err != nil {
		return err
	}
	defer in.Forget(actor.Member)
	if err := in.Tokens.RemoveToken(ctx, actor.Member, id); err != nil {
		return fmt.Errorf("remove key: %w", err)
	}
	return nil
}
