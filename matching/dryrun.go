package matching

import (
	"context"
	"slices"

	"outcry"
	"outcry/matching/calling"
	"outcry/matching/selection"
	"outcry/policy"
)

// DryRun is who would be called first under another policy.
type DryRun struct {
	Present  []Prospect // the first wave by the policy in force
	Proposed []Prospect // the first wave by the other
	Added    []string   // shops only the other calls
	Dropped  []string   // shops only the present one calls
}

// Prospect is a shop that would be called.
type Prospect struct {
	outcry.Called
	Parts []outcry.Part
}

// DryRunPolicy compares a policy with the one in force on a request, or on an
// ask where request is "", without calling anybody.
func (m *Market) DryRunPolicy(ctx context.Context, actor outcry.Actor, proposed *policy.Rules, request string, ask outcry.Ask) (DryRun, error) {
	if err := actor.MayOperate(); err != nil {
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
	d := DryRun{
		Present:  m.firstWave(asked, m.present(asked)),
		Proposed: m.firstWave(asked, proposed.For(m.Tree.Ancestors(asked.Code))),
	}
	d.Added, d.Dropped = missing(d.Proposed, d.Present), missing(d.Present, d.Proposed)
	return d, nil
}

// firstWave is who a request would call at once by the rules, but for those
// drawn by chance. No shop's calls are counted for it.
func (m *Market) firstWave(asked outcry.Request, rules *policy.Branched) []Prospect {
	now := m.now()
	plan := calling.Look(outcry.NewBoard(asked), now, &rules.Policy.Waves, 0, m.outlook)
	q := m.query(asked, now, rules)
	q.Until = plan.Until
	found, _ := m.Shops.Select(&q, max(plan.Most, rules.Policy.Score.Consider), nil)
	fit := found[:0]
	for _, c := range found {
		if ok, _, _ := m.judge(&c, asked, rules); ok {
			fit = append(fit, c)
		}
	}
	slices.SortFunc(fit, selection.Compare)
	var wave []Prospect
	for sum := 0.0; sum < plan.Answers && len(wave) < min(plan.Most, len(fit)); {
		c := fit[len(wave)]
		sum += c.Chance
		called := c.Called(len(wave), false)
		wave = append(wave, Prospect{called, selection.Parts(&called, rules.Policy)})
	}
	return wave
}

// missing are the shops of a that b has not.
func missing(a, b []Prospect) []string {
	var shops []string
	for _, c := range a {
		if !slices.ContainsFunc(b, func(o Prospect) bool { return o.Shop == c.Shop }) {
			shops = append(shops, c.Shop)
		}
	}
	return shops
}
