package outcry

// MaxCalls is how many shops one request may call: a call's number is below it.
const MaxCalls = 1024

// Wave is a group of calls of one request that are sent together. It is kept
// as one row.
type Wave struct {
	N     int      `json:"n"` // from 1
	Calls []Called `json:"calls"`
}

// Called is one shop of a wave, with what made it one of the best.
type Called struct {
	N         int     `json:"n"` // the call's number in its request, from 0
	Shop      string  `json:"shop"`
	DistanceM int     `json:"distance_m"`
	Score     float64 `json:"score"`
	Weighed   Weighed `json:"weighed,omitzero"`
}

// Weighed is what a shop's score was made of when it was called.
type Weighed struct {
	Software bool    `json:"software,omitempty"`
	Chance   float64 `json:"chance"`          // of an offer in time
	Price    float64 `json:"price"`           // against the others, 1 for the same
	Rating   float64 `json:"rating"`          // stars
	Kept     float64 `json:"kept"`            // share of promises kept
	Hour     float64 `json:"hour,omitempty"`  // calls in the hour before
	Drawn    bool    `json:"drawn,omitempty"` // called by chance, to become known
	Own      []Part  `json:"own,omitempty"`   // the operator's own parts
}

// Part is one reason for a score, in points and in words.
type Part struct {
	Name   string  `json:"part"`
	Points float64 `json:"points"`
	Words  string  `json:"words,omitempty"`
}

// CallState is where a call stands.
type CallState string

// The states of a call.
const (
	CallWaiting  CallState = "waiting"  // no answer yet, the request is open
	CallOffered  CallState = "offered"  // the shop has offered
	CallDeclined CallState = "declined" // the shop has refused
	CallMissed   CallState = "missed"   // time was up without an answer
	CallClosed   CallState = "closed"   // the request closed early, without an answer
)

// CallStates are all there are.
var CallStates = []CallState{CallWaiting, CallOffered, CallDeclined, CallMissed, CallClosed}
