package outcry

import (
	"encoding/json"
	"time"
)

// Request is a buyer's matching request. What it asks never changes but by
// extending and widening, which are events of their own.
type Request struct {
	ID    string
	Buyer string
	Ask
	// Accepts is how many orders it may become; 1 unless said.
	Accepts int
	State   RequestState
	Reason  ClosedReason // "" while open
	Created time.Time
	Closed  time.Time // zero while open
	// Policy is the version of the policy that runs it.
	Policy int
}

// Ask is what a buyer calls out.
type Ask struct {
	Code       Code            `json:"code"`
	Words      string          `json:"words,omitempty"` // as typed, where the code came from words
	Attributes json.RawMessage `json:"attributes,omitempty"`
	Quantity   int             `json:"quantity"`
	Note       string          `json:"note,omitempty"`
	Budget     *Money          `json:"budget,omitempty"` // the most it may cost
	Place      Place           `json:"place"`
	RadiusM    int             `json:"radius_m"`
	NeededAt   *time.Time      `json:"needed_at,omitempty"` // nil: now
	Deadline   time.Time       `json:"deadline"`            // for answers
	Wanted     int             `json:"wanted_offers"`
	Rank       Rank            `json:"rank"`
	Languages  []string        `json:"languages,omitempty"`    // any one of them will do
	Needs      []Capability    `json:"capabilities,omitempty"` // all of them are needed
	Locale     string          `json:"locale,omitempty"`
	// LeastRating leaves out shops rated below it, in stars; 0: no matter.
	LeastRating float64 `json:"least_rating,omitempty"`
}

// RequestState is open while answers are taken.
type RequestState string

// The states of a request.
const (
	RequestOpen   RequestState = "open"
	RequestClosed RequestState = "closed"
)

// ClosedReason says why a request takes no more answers.
type ClosedReason string

// The reasons.
const (
	ClosedEnough    ClosedReason = "enough"    // as many offers as wanted are in
	ClosedDeadline  ClosedReason = "deadline"  // time is up, with some offers
	ClosedWithdrawn ClosedReason = "withdrawn" // the buyer called it off
	ClosedAccepted  ClosedReason = "accepted"  // the buyer has accepted all it may
	ClosedNobody    ClosedReason = "nobody"    // time is up and nobody offered
)

// Rank says what the buyer's board puts first.
type Rank string

// The ranks.
const (
	RankBest   Rank = "best"   // by score over price, distance, rating and time
	RankPrice  Rank = "price"  // cheapest first
	RankNear   Rank = "near"   // nearest first
	RankRating Rank = "rating" // best rated first
	RankSoon   Rank = "soon"   // earliest available first
)

// Ranks are all there are.
var Ranks = []Rank{RankBest, RankPrice, RankNear, RankRating, RankSoon}

// The bounds of a request.
const (
	MinDeadline = time.Second
	MaxDeadline = 30 * 24 * time.Hour
	// MaxAhead is how far ahead something may be needed.
	MaxAhead    = 400 * 24 * time.Hour
	MaxWanted   = 50
	MaxQuantity = 1_000_000
	MaxNote     = 1000 // characters
	MaxWords    = 200  // characters
)

// When is the moment at which the request needs a shop to be open.
func (a Ask) When(now time.Time) time.Time {
	if a.NeededAt != nil {
		return *a.NeededAt
	}
	return now
}
