package wire

import "outcry"

// SelectedShop is one called shop and why; score and parts are the operator's
// to see.
type SelectedShop struct {
	CallID    string           `json:"call_id"`
	Shop      ShopName         `json:"shop"`
	DistanceM int              `json:"distance_m"`
	State     outcry.CallState `json:"state" enum:"waiting,offered,declined,missed,closed"`
	Score     float64          `json:"score,omitzero"`
	Parts     []outcry.Part    `json:"parts,omitempty" doc:"what the score is made of"`
}

// SelectedWave is a group of shops that were called together.
type SelectedWave struct {
	Wave  int            `json:"wave" doc:"from 1"`
	At    Time           `json:"at"`
	Shops []SelectedShop `json:"shops"`
}

// Selection is which shops a request called.
type Selection struct {
	RequestID string         `json:"request_id"`
	Called    int            `json:"called"`
	Waves     []SelectedWave `json:"waves"`
}

// Verdict says why a request called a shop, or the first rule that leaves it
// out.
type Verdict struct {
	Shop      ShopName      `json:"shop"`
	Called    *SelectedShop `json:"called,omitempty" doc:"missing where it was not called"`
	Wave      int           `json:"wave,omitzero"`
	Eligible  bool          `json:"eligible" doc:"whether the rules let it be called"`
	Rule      string        `json:"rule,omitempty" enum:"state,code,radius,service_radius,hours,quiet_hours,paused,language,capability,rating,budget,reachable,open_calls,hourly_calls,require,rank,called" doc:"the first rule that leaves it out"`
	Why       string        `json:"why,omitempty" doc:"the same in words, or why it was called"`
	Notes     []string      `json:"notes,omitempty" doc:"where its hours leave it out: what of their text is not gone by, such as public holidays"`
	DistanceM int           `json:"distance_m,omitzero"`
	Score     float64       `json:"score,omitzero"`
	Parts     []outcry.Part `json:"parts,omitempty"`
}
