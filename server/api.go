package server

import (
	"context"
	"net/http"
	"time"

	"outcry"
	"outcry/api"
	"outcry/store"
	"outcry/web"
)

// handler answers everything: the pages at their paths, the interface at all
// others.
func (s *Server) handler(c Config) http.Handler {
	pages, calls := web.New(s.Intake, c.Log), s.api(c)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if web.Answers(r.URL.Path) {
			pages.ServeHTTP(w, r)
			return
		}
		calls.ServeHTTP(w, r)
	})
}

// api is the HTTP interface over the units.
func (s *Server) api(c Config) http.Handler {
	return api.New(api.Config{
		Intake: s.Intake, Onboarding: s.Onboarding, Directory: s.Directory, Books: s.Books, Market: s.Market,
		Policy: s.Policy, Shops: s.Shops, Presence: s.Shops, Records: s.Learning, Desks: s.Shops, Parties: s.Store, Orders: s.listOrders,
		Requests: s.Store, Events: s.Store, Audits: audits{s.Store}, Onces: onces{s.Store}, Live: s.line,
		Ready: s.Store.Ping, Clock: c.Clock, Log: c.Log, Limits: c.Limits,
	})
}

// listOrders lists orders as the interface asks for them.
func (s *Server) listOrders(ctx context.Context, of api.OrdersOf, p outcry.Page) ([]outcry.Order, string, error) {
	return s.Store.Orders(ctx, store.OrderFilter(of), p)
}

// audits keeps what the interface notes of an operator's doing.
type audits struct{ store *store.Store }

// AddAudit notes one.
func (a audits) AddAudit(ctx context.Context, x api.Audit) error {
	return a.store.AddAudit(ctx, store.Audit(x))
}

// Audits lists them, the newest first.
func (a audits) Audits(ctx context.Context, p outcry.Page) ([]api.Audit, string, error) {
	found, next, err := a.store.Audits(ctx, p)
	items := make([]api.Audit, len(found))
	for i, x := range found {
		items[i] = api.Audit(x)
	}
	return items, next, err
}

// onces keeps the answers of calls that are to be done once.
type onces struct{ store *store.Store }

// BeginOnce notes that a call is being done, or gives what is known of it.
func (o onces) BeginOnce(ctx context.Context, x api.Once) (*api.OnceRecord, error) {
	prior, err := o.store.BeginOnce(ctx, store.Once(x))
	if prior == nil {
		return nil, err
	}
	return &api.OnceRecord{BodyHash: prior.BodyHash, At: prior.At, Answer: api.OnceAnswer(prior.Answer)}, err
}

// FinishOnce keeps the answer.
func (o onces) FinishOnce(ctx context.Context, x api.Once, a api.OnceAnswer) error {
	return o.store.FinishOnce(ctx, store.Once(x), store.OnceAnswer(a))
}

// ForgetOnce gives the key free again.
func (o onces) ForgetOnce(ctx context.Context, x api.Once) error {
	return o.store.ForgetOnce(ctx, store.Once(x))
}

const (
	// onceKept is for how long an answer is replayed, sweepEvery how often older
	// ones are removed.
	onceKept   = 24 * time.Hour
	sweepEvery = 10 * time.Minute
)

// sweep removes the answers that are no longer replayed, until ctx ends.
func (s *Server) sweep(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if _, err := s.Store.SweepOnce(ctx, s.clock().Add(-onceKept)); err != nil && ctx.Err() == nil {
			s.log.Warn("old answers could not be removed", "error", err)
		}
	}
}
