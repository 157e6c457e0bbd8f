package api

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/prometheus/client_golang/prometheus"

	"outcry"
	"outcry/directory"
	"outcry/intake"
	"outcry/matching"
	"outcry/onboarding"
	"outcry/policy"
)

// Shops knows every shop, and how many have a live line.
type Shops interface {
	Shop(id string) (outcry.Shop, bool)
	Connected() int
}

// Presence is told that a shop has spoken, so that it counts as reachable.
type Presence interface {
	Seen(shop string, at time.Time)
}

// Parties knows members and shops with all that is kept of them.
type Parties interface {
	Member(ctx context.Context, id string) (outcry.Member, error)
	Shop(ctx context.Context, id string) (outcry.Shop, error)
}

// Orders lists orders, the newest first: those of the buyer, of the shop and of
// the request that are given; "" does not matter.
type Orders func(ctx context.Context, of OrdersOf, p outcry.Page) (items []outcry.Order, next string, err error)

// OrdersOf says whose orders are listed.
type OrdersOf struct{ Buyer, Shop, Request string }

// Requests lists requests, the newest first: those of the buyer, or all.
type Requests interface {
	Requests(ctx context.Context, buyer string, p outcry.Page) (items []outcry.Request, next string, err error)
}

// Log is the durable log of all that has happened.
type Log interface {
	// Tail gives events with numbers above after, in order.
	Tail(ctx context.Context, after int64, limit int) ([]outcry.Event, error)
	// LastSeq is the number of the last event.
	LastSeq(ctx context.Context) (int64, error)
}

// Audits keeps what was done with an operator's power.
type Audits interface {
	AddAudit(ctx context.Context, a Audit) error
	// Audits lists them, the newest first.
	Audits(ctx context.Context, p outcry.Page) (items []Audit, next string, err error)
}

// Live serves events as they happen. Whoever calls it has checked that the
// caller may hear them. Its error is one from before the first byte.
type Live interface {
	ServeBoard(w http.ResponseWriter, r *http.Request, request string) error
	ServeShop(w http.ResponseWriter, r *http.Request, shop string) error
	// ServeLine opens a shop's line for the actor; still says whether the caller
	// may go on.
	ServeLine(w http.ResponseWriter, r *http.Request, shop string, actor outcry.Actor, still func(context.Context) error) error
}

// Config is what the interface works with. All fields are needed but Metrics
// and Limits.
type Config struct {
	// The units.
	Intake     *intake.Intake
	Onboarding *onboarding.Onboarding
	Directory  *directory.Directory
	Books      *directory.Books
	Market     *matching.Market
	Policy     *policy.Keeper
	// What handlers look up beside them.
	Shops    Shops
	Presence Presence
	Records  Records
	Desks    Desks
	Parties  Parties
	Orders   Orders
	Requests Requests
	Events   Log
	Audits   Audits
	Onces    Onces
	Live     Live
	// Ready says why the server cannot be asked now; nil where it can.
	Ready func(ctx context.Context) error
	// Clock tells the time that keys and rates go by.
	Clock func() time.Time
	Log   *slog.Logger
	// Metrics is where counters are registered, with those of the process; nil
	// makes a registry of its own.
	Metrics *prometheus.Registry
	Limits  Limits
}

// api answers the interface.
type api struct {
	Config
	huma     huma.API
	paths    paths
	room     room
	bounds   bounds
	underway *underway
	metrics  *metrics
	started  time.Time
}

// New is the handler of the interface; see Paths for where it answers.
func New(c Config) http.Handler { return newAPI(c) }

func newAPI(c Config) *api {
	settle()
	c.Limits = c.Limits.withDefaults()
	if c.Metrics == nil {
		c.Metrics = prometheus.NewRegistry()
	}
	a := &api{
		Config: c, paths: paths{http.NewServeMux(), http.NewServeMux()}, room: newRoom(c.Limits), bounds: newBounds(c.Limits),
		underway: &underway{calls: map[[3]string]bool{}}, metrics: newMetrics(c.Metrics),
	}
	if c.Clock != nil {
		a.started = a.now()
	}
	a.huma = humago.New(a.paths, settings())
	a.routes()
	a.paths.ServeMux.HandleFunc("/", a.unknown)
	return a
}

// routes registers every call of the interface.
func (a *api) routes() {
	a.memberRoutes()
	a.sessionRoutes()
	a.keyRoutes()
	a.pairingRoutes()
	a.shopRoutes()
	a.figuresRoutes()
	a.importRoutes()
	a.signalRoutes()
	a.bookRoutes()
	a.requestRoutes()
	a.selectionRoutes()
	a.policyRoutes()
	a.callRoutes()
	a.webhookRoutes()
	a.offerRoutes()
	a.boardRoutes()
	a.eventRoutes()
	a.orderRoutes()
	a.threadRoutes()
	a.reportRoutes()
	a.exportRoutes()
	a.healthRoutes()
	a.docsRoutes()
}

// now is the time with the resolution that is kept, milliseconds.
func (a *api) now() time.Time { return a.Clock().UTC().Truncate(time.Millisecond) }

// seen notes that a shop has spoken, where the caller acts for it.
func (a *api) seen(ctx context.Context, shop string) {
	if actorOf(ctx).Serves(shop) {
		a.Presence.Seen(shop, a.now())
	}
}
