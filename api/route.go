package api

import (
	"cmp"
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// access says who may make a call at all. What they may do in it is for the
// units to say.
type access int

const (
	known    access = iota // any member
	anybody                // strangers too
	operator               // the operator only
)

// route is one call of the interface.
type route struct {
	method, path string
	name         string // the operation's, in openapi.json
	tag          string // the part of the interface that it belongs to
	summary      string
	access       access
	status       int // of the answer; 0: 200, or 204 without a body
	// trial marks a POST that decides nothing, so that keys that may only read
	// can make it, and that it may be made twice.
	trial bool
	// raw are the media types of a body that is not JSON; takes says that the
	// body is JSON, else there is none.
	raw   []string
	takes bool
	// yaml says that a body of YAML stands for a JSON object with it as text.
	yaml bool
	// gives is the media type of an answer that is not JSON.
	gives string
	// audited marks a call that the audit keeps once it is done.
	audited bool
	// joins marks a call that makes a new member.
	joins bool
	// streams marks an answer that does not end by itself; slow one that may
	// take minutes.
	streams, slow bool
}

// writes says whether the call changes anything.
func (r *route) writes() bool { return r.method != http.MethodGet && !r.trial }

// patience is how long the call may take.
func (r *route) patience() time.Duration {
	switch {
	case r.streams:
		return 0
	case r.slow:
		return slowPatience
	}
	return callPatience
}

const (
	// callPatience and slowPatience bound how long a call is worked on.
	callPatience = 30 * time.Second
	slowPatience = 5 * time.Minute
	// takeTime is how long, beyond that, the caller may take to read the answer.
	takeTime = 30 * time.Second
)

// reply is an answer with a body.
type reply[T any] struct {
	Body T
}

// as is the answer with that body.
func as[T any](body T) *reply[T] { return &reply[T]{Body: body} }

// done is an answer without a body.
type done struct{}

// serve has handle answer a route. What it returns as an error is answered as a
// problem.
func serve[I, O any](a *api, r route, handle func(context.Context, *I) (*O, error)) {
	_, r.takes = reflect.TypeFor[I]().FieldByName("Body")
	op := huma.Operation{
		OperationID: r.name, Method: r.method, Path: r.path, Summary: r.summary, Tags: []string{r.tag},
		DefaultStatus: r.status, MaxBodyBytes: -1, BodyReadTimeout: -1, RejectUnknownQueryParameters: true,
		Middlewares: huma.Middlewares{a.gates(&r)},
	}
	if r.access != anybody {
		op.Security = []map[string][]string{{bearer: {}}}
	}
	if r.access == operator {
		op.Description = "For the operator."
	}
	if r.writes() {
		op.Parameters = append(op.Parameters, idempotencyParam)
	}
	if r.raw != nil {
		op.SkipValidateBody = true
		op.RequestBody = rawBody(r.raw)
	}
	if r.yaml {
		op.RequestBody = yamlBody()
	}
	if r.gives != "" {
		op.Responses = map[string]*huma.Response{"200": {Content: map[string]*huma.MediaType{r.gives: {Schema: &huma.Schema{Type: huma.TypeString}}}}}
	}
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err == nil && r.audited {
			err = a.audit(ctx, r.name)
		}
		if err != nil {
			return nil, a.problemOf(ctx, err)
		}
		return out, nil
	})
}

// gates lets a call through to its handler, or refuses it.
func (a *api) gates(r *route) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		req, w := humago.Unwrap(hc)
		err := a.pass(w, req, r, func(w http.ResponseWriter, req *http.Request) {
			next(humago.NewContext(hc.Operation(), req, w))
		})
		if err != nil {
			a.refuse(w, req, err)
		}
	}
}

// pass leads a call through the gates.
func (a *api) pass(w http.ResponseWriter, req *http.Request, r *route, next http.HandlerFunc) error {
	v := visitOf(req.Context())
	w.Header().Set("Cache-Control", "no-store")
	leave, err := a.room.enter(r.streams)
	if err != nil {
		return err
	}
	defer leave()
	v.target = cmp.Or(req.PathValue("id"), req.PathValue("code"))
	var refused error
	v.actor, refused = a.who(req, r)
	if err := a.bounds.take(v, r, a.Clock()); err != nil {
		return err
	}
	if refused != nil { // only now, so that guessing tokens is bounded too
		return refused
	}
	if err := a.readBody(w, req, r); err != nil {
		return err
	}
	if patience := r.patience(); patience > 0 {
		ctx, cancel := context.WithTimeout(req.Context(), patience)
		defer cancel()
		req = req.WithContext(ctx)
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(patience + takeTime)) // not every writer has one
	}
	if key, ok := onceKey(req); ok && r.writes() {
		return a.once(w, req, key, next)
	}
	next(w, req)
	return nil
}
