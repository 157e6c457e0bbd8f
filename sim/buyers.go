package sim

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"outcry"
	"outcry/intake"
	"outcry/matching"
	"outcry/matching/deal"
)

// Requests takes what buyers ask; unit intake does.
type Requests interface {
	Ask(ctx context.Context, actor outcry.Actor, d intake.Draft) (outcry.Request, error)
}

// Boards is where buyers look at what is offered.
type Boards interface {
	Board(ctx context.Context, actor outcry.Actor, request string, by outcry.Rank) (matching.View, error)
	Withdraw(ctx context.Context, actor outcry.Actor, request string) (outcry.Request, error)
}

// Deals is where buyers take an offer, and rate what came of it.
type Deals interface {
	Accept(ctx context.Context, actor outcry.Actor, offer string, a deal.Acceptance) (outcry.Order, error)
	Rate(ctx context.Context, actor outcry.Actor, order string, stars int, text string) (outcry.OrderRating, error)
}

var (
	_ Requests = (*intake.Intake)(nil)
	_ Boards   = (*matching.Market)(nil)
	_ Deals    = (*matching.Market)(nil)
)

// BuyersConfig is what Buyers work with.
type BuyersConfig struct {
	// Seed makes all chance; the same one as the Sellers' makes their ratings
	// what the shops' quality deserves.
	Seed     uint64
	Requests Requests
	Boards   Boards
	Deals    Deals
	Orders   Orders
	Threads  Threads
	Signals  Signals
	// Feed brings the market's events; nil where Hear is called instead.
	Feed <-chan outcry.Event
	// Actors are the members who ask, in turn.
	Actors []outcry.Actor
	// Centre is where they are, most within some kilometres.
	Centre outcry.Place
	// Kinds are the codes they ask for, the most wanted first; none are the
	// everyday kinds.
	Kinds []outcry.Code
	// PerMinute is how many requests come in a minute on average, at random
	// times (a Poisson stream).
	PerMinute float64
	Clock     func() time.Time
	// Hands is how many things are done at once; 0 is 1.
	Hands int
	Log   *slog.Logger
}

// Buyers are people who ask for everyday things, look at the board, accept an
// offer now and then, and rate it.
type Buyers struct {
	BuyersConfig
	agenda *agenda
	town   town
	wanted []float64 // share of requests for this kind and those before

	mu     sync.Mutex
	bought *ledger[*errands] // by order
	counts BuyersCount
}

// BuyersCount is what has been done so far.
type BuyersCount struct {
	Asked     int
	Offers    int // seen on boards at the last look
	Nothing   int // requests at whose end no offer stood
	Withdrawn int
	Messages  int
	Accepted  int
	Completed int
	Rated     int
	Lost      int // what the market's state no longer allowed, or was forgotten
	Faults    int // what the market could not do or did not understand
}

// maxBought is how many orders are remembered until they are fulfilled.
const maxBought = 20_000

// NewBuyers makes Buyers; Run must be called for them to ask.
func NewBuyers(c BuyersConfig) *Buyers {
	if len(c.Kinds) == 0 {
		c.Kinds = Everyday()
	}
	b := &Buyers{BuyersConfig: c, town: townNear(c.Centre), bought: newLedger[*errands](maxBought)}
	b.agenda = newAgenda(c.Clock, b.failed)
	sum := 0.0
	for _, count := range shares(1000*len(c.Kinds), len(c.Kinds)) {
		sum += float64(count) / float64(1000*len(c.Kinds))
		b.wanted = append(b.wanted, sum)
	}
	return b
}

// Run lets buyers come until ctx ends. It always ends without an error.
func (b *Buyers) Run(ctx context.Context) error {
	if b.PerMinute > 0 && len(b.Actors) > 0 {
		b.come(0, b.Clock())
	}
	var listening sync.WaitGroup
	listening.Go(func() { follow(ctx, b.Feed, b.Hear) })
	b.agenda.run(ctx, b.Hands)
	listening.Wait()
	return nil
}

// come plans the coming of buyer number k, some time after the one before.
func (b *Buyers) come(k int, before time.Time) {
	r := Dice(b.Seed, "buyer", "", k)
	at := before.Add(time.Duration(r.ExpFloat64() / b.PerMinute * float64(time.Minute)))
	b.agenda.add(at, uint64(k), func(ctx context.Context) error {
		b.come(k+1, at)
		return b.newErrands(k, r).ask(ctx)
	})
}

// Hear tells the buyers of events. It never waits, so a bus may call it while it
// rings.
func (b *Buyers) Hear(events []outcry.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range events {
		if e.Order == nil || e.Order.State != outcry.OrderFulfilled {
			continue
		}
		if x, ok := b.bought.get(e.Order.Order); ok {
			b.agenda.add(e.At, x.key, x.receive)
		}
	}
}

// Count is what has been done so far.
func (b *Buyers) Count() BuyersCount {
	lost := b.agenda.lost()
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.counts
	c.Lost += lost
	return c
}

// count notes something that was done.
func (b *Buyers) count(note func(*BuyersCount)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	note(&b.counts)
}

// failed notes what the market did not take.
func (b *Buyers) failed(err error) {
	switch outcry.KindOf(err) {
	case outcry.Closed, outcry.Conflict, outcry.Forbidden, outcry.NotFound:
		b.count(func(c *BuyersCount) { c.Lost++ })
	default:
		b.count(func(c *BuyersCount) { c.Faults++ })
		b.Log.Warn("a simulated buyer failed", "error", err)
	}
}

// kind draws what is asked for.
func (b *Buyers) kind(r *rand.Rand) outcry.Code {
	u := r.Float64()
	for i, upTo := range b.wanted {
		if u < upTo {
			return b.Kinds[i]
		}
	}
	return b.Kinds[0]
}
