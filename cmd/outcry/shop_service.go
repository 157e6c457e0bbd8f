package main

import (
	"context"
	"errors"
	"os"
	"runtime"
	"sync"

	"github.com/kardianos/service"

	"outcry/cmd/outcry/install"
)

// shopServiceCommand is outcry shop run for systems whose services answer to
// them, and keep no log of what they print: Windows.
type shopServiceCommand struct {
	shopRunCommand
	Log string `required:"" help:"File of the log." placeholder:"FILE"`
}

// mostLog bounds a file of the log, in bytes; two are kept.
const mostLog = 4 << 20

// Run answers calls until the system, or ctx, says that it is enough.
func (c *shopServiceCommand) Run(ctx context.Context, d *desk) error {
	log, err := install.OpenLog(c.Log, mostLog)
	if err != nil {
		return err
	}
	at := *d
	at.Out, at.Err = log, log
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	r := &resident{run: func() error { return c.shopRunCommand.Run(ctx, &at) }, stop: stop, ended: make(chan struct{})}
	s, err := service.New(r, &service.Config{Name: install.DefaultName, Option: service.KeyValue{
		"RunWait": func() { <-r.ended }, // systems without services wait for ctx
	}})
	if err == nil {
		err = s.Run()
	}
	stop()
	if err = errors.Join(err, r.wait()); err != nil {
		at.fail(err)
	}
	return errors.Join(err, log.Close())
}

// resident is a command that a system starts and stops.
type resident struct {
	run   func() error
	stop  context.CancelFunc
	ended chan struct{}
	work  sync.WaitGroup
	err   error // of run, once work is done
}

var _ service.Interface = (*resident)(nil)

// Start begins and does not wait.
func (r *resident) Start(s service.Service) error {
	r.work.Go(func() {
		defer close(r.ended)
		if r.err = r.run(); r.err != nil {
			if l, err := s.Logger(nil); err == nil {
				_ = l.Error(r.err) // where the administrator looks first
			}
			if runtime.GOOS == "windows" && !service.Interactive() {
				os.Exit(exitFailure) // only a service that is gone is started again
			}
		}
	})
	return nil
}

// Stop ends what was begun, and waits for it.
func (r *resident) Stop(service.Service) error {
	r.stop()
	return r.wait()
}

func (r *resident) wait() error {
	r.work.Wait()
	return r.err
}
