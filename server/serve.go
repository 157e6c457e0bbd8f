package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	headTimeout = 10 * time.Second // for a request's head
	readTimeout = 2 * time.Minute  // for its body
	idleTimeout = 2 * time.Minute
	// drainTimeout is for how long answers under way may take when the server
	// stops.
	drainTimeout = 5 * time.Second
	maxHead      = 16 << 10
)

// Serve runs the market and answers HTTP on the listener until ctx ends.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	g, ctx := errgroup.WithContext(ctx)
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	web := &http.Server{
		Handler: s.Handler, ReadHeaderTimeout: headTimeout, ReadTimeout: readTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHead,
		BaseContext:    func(net.Listener) context.Context { return running },
	}
	drained := make(chan struct{})
	web.RegisterOnShutdown(func() {
		defer close(drained)
		s.line.Drain(drainTimeout)
	})
	g.Go(func() error { return s.Run(running) })
	g.Go(func() error { return tendHeap(running) })
	g.Go(func() error {
		if err := web.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve HTTP on %s: %w", l.Addr(), err)
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		draining, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
		defer cancel()
		if err := web.Shutdown(draining); err != nil {
			_ = web.Close() // whoever still talks has had its time
		}
		<-drained
		stop() // the market goes on until nobody can ask it anything
		return nil
	})
	return g.Wait()
}
