package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"outcry"
)

// The exit codes.
const (
	exitFailure = 1
	exitMisuse  = 2
)

// misuse is an error of whoever typed the command; command is that whose help
// tells how to do it, "" where the error says enough.
type misuse struct {
	error
	command string
}

// Unwrap gives the error itself.
func (m misuse) Unwrap() error { return m.error }

// misused is a misuse told in words.
func misused(format string, args ...any) error { return misuse{fmt.Errorf(format, args...), ""} }

// adviceOn is what to do about an error of the server or the way to it.
func adviceOn(e *outcry.Error) string {
	switch {
	case e.Retry > 0:
		return fmt.Sprintf("Try again in %d s.", e.Retry)
	case e.Code == "unreachable":
		return "Start one with: outcry demo. Or name another with --server URL."
	case e.Code == "foreign_answer":
		return "Name the server with --server URL."
	case e.Kind == outcry.Unauthorized && e.Code != "wrong_password":
		return "Sign in: outcry login EMAIL"
	case e.Kind == outcry.Forbidden:
		return "Sign in as somebody who may: outcry login EMAIL"
	}
	return ""
}

// flagOf says by which flag of a command a part of a call is given.
func flagOf(location string) string {
	if name, ok := strings.CutPrefix(location, "query."); ok {
		return "--" + strings.ReplaceAll(name, "_", "-")
	}
	return bodyFlags.Replace(location)
}

// bodyFlags are the flags by the parts of a request's body.
var bodyFlags = strings.NewReplacer(
	"body.place.lat", "--near", "body.place.lon", "--near", "body.place", "--near", "body.radius_m", "--within",
	"body.deadline_s", "--for", "body.deadline", "--for", "body.wanted_offers", "--wanted", "body.quantity", "--quantity",
	"body.budget.max", "--budget", "body.budget", "--budget", "body.words", "WORDS", "body.code", "--code", "body.note", "--note",
	"body.needed_at", "--needed", "body.attributes.", "--attribute ", "body.attributes", "--attribute", "body.rank", "--rank",
	"body.languages", "--language", "body.capabilities", "--capability",
	"body.", "",
)

// failure is an error as programs get it.
type failure struct {
	Code    string            `json:"code"`
	Message string            `json:"message"`
	Fields  map[string]string `json:"fields,omitempty"`
	Advice  string            `json:"advice,omitempty"`
}

// fail tells an error and gives the exit code: 0 for none, 2 for misuse, which
// a server's complaint about what was sent is too, 1 for any other.
func (d *desk) fail(err error) int {
	if err == nil {
		return 0
	}
	f := failure{Code: "failed", Message: err.Error()}
	code := exitFailure
	if m := (misuse{}); errors.As(err, &m) {
		f.Code, code = "misuse", exitMisuse
		if m.command != "" {
			f.Advice = "See: " + m.command + " --help"
		}
	}
	var e *outcry.Error
	switch {
	case errors.As(err, &e):
		f = failure{Code: e.Code, Message: e.Msg, Advice: adviceOn(e), Fields: map[string]string{}}
		for _, field := range e.Fields {
			f.Fields[field.Location] = field.Message
		}
		if e.Kind == outcry.Invalid {
			code = exitMisuse
		}
	case errors.Is(err, context.Canceled):
		f = failure{Code: "stopped", Message: "stopped before it was done"}
	}
	if d.JSON {
		_ = json.NewEncoder(d.Err).Encode(map[string]failure{"error": f}) // nobody is left to tell
		return code
	}
	fmt.Fprintln(d.Err, "outcry: "+f.Message)
	if e != nil {
		for _, field := range e.Fields {
			fmt.Fprintf(d.Err, "  %s: %s\n", flagOf(field.Location), field.Message)
		}
	}
	if f.Advice != "" {
		fmt.Fprintln(d.Err, f.Advice)
	}
	return code
}
