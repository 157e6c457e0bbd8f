// Package server wires the units, the store, the line and the API into one
// running market. New opens it, Run runs it; main, the demo and tests use the
// same two.
package server

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"outcry"
	"outcry/api"
	"outcry/bus"
	"outcry/directory"
	"outcry/intake"
	"outcry/line"
	"outcry/line/hook"
	"outcry/matching"
	"outcry/matching/learning"
	"outcry/matching/selection"
	"outcry/onboarding"
	"outcry/policy"
	"outcry/store"
)

// Config says how to run a market. Zero values are sane.
type Config struct {
	// Database is where the truth is: a path of an SQLite file, "postgres://..."
	// or "" for one in memory, which ends with the server.
	Database string
	// Policy is a file of the operator's policy that is followed: what changes in
	// it comes into force. "" follows none.
	Policy string
	// WebhooksToLoopback lets shops' software on the server's own machine be sent
	// events, over http too: for tests and demonstrations.
	WebhooksToLoopback bool
	// Limits bound what one caller may do; zero takes the defaults.
	Limits api.Limits
	// Lines bound how many lines, streams and polls are open at once, and how much
	// is said on them; zero takes the defaults.
	Lines line.Bounds
	// Log takes what an operator should know; nil is silence.
	Log *slog.Logger
	// Clock tells the time; nil is the machine's.
	Clock func() time.Time
	// Random is chance fit for secrets; nil is the machine's.
	Random io.Reader
}

// Server is a market that can be run.
type Server struct {
	Intake     *intake.Intake
	Onboarding *onboarding.Onboarding
	Directory  *directory.Directory
	Books      *directory.Books
	Market     *matching.Market
	Policy     *policy.Keeper
	Shops      *selection.Index
	Learning   *learning.Ledger
	Tail       *line.Tail
	Webhooks   *hook.Sender
	Store      *store.Store
	Handler    http.Handler

	log        *slog.Logger
	clock      func() time.Time
	policyFile *policy.File // nil: none is followed
	line       *line.Line
}

// New opens the database, reads what must be in memory and wires the units. The
// server answers nothing before Run. Close must be called in the end.
func New(ctx context.Context, c Config) (*Server, error) {
	c = c.filled()
	db, err := store.Open(ctx, c.Database)
	if err != nil {
		return nil, err
	}
	s := &Server{Store: db, Shops: selection.NewIndex(), log: c.Log, clock: c.Clock}
	if err := s.wire(ctx, c); err != nil {
		_ = db.Close() // the first error is the one to tell
		return nil, err
	}
	return s, nil
}

func (c Config) filled() Config {
	if c.Database == "" {
		c.Database = ":memory:"
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	return c
}

// wire makes the units and gives each what it asks for.
func (s *Server) wire(ctx context.Context, c Config) (err error) {
	if s.Directory, err = directory.Open(ctx, s.Store); err != nil {
		return fmt.Errorf("read the signals: %w", err)
	}
	if err := s.openPolicy(ctx, c); err != nil {
		return err
	}
	if s.Tail, err = line.NewTail(ctx, s.Store, c.Log); err != nil {
		return fmt.Errorf("find the end of the log: %w", err)
	}
	if err := s.fill(ctx, c.Log); err != nil {
		return err
	}
	s.Learning = learning.New(func() *policy.Policy { return s.Policy.Now().Policy() })
	bell := &bus.Local{}
	bell.Listen(s.Tail.Ring)
	s.Market = matching.New(matching.Config{
		Journal: s.Store, Orders: orders{s.Store}, Memory: s.Store, Tree: s.Directory, Forms: s.Directory, Shops: s.Shops,
		Learning: s.Learning, Bell: bell, Policies: s.Policy, Clock: c.Clock, Random: c.Random, Log: c.Log,
	})
	if err := s.openWebhooks(ctx, c); err != nil {
		return err
	}
	s.wireUnits(c, bell)
	s.line = s.live(c)
	s.Handler = s.handler(c)
	return nil
}

// fill puts every shop into the selection.
func (s *Server) fill(ctx context.Context, log *slog.Logger) error {
	n := 0
	err := s.Store.EachListing(ctx, func(l outcry.Listing) error {
		n++
		if err := s.Shops.Put(l); err != nil {
			log.Error("a shop cannot be called: its hours or time zone cannot be read", "shop", l.ID, "error", err)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the shops: %w", err)
	}
	s.Shops.Build()
	log.Info("shops read", "shops", n)
	return nil
}

// Run runs the market until ctx ends and all that it had begun is finished.
func (s *Server) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.Tail.Run(ctx) })
	g.Go(func() error { return s.Market.Run(ctx) })
	g.Go(func() error { return s.Shops.Run(ctx) })
	g.Go(func() error { return s.Webhooks.Run(ctx) })
	g.Go(func() error { return s.Books.Run(ctx) })
	g.Go(func() error { return s.sweep(ctx) })
	if s.policyFile != nil {
		g.Go(func() error { return s.policyFile.Run(ctx) })
	}
	return g.Wait()
}

// Close ends what is open, and closes the database.
func (s *Server) Close() error {
	s.line.Drain(drainTimeout)
	return s.Store.Close()
}
