package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics counts what is going on. All labels come from closed sets: the routes
// that there are, the methods of HTTP, the classes of status.
type metrics struct {
	calls *prometheus.CounterVec
	took  *prometheus.HistogramVec
	happened
}

// happened counts what has been done since the server started.
type happened struct{ requests, offers, declines, orders atomic.Int64 }

// newMetrics makes the counters and registers them.
func newMetrics(registry *prometheus.Registry) *metrics {
	m := &metrics{
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "outcry_http_calls_total", Help: "Calls of the HTTP interface, by route, method and class of status.",
		}, []string{"route", "method", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "outcry_http_seconds", Help: "Seconds that calls took, by route; streams are as long as they are open.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"route"}),
	}
	registry.MustRegister(m.calls, m.took, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for name, n := range map[string]*atomic.Int64{
		"requests": &m.requests, "offers": &m.offers, "declines": &m.declines, "orders": &m.orders,
	} {
		registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "outcry_" + name + "_total", Help: "How many " + name + " were taken over HTTP.",
		}, func() float64 { return float64(n.Load()) }))
	}
	return m
}

// methods are those of HTTP that are counted by name.
var methods = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions,
}

// note counts a call that was answered.
func (m *metrics) note(r *http.Request, status int, took time.Duration) {
	_, route, ok := strings.Cut(r.Pattern, " ")
	if !ok {
		route = "none"
	}
	method := r.Method
	if !slices.Contains(methods, method) {
		method = "other"
	}
	m.calls.WithLabelValues(route, method, fmt.Sprintf("%dxx", status/100)).Inc()
	m.took.WithLabelValues(route).Observe(took.Seconds())
}

// showMetrics answers GET /metrics in the text form of Prometheus.
func (a *api) showMetrics() http.Handler {
	return promhttp.HandlerFor(a.Metrics, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
}
