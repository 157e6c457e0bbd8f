package hook

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"outcry"
	"outcry/wire"
)

// reply is what may be replied to a call: an offer, or a decline.
type reply struct {
	Decline *wire.Reason `json:"decline"`
	wire.Bid
}

// answer gives the market what was replied to a call, as if the shop had posted
// it. What is wrong with it is told in the delivery; where the market cannot take
// it now, the call is sent again.
func (s *Sender) answer(ctx context.Context, w outcry.Webhook, l *letter, said []byte, o *outcome) {
	var r reply
	if err := json.Unmarshal(said, &r, json.RejectUnknownMembers(true)); err != nil {
		o.error = "the reply is no offer: " + unreadable(err)
		return
	}
	var err error
	if r.Decline != nil {
		err = s.Market.Decline(ctx, w, l.Call, r.Decline.Reason)
	} else {
		err = s.Market.Offer(ctx, w, l.Call, r.Bid.Bid())
	}
	if err == nil {
		return
	}
	o.error = "the reply was refused: " + refusal(err)
	o.again = outcry.KindOf(err) == outcry.Unavailable
	if outcry.KindOf(err) == outcry.Internal {
		s.Warn.Error("a webhook's reply could not be taken", "webhook", w.ID, "call", l.Call, "error", err)
	}
}

// unreadable says where a reply stops being an offer, without repeating it.
func unreadable(err error) string {
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		return "look at " + at(semantic.JSONPointer)
	}
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return "it is not JSON, at " + at(syntax.JSONPointer)
	}
	return "it is not JSON"
}

func at(p jsontext.Pointer) string {
	if p == "" {
		return "its beginning"
	}
	return clean(string(p))
}

// refusal is what the shop may know of an error.
func refusal(err error) string {
	e, ok := errors.AsType[*outcry.Error](err)
	if !ok || e.Kind == outcry.Internal {
		return "the server has a fault"
	}
	parts := []string{e.Code + ": " + e.Msg}
	for _, f := range e.Fields {
		parts = append(parts, f.Location+": "+f.Message)
	}
	return clean(strings.Join(parts, "; "))
}

// maxError is the longest error that a delivery keeps, in characters.
const maxError = 500

// clean is a text that can be kept and shown.
func clean(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "?"), "\x00", "?")
	if utf8.RuneCountInString(text) > maxError {
		text = string([]rune(text)[:maxError])
	}
	return text
}
