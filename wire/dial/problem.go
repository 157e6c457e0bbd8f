package dial

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"

	"outcry"
	"outcry/wire"
)

// maxProblem bounds the bytes of a problem that are read.
const maxProblem = 1 << 20

// kinds says what sort of failure an HTTP status tells.
var kinds = map[int]outcry.Kind{
	http.StatusBadRequest:            outcry.Invalid,
	http.StatusUnauthorized:          outcry.Unauthorized,
	http.StatusForbidden:             outcry.Forbidden,
	http.StatusNotFound:              outcry.NotFound,
	http.StatusConflict:              outcry.Conflict,
	http.StatusPreconditionFailed:    outcry.Conflict,
	http.StatusRequestEntityTooLarge: outcry.Invalid,
	http.StatusUnprocessableEntity:   outcry.Invalid,
	http.StatusTooManyRequests:       outcry.Limited,
	http.StatusBadGateway:            outcry.Unavailable,
	http.StatusServiceUnavailable:    outcry.Unavailable,
	http.StatusGatewayTimeout:        outcry.Unavailable,
}

// closedCodes are those of kind Closed, which has the status of Conflict.
var closedCodes = []string{"call_closed", "request_closed"}

// problemType is the media type of a problem.
const problemType = "application/problem+json"

// refusal is the error that a refused call tells.
func refusal(call Call, res *http.Response) error {
	data, err := io.ReadAll(io.LimitReader(res.Body, maxProblem))
	if err != nil { // cut off in the midst of it
		return unreachable(res.Request.Context(), res.Request.URL.Host, err)
	}
	var p wire.Problem
	media, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if media != problemType || json.Unmarshal(data, &p) != nil || p.Code == "" {
		f := foreign(call, res, "its answer is no problem report")
		f.Kind, f.Retry = kindOf(res.StatusCode), retryAfter(res)
		return f
	}
	e := told(p, res.StatusCode)
	e.Retry = retryAfter(res)
	return e
}

// kindOf is the sort of failure that a status tells.
func kindOf(status int) outcry.Kind {
	if kind, ok := kinds[status]; ok {
		return kind
	}
	return outcry.Internal
}

// told is the error that a problem tells.
func told(p wire.Problem, status int) *outcry.Error {
	kind := kindOf(status)
	if kind == outcry.Conflict && slices.Contains(closedCodes, p.Code) {
		kind = outcry.Closed
	}
	e := &outcry.Error{Kind: kind, Code: p.Code, Msg: p.Detail}
	if e.Msg == "" {
		e.Msg = p.Title
	}
	if kind == outcry.Internal && p.RequestID != "" {
		e.Msg += " (request " + p.RequestID + ")"
	}
	for _, f := range p.Errors {
		e.Fields = append(e.Fields, outcry.Field{Location: f.Location, Message: f.Message})
	}
	return e
}

// foreign is the error of an answer that no Outcry server gives.
func foreign(call Call, res *http.Response, why string) *outcry.Error {
	return &outcry.Error{Kind: outcry.Internal, Code: "foreign_answer",
		Msg: fmt.Sprintf("%s %s was answered %d, but %s; is this the address of an Outcry server?", call.Method, call.Path, res.StatusCode, why)}
}

// unreachable is the error of a server that did not answer; the caller's own
// cancelling stays what it is.
func unreachable(ctx context.Context, server string, err error) error {
	if cause := ctx.Err(); errors.Is(cause, context.Canceled) {
		return cause
	}
	return &outcry.Error{Kind: outcry.Unavailable, Code: "unreachable",
		Msg: "no server answers at " + server, Err: err}
}

// retryAfter is the wait that an answer asks for, in seconds; 0 where it asks
// for none.
func retryAfter(res *http.Response) int {
	n, err := strconv.Atoi(res.Header.Get("Retry-After"))
	if err != nil {
		return 0
	}
	return max(0, n)
}
