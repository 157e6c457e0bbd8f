package rush

import (
	"time"

	"outcry/cmd/outcry/gauge"
)

// Figures are what was measured. What was not measured is missing.
type Figures struct {
	// Of step match: matches a second, and the server's CPU an answer, with
	// everything durable.
	MatchesPerS   float64       `json:"matches_per_s,omitzero"`
	ServerCPUUS   float64       `json:"server_cpu_us_per_answer,omitzero"`
	LineCPUUS     float64       `json:"line_cpu_us_per_answer,omitzero"` // of step line: with the database in memory
	FirstP50MS    float64       `json:"first_offer_p50_ms,omitzero"`     // of step half, from sending the request
	FirstP99MS    float64       `json:"first_offer_p99_ms,omitzero"`
	CloseLateP50  float64       `json:"close_late_p50_ms,omitzero"` // of step half, from the deadline
	CloseLateP99  float64       `json:"close_late_p99_ms,omitzero"`
	ShopKB        float64       `json:"shop_kb,omitzero"` // of step idle: resident memory a shop, in units of 1,024 bytes
	ShopHeapKB    float64       `json:"shop_heap_kb,omitzero"`
	WatchCPUUS    float64       `json:"watch_cpu_us,omitzero"`           // of step watch: an event and watcher
	HookCPUUS     float64       `json:"hook_cpu_us_per_answer,omitzero"` // of step hook
	WatchLatestMS float64       `json:"watch_all_heard_p50_ms,omitzero"` // until the last watcher has an event
	Steps         []Step        `json:"steps"`
	Seed          uint64        `json:"seed"`
	Machine       gauge.Machine `json:"machine"`
}

// Step is what was measured in one step, while it was measured.
type Step struct {
	Step    string  `json:"step"`
	Over    string  `json:"over,omitempty"`  // how shops were connected
	Store   string  `json:"store,omitempty"` // "durable" or "memory"
	Shops   int     `json:"shops"`
	Buyers  int     `json:"buyers,omitzero"`
	Seconds float64 `json:"seconds"`
	// Matches are requests that came to an end, Answers the offers on their boards,
	// Failed the requests that did not.
	Matches  int     `json:"matches,omitzero"`
	Answers  int     `json:"answers,omitzero"`
	Failed   int     `json:"failed,omitzero"`
	Failure  string  `json:"failure,omitempty"` // the first one
	Rate     float64 `json:"asked_per_s,omitzero"`
	PerS     float64 `json:"matches_per_s,omitzero"`
	AnswersS float64 `json:"answers_per_s,omitzero"`
	// First is from sending a request to its first offer on the board, Whole to its
	// closing, Late from its deadline to the event that says so.
	First *Spread `json:"first_offer_ms,omitempty"`
	Whole *Spread `json:"closed_ms,omitempty"`
	Late  *Spread `json:"close_late_ms,omitempty"`
	Heard *Spread `json:"all_heard_ms,omitempty"`
	// Calls is what the shops heard and answered, with that of the time before the
	// measuring, on whose boards Warm offers stood.
	Calls *Tally `json:"calls,omitempty"`
	Warm  int    `json:"warm_answers,omitzero"`
	// Sides are the processes.
	Sides []Used `json:"sides"`
	// Others is how many cores the rest of the machine took, where that is known.
	Others float64 `json:"others_cores,omitzero"`
	Load1  float64 `json:"load_1m,omitzero"` // the machine's load average when it began
}

// Used is the CPU that a process took while a step was measured.
type Used struct {
	Side   string  `json:"side"`
	CPUS   float64 `json:"cpu_s"`
	System float64 `json:"system_s"` // of it, the system's
	// AnswerUS is a share of it: of an answer, or of an event and watcher.
	AnswerUS float64 `json:"cpu_us_each,omitzero"`
	// WholeS is all CPU that the process ever took, as the system told at its end.
	WholeS float64 `json:"whole_s"`
	RSSMB  float64 `json:"rss_mb,omitzero"` // at the end of the measuring, in units of 1,048,576 bytes
}

// Spread is how long something took, in milliseconds.
type Spread struct {
	N    int     `json:"n"`
	P50  float64 `json:"p50"`
	P90  float64 `json:"p90"`
	P99  float64 `json:"p99"`
	Most float64 `json:"max"`
}

// spreadOf sums up how long things took; nil where there are none.
func spreadOf(took []time.Duration) *Spread {
	if len(took) == 0 {
		return nil
	}
	at := func(share float64) float64 { return float64(gauge.Within(took, share).Microseconds()) / 1e3 }
	return &Spread{N: len(took), P50: at(0.5), P90: at(0.9), P99: at(0.99), Most: at(1)}
}

// Tally is what shops have heard and said.
type Tally struct {
	Connected int `json:"connected"` // shops
	Heard     int `json:"heard"`     // calls
	Said      int `json:"said"`      // offers
	Taken     int `json:"taken"`     // offers that the server has acknowledged
	Refused   int `json:"refused"`   // offers that it has not taken
	Lost      int `json:"lost"`      // connections that broke
	// Problem is the first refusal or break.
	Problem string `json:"problem,omitempty"`
}
