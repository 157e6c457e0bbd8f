package matching

import (
	"context"
	"sync"
	"time"

	"outcry"
	"outcry/policy"
)

const (
	// lingering is for how long a closed request keeps its owner after the last
	// command.
	lingering = 1500 * time.Millisecond
	// retryAfter is when a turn is tried again that could not be kept.
	retryAfter = time.Second
	// maxCommands is how many commands one turn takes.
	maxCommands = 256
	// maxTries is how often commands are decided again on a stale state.
	maxTries = 8
	// logPage is how many events are read at once.
	logPage = 1000
)

// run is the owner of one request.
type run struct {
	m       *Market
	request string
	inbox   chan *command // unbuffered: what was put in is taken
	gone    chan struct{} // closed when the run is over
	failure error         // why it is over, where that is a fault; read after gone

	// Of the owner's goroutine:
	board *outcry.Board        // nil: to be taken from the log
	rules *policy.Branched     // of the code that is asked
	code  outcry.Code          // whose rules they are
	open  map[string]time.Time // shops that hold an open call, and since when
	load  float64              // share of the shops in question at their limits
	until time.Time            // when to look again though nothing comes
	tries int                  // how often the same commands met a stale state

	shown   View // the last look at the board
	shownBy outcry.Rank

	told told // what has happened since the request began
}

// command is something to be decided by the owner of a request. decide may be
// called several times; only the last time counts.
type command struct {
	decide func(*turn) error
	done   chan error // buffered

	mu   sync.Mutex
	left bool // whoever asked does not wait any more
}

// run decides, unless nobody waits for it any more.
func (c *command) run(t *turn) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left {
		return nil
	}
	return c.decide(t)
}

// leave ends the waiting: from now on nothing is decided, and what decide keeps
// for its caller is the caller's alone.
func (c *command) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left = true
}

// turn is one round of decisions about a request.
type turn struct {
	*run
	board   *outcry.Board
	now     time.Time
	batch   outcry.Batch
	kept    []outcry.Event // what was made durable
	answers []error        // of each command
}

func newRun(m *Market, request string) *run {
	return &run{
		m: m, request: request, inbox: make(chan *command), gone: make(chan struct{}), open: map[string]time.Time{},
	}
}

// newTurn begins a turn on the board as it is, or takes the board from the log.
func (r *run) newTurn(ctx context.Context) (*turn, error) {
	if r.board == nil {
		r.told = told{} // others may have written
		b, err := r.m.load(ctx, r.request)
		if err != nil {
			r.until = r.m.now().Add(retryAfter)
			return nil, err
		}
		r.board, r.until = b, time.Time{}
		r.settle()
		r.resume()
	}
	if err := r.branch(ctx); err != nil {
		r.until = r.m.now().Add(retryAfter)
		return nil, err
	}
	return &turn{
		run: r, board: r.board, now: r.m.now(),
		batch: outcry.Batch{Request: r.request, Base: r.board.Seq},
	}, nil
}

// add takes an event into the turn; what is decided later in the turn builds
// on it.
func (t *turn) add(e outcry.Event) {
	e.Request, e.At = t.request, t.now
	t.board.Apply(e)
	t.batch.Events = append(t.batch.Events, e)
}

// stale says whether the turn met a state that somebody else had changed and is
// to be tried once more.
func (r *run) stale(err error) bool {
	if err == nil || outcry.CodeOf(err) != "stale" || r.tries >= maxTries {
		r.tries = 0
		return false
	}
	r.tries++
	return true
}

// hopeless is the error that ends a run: there is no such request. Others pass:
// the next turn tries again after a while.
func (r *run) hopeless(err error) error {
	if err == nil {
		return nil
	}
	if outcry.KindOf(err) == outcry.NotFound {
		return err
	}
	r.until = r.m.now().Add(retryAfter)
	r.m.Log.Warn("a turn was not kept and is tried again", "request", r.request, "error", err)
	return nil
}

// reply tells each command what became of it: its own error, or the turn's.
func reply(commands []*command, t *turn, err error) {
	for i, c := range commands {
		switch {
		case err != nil:
			c.done <- err
		default:
			c.done <- t.answers[i]
		}
	}
}

