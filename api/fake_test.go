package api_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"outcry"
	"outcry/api"
	"outcry/store"
)

// config is the interface over the market's units and its store.
func (m *market) config() api.Config {
	return api.Config{
		Intake: m.Intake, Onboarding: m.Onboarding, Directory: m.Directory, Books: m.Books, Market: m.Market, Policy: m.Policy,
		Shops: m.Shops, Presence: m.Shops, Records: m.Learning, Desks: m.Shops, Parties: m.Store, Requests: m.Store, Events: m.Store, Audits: &audits{}, Onces: storeOnces{m.Store},
		Orders: func(ctx context.Context, of api.OrdersOf, p outcry.Page) ([]outcry.Order, string, error) {
			return m.Store.Orders(ctx, store.OrderFilter(of), p)
		},
		Live: live{func(w http.ResponseWriter, _ *http.Request) error {
			_, err := io.WriteString(w, "{}")
			return err
		}},
		Ready: m.Store.Ping, Clock: time.Now, Log: slog.New(slog.DiscardHandler), Limits: m.limits,
	}
}

// over is the market behind an interface with some parts changed.
func (m *market) over(change func(*api.Config)) *market {
	c := m.config()
	change(&c)
	next := *m
	next.handler = api.New(c)
	return &next
}

// storeOnces keeps calls in the store.
type storeOnces struct{ store *store.Store }

func (o storeOnces) BeginOnce(ctx context.Context, x api.Once) (*api.OnceRecord, error) {
	prior, err := o.store.BeginOnce(ctx, store.Once(x))
	if prior == nil {
		return nil, err
	}
	return &api.OnceRecord{BodyHash: prior.BodyHash, At: prior.At, Answer: api.OnceAnswer(prior.Answer)}, err
}

func (o storeOnces) FinishOnce(ctx context.Context, x api.Once, a api.OnceAnswer) error {
	return o.store.FinishOnce(ctx, store.Once(x), store.OnceAnswer(a))
}

func (o storeOnces) ForgetOnce(ctx context.Context, x api.Once) error {
	return o.store.ForgetOnce(ctx, store.Once(x))
}

// live answers every stream with serve.
type live struct {
	serve func(w http.ResponseWriter, r *http.Request) error
}

func (l live) ServeBoard(w http.ResponseWriter, r *http.Request, _ string) error {
	return l.serve(w, r)
}
func (l live) ServeShop(w http.ResponseWriter, r *http.Request, _ string) error { return l.serve(w, r) }

func (l live) ServeLine(w http.ResponseWriter, r *http.Request, _ string, _ outcry.Actor, _ func(context.Context) error) error {
	return l.serve(w, r)
}

// audits keeps audits, or fails with err.
type audits struct {
	mu   sync.Mutex
	list []api.Audit
	err  error
}

func (a *audits) AddAudit(_ context.Context, x api.Audit) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.list = append(a.list, x)
	return a.err
}

func (a *audits) Audits(context.Context, outcry.Page) ([]api.Audit, string, error) {
	return a.list, "", nil
}

// onces keeps calls in a map, as the store does in a table.
type onces struct {
	mu    sync.Mutex
	calls map[[3]string]*held
	// begin is called before a call is noted.
	begin func()
}

type held struct {
	api.Once
	answer api.OnceAnswer
}

func newOnces() *onces { return &onces{calls: map[[3]string]*held{}, begin: func() {}} }

func nameOf(o api.Once) [3]string { return [3]string{o.Member, o.Key, o.Route} }

func (f *onces) BeginOnce(_ context.Context, o api.Once) (*api.OnceRecord, error) {
	f.begin()
	f.mu.Lock()
	defer f.mu.Unlock()
	was, ok := f.calls[nameOf(o)]
	if !ok {
		f.calls[nameOf(o)] = &held{Once: o}
		return nil, nil
	}
	if was.answer.Status == 0 && was.BodyHash == o.BodyHash {
		was.Run = o.Run
	}
	return &api.OnceRecord{BodyHash: was.BodyHash, At: was.At, Answer: was.answer}, nil
}

func (f *onces) FinishOnce(_ context.Context, o api.Once, a api.OnceAnswer) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	was, ok := f.calls[nameOf(o)]
	if !ok || was.Run != o.Run {
		return outcry.Missing("call with this key")
	}
	was.answer = a
	return nil
}

func (f *onces) ForgetOnce(_ context.Context, o api.Once) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if was, ok := f.calls[nameOf(o)]; ok && was.Run == o.Run && was.answer.Status == 0 {
		delete(f.calls, nameOf(o))
	}
	return nil
}

// members knows the store's members, but for the first calls, which fail.
type members struct {
	api.Parties
	mu    sync.Mutex
	fails int
}

var errDisk = errors.New("the disk is on fire: " + marker)

func (f *members) Member(ctx context.Context, id string) (outcry.Member, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fails--; f.fails >= 0 {
		return outcry.Member{}, errDisk
	}
	return f.Parties.Member(ctx, id)
}

// presence remembers which shops have spoken.
type presence struct {
	mu   sync.Mutex
	seen []string
}

func (p *presence) Seen(shop string, _ time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = append(p.seen, shop)
}

// taken gives the shops that have spoken since it was last asked.
func (p *presence) taken() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	seen := p.seen
	p.seen = nil
	return seen
}
