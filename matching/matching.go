// Package matching is the unit matching programme: it runs requests through
// steps 6 to 9. operate.go tells steps 6, 7 and 8 of one request from top to
// bottom; the folders hold each step's rules:
//
//	selection/  step 6  which shops may be called
//	calling/    step 7  how many, when, and which answers are taken
//	board/      step 8  what the buyer sees
//	deal/       step 9  accepting, orders, threads, ratings
//	learning/   step 9  what shops did, as figures for step 6
//
// One goroutine owns each request that is open or being dealt with: whatever
// happens to it goes through that goroutine, so that it happens in one order.
// What was decided is in the log before anybody is told.
package matching

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"outcry"
	"outcry/matching/calling"
	"outcry/matching/learning"
	"outcry/matching/selection"
	"outcry/policy"
)

// Journal is the durable log of requests.
type Journal interface {
	// Commit writes a batch and returns its events with their numbers. A batch
	// on an old state fails with code "stale".
	Commit(ctx context.Context, b outcry.Batch) ([]outcry.Event, error)
	// RequestLog gives the events of a request with numbers above after.
	RequestLog(ctx context.Context, request string, after int64, limit int) ([]outcry.Event, error)
	// Request finds a request; its code, radius, deadline and state are those
	// that hold now.
	Request(ctx context.Context, id string) (outcry.Request, error)
	// OpenRequests are those that a server that starts must go on with.
	OpenRequests(ctx context.Context) ([]outcry.Request, error)
}

// Orders finds orders.
type Orders interface {
	Order(ctx context.Context, id string) (outcry.Order, error)
	// Heard lists the requests that called a shop, newest first.
	Heard(ctx context.Context, shop string, p outcry.Page) (requests []string, next string, err error)
	// CallsSince gives every call that was made at that moment or later.
	CallsSince(ctx context.Context, at time.Time, each func(shop string, at time.Time) error) error
}

// Memory keeps what was learned of shops.
type Memory interface {
	EachLearned(ctx context.Context, each func(outcry.Learned) error) error
	// SaveLearned keeps rows in the place of older ones, and that all lessons up
	// to that event of the log are in them.
	SaveLearned(ctx context.Context, rows []outcry.Learned, upTo int64) error
	LearnedUpTo(ctx context.Context) (int64, error)
	// Lessons are the closings and the moves of orders after an event of the log.
	Lessons(ctx context.Context, after int64, limit int) ([]outcry.Event, error)
}

// Policies knows the versions of the operator's policy.
type Policies interface {
	// Now is the policy in force.
	Now() *policy.Rules
	// At is a version of it: a request is run by the one it began with.
	At(ctx context.Context, version int) (*policy.Rules, error)
}

// Tree knows where a code stands.
type Tree interface {
	// Ancestors are a code and those above it, itself first.
	Ancestors(code outcry.Code) []outcry.Code
	// Around are a code, those above and those below it, itself first: what a
	// shop may hold that is asked for the code.
	Around(code outcry.Code) []outcry.Code
}

// Bell tells whoever listens that events have happened.
type Bell interface {
	Ring(events []outcry.Event)
}

// Config is what a Market works with. All fields are needed.
type Config struct {
	Journal  Journal
	Orders   Orders
	Memory   Memory
	Tree     Tree
	Forms    calling.Forms
	Shops    *selection.Index
	Learning *learning.Ledger
	Bell     Bell
	Policies Policies
	Clock    func() time.Time
	Random   io.Reader
	Log      *slog.Logger
}

// Market runs requests.
type Market struct {
	Config
	begin   chan *run     // runs that wait for Run to start them
	stopped chan struct{} // closed when Run has ended
	// wake is told when to call Wake for a request; nil where goroutines run
	// the requests.
	wake func(request string, at time.Time)
	// shadow runs requests of the past again: it holds no shop's calls and
	// learns nothing.
	shadow    bool
	replaying sync.Mutex // one replay at a time

	learned atomic.Int64 // the newest event of the log that was learned from
	saved   int64        // up to which all lessons are kept; of remember's goroutine

	mu   sync.Mutex
	runs map[string]*run // those that have an owner
}

