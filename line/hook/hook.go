// Package hook sends shops' events to their own software: signed, over HTTP,
// to the addresses that shops have registered (webhooks). It is the delivery side
// of steps 4, 7 and 8 of 9 for shops that keep no line open. What is replied to a
// call is the shop's answer to it.
//
// It follows the one log. How far webhooks were told is kept with what became of
// each event, so that a start goes on where the last one ended: an event may be
// sent twice, under the same id, and none is left out. A webhook that cannot keep
// up is told from the log later; one that hangs takes the place of none that
// answers (see lanes).
package hook

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"outcry"
	"outcry/line"
)

// Store keeps webhooks and how far they were told.
type Store interface {
	EachWebhook(ctx context.Context, do func(outcry.Webhook) error) error
	ChangeWebhook(ctx context.Context, id string, change func(*outcry.Webhook) error) (outcry.Webhook, error)
	// Unsettled are the deliveries of a webhook that wait, and those of events
	// after a number.
	Unsettled(ctx context.Context, webhook string, after int64) ([]outcry.Delivery, error)
	// ToldUpTo is up to which event all webhooks were told that are not behind.
	ToldUpTo(ctx context.Context) (int64, error)
	SaveOutbox(ctx context.Context, o outcry.Outbox) error
}

// Log is the durable log as webhooks are told from it.
type Log interface {
	Tail(ctx context.Context, after int64, limit int) ([]outcry.Event, error)
	LastSeq(ctx context.Context) (int64, error)
	RequestLog(ctx context.Context, request string, after int64, limit int) ([]outcry.Event, error)
	// ShopEvents gives the events that concern a shop with numbers above after
	// and up to upTo.
	ShopEvents(ctx context.Context, shop string, after, upTo int64, limit int) ([]outcry.Event, error)
}

// Letter is what a shop is told of an event.
type Letter struct {
	Type outcry.Told // "": nothing
	Data []byte      // JSON, as on the shop's line
	// Of a call: its id, until when it may be answered, and whether it waits for
	// that.
	Call     string
	Deadline time.Time
	Waits    bool
}

// Market takes what webhooks reply to calls.
type Market interface {
	Offer(ctx context.Context, w outcry.Webhook, call string, bid outcry.Bid) error
	Decline(ctx context.Context, w outcry.Webhook, call, reason string) error
}

// Presence knows which shops can be called at once.
type Presence interface {
	Connect(shop string, by int, at time.Time)
}

// Config is what a Sender works with. All fields are needed but Transport.
type Config struct {
	Tail     *line.Tail
	Store    Store
	Log      Log
	Market   Market
	Presence Presence
	// Tell says what a shop is told of an event; its error passes.
	Tell  func(ctx context.Context, shop string, n *line.News) (Letter, error)
	Clock func() time.Time
	Warn  *slog.Logger
	Reach outcry.Reach
	// Transport makes the requests; nil is one that keeps to Reach.
	Transport http.RoundTripper
}

// Sender sends events to webhooks.
type Sender struct {
	Config
	trying chan struct{} // one for each test under way
	saving sync.Mutex    // one save at a time

	rung    chan struct{} // an alarm was set that is due before the others
	behind  chan struct{} // there are laggards to be read for
	stirred chan struct{} // there is something to be saved
	filled  chan struct{} // there is much to be saved

	mu       sync.Mutex
	ctx      context.Context //nolint:containedctx // of Run, for those who send
	sending  sync.WaitGroup
	targets  map[string]*target   // by their webhooks' ids
	shops    map[string][]*target // by their shops' ids
	taken    int64                // up to here events were handed to targets
	alarms   alarms
	fast     lane
	slow     lane
	flying   map[*parcel]bool // those in the fast lane
	looks    bool             // an alarm is set to look at those
	unsaved  []*parcel        // whose rows are to be written
	pending  map[*target]bool // with parcels that are neither settled nor saved
	owned    map[*target]bool // with a cursor of their own
	laggards []*target
	ended    []outcry.Webhook // to be kept as disabled
	trims    []string         // webhooks whose deliveries are to be trimmed
	saved    int64            // the cursor that is kept
}

// New reads the webhooks and what waits for them; Run must be called for anything
// to be sent. A shop with a webhook that takes calls counts as connected from now
// on.
func New(ctx context.Context, c Config) (*Sender, error) {
	if c.Transport == nil {
		c.Transport = NewTransport(c.Reach)
	}
	s := &Sender{
		Config: c, trying: make(chan struct{}, triesAtOnce),
		rung: make(chan struct{}, 1), behind: make(chan struct{}, 1), stirred: make(chan struct{}, 1), filled: make(chan struct{}, 1),
		targets: map[string]*target{}, shops: map[string][]*target{},
		fast: lane{most: fastLane}, slow: lane{most: slowLane}, flying: map[*parcel]bool{},
		pending: map[*target]bool{}, owned: map[*target]bool{},
	}
	return s, s.load(ctx)
}

// Run sends until ctx ends, and keeps how far it came.
func (s *Sender) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	s.open(ctx)
	g.Go(func() error { return s.follow(ctx) })
	g.Go(func() error { return s.watch(ctx) })
	g.Go(func() error { return s.catchUp(ctx) })
	g.Go(func() error { return s.keep(ctx) })
	err := g.Wait()
	s.shut()
	s.sending.Wait()
	if err := s.save(context.WithoutCancel(ctx)); err != nil {
		s.Warn.Warn("what was sent to webhooks could not be kept; some of it will be sent again", "error", err)
	}
	return err
}

// open lets parcels go out.
func (s *Sender) open(ctx context.Context) {
	s.mu.Lock()
	s.ctx = ctx
	for _, t := range s.targets {
		s.list(t)
		s.nudge(t)
	}
	out := s.admit()
	s.mu.Unlock()
	s.launch(out) //nolint:contextcheck // an attempt has the sender's own time
}

// shut lets no more go out.
func (s *Sender) shut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ctx = nil
}

// ring puts a token into a channel that holds one.
func ring(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
