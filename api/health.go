package api

import (
	"net/http"

	"outcry"
	"outcry/wire"
)

// healthRoutes are the calls of whoever watches the server. They pass no gate:
// they must answer when nothing else does.
func (a *api) healthRoutes() {
	a.paths.HandleFunc("GET /healthz", a.health)
	a.paths.HandleFunc("GET /readyz", a.readiness)
	a.paths.HandleFunc("GET /metrics", a.showMetrics().ServeHTTP)
}

// health says that the server is there.
func (a *api) health(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if err := encode(w, wire.Health{Status: "ok"}); err != nil {
		a.Log.DebugContext(r.Context(), "an answer was not taken", "error", err)
	}
}

// readiness says whether the server can be asked.
func (a *api) readiness(w http.ResponseWriter, r *http.Request) {
	if err := a.Ready(r.Context()); err != nil {
		a.refuse(w, r, &outcry.Error{Kind: outcry.Unavailable, Code: "not_ready", Msg: "the server cannot be asked now; try again", Retry: 1, Err: err})
		return
	}
	a.health(w, r)
}
