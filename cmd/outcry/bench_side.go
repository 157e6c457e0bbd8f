package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"golang.org/x/sync/errgroup"

	"outcry/api"
	"outcry/cmd/outcry/rush"
	"outcry/line"
	"outcry/server"
)

// benchSideCommand is a process of a market that is measured.
type benchSideCommand struct {
	Name string `arg:"" help:"Which side of the market it is."`
}

// Run works until the process that has started it is done.
func (c *benchSideCommand) Run(ctx context.Context, d *desk) error {
	return rush.Side(ctx, c.Name, d.In, d.Out, openRush)
}

// Bounds on what one caller may do are lifted, which stand in the way of a few
// buyers and shops who trade for a whole city; each call is still counted.
var (
	unbounded = api.Rate{PerSecond: plenty, Burst: plenty}
	manyLines = line.Bounds{Open: plenty, Said: plenty}
)

const (
	plenty = 1_000_000
	// addAtOnce is how many members and keys are written side by side.
	addAtOnce = 64
)

// openRush opens a market with everybody in it, on a free port of this machine.
func openRush(ctx context.Context, o rush.Opening) (string, func() error, error) {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	s, err := server.New(ctx, server.Config{
		Database: o.Database, Policy: o.Policy, Limits: api.Limits{Member: unbounded, Stranger: unbounded}, Lines: manyLines,
		WebhooksToLoopback: true, Log: log,
	})
	if err != nil {
		return "", nil, err
	}
	if s.Policy.Version() == 0 {
		return "", nil, errors.Join(errors.New("the policy did not come into force"), s.Close())
	}
	if err := moveIn(ctx, s, o); err != nil {
		return "", nil, errors.Join(err, s.Close())
	}
	l, err := listen(ctx, "127.0.0.1:0")
	if err != nil {
		return "", nil, errors.Join(err, s.Close())
	}
	running, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- s.Serve(running, l) }()
	return l.Addr().String(), func() error {
		stop()
		return errors.Join(<-served, s.Close())
	}, nil
}

// moveIn adds the members, shops and keys of a market.
func moveIn(ctx context.Context, s *server.Server, o rush.Opening) error {
	if err := s.Store.AddMember(ctx, o.Owner, ""); err != nil {
		return fmt.Errorf("add the shops' owner: %w", err)
	}
	if _, err := s.Store.ImportShops(ctx, o.Owner.ID, o.Shops); err != nil {
		return fmt.Errorf("add the shops: %w", err)
	}
	for _, l := range o.Shops {
		l.Owner = o.Owner.ID
		if err := s.Shops.Put(l); err != nil {
			return fmt.Errorf("add the shops: %w", err)
		}
	}
	s.Shops.Build()
	if err := addEach(ctx, o.Buyers, func(ctx context.Context, i int) error { return s.Store.AddMember(ctx, o.Buyers[i], "") }); err != nil {
		return fmt.Errorf("add the buyers: %w", err)
	}
	if err := addEach(ctx, o.Keys, func(ctx context.Context, i int) error { return s.Store.AddToken(ctx, o.Keys[i]) }); err != nil {
		return fmt.Errorf("add the keys: %w", err)
	}
	return nil
}

// addEach adds all things of a list, some side by side.
func addEach[T any](ctx context.Context, all []T, add func(ctx context.Context, i int) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(addAtOnce)
	for i := range all {
		g.Go(func() error { return add(ctx, i) })
	}
	return g.Wait()
}
