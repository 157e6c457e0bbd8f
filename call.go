package outcry

// MaxCalls is how many shops one request may call: a call's number is below it.
const MaxCalls = 1024

// Candidate is a shop that a request may call.
type Candidate struct {
	Shop      string
	DistanceM float64
	Score     float64 // higher is better
	Chance    float64 // that it answers in time, 0 to 1
	Parts     []Part  // what the score is made of
}

// Wave is a group of calls of one request that are sent together. It is kept
// as one row.
type Wave struct {
	N     int      `json:"n"` // from 1
	Calls []Called `json:"calls"`
}

// Called is one shop of a wave, with the reasons for choosing it.
type Called struct {
	N         int     `json:"n"` // the call's number in its request, from 0
	Shop      string  `json:"shop"`
	DistanceM int     `json:"distance_m"`
	Score     float64 `json:"score"`
	Parts     []Part  `json:"parts,omitempty"`
}

// Part is one reason for a score, in points.
type Part struct {
	Name   string  `json:"part"`
	Points float64 `json:"points"`
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
