package outcry

import "time"

// Shop is a seller's place of business.
type Shop struct {
	ID    string
	Owner string // the member who registered it
	Name  string
	Place Place
	// ServiceRadiusM is how far from its place it serves, in metres.
	ServiceRadiusM int
	// Hours are opening hours in OSM's syntax; "" is always open.
	Hours    string
	TimeZone string // IANA name, such as "Europe/London"
	// Languages are BCP 47 tags, the first one preferred.
	Languages    []string
	PriceLevel   int // 1 (low) to 4 (high)
	Capabilities []Capability
	// Contact is given to a buyer with an order, never before.
	Contact string
	Answers Answering
	// QuietHours are the hours, in OSM's syntax and the shop's time zone, in
	// which it is not called even though it is open; "" is none.
	QuietHours string
	// PausedUntil is until when the shop takes no calls; zero: it takes them.
	PausedUntil time.Time
	// MostOpen and MostHourly are the shop's own limits of open calls and of
	// calls an hour; 0 takes the policy's. They never go beyond the policy's.
	MostOpen, MostHourly int
	State                ShopState
	// Reason is why the shop was suspended.
	Reason  string
	Rating  Rating
	Created time.Time
	Updated time.Time
	// Source says where an imported shop came from, such as "node/21306881".
	Source string
}

// ShopState is where a shop stands with the operator.
type ShopState string

// The states of a shop: only an active one is called.
const (
	ShopPending   ShopState = "pending"
	ShopActive    ShopState = "active"
	ShopSuspended ShopState = "suspended"
)

// Capability is something that a shop can do for a buyer.
type Capability string

// The capabilities.
const (
	Deliver Capability = "deliver" // brings it
	Pickup  Capability = "pickup"  // hands it over at the shop
	Visit   Capability = "visit"   // comes and does it
	Reserve Capability = "reserve" // keeps a place or a time
)

// Capabilities are all there are.
var Capabilities = []Capability{Deliver, Pickup, Visit, Reserve}

// Answering says who answers a shop's calls.
type Answering string

// Who answers. A shop becomes one of software when a shop server is paired.
const (
	ByPerson   Answering = "person"
	BySoftware Answering = "software"
)

// Rating is the sum of stars a shop was given and how often.
type Rating struct {
	Stars int
	Count int
}

// ratingPrior and ratingWeight shrink a rating with few voices towards the
// middle: a Bayesian average that starts as five voices of 4 stars.
const (
	ratingPrior  = 4.0
	ratingWeight = 5.0
)

// Mean is the Bayesian average, (sum + 5*4) / (count + 5), 4 where nobody rated.
func (r Rating) Mean() float64 {
	return (float64(r.Stars) + ratingWeight*ratingPrior) / (float64(r.Count) + ratingWeight)
}
