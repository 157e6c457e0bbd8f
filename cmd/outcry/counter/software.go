package counter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"outcry/wire"
)

// maxReply bounds the bytes of an answer of the shop's software.
const maxReply = 64 << 10

// asker is the shop's software, however it is reached.
type asker interface {
	// ask has a call answered until ctx ends.
	ask(ctx context.Context, call wire.Call) (reply, error)
	// close ends what was begun.
	close()
}

// reply is what software answers: an offer, a decline, or neither.
type reply struct {
	CallID string `json:"call_id"`
	wire.Bid
	Decline *wire.Reason `json:"decline"`
}

// readReply reads an answer; what it does not know is an error, so that a
// mistyped key is told.
func readReply(text []byte) (r reply, err error) {
	in := json.NewDecoder(bytes.NewReader(text))
	in.DisallowUnknownFields()
	if err := in.Decode(&r); err != nil {
		return r, fmt.Errorf("the answer cannot be read: %w", err)
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return r, errors.New("the answer is more than one JSON object")
	}
	said := len(r.Attributes) > 0 || r.Message != "" || r.AvailableAt != nil || r.ValidUntil != nil || r.Price.Amount != 0
	switch {
	case r.Decline != nil && (said || r.Price.Currency != ""):
		return r, errors.New("the answer both offers and declines")
	case said && r.Price.Currency == "":
		return r, errors.New(`the answer has no price; write "price": {"amount": 240, "currency": "GBP"}`)
	}
	return r, nil
}

// into puts a reply into an answer; false where it says nothing.
func (r reply) into(a *Answer) bool {
	switch {
	case r.Decline != nil:
		a.Decline = r.Decline
	case r.Price.Currency != "":
		a.Bid = &r.Bid
	default:
		return false
	}
	return true
}

// open reaches the software of a setting; say tells what it writes beside its
// answers. It ends with ctx at the latest, and is nil where there is none.
func (s *Setting) open(ctx context.Context, say func(words string)) asker {
	switch {
	case s.Software.URL != "":
		return newAddress(s.Software.URL)
	case len(s.Software.Command) > 0:
		return newProgram(ctx, s.Software.Command, s.Dir, say)
	}
	return nil
}

// Ask has the software of a setting answer a call, once: for trying.
func (s *Setting) Ask(ctx context.Context, call wire.Call, a *Answer, say func(words string)) error {
	software := s.open(ctx, say)
	if software == nil {
		return errors.New("there is no software")
	}
	defer software.close()
	r, err := software.ask(ctx, call)
	if err == nil && !r.into(a) {
		a.By = ByPerson
		a.because("the software answers nothing")
	}
	return err
}
