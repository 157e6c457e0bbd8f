// Package policy holds the operator's rules for selecting, waves, ranking and
// limits. A Policy is plain data with bounds: whoever is affected can read it.
// Read reads one, Compile makes it Rules that selecting uses, and a Keeper keeps
// its versions. docs/policy.md tells how one is written.
// The default is the one whose effects are measured in docs/matching.md.
package policy

import (
	"time"

	"outcry"
)

// Policy is one version of the operator's rules.
type Policy struct {
	Selecting Selecting `json:"selecting"`
	Score     Score     `json:"score"`
	Learning  Learning  `json:"learning"`
	Promises  Promises  `json:"promises"`
	Waves     Waves     `json:"waves"`
	Exploring Exploring `json:"exploring"`
	Ranking   Ranking   `json:"ranking"`
	Offers    Offers    `json:"offers"`
	Limits    Limits    `json:"limits"`
	// Branches say what is otherwise for a code and all below it; the nearest
	// one holds. Learning and limits are the shop's, whatever is asked, and have
	// none.
	Branches []Branch `json:"branches,omitempty"`
}

// Selecting says which shops may be called.
type Selecting struct {
	// SeenWithinS is for how many seconds a shop counts as reachable after it
	// last spoke to the server, without a live line.
	SeenWithinS float64 `json:"seen_within_s"`
	// PatienceS: a request with at least so many seconds left also calls shops
	// that are not reachable now, since they may come back in time.
	PatienceS float64 `json:"patience_s"`
	// LeastRating leaves out shops rated below it, in stars; 0 leaves out none.
	LeastRating float64 `json:"least_rating"`
	// BudgetSlack: where the usual price of a code is known, a shop is left out
	// whose expected price is above the buyer's budget times this; 0 leaves out
	// none.
	BudgetSlack float64 `json:"budget_slack"`
	// Require are further rules, each an expression that is true for a shop
	// that may be called.
	Require []Requirement `json:"require,omitempty"`
}

// Requirement is a rule of the operator's own.
type Requirement struct {
	Name string `json:"name"` // one word, shown where it left a shop out
	When string `json:"when"` // a CEL expression of shop and request
	Why  string `json:"why"`  // in words, to the shop that was left out
}

// Score says how candidates are ordered. A shop's value is Base - its price -
// PerKm*km + PerStar*(rating-4) + Add, at least 0.01; its score is chance of
// an offer ^ Answers * value ^ Exponent * gate / (1 + calls of the last hour /
// Spread).
type Score struct {
	Answers  float64 `json:"answers"`
	Base     float64 `json:"base"`
	PerKm    float64 `json:"per_km"`
	PerStar  float64 `json:"per_star"`
	Exponent float64 `json:"exponent"`
	// Spread is how many calls in the last hour halve the score; 0: none do.
	Spread float64 `json:"spread"`
	// Add are further parts of the value.
	Add []Addition `json:"add,omitempty"`
	// Consider is how many of the best by the other parts are looked at with
	// the operator's own rules and parts.
	Consider int `json:"consider"`
}

// Addition is a part of the value of the operator's own.
type Addition struct {
	Name   string `json:"name"`   // one word, shown among the parts
	Points string `json:"points"` // a CEL expression that gives a number from -1 to 1
	Why    string `json:"why"`    // in words
}

// Learning says how a shop's figures follow from what it did.
type Learning struct {
	Person   Class `json:"person"`
	Software Class `json:"software"`
	// A shop's price for a code against the others': an answer counts half
	// after PriceHalfLife further ones, and the prices known are mixed with
	// PriceWeight answers at the price that the shop's level lets expect.
	PriceHalfLife float64 `json:"price_half_life"`
	PriceWeight   float64 `json:"price_weight"`
	// PerLevel is how much dearer than the middle a shop is taken to be for
	// each price level above 2, before its own prices are known.
	PerLevel float64 `json:"per_level"`
}

// Class is what is taken for granted of shops of a kind before they are known:
// their chance of an offer is mixed from what they did and Weight calls of
// their class.
type Class struct {
	// Offers is the share of calls that such shops offer to, and MedianS after
	// how many seconds half of those offers have come: where the class itself
	// is not known yet.
	Offers  float64 `json:"offers"`
	MedianS float64 `json:"median_s"`
	Weight  float64 `json:"weight"` // calls
	// HalfLife is after how many further calls a call counts half.
	HalfLife float64 `json:"half_life"`
}

// Promises says what comes of shops that do not stand by accepted offers: the
// share kept is (kept + Prior) / (accepted + Weight). Where it is below Floor,
// the gate is Below, else the share itself.
type Promises struct {
	Prior  float64 `json:"prior"`
	Weight float64 `json:"weight"`
	Floor  float64 `json:"floor"`
	Below  float64 `json:"below"`
	// Calling and Showing say whether the gate counts when shops are called and
	// when offers are ranked.
	Calling bool `json:"calling"`
	Showing bool `json:"showing"`
}

// Gate is what a score is multiplied by, for a share of promises kept.
func (p *Promises) Gate(kept float64) float64 {
	if kept < p.Floor {
		return p.Below
	}
	return kept
}

