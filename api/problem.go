package api

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"outcry"
	"outcry/wire"
)

// problemType is the media type of problem reports.
const problemType = "application/problem+json"

// statuses says which HTTP status each kind of failure has; any other, and
// outcry.Internal, is a fault of the server: 500. What is wrong with a call
// itself has statuses of its own: see complaint.go, mux.go and body.go.
var statuses = map[outcry.Kind]int{
	outcry.Invalid:      http.StatusUnprocessableEntity,
	outcry.Unauthorized: http.StatusUnauthorized,
	outcry.NotFound:     http.StatusNotFound,
	outcry.Forbidden:    http.StatusForbidden,
	outcry.Conflict:     http.StatusConflict,
	outcry.Closed:       http.StatusConflict,
	outcry.Limited:      http.StatusTooManyRequests,
	outcry.Unavailable:  http.StatusServiceUnavailable,
}

// problem is an answer that refuses. It is the error that handlers hand to huma.
type problem struct {
	wire.Problem
	header http.Header
}

// Error gives the code and what is shown to people.
func (p *problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus is the HTTP status.
func (p *problem) GetStatus() int { return p.Status }

// GetHeaders are what the answer carries beside its body, such as Retry-After.
func (p *problem) GetHeaders() http.Header { return p.header }

// ContentType is that of problem reports.
func (p *problem) ContentType(string) string { return problemType }

// newProblem is a refusal with a status, a code and words.
func newProblem(status int, code, detail string) *problem {
	p := &problem{Problem: wire.Problem{
		Type: "/docs#" + code, Title: http.StatusText(status), Status: status, Detail: detail, Code: code,
	}}
	if status == http.StatusUnauthorized {
		p.set("WWW-Authenticate", "Bearer")
	}
	return p
}

func (p *problem) set(name, value string) {
	if p.header == nil {
		p.header = http.Header{}
	}
	p.header.Set(name, value)
}

// at adds a complaint about one part of the call.
func (p *problem) at(location, message string) *problem {
	p.Errors = append(p.Errors, wire.ProblemField{Location: location, Message: message})
	return p
}

// problemOf turns whatever went wrong in a call into its answer, and logs what
// the answer does not show. This is the one place where errors become answers.
func (a *api) problemOf(ctx context.Context, err error) *problem {
	v := visitOf(ctx)
	var p *problem
	if !errors.As(err, &p) {
		p = a.decided(ctx, err)
	}
	p.RequestID = v.id
	if p.Status == http.StatusInternalServerError {
		a.Log.LogAttrs(context.WithoutCancel(ctx), slog.LevelError, "a call failed",
			slog.String("request_id", v.id), slog.String("member", v.actor.Member), slog.Any("error", err))
	}
	return p
}

// decided is the problem of a decision of a unit, or of a fault.
func (a *api) decided(ctx context.Context, err error) *problem {
	p := shown(err)
	if p.Status == http.StatusServiceUnavailable {
		a.Log.LogAttrs(context.WithoutCancel(ctx), slog.LevelWarn, "a call could not be done now",
			slog.String("request_id", visitOf(ctx).id), slog.Any("error", err))
	}
	return p
}

// ProblemOf is what who caused an error on a shop's line is shown of it.
func ProblemOf(err error) wire.Problem { return shown(relocated(err, "body.", "data.")).Problem }

// shown is what is shown of an error.
func shown(err error) *problem {
	var e *outcry.Error
	switch {
	case errors.As(err, &e) && statuses[e.Kind] != 0:
	case errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled):
		e = &outcry.Error{Kind: outcry.Unavailable, Code: "maybe", Retry: 1,
			Msg: "the answer took too long; it may have been done: try again with the same Idempotency-Key"}
	default:
		return newProblem(http.StatusInternalServerError, "internal",
			"the server has a fault; tell its operator the request_id")
	}
	p := newProblem(statuses[e.Kind], e.Code, e.Msg)
	if len(e.Fields) > 0 {
		p.Errors = wire.ProblemFields(e.Fields)
	}
	if e.Kind == outcry.Limited || e.Kind == outcry.Unavailable {
		p.set("Retry-After", strconv.Itoa(max(1, e.Retry)))
	}
	return p
}

// refuse answers a call with what went wrong, outside of huma.
func (a *api) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := a.problemOf(r.Context(), err)
	h := w.Header()
	maps.Copy(h, p.header)
	h.Set("Content-Type", problemType)
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	if r.Method == http.MethodHead {
		return
	}
	if err := encode(w, p); err != nil {
		a.Log.DebugContext(r.Context(), "an answer was not taken", "request_id", p.RequestID, "error", err)
	}
}

// relocated is an error about parts of a call that a unit names otherwise than
// the caller has sent them: from is to.
func relocated(err error, from, to string) error {
	var e *outcry.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return err
	}
	told := *e
	told.Fields = make([]outcry.Field, len(e.Fields))
	for i, f := range e.Fields {
		if rest, ok := strings.CutPrefix(f.Location, from); ok {
			f.Location = to + rest
		}
		told.Fields[i] = f
	}
	return &told
}
