package matching

import (
	"context"

	"outcry"
	"outcry/matching/selection"
)

// Selected tells which shops a request called: its waves, and per shop why.
type Selected struct {
	Request outcry.Request
	Calls   []Chosen
	// Full says whether scores and their parts may be shown: to the operator;
	// its buyer sees the outline.
	Full bool
}

// Selection shows the calls of a request to its buyer and the operator.
func (m *Market) Selection(ctx context.Context, actor outcry.Actor, request string) (Selected, error) {
	s := Selected{Full: actor.Operates()}
	err := m.read(ctx, request, func(t *turn) error {
		if !actor.Buys(t.board.Request.Buyer) && !s.Full {
			return outcry.Missing("request")
		}
		s.Request = t.board.Request
		for _, c := range t.board.Calls {
			s.Calls = append(s.Calls, chosen(t.board, c, s.Full))
		}
		return nil
	})
	return s, asMissing(err, "request")
}

// Chosen is one called shop, with where its call stands.
type Chosen struct {
	ID string
	outcry.Call
	State outcry.CallState
}

// chosen is a call for showing; full keeps its score and parts.
func chosen(b *outcry.Board, c *outcry.Call, full bool) Chosen {
	x := Chosen{ID: outcry.CallID(b.Request.ID, c.N), Call: *c, State: b.CallState(c)}
	if !full {
		x.Score, x.Parts = 0, nil
	}
	return x
}

// Explanation says why a shop was called, or why it was not.
type Explanation struct {
	Shop   outcry.Shop
	Called *Chosen // nil where it was not
	// Verdict is what the rules say of it now.
	Verdict selection.Verdict
}

// Explain tells why a request called a shop, or the first rule that leaves the
// shop out as things stand now.
func (m *Market) Explain(ctx context.Context, actor outcry.Actor, request, shop string) (Explanation, error) {
	var x Explanation
	err := m.read(ctx, request, func(t *turn) error {
		if !actor.Buys(t.board.Request.Buyer) && !actor.Operates() {
			return outcry.Missing("request")
		}
		var ok bool
		if x.Shop, ok = m.Shops.Shop(shop); !ok {
			return outcry.Missing("shop")
		}
		if c := t.board.Called(shop); c != nil {
			call := chosen(t.board, c, true)
			x.Called = &call
		}
		at := t.now
		if t.board.Closed() {
			at = t.board.Request.Created
		}
		x.Verdict, _ = m.Shops.Why(m.query(t.board.Request, at), shop)
		return nil
	})
	return x, err
}

// Preview says how many shops a request could call, without calling any.
func (m *Market) Preview(ask outcry.Ask) []outcry.Candidate {
	now := m.now()
	q := m.query(outcry.Request{Ask: ask, Created: now}, now)
	return m.Shops.Select(q, outcry.MaxCalls, func(string) bool { return false })
}
