// Package selection is step 6 of 9: shop selecting. It knows every shop, what
// it sells, where it serves, when it is open and what its past says of it, and
// says which shops a request may call, best first, and for any other shop the
// first rule that left it out. It does no input or output; whoever learns of a
// change says so. All methods may be called from anywhere at once, and those
// that select wait for nobody.
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
	// holds any of them sells something that the code means. A shop that holds
	// several is taken at the one that gives the best score.
	Codes    []outcry.Code
	Place    outcry.Place
	RadiusM  int
	When     time.Time // when the shop must be open
	Now      time.Time
	Deadline time.Time
	// Until is when an offer should be in: a candidate's chance is that of an
	// offer by then. Zero is the deadline.
	Until       time.Time
	Languages   []string            // any one of them; none: no matter
	Needs       []outcry.Capability // all of them
	LeastRating float64             // stars; shops rated lower are left out
	// MostPrice leaves out shops whose price against the others is above it;
	// 0: no matter.
	MostPrice float64
	// Policy is the one that holds for the asked code.
	Policy *policy.Policy
	// Idle takes shops as if they had nothing on their hands: neither the policy's
	// limits nor their own are looked at, and no calls of the last hour.
	Idle bool
	// Skip leaves out shops, such as those called already; nil leaves out none.
	Skip func(shop string) bool
}

// Candidate is a shop that a request may call, with what its score is made of.
type Candidate struct {
	Shop      string
	Software  bool // software answers
	DistanceM float64
	Chance    float64 // that it offers before the deadline, 0 to 1
	Price     float64 // against the others, 1 for the same
	Rating    float64 // stars
	Kept      float64 // share of promises kept
	Hour      float64 // calls of the last hour
	Calls     float64 // that its figures were learned from
	// Own are the operator's own parts of the value, and Added their sum.
	Own   []outcry.Part
	Added float64
	Score float64
}

// Tally says what a selecting came across: shops that may be called, and those
// that would be but for their limits. What could not have been among the best
// was not looked at and is in neither.
type Tally struct{ Free, AtLimit int }

// Rule names what left a shop out.
type Rule string

// The rules, in the order in which they are looked at.
const (
	RuleState      Rule = "state"
	RuleCode       Rule = "code"
	RuleRadius     Rule = "radius"
	RuleService    Rule = "service_radius"
	RuleHours      Rule = "hours"
	RuleQuiet      Rule = "quiet_hours"
	RulePaused     Rule = "paused"
	RuleLanguage   Rule = "language"
	RuleCapability Rule = "capability"
	RuleRating     Rule = "rating"
	RuleBudget     Rule = "budget"
	RuleReachable  Rule = "reachable"
	RuleOpen       Rule = "open_calls"
	RuleHourly     Rule = "hourly_calls"
)

// Verdict says whether a shop may be called, or which rule left it out and why,
// in words.
type Verdict struct {
	OK   bool
	Rule Rule
	Why  string
	// Candidate is set where OK.
	Candidate Candidate
}

// out is the verdict that a rule left the shop out.
func out(rule Rule, format string, args ...any) Verdict {
	return Verdict{Rule: rule, Why: fmt.Sprintf(format, args...)}
}

// Compare orders candidates, the best first.
func Compare(a, b Candidate) int {
	switch {
	case better(&a, &b):
		return -1
	case better(&b, &a):
		return 1
	}
	return 0
}

// better says whether a comes before b: by score, then by distance, then by id,
// so that the order never depends on chance.
func better(a, b *Candidate) bool {
	switch {
	case a.Score != b.Score:
		return a.Score > b.Score
	case a.DistanceM != b.DistanceM:
		return a.DistanceM < b.DistanceM
	}
	return a.Shop < b.Shop
}

// least is the least value of a shop, however dear and far it is.
const least = 0.01

// Weigh sets the score from what it is made of.
func (c *Candidate) Weigh(p *policy.Policy) {
	s := &p.Score
	value := max(least, s.Base-c.Price-s.PerKm*c.DistanceM/1000+s.PerStar*(c.Rating-4)+c.Added)
	c.Score = power(c.Chance, s.Answers) * power(value, s.Exponent)
	if p.Promises.Calling {
		c.Score *= p.Promises.Gate(c.Kept)
	}
	if s.Spread > 0 {
		c.Score /= 1 + c.Hour/s.Spread
	}
}

// power is math.Pow, quickly for the small whole exponents that policies have.
func power(x, exponent float64) float64 {
	switch exponent {
	case 0:
		return 1
	case 1:
		return x
	case 2:
		return x * x
	case 4:
		return x * x * x * x
	}
	return math.Pow(x, exponent)
}

// Called is the candidate as it is kept with its call.
func (c *Candidate) Called(n int, drawn bool) outcry.Called {
	return outcry.Called{
		N: n, Shop: c.Shop, DistanceM: int(math.Round(c.DistanceM)), Score: c.Score,
		Weighed: outcry.Weighed{
			Software: c.Software, Chance: round3(c.Chance), Price: round3(c.Price), Rating: round3(c.Rating),
			Kept: round3(c.Kept), Hour: round3(c.Hour), Drawn: drawn, Own: c.Own,
		},
	}
}

// Parts tells what a score was made of, in points of the value and in words.
func Parts(c *outcry.Called, p *policy.Policy) []outcry.Part {
	s, w, metres := &p.Score, &c.Weighed, float64(c.DistanceM)
	parts := append([]outcry.Part{
		{Name: "answers", Points: w.Chance, Words: fmt.Sprintf("%.0f %% likely to offer in time", 100*w.Chance)},
		{Name: "price", Points: -w.Price, Words: dearer(w.Price)},
		{Name: "near", Points: round3(-s.PerKm * metres / 1000), Words: km(metres) + " away"},
		{Name: "rating", Points: round3(s.PerStar * (w.Rating - 4)), Words: fmt.Sprintf("%.1f stars", w.Rating)},
	}, w.Own...)
	if p.Promises.Calling {
		parts = append(parts, outcry.Part{
			Name: "promises", Points: round3(p.Promises.Gate(w.Kept)),
			Words: fmt.Sprintf("taken to stand by about %.0f of 100 accepted offers", 100*w.Kept),
		})
	}
	if spread := p.Score.Spread; spread > 0 {
		parts = append(parts, outcry.Part{
			Name: "spread", Points: round3(1 / (1 + w.Hour/spread)), Words: plural(int(math.Round(w.Hour)), "call", "calls") + " in the hour before",
		})
	}
	if w.Drawn {
		parts = append(parts, outcry.Part{Name: "exploring", Words: "called by chance, so that shops become known"})
	}
	return parts
}

// dearer says a price against the others in words.
func dearer(price float64) string {
	switch part := 100 * (price - 1); {
	case part >= 0.5:
		return fmt.Sprintf("asks %.0f %% more than others", part)
	case part <= -0.5:
		return fmt.Sprintf("asks %.0f %% less than others", -part)
	}
	return "asks what others do"
}

func round3(x float64) float64 { return math.Round(x*1000) / 1000 }

// km writes metres for people: "850 m", "4.2 km".
func km(metres float64) string {
	if metres < 1000 {
		return fmt.Sprintf("%.0f m", metres)
	}
	return fmt.Sprintf("%.1f km", metres/1000)
}
