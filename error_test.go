package outcry_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"outcry"
)

func TestError_KindAndCodeAreReadThroughWrapping(t *testing.T) {
	t.Parallel()
	gone := &outcry.Error{Op: "accept offer", Kind: outcry.Conflict, Code: "offer_changed", Msg: "look again", Err: io.EOF}
	for name, c := range map[string]struct {
		err  error
		kind outcry.Kind
		code string
	}{
		"nothing":          {nil, "", ""},
		"itself":           {gone, outcry.Conflict, "offer_changed"},
		"wrapped":          {fmt.Errorf("keep it: %w", fmt.Errorf("again: %w", gone)), outcry.Conflict, "offer_changed"},
		"joined":           {errors.Join(io.ErrUnexpectedEOF, gone), outcry.Conflict, "offer_changed"},
		"the first of two": {&outcry.Error{Kind: outcry.NotFound, Code: "not_found", Err: gone}, outcry.NotFound, "not_found"},
		"unknown":          {io.EOF, outcry.Internal, "internal"},
	} {
		if kind, code := outcry.KindOf(c.err), outcry.CodeOf(c.err); kind != c.kind || code != c.code {
			t.Errorf("%s: %q, %q; want %q, %q", name, kind, code, c.kind, c.code)
		}
	}
	if !errors.Is(gone, io.EOF) {
		t.Error("its cause is not found")
	}
	if want := "accept offer: offer_changed: look again: EOF"; gone.Error() != want {
		t.Errorf("%q, want %q", gone.Error(), want)
	}
}

func TestComplaints_AreToldAllAtOnce(t *testing.T) {
	t.Parallel()
	var bad outcry.Complaints
	if err := bad.Err(); err != nil {
		t.Fatalf("no complaints make an error: %v", err)
	}
	bad.Add("body.name", "write %d characters", 3)
	bad.Add("body.place.lat", "write a latitude")
	var e *outcry.Error
	if err := bad.Err(); !errors.As(err, &e) || e.Kind != outcry.Invalid || len(e.Fields) != 2 {
		t.Fatalf("%+v, want one invalid error with both", e)
	}
	if f := e.Fields[0]; f.Location != "body.name" || f.Message != "write 3 characters" {
		t.Errorf("the first complaint is %+v", f)
	}
	want := "invalid: the input has errors; see errors (body.name: write 3 characters) (body.place.lat: write a latitude)"
	if e.Error() != want {
		t.Errorf("%q, want %q", e.Error(), want)
	}
}

func TestMissing_DoesNotTellAbsentFromForeign(t *testing.T) {
	t.Parallel()
	err := outcry.Missing("order")
	if err.Kind != outcry.NotFound || err.Code != "not_found" || err.Msg != "there is no such order, or it is not yours" {
		t.Errorf("%+v", err)
	}
	if err := outcry.BadField("body.x", "write %q", "y"); err.Kind != outcry.Invalid || err.Fields[0].Message != `write "y"` {
		t.Errorf("%+v", err)
	}
}