// load folds the board of a request from its log.
func (m *Market) load(ctx context.Context, request string) (*outcry.Board, error) {
	found, err := m.Journal.Request(ctx, request)
	if err != nil {
		return nil, err
	}
	b := outcry.NewBoard(found)
	for {
		events, err := m.Journal.RequestLog(ctx, request, b.Seq, logPage)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			b.Apply(e)
		}
		if len(events) < logPage {
			return b, nil
		}
	}
}

// read shows the board of a request in a turn that changes nothing: its owner's
// board where it has one, else one folded from the log. see must keep nothing of
// the board that changes.
func (m *Market) read(ctx context.Context, request string, see func(*turn) error) error {
	m.mu.Lock()
	_, owned := m.runs[request]
	m.mu.Unlock()
	if owned {
		return m.do(ctx, request, see)
	}
	b, err := m.load(ctx, request)
	if err != nil {
		return err
	}
	r := &run{m: m, request: request, board: b}
	if err := r.branch(ctx); err != nil {
		return err
	}
	return see(&turn{run: r, board: b, now: m.now()})
}

// ring tells of events that are durable. A closing is told to all shops called.
func (r *run) ring(b *outcry.Board, events []outcry.Event) {
	var asked *outcry.Request
	for i := range events {
		e := &events[i]
		switch {
		case e.Wave != nil:
			e.Hearers = make([]outcry.Hearer, len(e.Wave.Calls))
			for j, c := range e.Wave.Calls {
				e.Hearers[j] = outcry.Hearer{Shop: c.Shop, N: c.N, State: outcry.CallWaiting}
			}
		case e.Closing != nil || e.Change != nil:
			e.Hearers = b.Hearers()
		default:
			continue
		}
		if asked == nil {
			now := b.Request // the board's own moves on
			asked = &now
		}
		e.Asked = asked
	}
	r.told.add(events)
	r.m.Bell.Ring(events)
}

// branch finds the rules that hold for the code that is asked, in the version of
// the policy that the request began with.
func (r *run) branch(ctx context.Context) error {
	asked := r.board.Request
	if r.rules != nil && r.code == asked.Code {
		return nil
	}
	rules, err := r.m.rulesOf(ctx, asked)
	if err != nil {
		return err
	}
	r.rules, r.code = rules, asked.Code
	return nil
}

// rulesOf are the rules that a request is run by: those of the policy that it
// began with, or of the one in force where that cannot be used any more.
func (m *Market) rulesOf(ctx context.Context, request outcry.Request) (*policy.Branched, error) {
	rules, err := m.Policies.At(ctx, request.Policy)
	switch outcry.KindOf(err) {
	case outcry.Invalid, outcry.NotFound:
		m.Log.Warn("a request goes on by the policy in force", "request", request.ID, "version", request.Policy, "error", err)
		rules = m.Policies.Now()
	default:
		if err != nil {
			return nil, err
		}
	}
	return rules.For(m.Tree.Ancestors(request.Code)), nil
}

// settle brings the open calls that shops hold for the request in line with its
// board.
func (r *run) settle() {
	for shop := range r.open {
		r.settleOne(shop)
	}
}

// settleOne gives back the open call of a shop that waits for it no more.
func (r *run) settleOne(shop string) {
	at, held := r.open[shop]
	if !held {
		return
	}
	switch c := r.board.Called(shop); {
	case c == nil: // held for a wave that was not kept
		r.m.Shops.Undo(shop, at)
	case r.board.CallState(c) != outcry.CallWaiting:
		r.m.Shops.Release(shop)
	default:
		return
	}
	delete(r.open, shop)
}

// resume takes the open calls of a board that was read from the log, where they
// are not held yet.
func (r *run) resume() {
	for _, c := range r.board.Calls {
		if _, held := r.open[c.Shop]; !held && r.board.CallState(c) == outcry.CallWaiting {
			r.m.Shops.Resume(c.Shop)
			r.open[c.Shop] = c.At
		}
	}
}
