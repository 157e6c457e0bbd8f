package policy_test

import (
	"testing"

	"outcry"
	"outcry/policy"
)

// typical are rules and a part as an operator may write them.
func typical() policy.Policy {
	p := policy.Default()
	p.Selecting.Require = []policy.Requirement{
		{Name: "rated", When: "shop.distance_km < 5 || shop.rating >= 4.5 && !shop.software", Why: "far away, and not rated well"},
	}
	p.Score.Add = []policy.Addition{
		{Name: "known", Points: "min(0.2, shop.ratings / 500)", Why: "many buyers know it"},
	}
	return p
}

func someShop() *policy.ShopFacts {
	return &policy.ShopFacts{
		ID: "shop_1", DistanceKm: 6.2, Rating: 4.6, Ratings: 31, PriceLevel: 2, Price: 0.95, Chance: 0.7, Kept: 0.9, CallsLastHour: 3,
		Calls: 40, Languages: []string{"en", "de", "ko"}, Capabilities: []string{"pickup", "deliver"},
	}
}

func someRequest() *policy.RequestFacts {
	return &policy.RequestFacts{
		Code: "osm:amenity=restaurant", RadiusKm: 5, Quantity: 2, Wanted: 3, DeadlineS: 60, HasBudget: true, Locale: "ko-KR", Hour: 12,
	}
}

func BenchmarkRequires(b *testing.B) {
	for name, when := range map[string]string{
		"Figures": "shop.distance_km < 5 || shop.rating >= 4.5 && !shop.software",
		"Text":    "request.code.startsWith('osm:amenity=') && request.locale != 'en'",
		"List":    "'ko' in shop.languages",
		"Loop":    "shop.languages.exists(l, l == 'ko')",
		"Dear":    "[1,2,3,4,5,6,7,8,9,10].all(x, [1,2,3,4,5,6,7,8].all(y, x != y + 20))", // near MaxCost
	} {
		b.Run(name, func(b *testing.B) {
			p := policy.Default()
			p.Selecting.Require = []policy.Requirement{{Name: "one", When: when, Why: "why"}}
			rules, s, r := compiled(b, p).For(nil), someShop(), someRequest()
			b.ReportAllocs()
			for b.Loop() {
				if ok, _, why := rules.Requires(s, r); !ok {
					b.Fatal(why)
				}
			}
		})
	}
}

func BenchmarkAdditions(b *testing.B) {
	rules, s, r := compiled(b, typical()).For(nil), someShop(), someRequest()
	b.ReportAllocs()
	for b.Loop() {
		if parts := rules.Additions(s, r); parts[0].Points != 0.062 {
			b.Fatal(parts)
		}
	}
}

func BenchmarkFor(b *testing.B) {
	p := policy.Default()
	p.Branches = []policy.Branch{{Code: "osm:amenity=restaurant", Offers: &policy.Offers{ValidForS: 60}}}
	rules := compiled(b, p)
	path := []outcry.Code{"osm:cuisine=sushi", "osm:amenity=restaurant", "osm:amenity"}
	b.ReportAllocs()
	for b.Loop() {
		if rules.For(path).Policy.Offers.ValidForS != 60 {
			b.Fatal("the branch does not hold")
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	p := typical()
	for b.Loop() {
		compiled(b, p)
	}
}

func compiled(t testing.TB, p policy.Policy) *policy.Rules {
	t.Helper()
	rules, err := policy.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}
