// Package policy holds the operator's rules for selecting, waves, ranking and
// limits. A Policy is plain data with bounds: whoever is affected can read it.
// The default is the one whose effects are measured in docs/matching.md.
package policy

import (
	"math"
	"time"

	"outcry"
)

// Policy is one version of the operator's rules.
type Policy struct {
	Selecting Selecting `json:"selecting"`
	Waves     Waves     `json:"waves"`
	Ranking   Ranking   `json:"ranking"`
	Offers    Offers    `json:"offers"`
	Limits    Limits    `json:"limits"`
}

// Selecting says which shops are reachable and how candidates are scored: a
// shop's value is Base - price - PerKm*km + PerStar*(rating-4), at least 0.01;
// its score is chance of an answer * value^Exponent.
type Selecting struct {
	// SeenWithinS is for how many seconds a shop counts as reachable after it
	// last spoke to the server, without a live line.
	SeenWithinS float64 `json:"seen_within_s"`
	// PatienceS: a request with at least so many seconds left also calls shops
	// that are not reachable now, since they may come back in time.
	PatienceS float64 `json:"patience_s"`
	Base      float64 `json:"base"`
	PerKm     float64 `json:"per_km"`
	PerStar   float64 `json:"per_star"`
	// PerLevel is how much dearer than the middle a shop is taken to be for
	// each price level above 2, before its own prices are known.
	PerLevel float64 `json:"per_level"`
	Exponent float64 `json:"exponent"`
	// PersonAnswers and SoftwareAnswers are the chance that a shop of which
	// nothing is known answers a call in time.
	PersonAnswers   float64 `json:"person_answers"`
	SoftwareAnswers float64 `json:"software_answers"`
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
	// TickS is how often that is looked at, in seconds.
	TickS float64 `json:"tick_s"`
	// StopS: in the last StopS seconds before the deadline nobody is called.
	StopS float64 `json:"stop_s"`
	// MostCalls is how many shops one request may call.
	MostCalls int `json:"most_calls"`
	// HalfLifeS is after how many seconds of silence half of the answers that
	// will ever come have come.
	HalfLifeS float64 `json:"half_life_s"`
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

// Limits bound what one member may have going.
type Limits struct {
	OpenRequests      int `json:"open_requests"`       // of a member
	OpenGuestRequests int `json:"open_guest_requests"` // of a guest
}

// Default is the policy of a new market. Margin, trigger, ends, tick, stop and
// the score come from the calibration told in docs/matching.md; the chances of
// an answer are the shares seen there (people 54 % of calls).
func Default() Policy {
	return Policy{
		Selecting: Selecting{
			SeenWithinS: 600, PatienceS: 600,
			Base: 1.35, PerKm: 0.02, PerStar: 0.03, PerLevel: 0.1, Exponent: 4,
			PersonAnswers: 0.54, SoftwareAnswers: 0.9,
		},
		Waves: Waves{
			Ends: []float64{1. / 3, 2. / 3, 1}, Margin: 1.6, Trigger: 1.3,
			TickS: 1, StopS: 1.5, MostCalls: 80, HalfLifeS: 4,
		},
		Ranking: Ranking{Price: 40, Near: 25, Rating: 20, Soon: 15},
		Offers:  Offers{ValidForS: 900},
		Limits:  Limits{OpenRequests: 200, OpenGuestRequests: 10},
	}
}

// Seconds turns a figure of a policy into a duration.
func Seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// Check says what is wrong with a policy, each fault by its place.
func (p Policy) Check() error {
	var c outcry.Complaints
	p.Selecting.check(&c)
	p.Waves.check(&c)
	within(&c, "body.ranking.price", p.Ranking.Price, 0, 100)
	within(&c, "body.ranking.near", p.Ranking.Near, 0, 100)
	within(&c, "body.ranking.rating", p.Ranking.Rating, 0, 100)
	within(&c, "body.ranking.soon", p.Ranking.Soon, 0, 100)
	if sum := p.Ranking.Price + p.Ranking.Near + p.Ranking.Rating + p.Ranking.Soon; math.Abs(sum-100) > 0.01 {
		c.Add("body.ranking", "let the four weights add up to 100; they add up to %g", sum)
	}
	within(&c, "body.offers.valid_for_s", p.Offers.ValidForS, 1, 86400)
	within(&c, "body.limits.open_requests", float64(p.Limits.OpenRequests), 1, 1e6)
	within(&c, "body.limits.open_guest_requests", float64(p.Limits.OpenGuestRequests), 0, 1e6)
	return c.Err()
}

func (s Selecting) check(c *outcry.Complaints) {
	within(c, "body.selecting.seen_within_s", s.SeenWithinS, 0, 86400)
	within(c, "body.selecting.patience_s", s.PatienceS, 0, 30*86400)
	within(c, "body.selecting.base", s.Base, 0, 10)
	within(c, "body.selecting.per_km", s.PerKm, 0, 10)
	within(c, "body.selecting.per_star", s.PerStar, 0, 1)
	within(c, "body.selecting.per_level", s.PerLevel, 0, 1)
	within(c, "body.selecting.exponent", s.Exponent, 0, 16)
	within(c, "body.selecting.person_answers", s.PersonAnswers, 0.01, 1)
	within(c, "body.selecting.software_answers", s.SoftwareAnswers, 0.01, 1)
}

func (w Waves) check(c *outcry.Complaints) {
	if n := len(w.Ends); n < 1 || n > 20 || w.Ends[n-1] != 1 {
		c.Add("body.waves.ends", "write 1 to 20 growing shares, the last one 1, for example [0.34, 0.67, 1]")
	}
	for i, e := range w.Ends {
		if !(e > 0 && e <= 1) || i > 0 && e <= w.Ends[i-1] {
			c.Add("body.waves.ends", "let the shares grow from above 0 to 1")
			break
		}
	}
	within(c, "body.waves.margin", w.Margin, 0.1, 100)
	within(c, "body.waves.trigger", w.Trigger, 0, 100)
	within(c, "body.waves.tick_s", w.TickS, 0.1, 3600)
	within(c, "body.waves.stop_s", w.StopS, 0, 3600)
	within(c, "body.waves.most_calls", float64(w.MostCalls), 1, outcry.MaxCalls)
	within(c, "body.waves.half_life_s", w.HalfLifeS, 0.1, 86400)
}

// within notes a figure that is not a number from low to high.
func within(c *outcry.Complaints, location string, x, low, high float64) {
	if !(x >= low && x <= high) {
		c.Add(location, "write a number from %g to %g", low, high)
	}
}
