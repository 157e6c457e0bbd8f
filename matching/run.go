package matching

import (
	"context"
	"time"

	"outcry"
	"outcry/matching/calling"
	"outcry/matching/selection"
	"outcry/policy"
)

const (
	// lingering is for how long a closed request keeps its owner after the last
	// command.
	lingering = 5 * time.Second
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
	inbox   chan command  // unbuffered: what was put in is taken
	gone    chan struct{} // closed when the run is over
	failure error         // why it is over, where that is a fault; read after gone

	// Of the owner's goroutine:
	board *outcry.Board // nil: to be taken from the log
	until time.Time     // when to look again though nothing comes
	tries int           // how often the same commands met a stale state
}

// command is something to be decided by the owner of a request. decide may be
// called several times; only the last time counts.
type command struct {
	decide func(*turn) error
	done   chan error // buffered
}

// turn is one round of decisions about a request.
type turn struct {
	*run
	board   *outcry.Board
	now     time.Time
	batch   outcry.Batch
	answers []error // of each command
}

func newRun(m *Market, request string) *run {
	return &run{m: m, request: request, inbox: make(chan command), gone: make(chan struct{})}
}

// newTurn begins a turn on the board as it is, or takes the board from the log.
func (r *run) newTurn(ctx context.Context) (*turn, error) {
	if r.board == nil {
		b, err := r.m.load(ctx, r.request)
		if err != nil {
			r.until = r.m.now().Add(retryAfter)
			return nil, err
		}
		r.board, r.until = b, time.Time{}
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
func reply(commands []command, t *turn, err error) {
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
	return see(&turn{run: &run{m: m, request: request}, board: b, now: m.now()})
}

// ring tells of events that are durable. A closing is told to all shops called.
func (m *Market) ring(b *outcry.Board, events []outcry.Event) {
	for i := range events {
		switch e := &events[i]; {
		case e.Wave != nil:
			for _, c := range e.Wave.Calls {
				e.Shops = append(e.Shops, c.Shop)
			}
		case e.Closing != nil || e.Change != nil:
			e.Shops = b.Shops()
		}
	}
	m.Bell.Ring(events)
}

// chance is how likely shops are to answer, by who answers for them.
func (m *Market) chance(rules policy.Selecting) calling.Chance {
	return func(shop string) float64 {
		if s, ok := m.Shops.Shop(shop); ok && s.Answers == outcry.BySoftware {
			return rules.SoftwareAnswers
		}
		return rules.PersonAnswers
	}
}

// query is what a request needs of shops at that moment.
func (m *Market) query(request outcry.Request, now time.Time) selection.Query {
	return selection.Query{
		Codes: m.Tree.Around(request.Code), Place: request.Place, RadiusM: request.RadiusM,
		When: request.When(now), Now: now, Deadline: request.Deadline,
		Languages: request.Languages, Needs: request.Needs, Rules: m.Policy().Selecting,
	}
}
