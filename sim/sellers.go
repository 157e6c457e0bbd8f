package sim

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"outcry"
	"outcry/matching"
	"outcry/matching/calling"
)

// Shops is where shops answer calls; matching's Market is one.
type Shops interface {
	Offer(ctx context.Context, actor outcry.Actor, call string, bid outcry.Bid) (outcry.Offer, error)
	Revise(ctx context.Context, actor outcry.Actor, offer string, version int, bid outcry.Bid) (outcry.Offer, error)
	WithdrawOffer(ctx context.Context, actor outcry.Actor, offer string, version int) (outcry.Offer, error)
	Decline(ctx context.Context, actor outcry.Actor, call, reason string) (calling.Card, error)
}

// Calls shows a shop what it was called for.
type Calls interface {
	Call(ctx context.Context, actor outcry.Actor, call string) (calling.Card, error)
}

// Orders is where the parties move their orders.
type Orders interface {
	Step(ctx context.Context, actor outcry.Actor, order string, verb outcry.OrderVerb, reason string) (outcry.Order, error)
}

// Threads is where the parties write to each other.
type Threads interface {
	Say(ctx context.Context, actor outcry.Actor, request, shop, text string) (outcry.Message, error)
}

// Lines knows which shops have a live line; selection's Scan is one.
type Lines interface {
	Connect(shop string, by int, at time.Time)
}

var (
	_ Shops   = (*matching.Market)(nil)
	_ Calls   = (*matching.Market)(nil)
	_ Orders  = (*matching.Market)(nil)
	_ Threads = (*matching.Market)(nil)
)

// SellersConfig is what Sellers work with.
type SellersConfig struct {
	// Seed makes all chance: the same seed and the same events at the same times
	// give the same answers.
	Seed    uint64
	Shops   Shops
	Calls   Calls
	Orders  Orders
	Threads Threads
	Signals Signals
	// Lines, where it is set, is told that the driven shops are connected.
	Lines Lines
	// Feed brings the market's events; nil where Hear is called instead.
	Feed <-chan outcry.Event
	// Member is the id of the member who acts as the staff of every shop.
	Member string
	Clock  func() time.Time
	// Hands is how many things are done at once; 0 is 1, with which the order of
	// all that is done is the same each time.
	Hands int
	Log   *slog.Logger
}

// Sellers are the shops of a running market that nobody else answers for: they
// hear calls, orders and messages, and do what shops do.
type Sellers struct {
	SellersConfig
	agenda *agenda

	mu     sync.Mutex
	driven map[string]*seller
	heard  *ledger[*errand]
	counts SellersCount
}

// SellersCount is what has been done so far.
type SellersCount struct {
	Shops       int // that are driven
	Calls       int // heard
	Silent      int // calls that get no answer
	Offers      int // taken by the market, as are the next four
	Declines    int
	Repeats     int
	Revisions   int
	Withdrawals int
	Late        int // answers that came after the request had closed
	Confirmed   int
	Refused     int
	Fulfilled   int
	Replies     int
	Lost        int // what the market's state no longer allowed, or was forgotten
	Faults      int // what the market could not do or did not understand
}

// maxErrands is how many requests are remembered.
const maxErrands = 20_000

// errand is what is known of a request that called driven shops.
type errand struct {
	request string
	calls   map[string]int // the call's number, by shop
	replies map[string]int // messages answered, by shop
	need    *calling.Need  // nil until the first shop has looked
	closed  bool
}

// NewSellers makes Sellers that drive no shop yet.
func NewSellers(c SellersConfig) *Sellers {
	s := &Sellers{SellersConfig: c, driven: map[string]*seller{}, heard: newLedger[*errand](maxErrands)}
	s.agenda = newAgenda(c.Clock, s.failed)
	return s
}

// Drive takes over the shops, which selecting must know already. A shop that is
// driven already is taken as it is now.
func (s *Sellers) Drive(shops ...outcry.Shop) {
	for _, shop := range shops {
		x := newSeller(s.Seed, s.Member, shop)
		s.mu.Lock()
		old := s.driven[shop.ID]
		if old != nil {
			x.calls = old.calls
		}
		s.driven[shop.ID] = x
		s.mu.Unlock()
		if old == nil {
			s.connect(shop.ID, 1)
		}
	}
}

// Leave gives a shop back: what it had not yet done stays undone.
func (s *Sellers) Leave(shop string) {
	s.mu.Lock()
	_, driven := s.driven[shop]
	delete(s.driven, shop)
	s.mu.Unlock()
	if driven {
		s.connect(shop, -1)
	}
}

func (s *Sellers) connect(shop string, by int) {
	if s.Lines != nil {
		s.Lines.Connect(shop, by, s.Clock())
	}
}

// Run lets the shops trade until ctx ends, and gives them back then. It always
// ends without an error.
func (s *Sellers) Run(ctx context.Context) error {
	var listening sync.WaitGroup
	listening.Go(func() { follow(ctx, s.Feed, s.Hear) })
	s.agenda.run(ctx, s.Hands)
	listening.Wait()
	for _, shop := range s.shops() {
		s.Leave(shop)
	}
	return nil
}

// follow hands the events of a feed on until ctx or the feed ends.
func follow(ctx context.Context, feed <-chan outcry.Event, hear func([]outcry.Event)) {
	for feed != nil {
		select {
		case e, open := <-feed:
			if !open {
				return
			}
			hear([]outcry.Event{e})
		case <-ctx.Done():
			return
		}
	}
}

// Hear tells the shops of events, in the order of the log for each request. It
// never waits, so a bus may call it while it rings.
func (s *Sellers) Hear(events []outcry.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range events {
		switch {
		case e.Wave != nil:
			s.hearCalls(e)
		case e.Closing != nil:
			if x, ok := s.heard.get(e.Request); ok {
				x.closed = true
			}
		case e.Order != nil:
			s.hearOrder(e)
		case e.Message != nil && e.Message.From == outcry.PartyBuyer:
			s.hearMessage(e)
		}
	}
}

// Count is what has been done so far.
func (s *Sellers) Count() SellersCount {
	lost := s.agenda.lost()
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.counts
	c.Shops, c.Lost = len(s.driven), c.Lost+lost
	return c
}

// count notes something that was done.
func (s *Sellers) count(note func(*SellersCount)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	note(&s.counts)
}

// failed notes what the market did not take. That something came too late, or
// that the other side was faster, happens in every market.
func (s *Sellers) failed(err error) {
	switch outcry.KindOf(err) {
	case outcry.Closed:
		s.count(func(c *SellersCount) { c.Late++ })
	case outcry.Conflict, outcry.Forbidden, outcry.NotFound:
		s.count(func(c *SellersCount) { c.Lost++ })
	default:
		s.count(func(c *SellersCount) { c.Faults++ })
		s.Log.Warn("a simulated shop failed", "error", err)
	}
}

// shops are the ids of those that are driven.
func (s *Sellers) shops() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make([]string, 0, len(s.driven))
	for id := range s.driven {
		ids = append(ids, id)
	}
	return ids
}

// drives says whether the shop is still driven.
func (s *Sellers) drives(shop string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.driven[shop] != nil
}

// needOf is what a request needs, as the market shows it to a called shop.
func (s *Sellers) needOf(ctx context.Context, x *errand, by *seller, call int) (calling.Need, error) {
	s.mu.Lock()
	known := x.need
	s.mu.Unlock()
	if known != nil {
		return *known, nil
	}
	card, err := s.Calls.Call(ctx, by.actor, outcry.CallID(x.request, call))
	if err != nil {
		return calling.Need{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x.need = &card.Need
	return card.Need, nil
}
