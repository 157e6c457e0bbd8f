package api

import (
	"context"
	"time"

	"outcry"
	"outcry/matching"
	"outcry/wire"
)

// PolicyTrial is the body of POST /v1/policy/dry-run: a policy, and what to try
// it on.
type PolicyTrial struct {
	Policy    *PolicyChange    `json:"policy,omitempty" doc:"the policy to try, or text"`
	Text      *string          `json:"text,omitempty" doc:"the policy to try in YAML, or policy"`
	RequestID string           `json:"request_id,omitempty" doc:"try it on a request that was made: whom would it call first"`
	Request   *wire.NewRequest `json:"request,omitempty" doc:"or on one that was not"`
	Since     *wire.Time       `json:"since,omitempty" doc:"or on all past requests since then: what would they have come to"`
	SinceS    *float64         `json:"since_s,omitempty" minimum:"1" maximum:"1000000000" doc:"the same, in seconds before now"`
	Most      int              `json:"most,omitzero" minimum:"1" maximum:"10000" doc:"of past requests the newest so many; 1000 unless said"`
}

// PolicyCandidate is a shop that would be called.
type PolicyCandidate struct {
	Shop      wire.ShopName `json:"shop"`
	DistanceM int           `json:"distance_m"`
	Score     float64       `json:"score"`
	Parts     []outcry.Part `json:"parts"`
}

// PolicyOutcome is who would be called first by the policy in force and by the
// one tried, on one request; or what past requests come to.
type PolicyOutcome struct {
	Present  []PolicyCandidate  `json:"present,omitzero" doc:"on one request"`
	Proposed []PolicyCandidate  `json:"proposed,omitzero" doc:"on one request"`
	Added    []wire.ShopName    `json:"added,omitzero" doc:"on one request: shops that only the tried policy calls"`
	Dropped  []wire.ShopName    `json:"dropped,omitzero" doc:"on one request: shops that only the present policy calls"`
	Replay   *wire.PolicyReplay `json:"replay,omitempty" doc:"on past requests"`
}

func (a *api) tryPolicy(ctx context.Context, in *struct{ Body PolicyTrial }) (*reply[PolicyOutcome], error) {
	b := &in.Body
	if err := b.check(); err != nil {
		return nil, err
	}
	change, at := b.Policy, "body.policy"
	if change == nil {
		change, at = &PolicyChange{Text: b.Text}, "body"
	}
	w, err := change.read(at, false)
	if err != nil {
		return nil, err
	}
	if b.Since != nil || b.SinceS != nil {
		return a.replayPolicy(ctx, w, b)
	}
	return a.comparePolicy(ctx, w, b)
}

// check says what is wrong with what a policy is to be tried on.
func (b *PolicyTrial) check() error {
	var bad outcry.Complaints
	if (b.Policy == nil) == (b.Text == nil) {
		bad.Add("body.policy", "write either policy or text")
	}
	given := 0
	for _, is := range []bool{b.RequestID != "", b.Request != nil, b.Since != nil, b.SinceS != nil} {
		if is {
			given++
		}
	}
	if given != 1 {
		bad.Add("body.request_id", "write one of request_id, request, since and since_s")
	}
	if b.Most != 0 && b.Since == nil && b.SinceS == nil {
		bad.Add("body.most", "write it beside since or since_s")
	}
	return bad.Err()
}

// comparePolicy says whom one request would call first.
func (a *api) comparePolicy(ctx context.Context, w *written, b *PolicyTrial) (*reply[PolicyOutcome], error) {
	var ask outcry.Ask
	if b.Request != nil {
		draft, _, err := draftOf(*b.Request)
		if err == nil {
			ask, err = a.Intake.Check(ctx, draft)
		}
		if err != nil {
			return nil, relocated(err, "body", "body.request")
		}
	}
	d, err := a.Market.DryRunPolicy(ctx, actorOf(ctx), w.rules, b.RequestID, ask)
	if err != nil {
		return nil, err
	}
	return as(PolicyOutcome{
		Present: a.candidates(d.Present), Proposed: a.candidates(d.Proposed),
		Added: a.shopNames(d.Added), Dropped: a.shopNames(d.Dropped),
	}), nil
}

func (a *api) candidates(from []matching.Prospect) []PolicyCandidate {
	out := make([]PolicyCandidate, len(from))
	for i, c := range from {
		out[i] = PolicyCandidate{Shop: a.shopName(c.Shop), DistanceM: c.DistanceM, Score: c.Score, Parts: c.Parts}
	}
	return out
}

func (a *api) shopNames(ids []string) []wire.ShopName {
	out := make([]wire.ShopName, len(ids))
	for i, id := range ids {
		out[i] = a.shopName(id)
	}
	return out
}

// replayPolicy says what past requests would have come to.
func (a *api) replayPolicy(ctx context.Context, w *written, b *PolicyTrial) (*reply[PolicyOutcome], error) {
	span := matching.Span{Past: a.Requests, Most: b.Most}
	if b.Since != nil {
		span.Since = *b.Since.Std()
	} else {
		span.Since = a.now().Add(-time.Duration(*b.SinceS * float64(time.Second)))
	}
	r, err := a.Market.Replay(ctx, actorOf(ctx), w.rules, span)
	if err != nil {
		return nil, err
	}
	out := wire.PolicyReplay{
		Since: wire.Time(r.Since), Requests: r.Requests, Open: r.Open, More: r.More, Changed: r.Changed,
		Was: replayed(r.Was, r.Requests), Present: replayed(r.Present, r.Requests), Proposed: replayed(r.Proposed, r.Requests),
		Biggest: make([]wire.PolicyDifference, len(r.Biggest)), Notes: replayNotes,
	}
	for i, d := range r.Biggest {
		out.Biggest[i] = wire.PolicyDifference{
			RequestID: d.Request, Code: string(d.Code), CreatedAt: wire.Time(d.Created), Wanted: d.Wanted,
			Was: course(d.Was), Present: course(d.Present), Proposed: course(d.Proposed),
		}
	}
	return as(PolicyOutcome{Replay: &out}), nil
}

// replayNotes say what to make of a replay.
var replayNotes = []string{
	"Shops that were called answer as they did then. What others would have said is drawn by chance, from what is known of them now.",
	"Limits and the spread of calls are left out on both sides. Hours, connections and learned figures are those of now.",
	"What the policy says of learning, of ranking and of the limits shows no difference here.",
}

func replayed(o matching.Outcome, requests int) wire.PolicyColumn {
	return wire.PolicyColumn{
		Requests: requests, Calls: o.Calls, CallsEach: float64(o.Calls) / float64(max(1, requests)), Offers: o.Offers, Satisfied: o.Got,
		Price: o.Price, Priced: o.Priced, First: o.First.Seconds(), Third: o.Third.Seconds(), Drawn: o.Drawn,
	}
}

func course(c matching.Course) wire.PolicyCourse {
	out := wire.PolicyCourse{Calls: c.Calls, Offers: c.Offers}
	if c.Best.Amount > 0 {
		out.Best = &c.Best
	}
	if c.Offers > 0 {
		out.First = new(c.First.Seconds())
	}
	if c.Offers > 2 {
		out.Third = new(c.Third.Seconds())
	}
	return out
}
