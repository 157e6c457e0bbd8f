package api

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"outcry"
)

// Once is a call that is to be done once: a caller's Idempotency-Key on a path.
type Once struct {
	// Member is who calls, Key a hash of the key, Route the method and path.
	Member, Key, Route string
	// BodyHash tells whether a later call with the key is the same call.
	BodyHash string
	At       time.Time
	// Run names this try; a try that did not finish is taken over by the next.
	Run string
}

// OnceRecord is what is known of an earlier call with the same key.
type OnceRecord struct {
	BodyHash string
	At       time.Time // of the first call
	Answer   OnceAnswer
}

// OnceAnswer is the answer that is replayed; Status 0 says that there is none
// yet.
type OnceAnswer struct {
	Status       int
	Header, Body []byte
}

// Onces keeps calls and their answers for a day.
type Onces interface {
	// BeginOnce notes that a call is being done, or gives what is known of it.
	BeginOnce(ctx context.Context, o Once) (prior *OnceRecord, err error)
	FinishOnce(ctx context.Context, o Once, a OnceAnswer) error
	// ForgetOnce gives the key free again.
	ForgetOnce(ctx context.Context, o Once) error
}

const (
	idempotencyKey      = "Idempotency-Key"
	idempotencyReplayed = "Idempotency-Replayed"
	maxKey              = 255 // characters
)

var idempotencyParam = &huma.Param{
	Name: idempotencyKey, In: "header", Schema: &huma.Schema{Type: huma.TypeString},
	Description: "1 to 255 printable characters, new for each thing to be done: the same call with the same key is done once, and answered alike for 24 hours",
}

// onceKey is the Idempotency-Key of a call; ok is false where it has none.
func onceKey(req *http.Request) (key string, ok bool) {
	values, ok := req.Header[idempotencyKey]
	if !ok {
		return "", false
	}
	if len(values) != 1 {
		return "", true
	}
	return values[0], true
}

// once does a call once. The first answer is kept and given to every later call
// with the key, where it did something or the state of things forbade it; a call
// that was refused for what it says gives the key free again. One that failed
// stays begun: the next try makes the same ids as this one, so that whatever was
// done is found and not done twice.
func (a *api) once(w http.ResponseWriter, req *http.Request, key string, next http.HandlerFunc) error {
	v := visitOf(req.Context())
	if !printableKey(key) {
		return outcry.BadField("header."+idempotencyKey, "write 1 to %d printable characters, once", maxKey)
	}
	o := onceOf(v, req, key, a.now())
	leave, ok := a.underway.enter(o)
	if !ok {
		return &outcry.Error{Kind: outcry.Conflict, Code: "idempotency_running", Msg: "a call with this key is being done; wait for its answer"}
	}
	defer leave()
	prior, err := a.Onces.BeginOnce(req.Context(), o)
	at := o.At
	switch {
	case err != nil:
		return err
	case prior == nil:
	case prior.BodyHash != o.BodyHash:
		return &outcry.Error{Kind: outcry.Invalid, Code: "idempotency_mismatch", Msg: "this key was used for another call; use a new one",
			Fields: []outcry.Field{{Location: "header." + idempotencyKey, Message: "write a new key for a call with another body"}}}
	case prior.Answer.Status != 0:
		return replay(w, o, key, prior.Answer)
	default:
		at = prior.At
	}
	seeded := outcry.WithSeed(req.Context(), outcry.Seed{At: at, Key: o.Member + " " + o.Route + " " + o.Key})
	answer := newRecording()
	next(answer, req.WithContext(seeded))
	a.keep(req.Context(), o, key, answer)
	answer.send(w)
	return nil
}

// keep keeps an answer, or gives the key free, or leaves the call begun.
func (a *api) keep(ctx context.Context, o Once, key string, answer *recording) {
	ctx = context.WithoutCancel(ctx)
	var err error
	switch status := answer.status; {
	case status < http.StatusBadRequest || status == http.StatusConflict:
		var header []byte
		if header, err = json.Marshal(answer.header); err == nil {
			body := seal(o, key, answer.body.Bytes())
			err = a.Onces.FinishOnce(ctx, o, OnceAnswer{Status: status, Header: header, Body: body})
		}
	case status < http.StatusInternalServerError:
		err = a.Onces.ForgetOnce(ctx, o)
	}
	if err != nil {
		// The call is done, and a repeat makes the same ids: better to answer.
		a.Log.WarnContext(ctx, "an answer was not kept", "request_id", visitOf(ctx).id, "error", err)
	}
}

// replay gives an answer that was kept.
func replay(w http.ResponseWriter, o Once, key string, kept OnceAnswer) error {
	answer := newRecording()
	if err := json.Unmarshal(kept.Header, &answer.header); err != nil {
		return err
	}
	body, err := unseal(o, key, kept.Body)
	if err != nil {
		return err
	}
	answer.status = kept.Status
	answer.body.Write(body)
	answer.header.Set(idempotencyReplayed, "true")
	answer.send(w)
	return nil
}

// onceOf names a call. A stranger is known by its address.
func onceOf(v *visit, req *http.Request, key string, now time.Time) Once {
	member := v.actor.Member
	if member == "" {
		member = "at " + v.address
	}
	body := sha256.New()
	body.Write([]byte(req.URL.RawQuery + "\n"))
	body.Write(v.body)
	hashed := sha256.Sum256([]byte(key))
	return Once{
		Member: member, Key: hex.EncodeToString(hashed[:]), Route: req.Method + " " + req.URL.Path,
		BodyHash: hex.EncodeToString(body.Sum(nil)), At: now, Run: rand.Text(),
	}
}

func printableKey(key string) bool {
	if len(key) < 1 || len(key) > maxKey {
		return false
	}
	for _, c := range []byte(key) {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

// underway are the calls with a key that are being done here now.
type underway struct {
	mu    sync.Mutex
	calls map[[3]string]bool
}

// enter notes a call; ok is false where it is there already.
func (u *underway) enter(o Once) (leave func(), ok bool) {
	name := [3]string{o.Member, o.Route, o.Key}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.calls[name] {
		return nil, false
	}
	u.calls[name] = true
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		delete(u.calls, name)
	}, true
}
