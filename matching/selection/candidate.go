// Package selection is step 6 of 9: shop selecting. It knows every shop, what
// it sells, where it serves and when it is open, and says which shops a request
// may call, best first, and for any other shop the first rule that left it out.
// It does no input or output; whoever learns of a change calls Put, Seen
// or Connect. All methods may be called from anywhere at once.
package selection

import (
	"fmt"
	"math"
	"time"

	"outcry"
	"outcry/policy"
)

// Query is what a request needs of a shop.
type Query struct {
	// Codes are the asked code, first, and those above and below it: a shop that
	// holds any of them sells something that the code means.
	Codes     []outcry.Code
	Place     outcry.Place
	RadiusM   int
	When      time.Time // when the shop must be open
	Now       time.Time
	Deadline  time.Time
	Languages []string            // any one of them; none: no matter
	Needs     []outcry.Capability // all of them
	Rules     policy.Selecting
}

// Rule names what left a shop out.
type Rule string

// The rules, in the order in which they are looked at.
const (
	RuleState      Rule = "state"
	RuleCode       Rule = "code"
	RuleRadius     Rule = "radius"
	RuleService    Rule = "service_radius"
	RuleHours      Rule = "hours"
	RuleLanguage   Rule = "language"
	RuleCapability Rule = "capability"
	RuleReachable  Rule = "reachable"
)

// Verdict says whether a shop may be called, or which rule left it out and why,
// in words.
type Verdict struct {
	OK   bool
	Rule Rule
	Why  string
	// Candidate is set where OK.
	Candidate outcry.Candidate
}

// out is the verdict that a rule left the shop out.
func out(rule Rule, format string, args ...any) Verdict {
	return Verdict{Rule: rule, Why: fmt.Sprintf(format, args...)}
}

// better says whether a comes before b: by score, then by distance, then by id,
// so that the order never depends on chance.
func better(a, b outcry.Candidate) bool {
	switch {
	case a.Score != b.Score:
		return a.Score > b.Score
	case a.DistanceM != b.DistanceM:
		return a.DistanceM < b.DistanceM
	}
	return a.Shop < b.Shop
}

// score weighs a shop at the given distance: chance of an answer times its value
// to the power that the policy says.
func score(s *outcry.Shop, metres float64, rules policy.Selecting) outcry.Candidate {
	chance := rules.PersonAnswers
	if s.Answers == outcry.BySoftware {
		chance = rules.SoftwareAnswers
	}
	price := 1 + rules.PerLevel*float64(s.PriceLevel-2)
	near := rules.PerKm * metres / 1000
	rating := rules.PerStar * (s.Rating.Mean() - 4)
	value := max(0.01, rules.Base-price-near+rating)
	return outcry.Candidate{
		Shop: s.ID, DistanceM: metres, Chance: chance,
		Score: chance * math.Pow(value, rules.Exponent),
		Parts: []outcry.Part{
			{Name: "answers", Points: round3(chance)},
			{Name: "price", Points: round3(-price)},
			{Name: "near", Points: round3(-near)},
			{Name: "rating", Points: round3(rating)},
		},
	}
}

func round3(x float64) float64 { return math.Round(x*1000) / 1000 }

// km writes metres for people: "850 m", "4.2 km".
func km(metres float64) string {
	if metres < 1000 {
		return fmt.Sprintf("%.0f m", metres)
	}
	return fmt.Sprintf("%.1f km", metres/1000)
}
