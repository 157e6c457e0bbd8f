package gauge

import (
	"fmt"
	"runtime"
	"time"

	"outcry"
	"outcry/policy"
	"outcry/sim/crowd"
)

// Rules is what an operator's own rules cost: expressions that are evaluated for
// the candidates which the index found.
type Rules struct {
	Rules      []string `json:"rules"`
	Candidates int      `json:"candidates"`
	CompileUS  float64  `json:"compile_us"` // once a policy
	P50US      float64  `json:"p50_us"`     // a request with so many candidates
	P99US      float64  `json:"p99_us"`
	Allocs     float64  `json:"allocs"` // a candidate
}

const (
	// ruled is how many candidates a request has, and ruledRequests how many
	// requests are timed.
	ruled         = 80
	ruledRequests = 2000
)

// withRules is the default policy with two rules of the kind that operators
// write: one that leaves shops out, and one that adds to their value.
func withRules() policy.Policy {
	p := policy.Default()
	p.Selecting.Require = []policy.Requirement{{
		Name: "reliable", When: "shop.kept >= 0.7 || shop.calls < 4.0", Why: "stands by seven of ten offers",
	}}
	p.Score.Add = []policy.Addition{{
		Name: "delivers", Points: `"deliver" in shop.capabilities && request.deadline_s < 90.0 ? 0.05 : 0.0`, Why: "delivers what is urgent",
	}}
	return p
}

// MeasureRules measures two typical rules on shops of a crowd.
func MeasureRules(seed uint64) (Rules, error) {
	p := withRules()
	m := Rules{Candidates: ruled, Rules: []string{p.Selecting.Require[0].When, p.Score.Add[0].Points}}
	start := time.Now()
	compiled, err := policy.Compile(p)
	if err != nil {
		return m, fmt.Errorf("compile rules: %w", err)
	}
	m.CompileUS = micros(time.Since(start))
	shops := facts(crowd.New(seed, ruled*10))
	request := policy.RequestFacts{Code: "crowd:a-1", RadiusKm: 3, Quantity: 1, Wanted: 5, DeadlineS: 60, Hour: 12}
	path := []outcry.Code{"crowd:a-1", "crowd:a"}
	took := make(times, ruledRequests)
	var before, after runtime.MemStats
	for range 2 { // the first one warms up
		runtime.ReadMemStats(&before)
		for i := range took {
			some := shops[i%10*ruled:][:ruled]
			start := time.Now()
			b := compiled.For(path)
			for j := range some {
				if ok, _, _ := b.Requires(&some[j], &request); ok {
					b.Additions(&some[j], &request)
				}
			}
			took[i] = time.Since(start)
		}
		runtime.ReadMemStats(&after)
	}
	m.P50US, m.P99US = micros(took.at(0.5)), micros(took.at(0.99))
	m.Allocs = float64(after.Mallocs-before.Mallocs) / float64(ruledRequests*ruled)
	return m, nil
}

// facts are what rules are told of the shops of a crowd.
func facts(c *crowd.Crowd) []policy.ShopFacts {
	list := make([]policy.ShopFacts, c.Len())
	for i := range list {
		l := c.Listing(i)
		f, known := c.Figures(i, &l)
		if !known {
			f = crowd.Expected(l.Answers)
		}
		list[i] = policy.ShopFacts{
			ID: l.ID, DistanceKm: float64(i%10) / 2, Rating: l.Rating.Mean(), Ratings: l.Rating.Count, PriceLevel: l.PriceLevel,
			Price: f.Price, Chance: f.Offers.By(60), Kept: f.Kept, Calls: f.Calls, Software: l.Answers == outcry.BySoftware,
			Languages: l.Languages, Capabilities: words(l.Capabilities),
		}
	}
	return list
}

func words(can []outcry.Capability) []string {
	list := make([]string, len(can))
	for i, c := range can {
		list[i] = string(c)
	}
	return list
}
