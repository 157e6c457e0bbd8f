package sim

import (
	"context"
	"time"

	"outcry"
)

const (
	// refuses is the share of orders that a shop refuses, having sold it
	// elsewhere; assumed.
	refuses = 0.02
	// maxReplies is how many messages of a thread a shop answers.
	maxReplies = 10
)

// hearOrder plans what a driven shop does about an order of its own: it confirms
// in some seconds and fulfils within the next minute, which is a time-lapse of
// what follows a deal. The lock is held.
func (s *Sellers) hearOrder(e outcry.Event) {
	by := s.driven[e.Shop]
	if by == nil {
		return
	}
	step := *e.Order
	r := Dice(s.Seed, "order "+string(step.State), e.Shop, int(e.At.UnixNano()))
	move := func(wait time.Duration, verb outcry.OrderVerb, reason string) {
		s.agenda.add(e.At.Add(wait), r.Uint64(), func(ctx context.Context) error {
			return s.move(ctx, by, step.Order, verb, reason)
		})
	}
	switch step.State {
	case outcry.OrderPlaced:
		wait := time.Duration(1500+r.IntN(5000)) * time.Millisecond
		if r.Float64() < refuses {
			move(wait, outcry.Refuse, say(r, "refuse", s.localeOf(e.Request, by)))
			return
		}
		move(wait, outcry.Confirm, "")
	case outcry.OrderConfirmed:
		move(time.Duration(5000+r.IntN(35000))*time.Millisecond, outcry.Fulfil, "")
	case outcry.OrderFulfilled, outcry.OrderCompleted, outcry.OrderRefused, outcry.OrderCancelled:
	}
}

// move takes an order one step on.
func (s *Sellers) move(ctx context.Context, by *seller, order string, verb outcry.OrderVerb, reason string) error {
	if !s.drives(by.shop.ID) {
		return nil
	}
	if _, err := s.Orders.Step(ctx, by.actor, order, verb, reason); err != nil {
		return err
	}
	s.count(func(c *SellersCount) {
		switch verb {
		case outcry.Confirm:
			c.Confirmed++
		case outcry.Refuse:
			c.Refused++
		case outcry.Fulfil:
			c.Fulfilled++
		case outcry.Complete, outcry.Cancel:
		}
	})
	return nil
}

// hearMessage plans a driven shop's reply to a buyer. The lock is held.
func (s *Sellers) hearMessage(e outcry.Event) {
	by := s.driven[e.Shop]
	if by == nil {
		return
	}
	if x, ok := s.heard.get(e.Request); ok {
		if x.replies[e.Shop] >= maxReplies {
			return
		}
		x.replies[e.Shop]++
	}
	r := Dice(s.Seed, "reply", e.Shop, int(e.At.UnixNano()))
	wait := time.Duration(1500+r.IntN(6000)) * time.Millisecond
	heard := e.Message.Text
	s.agenda.add(e.At.Add(wait), r.Uint64(), func(ctx context.Context) error {
		if !s.drives(by.shop.ID) {
			return nil
		}
		locale := s.lookLocale(ctx, e.Request, by)
		text := say(r, replyTo(heard, locale, by.shop), locale)
		if _, err := s.Threads.Say(ctx, by.actor, e.Request, e.Shop, text); err != nil {
			return err
		}
		s.count(func(c *SellersCount) { c.Replies++ })
		return nil
	})
}

// replyTo is the section of phrases that answers a message.
func replyTo(heard, locale string, by outcry.Shop) string {
	intent := intentOf(heard, locale)
	if intent != "delivery" {
		return "say." + intent
	}
	for _, c := range by.Capabilities {
		if c == outcry.Deliver || c == outcry.Visit {
			return "say.delivery.yes"
		}
	}
	return "say.delivery.no"
}

// lookLocale is the language of a request, asked of the market where it is not
// known yet.
func (s *Sellers) lookLocale(ctx context.Context, request string, by *seller) string {
	s.mu.Lock()
	x, ok := s.heard.get(request)
	call := 0
	if ok {
		call, ok = x.calls[by.shop.ID]
	}
	s.mu.Unlock()
	if !ok { // called before these Sellers began to listen
		return by.writes("")
	}
	need, err := s.needOf(ctx, x, by, call)
	if err != nil {
		return by.writes("")
	}
	return by.writes(need.Locale)
}

// localeOf is the language of a request as far as it is known; the lock is held.
func (s *Sellers) localeOf(request string, by *seller) string {
	if x, ok := s.heard.get(request); ok && x.need != nil {
		return by.writes(x.need.Locale)
	}
	return by.writes("")
}
