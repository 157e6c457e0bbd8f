package wire

// Stats is how the market stands.
type Stats struct {
	At             Time  `json:"at"`
	StartedAt      Time  `json:"started_at" doc:"when this server started"`
	Signals        int   `json:"signals" doc:"codes in the tree"`
	ConnectedShops int   `json:"connected_shops" doc:"shops with a live line"`
	RunningNow     int   `json:"running_requests" doc:"requests that are open or being dealt with on this server"`
	Events         int64 `json:"events" doc:"the number of the log's last event"`
	// The rest counts since this server started.
	Requests int64 `json:"requests_asked" doc:"since this server started"`
	Offers   int64 `json:"offers_taken" doc:"since this server started"`
	Declines int64 `json:"calls_declined" doc:"since this server started"`
	Orders   int64 `json:"orders_placed" doc:"since this server started"`
}

// Audit is one thing that was done with an operator's power, or to somebody's
// rights.
type Audit struct {
	At     Time   `json:"at"`
	Actor  string `json:"actor" doc:"a member's id"`
	Action string `json:"action"`
	Target string `json:"target,omitempty" doc:"the id of what it was done to"`
	Detail string `json:"detail,omitempty"`
}

// Health is the answer of /healthz and /readyz.
type Health struct {
	Status string `json:"status" enum:"ok"`
}
