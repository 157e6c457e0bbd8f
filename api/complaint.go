package api

import (
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
)

// settle makes those settings of huma that hold for the whole process: names of
// members count in their case, lists are not null, and what huma finds wrong is
// told as a problem.
var settle = sync.OnceFunc(func() {
	huma.ValidateStrictCasing = true
	huma.DefaultArrayNullable = false
	huma.NewError = func(status int, _ string, errs ...error) huma.StatusError { return malformed(status, errs) }
	huma.NewErrorWithContext = func(ctx huma.Context, status int, _ string, errs ...error) huma.StatusError {
		p := malformed(status, errs)
		p.RequestID = visitOf(ctx.Context()).id
		return p
	}
})

// malformed is the problem of a call that does not have the shape that
// /openapi.json tells: 400 where it is no JSON or has members or parameters that
// there are not, 422 where a value breaks a rule. huma's own words are left out
// where they would repeat what was sent.
func malformed(status int, errs []error) *problem {
	p := newProblem(status, "invalid", "the input has errors; see errors")
	switch {
	case status == http.StatusBadRequest:
		p = newProblem(status, "invalid_json", "the body cannot be read; see errors")
	case status >= http.StatusInternalServerError:
		return newProblem(status, "internal", "the server has a fault; tell its operator the request_id")
	}
	for _, err := range errs {
		code, location, message := complaintOf(err)
		if code != "" {
			q := newProblem(http.StatusBadRequest, code, "the input has parts that there are not; see errors")
			q.Errors, p = p.Errors, q
		}
		p = p.at(location, message)
	}
	if status == http.StatusBadRequest && len(errs) == 0 {
		p = p.at("body", "write a JSON object")
	}
	return p
}

// complaintOf is one of huma's findings in our words; code is set where it is
// more than a wrong value.
func complaintOf(err error) (code, location, message string) {
	var d *huma.ErrorDetail
	if !errors.As(err, &d) {
		return "", "body", "write a value of the type that /openapi.json tells"
	}
	location = printable(d.Location, maxLocation)
	if at, message, ok := splitFault(d.Message); ok {
		return "", at, message
	}
	switch message = d.Message; {
	case message == validation.MsgUnexpectedProperty:
		return "unknown_member", location, "there is no such member; leave it out, or write it as /openapi.json does"
	case message == "unknown query parameter":
		return "unknown_parameter", location, "there is no such parameter; leave it out, or write it as /openapi.json does"
	case strings.HasPrefix(message, "expected required property "):
		name, _, _ := strings.Cut(strings.TrimPrefix(message, "expected required property "), " ")
		return "", location + "." + name, "write it; it is needed"
	}
	if plain, ok := plainer[message]; ok {
		return "", location, plain
	}
	if choice, ok := strings.CutPrefix(message, "expected value to be one of "); ok {
		return "", location, "write one of " + strings.Trim(choice, `"`)
	}
	if strings.HasPrefix(message, "expected ") {
		return "", location, "write another value: " + message // a bound, from the schema
	}
	return "", location, "write a value of the type that /openapi.json tells"
}

// plainer are huma's findings in plain words.
var plainer = map[string]string{
	validation.MsgExpectedRFC3339DateTime: "write a time as RFC 3339, for example 2026-11-23T17:30:00Z",
	validation.MsgExpectedBoolean:         "write true or false",
	validation.MsgExpectedNumber:          "write a number",
	validation.MsgExpectedInteger:         "write a whole number",
	validation.MsgExpectedString:          "write a text",
	validation.MsgExpectedArray:           "write a list",
	validation.MsgExpectedObject:          "write an object",
	"invalid integer":                     "write a whole number",
	"invalid float":                       "write a number",
	"invalid boolean":                     "write true or false",
}
