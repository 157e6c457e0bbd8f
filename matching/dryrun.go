package matching

import (
	"context"
	"slices"

	"outcry"
	"outcry/matching/calling"
	"outcry/policy"
)

// DryRun is who would be called first under another policy.
type DryRun struct {
	Present  []outcry.Candidate // the first wave by the policy in force
	Proposed []outcry.Candidate // the first wave by the other
	Added    []string           // shops only the other calls
	Dropped  []string           // shops only the present one calls
}

// DryRunPolicy compares a policy with the one in force on a request, or on an
// ask where request is "", without calling anybody.
func (m *Market) DryRunPolicy(ctx context.Context, actor outcry.Actor, p policy.Policy, request string, ask outcry.Ask) (DryRun, error) {
	if err := actor.MayOperate(); err != nil {
		return DryRun{}, err
	}
	if err := p.Check(); err != nil {
		return DryRun{}, err
	}
	asked := outcry.Request{Ask: ask, Created: m.now(), Accepts: 1, State: outcry.RequestOpen}
	if request != "" {
		found, err := m.Journal.Request(ctx, request)
		if err != nil {
			return DryRun{}, asMissing(err, "request")
		}
		whole := found.Deadline.Sub(found.Created)
		asked.Ask, asked.Deadline = found.Ask, asked.Created.Add(whole)
	}
	d := DryRun{Present: m.firstWave(asked, m.Policy()), Proposed: m.firstWave(asked, p)}
	d.Added, d.Dropped = missing(d.Proposed, d.Present), missing(d.Present, d.Proposed)
	return d, nil
}

// firstWave is who a request would call at once under a policy.
func (m *Market) firstWave(asked outcry.Request, p policy.Policy) []outcry.Candidate {
	now := m.now()
	b := outcry.NewBoard(asked)
	plan := calling.Look(b, now, p.Waves, m.chance(p.Selecting))
	q := m.query(asked, now)
	q.Rules = p.Selecting
	candidates := m.Shops.Select(q, plan.Most, func(string) bool { return false })
	wave := calling.Fill(b, plan, candidates)
	if wave == nil {
		return nil
	}
	return candidates[:len(wave.Calls)]
}

// missing are the shops of a that b has not.
func missing(a, b []outcry.Candidate) []string {
	var shops []string
	for _, c := range a {
		if !slices.ContainsFunc(b, func(o outcry.Candidate) bool { return o.Shop == c.Shop }) {
			shops = append(shops, c.Shop)
		}
	}
	return shops
}
