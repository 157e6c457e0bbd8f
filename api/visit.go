package api

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"

	"outcry"
)

// visit is what is known of one call on its way.
type visit struct {
	id      string // names the call in the log and in problems
	address string // where it comes from
	actor   outcry.Actor
	body    []byte
	yaml    bool // the body was YAML
	// target and detail are what the audit says of the call: the id of what it
	// is done to, and more where there is more to say.
	target, detail string
}

type visitKey struct{}

// visiting gives a context the visit of its call.
func visiting(ctx context.Context, v *visit) context.Context {
	return context.WithValue(ctx, visitKey{}, v)
}

// visitOf is the visit of a context's call; outside of a call it is empty.
func visitOf(ctx context.Context) *visit {
	if v, ok := ctx.Value(visitKey{}).(*visit); ok {
		return v
	}
	return &visit{}
}

// actorOf is who makes the call; the zero Actor is a stranger.
func actorOf(ctx context.Context) outcry.Actor { return visitOf(ctx).actor }

// requestID is the header by which a caller may name its call.
const requestID = "X-Request-Id"

// newVisit begins a visit: the caller's own id where it is one, else a new one.
func newVisit(r *http.Request) *visit {
	v := &visit{id: r.Header.Get(requestID), address: address(r)}
	if !wellNamed(v.id) {
		var chance [12]byte
		_, _ = rand.Read(chance[:]) // never fails
		v.id = hex.EncodeToString(chance[:])
	}
	return v
}

// wellNamed says whether an id may stand in the log: 1 to 64 letters, digits,
// hyphens, underlines and dots.
func wellNamed(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for _, c := range []byte(id) {
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '-', c == '_', c == '.':
		default:
			return false
		}
	}
	return true
}
