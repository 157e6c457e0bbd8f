package matching

import (
	"context"
	"fmt"
	"time"

	"outcry"
	"outcry/matching/calling"
	"outcry/matching/selection"
	"outcry/policy"
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
			s.Calls = append(s.Calls, t.chosen(c, s.Full))
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
	Parts []outcry.Part // what its score was made of
}

// chosen is a call for showing; full keeps its score and parts.
func (t *turn) chosen(c *outcry.Call, full bool) Chosen {
	x := Chosen{ID: outcry.CallID(t.board.Request.ID, c.N), Call: *c, State: t.board.CallState(c)}
	if full {
		x.Parts = selection.Parts(&c.Called, t.rules.Policy)
	} else {
		x.Score, x.Weighed = 0, outcry.Weighed{}
	}
	return x
}

// RuleRequire is the rule that a rule of the operator's own left a shop out, and
// RuleRank that others came before it.
const (
	RuleRequire selection.Rule = "require"
	RuleRank    selection.Rule = "rank"
)

// Explanation says why a shop was called, or why it was not.
type Explanation struct {
	Shop   outcry.Shop
	Called *Chosen // nil where it was not
	// Verdict is what the rules say of it: at the moment of the request where
	// that has closed, else now.
	Verdict selection.Verdict
	// Parts are what the score of the verdict's candidate is made of.
	Parts []outcry.Part
	// Notes tell, where the shop's hours left it out, what of their text is not
	// gone by, such as public holidays: the calendars are not known.
	Notes []string
}

// Explain tells why a request called a shop, or the first rule that leaves it
// out; where none does, how many that were called came before it. It is for the
// request's buyer and the operator: the distances of three shops would tell
// exactly where the buyer is.
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
		c := t.board.Called(shop)
		if c != nil {
			call := t.chosen(c, true)
			x.Called = &call
		}
		x.Verdict = t.verdict(shop, c != nil)
		x.Notes = notes(x.Verdict.Rule, &x.Shop)
		if x.Verdict.OK {
			x.Verdict.Why = reason(x.Called)
		}
		if x.Verdict.OK || x.Verdict.Rule == RuleRank {
			called := x.Verdict.Candidate.Called(0, false)
			x.Parts = selection.Parts(&called, t.rules.Policy)
		}
		return nil
	})
	return x, err
}

// reason says in words why a shop was called that may be; call is nil where it
// was not called yet.
func reason(call *Chosen) string {
	switch {
	case call == nil:
		return "it may be called"
	case call.Weighed.Drawn:
		return fmt.Sprintf("called in wave %d by chance, so that shops become known", call.Wave)
	}
	return fmt.Sprintf("called in wave %d as one of the best", call.Wave)
}

// notes are what is not gone by of the hours that left a shop out.
func notes(rule selection.Rule, s *outcry.Shop) []string {
	text := ""
	switch rule {
	case selection.RuleHours:
		text = s.Hours
	case selection.RuleQuiet:
		text = s.QuietHours
	}
	hours, err := outcry.ParseHours(text)
	if err != nil {
		return nil // such a shop is not in the index
	}
	return hours.LeavesOut()
}

// verdict is what the rules say of a shop for the request.
func (t *turn) verdict(shop string, called bool) selection.Verdict {
	at := moment(t.board.Request, t.now)
	q := t.m.query(t.board.Request, at, t.rules)
	q.Until = calling.Look(t.board, at, &t.rules.Policy.Waves, t.load, t.m.outlook).Until // as calls are weighed
	v, _ := t.m.Shops.Why(&q, shop)
	if !v.OK {
		return v
	}
	if ok, name, why := t.m.judge(&v.Candidate, t.board.Request, t.rules); !ok {
		return selection.Verdict{Rule: RuleRequire, Why: fmt.Sprintf("%s: %s", name, why)}
	}
	if called || len(t.board.Calls) == 0 {
		return v
	}
	before, expected := 0, 0.0
	for _, c := range t.board.Calls {
		expected += c.Weighed.Chance
		if c.Score >= v.Candidate.Score {
			before++
		}
	}
	v.OK, v.Rule = false, RuleRank
	v.Why = fmt.Sprintf("it may be called; of %d called, %d came before it, and %.1f offers were to be expected of them (%d wanted)",
		len(t.board.Calls), before, expected, t.board.Request.Wanted)
	return v
}

// Preview says how many shops a request could call, at most outcry.MaxCalls,
// without calling any.
func (m *Market) Preview(ask outcry.Ask) int {
	now := m.now()
	request := outcry.Request{Ask: ask, Created: now}
	q := m.query(request, now, m.present(request))
	return m.Shops.Count(&q, outcry.MaxCalls)
}

// present are the rules in force for what is asked.
func (m *Market) present(request outcry.Request) *policy.Branched {
	return m.Policies.Now().For(m.Tree.Ancestors(request.Code))
}

// moment is when a request is looked at again: now where it is open, else when
// it was asked.
func moment(r outcry.Request, now time.Time) time.Time {
	if r.State == outcry.RequestClosed {
		return r.Created
	}
	return now
}