// New makes a Market; Run must be called for it to do anything.
func New(c Config) *Market {
	return &Market{Config: c, begin: make(chan *run), stopped: make(chan struct{}), runs: map[string]*run{}}
}

// now is the time with the resolution that is kept, milliseconds.
func (m *Market) now() time.Time { return m.Clock().UTC().Truncate(time.Millisecond) }

// Run goes on with the requests that are open and runs those that come, until
// ctx ends; then it waits until every owner has finished its turn.
func (m *Market) Run(ctx context.Context) error {
	var owners sync.WaitGroup
	defer owners.Wait()
	defer close(m.stopped)
	open, err := m.recall(ctx)
	if ctx.Err() != nil {
		return nil // stopped before it began
	}
	if err != nil {
		return err
	}
	for _, r := range open {
		owners.Go(func() { r.operate(ctx) })
	}
	var memory sync.WaitGroup
	remembering, forget := context.WithCancel(context.WithoutCancel(ctx))
	memory.Go(func() { m.remember(remembering) })
	defer memory.Wait()
	defer forget()
	defer owners.Wait() // what they still learn is kept as well
	for {
		select {
		case <-ctx.Done():
			return nil
		case r := <-m.begin:
			owners.Go(func() { r.operate(ctx) })
		}
	}
}

// Continue runs a request that may have begun before, from what the log says of
// it.
func (m *Market) Continue(ctx context.Context, request string) error {
	r, fresh := m.own(request)
	if !fresh {
		return nil
	}
	return m.launch(ctx, r)
}

// Start runs a new request, of which the log says nothing yet, from now on.
func (m *Market) Start(ctx context.Context, request outcry.Request) error {
	r, fresh := m.own(request.ID)
	if !fresh {
		return nil
	}
	r.board = outcry.NewBoard(request)
	r.told.whole = true
	return m.launch(ctx, r)
}

// own is the run of a request; fresh says that nobody ran it, and that the
// caller must launch it.
func (m *Market) own(request string) (r *run, fresh bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r, ok := m.runs[request]; ok {
		return r, false
	}
	r = newRun(m, request)
	m.runs[request] = r
	return r, true
}

// launch hands a fresh run to Run. Where that does not take it, nobody owns it.
func (m *Market) launch(ctx context.Context, r *run) error {
	if m.wake != nil {
		return m.step(ctx, r, nil)
	}
	select {
	case m.begin <- r:
		return nil
	case <-m.stopped:
	case <-ctx.Done():
	}
	m.disown(r)
	return &outcry.Error{Op: "run request", Kind: outcry.Unavailable, Code: "stopping",
		Msg: "the server is stopping; try again", Retry: 1, Err: ctx.Err()}
}

// disown gives a run up, so that the next command makes a new one.
func (m *Market) disown(r *run) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.runs, r.request)
	close(r.gone)
}

// do has the owner of a request decide something. It waits until what was
// decided is durable.
func (m *Market) do(ctx context.Context, request string, decide func(*turn) error) error {
	c := &command{decide: decide, done: make(chan error, 1)}
	if m.wake != nil {
		r, _ := m.own(request)
		if err := m.step(ctx, r, []*command{c}); err != nil {
			return err
		}
		return <-c.done
	}
	for {
		r, fresh := m.own(request)
		if fresh {
			if err := m.launch(ctx, r); err != nil {
				return err
			}
		}
		select {
		case r.inbox <- c:
		case <-r.gone:
			if r.failure != nil {
				return r.failure
			}
			continue
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case err := <-c.done:
			return err
		case <-ctx.Done():
			c.leave()
			return &outcry.Error{Op: "wait for the answer", Kind: outcry.Unavailable, Code: "maybe",
				Msg: "the answer took too long; it may have been done", Retry: 1, Err: ctx.Err()}
		}
	}
}
