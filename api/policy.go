package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"outcry"
	"outcry/matching"
	"outcry/policy"
	"outcry/wire"
)

func (a *api) policyRoutes() {
	serve(a, route{
		method: http.MethodGet, path: "/v1/policy", name: "get-policy", tag: tagSelecting, summary: "Read the operator's rules",
	}, a.getPolicy)
	serve(a, route{
		method: http.MethodPut, path: "/v1/policy", name: "put-policy", tag: tagSelecting, access: operator,
		summary: "Put new rules in force, in the place of the version that they were made from", audited: true,
	}, a.putPolicy)
	serve(a, route{
		method: http.MethodPost, path: "/v1/policy/dry-run", name: "try-policy", tag: tagSelecting, access: operator, trial: true,
		summary: "See whom other rules would call first, and the difference",
	}, a.tryPolicy)
}

// VersionedPolicy is a version of the operator's rules. In PUT /v1/policy the
// version is the one that the change was made to.
type VersionedPolicy struct {
	Version *int `json:"version,omitempty" doc:"0 is the default's; in a change: the version that it was made to, unless If-Match says it"`
	policy.Policy
}

// PolicyTrial is the body of POST /v1/policy/dry-run: a policy, and what to try
// it on.
type PolicyTrial struct {
	Policy    policy.Policy    `json:"policy"`
	RequestID string           `json:"request_id,omitempty" doc:"a request that was made"`
	Request   *wire.NewRequest `json:"request,omitempty" doc:"or one that was not"`
}

// policyTrial is a PolicyTrial whose policy may still have the version that GET
// /v1/policy gave it.
type policyTrial struct {
	PolicyTrial
	Policy VersionedPolicy `json:"policy"`
}

// PolicyCandidate is a shop that would be called.
type PolicyCandidate struct {
	Shop      wire.ShopName `json:"shop"`
	DistanceM int           `json:"distance_m"`
	Score     float64       `json:"score"`
	Parts     []outcry.Part `json:"parts"`
}

// PolicyOutcome is who would be called first by the policy in force and by the
// one tried.
type PolicyOutcome struct {
	Present  []PolicyCandidate `json:"present"`
	Proposed []PolicyCandidate `json:"proposed"`
	Added    []wire.ShopName   `json:"added" doc:"shops that only the tried policy calls"`
	Dropped  []wire.ShopName   `json:"dropped" doc:"shops that only the present policy calls"`
}

// tagged is a policy with its version as an entity tag.
type tagged struct {
	ETag string `header:"ETag"`
	Body VersionedPolicy
}

func taggedPolicy(version int, p policy.Policy) *tagged {
	return &tagged{etag(version), VersionedPolicy{&version, p}}
}

func (a *api) getPolicy(context.Context, *struct{}) (*tagged, error) {
	return taggedPolicy(a.Policy.Version(), *a.Policy.Now().Policy()), nil
}

func (a *api) putPolicy(ctx context.Context, in *struct {
	IfMatch
	Body VersionedPolicy
}) (*tagged, error) {
	base, given, err := in.version()
	if err != nil {
		return nil, err
	}
	switch said := in.Body.Version; {
	case said == nil && !given:
		return nil, outcry.BadField("body.version", "write the version that the change was made to, as GET /v1/policy gives it")
	case said != nil && given && *said != base:
		return nil, outcry.BadField("body.version", "write the same version as If-Match, or leave one of them out")
	case said != nil:
		base = *said
	}
	if _, err := policy.Compile(in.Body.Policy); err != nil {
		return nil, err // by the places in the body
	}
	text, err := json.Marshal(in.Body.Policy)
	if err != nil {
		return nil, fmt.Errorf("write the policy: %w", err)
	}
	version, err := a.Policy.Put(ctx, actorOf(ctx), base, text)
	if err != nil {
		return nil, err
	}
	visitOf(ctx).detail = "version " + strconv.Itoa(version)
	return taggedPolicy(version, in.Body.Policy), nil
}

func (a *api) tryPolicy(ctx context.Context, in *struct{ Body policyTrial }) (*reply[PolicyOutcome], error) {
	b := in.Body
	if (b.RequestID == "") == (b.Request == nil) {
		return nil, outcry.BadField("body.request_id", "write either request_id or request")
	}
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
	rules, err := policy.Compile(b.Policy.Policy)
	if err != nil {
		return nil, relocated(err, "body", "body.policy")
	}
	d, err := a.Market.DryRunPolicy(ctx, actorOf(ctx), rules, b.RequestID, ask)
	if err != nil {
		return nil, relocated(err, "body", "body.policy")
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
