package outcry

import (
	"errors"
	"fmt"
)

// Kind says what sort of failure an Error is; the list is closed. HTTP maps
// each kind to one status in one place.
type Kind string

// The kinds of failure.
const (
	// Invalid: the input breaks a rule; Fields names what to mend.
	Invalid Kind = "invalid"
	// Unauthorized: nobody known asks.
	Unauthorized Kind = "unauthorized"
	// NotFound: there is no such thing, or it is not the caller's to see.
	NotFound Kind = "not_found"
	// Forbidden: the caller is known and may see the thing but not do this.
	Forbidden Kind = "forbidden"
	// Conflict: the thing's present state does not allow this.
	Conflict Kind = "conflict"
	// Closed: the request no longer takes answers.
	Closed Kind = "closed"
	// Limited: the caller is over a bound; try again after Retry.
	Limited Kind = "limited"
	// Unavailable: the server cannot do it now; try again after Retry.
	Unavailable Kind = "unavailable"
	// Internal: a fault of the server; its cause is logged, never shown.
	Internal Kind = "internal"
)

// Field is one complaint about one part of the input.
type Field struct {
	// Location is the path of the part, such as "body.place.lat".
	Location string
	// Message says what is wrong and what to write instead.
	Message string
}

// Error is a decision not to do what was asked. It is made where the decision
// is made; layers above wrap it with %w.
type Error struct {
	Op     string  // what was being done: "accept offer"
	Kind   Kind    // the closed list above
	Code   string  // a stable word for programs: "offer_changed"
	Msg    string  // for people; shown to the caller
	Fields []Field // for Invalid: each part to mend
	Retry  int     // for Limited and Unavailable: seconds to wait
	Err    error   // the cause; logged, never shown
}

// Error gives the operation, the message and the cause.
func (e *Error) Error() string {
	s := e.Code + ": " + e.Msg
	if e.Op != "" {
		s = e.Op + ": " + s
	}
	for _, f := range e.Fields {
		s += fmt.Sprintf(" (%s: %s)", f.Location, f.Message)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of the first *Error in err's chain; Internal for any
// other error, "" for nil.
func KindOf(err error) Kind {
	var e *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Kind
	}
	return Internal
}

// CodeOf is the code of the first *Error in err's chain; "internal" for any
// other error, "" for nil.
func CodeOf(err error) string {
	var e *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Code
	}
	return "internal"
}

// Missing is the one answer for an id that does not exist and for one that is
// somebody else's, so that nobody can probe for ids.
func Missing(what string) *Error {
	return &Error{Kind: NotFound, Code: "not_found", Msg: "there is no such " + what + ", or it is not yours"}
}

// BadField is an Invalid error about one part of the input.
func BadField(location, format string, args ...any) *Error {
	return &Error{
		Kind: Invalid, Code: "invalid", Msg: "the input has an error; see errors",
		Fields: []Field{{Location: location, Message: fmt.Sprintf(format, args...)}},
	}
}

// Complaints collects what is wrong with an input, so that all of it can be
// told at once.
type Complaints []Field

// Add notes one complaint.
func (c *Complaints) Add(location, format string, args ...any) {
	*c = append(*c, Field{Location: location, Message: fmt.Sprintf(format, args...)})
}

// Err is nil when nothing was noted, else one Invalid error with all of it.
func (c Complaints) Err() error {
	if len(c) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Code: "invalid", Msg: "the input has errors; see errors", Fields: c}
}
