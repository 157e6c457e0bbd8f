package counter

import (
	"context"
	"fmt"
	"time"

	"outcry"
	"outcry/wire"
)

// maxSwept is how many offers are asked about at once, and maxOrders how many
// orders.
const (
	maxSwept  = 50
	maxOrders = 500
)

// look has the stock looked at soon.
func (s *Server) look() {
	select {
	case s.sweep <- struct{}{}:
	default:
	}
}

// settle looks, now and then, at what became of the offers that hold stock: the
// market does not tell a shop that an offer has lapsed or that the buyer took
// another's.
func (s *Server) settle(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	s.orders(ctx) // what came while the shop server was away
	s.look()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-s.sweep:
		}
		held := s.Counter.Shelf.Held()
		for _, h := range held[:min(len(held), maxSwept)] {
			s.check(ctx, h.Call)
		}
		s.holdAgain(ctx)
		now := s.Counter.Clock()
		s.Counter.Shelf.Settle(now)
		s.forget(now)
	}
}

// check gives back what a call holds, where no offer needs it any more.
func (s *Server) check(ctx context.Context, id string) {
	s.mu.Lock()
	at := s.served[id]
	busy := at != nil && at.cancel != nil
	s.mu.Unlock()
	if busy {
		return
	}
	call, err := s.Shop.Call(ctx, id)
	switch {
	case outcry.KindOf(err) == outcry.NotFound:
	case err != nil:
		return // it is looked at again
	case call.Offer == nil:
	case call.Offer.State == outcry.OfferLive:
		return
	case call.Offer.State == outcry.OfferAccepted:
		s.Counter.Shelf.Accepted(id)
		return
	}
	if h, ended := s.Counter.Shelf.Release(id); ended {
		s.Say("stock", fmt.Sprintf("%d of %s back: %s", h.Count, h.Line, became(call)))
	}
}

// became says what became of an offer.
func became(call wire.Call) string {
	if call.Offer == nil {
		return "nothing was offered"
	}
	return "the offer is " + string(call.Offer.State)
}

// orders looks at what became of the orders while the shop server was away.
func (s *Server) orders(ctx context.Context) {
	if len(s.Counter.Shelf.Ordered())+len(s.Counter.Shelf.Held()) == 0 {
		return
	}
	n := 0
	for o, err := range s.Shop.Orders(ctx) {
		if n++; err != nil || n > maxOrders {
			return
		}
		if err := s.Counter.Shelf.Order(o.OfferID, o.State); err != nil {
			s.Say("problem", err.Error())
		}
	}
}

// order tells where an order stands, notes what that means for the stock, and
// confirms a new one where that is wanted.
func (s *Server) order(ctx context.Context, news wire.OrderNews) {
	s.Say("order", fmt.Sprintf("%s is %s", news.ID, news.State))
	if err := s.Counter.Shelf.Order(news.OfferID, news.State); err != nil {
		s.Say("problem", err.Error())
	}
	if news.State == outcry.OrderPlaced && s.confirms() {
		s.work(ctx, func() { s.confirm(ctx, news.ID) })
	}
}

func (s *Server) confirms() bool { return s.Confirm || s.Counter.setting.Load().Confirm }

func (s *Server) confirm(ctx context.Context, order string) {
	if _, err := s.Shop.Confirm(ctx, order); err != nil {
		s.Say("problem", fmt.Sprintf("confirm order %s: %s", order, Problem(err)))
	}
}

// catchUp confirms the orders that were placed while the shop server was away,
// where that is wanted.
func (s *Server) catchUp(ctx context.Context) {
	if !s.confirms() {
		return
	}
	n := 0
	for o, err := range s.Shop.Orders(ctx) {
		if n++; err != nil || n > maxOrders {
			if err != nil {
				s.Say("problem", "look for orders: "+Problem(err))
			}
			return
		}
		if o.State == outcry.OrderPlaced {
			s.order(ctx, wire.OrderNews{ID: o.ID, OfferID: o.OfferID, State: o.State})
		}
	}
}