// Shown is what the points of an offer are multiplied by on the board: a shop
// that keeps what is taken for granted of a new one, or more, loses nothing.
func (p *Promises) Shown(kept float64) float64 {
	switch granted := p.Prior / p.Weight; {
	case kept < p.Floor:
		return p.Below
	case kept < granted:
		return kept / granted
	}
	return 1
}

// Waves says how many shops are called and when.
type Waves struct {
	// Ends are the ends of the waves as shares of the time from request to
	// deadline, growing, the last one 1.
	Ends []float64 `json:"ends"`
	// Margin: a wave is filled until the expected answers reach Margin times
	// the offers wanted.
	Margin float64 `json:"margin"`
	// Trigger: between waves, more are called when expected answers fall below
	// Trigger times the offers wanted.
	Trigger float64 `json:"trigger"`
	// Where few are left to call the margin and the trigger fall towards
	// LoadMargin: they start to where the share LoadFrom of the shops in question
	// are at their limits, or were called for the request already, and are there
	// where LoadFull of them are.
	LoadMargin float64 `json:"load_margin"`
	LoadFrom   float64 `json:"load_from"`
	LoadFull   float64 `json:"load_full"`
	// TickS is how often that is looked at, in seconds.
	TickS float64 `json:"tick_s"`
	// StopS: in the last StopS seconds before the deadline nobody is called.
	StopS float64 `json:"stop_s"`
	// MostCalls is how many shops one request may call.
	MostCalls int `json:"most_calls"`
	// StopAtEnough closes a request when as many offers as wanted are in and
	// fewer than Rest more are to be expected of the calls that wait; with a Rest
	// of 0 it waits for none. Else it collects to the deadline.
	StopAtEnough bool    `json:"stop_at_enough"`
	Rest         float64 `json:"rest"`
}

// Exploring says how shops become known: the share of the calls that goes to
// newcomers, or to any shop where there are none.
type Exploring struct {
	Share float64 `json:"share"`
	// Newcomer is below how many calls a shop is one.
	Newcomer float64 `json:"newcomer"`
}

// Ranking is how many points, of 100 together, each part gives on the board.
type Ranking struct {
	Price  float64 `json:"price"`
	Near   float64 `json:"near"`
	Rating float64 `json:"rating"`
	Soon   float64 `json:"soon"`
}

// Offers says how long offers stand.
type Offers struct {
	// ValidForS is for how many seconds after the request's deadline an offer
	// stands when the shop does not say.
	ValidForS float64 `json:"valid_for_s"`
}

// Limits bound what one member may have going, and what one shop is asked.
type Limits struct {
	OpenRequests      int       `json:"open_requests"`       // of a member
	OpenGuestRequests int       `json:"open_guest_requests"` // of a guest
	Person            ShopLimit `json:"person"`              // a shop answered by people
	Software          ShopLimit `json:"software"`            // a shop answered by software
}

// ShopLimit bounds the calls to one shop; 0 is no bound. A shop may set lower
// ones for itself.
type ShopLimit struct {
	Open   int `json:"open"`   // calls that wait for its answer
	Hourly int `json:"hourly"` // calls in any hour
}

// Of are the limits of a shop: the policy's for those who answer, and its own
// where they are lower.
func (l *Limits) Of(by outcry.Answering, open, hourly int) ShopLimit {
	most := l.Person
	if by == outcry.BySoftware {
		most = l.Software
	}
	return ShopLimit{Open: lower(most.Open, open), Hourly: lower(most.Hourly, hourly)}
}

// lower is the lower one of two bounds, of which 0 is none.
func lower(a, b int) int {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// Default is the policy of a new market: docs/matching.md tells where each
// figure comes from and what it does.
func Default() Policy {
	return Policy{
		Selecting: Selecting{SeenWithinS: 600, PatienceS: 600, BudgetSlack: 1.25},
		Score:     Score{Answers: 1, Base: 1.35, PerKm: 0.02, PerStar: 0.03, Exponent: 4, Spread: 0.5, Consider: 200},
		Learning: Learning{
			Person:        Class{Offers: 0.54, MedianS: 1.5, Weight: 2, HalfLife: 15},
			Software:      Class{Offers: 0.54, MedianS: 0.4, Weight: 2, HalfLife: 15},
			PriceHalfLife: 20, PriceWeight: 2, PerLevel: 0.1,
		},
		Promises: Promises{Prior: 1.8, Weight: 2, Floor: 0.65, Below: 0.05, Calling: true, Showing: true},
		Waves: Waves{
			Ends: []float64{1. / 3, 2. / 3, 1}, Margin: 3, Trigger: 1, LoadMargin: 0.85, LoadFrom: 0.2, LoadFull: 0.35,
			TickS: 1, StopS: 1.5, MostCalls: 80, StopAtEnough: true, Rest: 0.25,
		},
		Exploring: Exploring{Share: 0.3, Newcomer: 4},
		Ranking:   Ranking{Price: 60, Near: 10, Rating: 15, Soon: 15},
		Offers:    Offers{ValidForS: 900},
		Limits: Limits{
			OpenRequests: 200, OpenGuestRequests: 10, Person: ShopLimit{Open: 6, Hourly: 20},
		},
	}
}

// Seconds turns a figure of a policy into a duration.
func Seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
