package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"outcry"
	"outcry/policy"
	"outcry/wire"
)

func (a *api) policyRoutes() {
	serve(a, route{
		method: http.MethodGet, path: "/v1/policy", name: "get-policy", tag: tagSelecting, summary: "Read the operator's rules",
	}, a.getPolicy)
	serve(a, route{
		method: http.MethodGet, path: "/v1/policy/text", name: "get-policy-text", tag: tagSelecting, gives: yamlType,
		summary: "Read the operator's rules as they were written; the ETag is their version",
	}, a.getPolicyText)
	serve(a, route{
		method: http.MethodPut, path: "/v1/policy", name: "put-policy", tag: tagSelecting, access: operator, yaml: true,
		summary: "Put new rules in force, in the place of the version that they were made from", audited: true,
	}, a.putPolicy)
	serve(a, route{
		method: http.MethodGet, path: "/v1/policy/versions", name: "list-policies", tag: tagSelecting,
		summary: "List the versions of the operator's rules, the newest first",
	}, a.listPolicies)
	serve(a, route{
		method: http.MethodGet, path: "/v1/policy/versions/{version}", name: "get-policy-version", tag: tagSelecting,
		summary: "Read a version of the operator's rules as it was written; 0 is the default",
	}, a.getPolicyVersion)
	serve(a, route{
		method: http.MethodPost, path: "/v1/policy/dry-run", name: "try-policy", tag: tagSelecting, access: operator, trial: true, slow: true,
		summary: "See what other rules would do: whom a request would call first, or what past requests would have come to",
	}, a.tryPolicy)
}

// VersionedPolicy is a version of the operator's rules.
type VersionedPolicy struct {
	Version int `json:"version" doc:"0 is the default's"`
	policy.Policy
}

// tagged is a policy with its version as an entity tag.
type tagged struct {
	ETag string `header:"ETag"`
	Body VersionedPolicy
}

func taggedPolicy(r *policy.Rules) *tagged {
	return &tagged{etag(r.Version()), VersionedPolicy{r.Version(), *r.Policy()}}
}

func (a *api) getPolicy(context.Context, *struct{}) (*tagged, error) {
	return taggedPolicy(a.Policy.Now()), nil
}

// taggedText is a policy as it was written, with its version as an entity tag.
type taggedText struct {
	ContentType string `header:"Content-Type" hidden:"true"`
	ETag        string `header:"ETag"`
	Body        []byte
}

func (a *api) getPolicyText(ctx context.Context, _ *struct{}) (*taggedText, error) {
	version := a.Policy.Version()
	text, err := a.Policy.Text(ctx, version)
	return &taggedText{yamlType, etag(version), text}, err
}

func (a *api) putPolicy(ctx context.Context, in *struct {
	IfMatch
	Body PolicyChange
}) (*tagged, error) {
	base, err := in.base(&in.Body)
	if err != nil {
		return nil, err
	}
	w, err := in.Body.read("body", visitOf(ctx).yaml)
	if err != nil {
		return nil, err
	}
	version, err := a.Policy.Put(ctx, actorOf(ctx), base, w.text)
	if err != nil {
		return nil, w.located(err)
	}
	visitOf(ctx).detail = "version " + strconv.Itoa(version)
	rules, err := a.Policy.At(ctx, version)
	if err != nil {
		return nil, err
	}
	return taggedPolicy(rules), nil
}

// base is the version that a change was made to, as the header or the body says.
func (m IfMatch) base(c *PolicyChange) (int, error) {
	base, given, err := m.version()
	switch said := c.Version; {
	case err != nil:
		return 0, err
	case said == nil && !given:
		return 0, outcry.BadField("body.version", "write the version that the change was made to, as GET /v1/policy gives it, here or as If-Match")
	case said != nil && given && *said != base:
		return 0, outcry.BadField("body.version", "write the same version as If-Match, or leave one of them out")
	case said != nil:
		base = *said
	}
	return base, nil
}

func (a *api) listPolicies(ctx context.Context, in *struct{ Paging }) (*reply[wire.Items[wire.PolicyVersion]], error) {
	items, next, err := a.Policy.History(ctx, in.page())
	return as(wire.ItemsOf(items, next, a.policyVersion)), err
}

func (a *api) getPolicyVersion(ctx context.Context, in *struct {
	Version int `path:"version" minimum:"0"`
}) (*reply[wire.WrittenPolicy], error) {
	text, err := a.Policy.Text(ctx, in.Version)
	if err != nil {
		return nil, err
	}
	v := policy.Version{N: in.Version}
	if v.N > 0 {
		found, _, err := a.Policy.History(ctx, outcry.Page{After: strconv.Itoa(v.N + 1), Limit: 1})
		if err != nil {
			return nil, fmt.Errorf("look up version %d of the policy: %w", v.N, err)
		}
		if len(found) == 1 && found[0].N == v.N {
			v = found[0]
		}
	}
	return as(wire.WrittenPolicy{PolicyVersion: a.policyVersion(v), Text: string(text)}), nil
}

func (a *api) policyVersion(v policy.Version) wire.PolicyVersion {
	return wire.PolicyVersion{Version: v.N, By: v.By, At: wire.Time(v.At), InForce: v.N == a.Policy.Version()}
}
