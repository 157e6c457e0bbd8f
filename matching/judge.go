package matching

import (
	"outcry"
	"outcry/matching/selection"
	"outcry/policy"
)

// judge looks at a candidate with the operator's own rules: one that none of
// them leaves out gets the operator's own parts and is weighed anew. Else name
// and why say which rule left it out.
func (m *Market) judge(c *selection.Candidate, request outcry.Request, rules *policy.Branched) (ok bool, name, why string) {
	if rules.Plain() {
		return true, "", ""
	}
	shop, _ := m.Shops.Shop(c.Shop)
	s, r := factsOf(c, shop), asked(request)
	if ok, name, why = rules.Requires(&s, &r); !ok {
		return false, name, why
	}
	c.Own, c.Added = nil, 0
	for _, a := range rules.Additions(&s, &r) {
		c.Own = append(c.Own, outcry.Part{Name: a.Name, Points: a.Points, Words: a.Why})
		c.Added += a.Points
	}
	c.Weigh(rules.Policy)
	return true, "", ""
}

// factsOf is what an expression may know of a shop.
func factsOf(c *selection.Candidate, s outcry.Shop) policy.ShopFacts {
	f := policy.ShopFacts{
		ID: c.Shop, DistanceKm: c.DistanceM / 1000, Rating: c.Rating, Ratings: s.Rating.Count, PriceLevel: s.PriceLevel,
		Price: c.Price, Chance: c.Chance, Kept: c.Kept, CallsLastHour: c.Hour, Calls: c.Calls, Software: c.Software,
		Languages: s.Languages,
	}
	for _, can := range s.Capabilities {
		f.Capabilities = append(f.Capabilities, string(can))
	}
	return f
}

// asked is what an expression may know of a request.
func asked(r outcry.Request) policy.RequestFacts {
	return policy.RequestFacts{
		Code: string(r.Code), RadiusKm: float64(r.RadiusM) / 1000, Quantity: r.Quantity, Wanted: r.Wanted,
		DeadlineS: r.Deadline.Sub(r.Created).Seconds(), HasBudget: r.Budget != nil, Locale: r.Locale,
		Hour: r.When(r.Created).UTC().Hour(),
	}
}
