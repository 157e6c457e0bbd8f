package counter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"outcry"
	"outcry/cmd/outcry/column"
	"outcry/shop"
	"outcry/wire"
	"outcry/wire/dial"
)

// The bounds of what goes on at once.
const (
	atOnce  = 32   // calls that are decided and answered, and calls that the software has
	maxOpen = 1024 // calls that were heard and are not answered
)

// How often a Server looks after what changes by itself.
const (
	lookEvery  = time.Second      // at the files, and what is to be kept
	sweepEvery = 15 * time.Second // at what became of offers that hold stock
)

// Server is a shop server: it hears a shop's events and answers its calls.
type Server struct {
	Shop    *shop.Client
	Counter *Counter
	Files   Files
	Confirm bool // confirm orders, whatever the files say
	// Say tells what happens, in one line; what is a word such as "call".
	Say func(what, words string)
	// Tell gives events to programs; nil tells none.
	Tell func(event string, seq int64, data any)

	line     *shop.Line
	name     string
	software asking
	progress progress
	hands    chan struct{} // who decides and answers
	asked    chan struct{} // who waits for the software
	open     chan struct{} // who was heard
	working  sync.WaitGroup
	sweep    chan struct{} // holds a token where the stock is to be looked at now

	mu     sync.Mutex // guards what follows
	served map[string]*serving
	failed string // the last failure of keeping the state

	booking sync.Mutex // guards what follows, while a version is kept
	held    int        // the version that was acknowledged last
	owed    wire.Book  // one whose acknowledgement failed; version 0 is none
}

// serving is a call that was heard.
type serving struct {
	cancel context.CancelFunc // nil while nothing is done about it
	goods  string             // what was called for
	until  time.Time          // when it may be forgotten
}

// Run answers until ctx ends. An error is one that trying again does not mend,
// such as a key that was removed.
func (s *Server) Run(ctx context.Context) error {
	s.hands, s.asked, s.open = make(chan struct{}, atOnce), make(chan struct{}, atOnce), make(chan struct{}, maxOpen)
	s.sweep, s.served = make(chan struct{}, 1), map[string]*serving{}
	s.progress.handled = s.Counter.Shelf.Handled
	ctx, stop := context.WithCancel(ctx)
	defer s.software.end()
	defer s.working.Wait()
	defer stop()
	s.software.use(ctx, s.Counter.setting.Load(), s.softwareSays)
	s.line = s.Shop.Open(ctx, s.Counter.Shelf.Cursor())
	defer s.line.Close()
	if err := s.begin(ctx); err != nil {
		return err
	}
	s.working.Go(func() { s.follow(ctx) })
	s.working.Go(func() { s.settle(ctx) })
	for e, err := range s.line.Events(ctx) {
		if err != nil {
			return err
		}
		if s.Tell != nil && e.Data != nil {
			s.Tell(e.Kind, e.Seq, json.RawMessage(e.Data))
		}
		s.hear(ctx, e)
	}
	return ctx.Err()
}

// begin takes stock of the shop, as often as it must: its time zone, its book,
// the calls that wait, and what became of offers meanwhile.
func (s *Server) begin(ctx context.Context) error {
	var wait dial.Backoff
	for told := false; ; {
		err := s.greet(ctx)
		switch outcry.KindOf(err) {
		case "":
			return nil
		case outcry.Unauthorized, outcry.Forbidden, outcry.NotFound, outcry.Invalid:
			return err
		}
		if !told && ctx.Err() == nil {
			told = true
			s.Say("lost", "no connection, trying again: "+Problem(err))
		}
		if wait.Wait(ctx, 0) != nil {
			return ctx.Err()
		}
	}
}

func (s *Server) greet(ctx context.Context) error {
	shown, err := s.Shop.Show(ctx)
	if err != nil {
		return err
	}
	if zone, err := time.LoadLocation(shown.TimeZone); err == nil {
		s.Counter.In(zone)
	}
	book, err := s.Shop.Book(ctx)
	if err != nil {
		return err
	}
	if s.names(shown.Name) {
		s.Say("", fmt.Sprintf("On the line for %s (%s). Stop with Ctrl-C.", column.Clean(shown.Name), shown.ID))
	}
	if err := s.recall(ctx); err != nil {
		return err
	}
	s.hold(ctx, book)
	s.catchUp(ctx)
	for call, err := range s.Shop.Calls(ctx, outcry.CallWaiting) {
		if err != nil {
			return err
		}
		s.serve(ctx, call, func() {})
	}
	return nil
}

// names keeps the shop's name; it is false where it is kept already.
func (s *Server) names(name string) bool {
	was := s.name
	s.name = name
	return was == ""
}

// recall learns how many calls came in the last hour.
func (s *Server) recall(ctx context.Context) error {
	t := &s.Counter.traffic
	if t.since(time.Time{}) > 0 {
		return nil
	}
	since, n := s.Counter.Clock().Add(-time.Hour), 0
	for call, err := range s.Shop.Calls(ctx) {
		at := time.Time(call.CalledAt)
		if n++; err != nil || at.Before(since) || n > maxTraffic/10 {
			return err
		}
		if call.State != outcry.CallWaiting { // those are counted when they are answered
			t.note(at)
		}
	}
	return nil
}

// hear does what an event asks for. The cursor is behind the event once all of
// that is done.
func (s *Server) hear(ctx context.Context, e shop.Event) {
	if e.Kind == wire.EventReset {
		s.progress.reset()
		s.Counter.Shelf.Forget(e.Seq)
		s.Say("back", "away for too long to hear what was missed; taking the calls that wait")
		s.work(ctx, func() { s.refresh(ctx) })
		return
	}
	done := s.progress.begin(e.Seq)
	switch {
	case e.Call != nil:
		s.serve(ctx, *e.Call, done)
		return
	case e.Hello != nil:
		s.work(ctx, func() { s.hold(ctx, e.Hello.Book) })
	case e.Book != nil:
		s.work(ctx, func() { s.hold(ctx, wire.Book{Version: e.Book.Version, Codes: e.Book.Codes}) })
	case e.Closed != nil:
		s.closed(*e.Closed)
	case e.Message != nil && e.Message.From == outcry.PartyBuyer:
		s.Say("message", column.Clean(e.Message.Text))
	case e.Order != nil:
		s.order(ctx, *e.Order)
	case e.Kind == dial.Lost:
		s.Say("lost", "no connection, trying again: "+column.Clean(e.Err.Error()))
	case e.Kind == dial.Back:
		s.Say("back", "on the line again")
		s.work(ctx, func() { s.refresh(ctx) })
	}
	done()
}

// work does something beside the events.
func (s *Server) work(ctx context.Context, do func()) {
	select {
	case s.open <- struct{}{}:
	case <-ctx.Done():
		return
	}
	s.working.Go(func() {
		defer func() { <-s.open }()
		do()
	})
}

// refresh looks at all that events would have told.
func (s *Server) refresh(ctx context.Context) {
	book, err := s.Shop.Book(ctx)
	if err != nil {
		s.Say("problem", "look at the book: "+Problem(err))
		return
	}
	s.hold(ctx, book)
	s.catchUp(ctx)
	s.look()
}

// Problem is an error in one line, with the parts of the input that it names.
func Problem(err error) string {
	e, ok := errors.AsType[*outcry.Error](err)
	if !ok {
		return column.Clean(err.Error())
	}
	words := []string{e.Msg}
	for _, f := range e.Fields {
		words = append(words, f.Location+": "+f.Message)
	}
	return column.Clean(strings.Join(words, "; "))
}
