package wire

import "outcry"

// PolicyVersion is one version of the operator's policy, as the history tells it.
type PolicyVersion struct {
	Version int    `json:"version" doc:"0 is the default"`
	By      string `json:"by,omitempty" doc:"the id of the member who put it, or file where the server followed one; missing for the default"`
	At      Time   `json:"at,omitzero" doc:"when it was put; missing for the default"`
	InForce bool   `json:"in_force"`
}

// WrittenPolicy is a version of the operator's policy as it was written.
type WrittenPolicy struct {
	PolicyVersion
	Text string `json:"text" doc:"the policy, in YAML, of which JSON is a part"`
}

// PolicyReplay is what past requests came to, and what they come to when they
// run again by two policies.
type PolicyReplay struct {
	Since    Time         `json:"since"`
	Requests int          `json:"requests" doc:"how many were replayed"`
	Open     int          `json:"open" doc:"left out, because they still take answers"`
	More     bool         `json:"more" doc:"there were more than most; the older ones were left out"`
	Was      PolicyColumn `json:"was" doc:"as they ran"`
	Present  PolicyColumn `json:"present" doc:"by the policy in force, replayed"`
	Proposed PolicyColumn `json:"proposed" doc:"by the policy tried, replayed"`
	Changed  int          `json:"changed" doc:"how many requests run differently by the two policies"`
	// Biggest are the requests that differ most.
	Biggest []PolicyDifference `json:"biggest" doc:"the requests that differ most, at most 20, the biggest difference first"`
	Notes   []string           `json:"notes" doc:"what a replay knows and what it does not, in words"`
}

// PolicyColumn is what all requests of a replay came to together.
type PolicyColumn struct {
	Requests  int     `json:"requests"`
	Calls     int     `json:"calls"`
	CallsEach float64 `json:"calls_a_request"`
	Offers    int     `json:"offers" doc:"that stood when the requests closed"`
	Satisfied int     `json:"satisfied" doc:"requests that got as many offers as they wanted"`
	Price     float64 `json:"best_price_ratio,omitzero" doc:"the mean of the best price against that by the policy in force, replayed, where both have one; missing where none have"`
	Priced    int     `json:"priced" doc:"of how many requests that is the mean"`
	First     float64 `json:"first_offer_p50_s,omitzero" doc:"after how many seconds half of the requests with an offer had their first; missing where none has one"`
	Third     float64 `json:"third_offer_p50_s,omitzero" doc:"the same of the third offer"`
	Drawn     int     `json:"drawn" doc:"calls that were answered by chance, since nobody knows what the shop would have said"`
}

// PolicyDifference is a request, how it ran, and how it runs by two policies.
type PolicyDifference struct {
	RequestID string       `json:"request_id"`
	Code      string       `json:"code"`
	CreatedAt Time         `json:"created_at"`
	Wanted    int          `json:"wanted_offers"`
	Was       PolicyCourse `json:"was"`
	Present   PolicyCourse `json:"present"`
	Proposed  PolicyCourse `json:"proposed"`
}

// PolicyCourse is what one request came to.
type PolicyCourse struct {
	Calls  int           `json:"calls"`
	Offers int           `json:"offers"`
	Best   *outcry.Money `json:"best_price,omitempty" doc:"the lowest price offered; missing where nobody knows one"`
	First  *float64      `json:"first_offer_s,omitempty" doc:"seconds to the first offer"`
	Third  *float64      `json:"third_offer_s,omitempty" doc:"seconds to the third offer"`
}
