package server

import (
	"context"
	"fmt"
	"time"

	"outcry"
	"outcry/api"
	"outcry/line"
	"outcry/line/hook"
	"outcry/matching"
	"outcry/matching/calling"
	"outcry/onboarding"
)

// openWebhooks makes what sends shops' events to their own software.
func (s *Server) openWebhooks(ctx context.Context, c Config) (err error) {
	s.Webhooks, err = hook.New(ctx, hook.Config{
		Tail: s.Tail, Store: s.Store, Log: s.Store, Market: replies{s.Market}, Presence: s.Shops, Tell: s.letter,
		Clock: c.Clock, Warn: c.Log, Reach: c.reach(),
	})
	if err != nil {
		return fmt.Errorf("read the webhooks: %w", err)
	}
	return nil
}

// reach is where connections may be made to that others ask for.
func (c Config) reach() outcry.Reach { return outcry.Reach{Loopback: c.WebhooksToLoopback} }

// freshFor is for how long what an event says of a call is taken to be so still.
const freshFor = time.Second

// letter is what a shop is told of an event by webhook: what its line tells.
func (s *Server) letter(ctx context.Context, shop string, n *line.News) (hook.Letter, error) {
	if s.clock().Sub(n.At) < freshFor {
		if t, ok := s.atOnce(n, shop); ok {
			return atOnceLetter(n, shop, t), nil
		}
	}
	var card calling.Card
	if n.Request != "" {
		var err error
		if card, err = s.Market.Card(ctx, n.Request, shop); err != nil {
			return hook.Letter{}, fmt.Errorf("read a call: %w", err)
		}
	}
	name, shown, ok := api.ShopEvent(n.Event, shop, &card)
	t := s.tell(&n.Event, name, shown, ok)
	return hook.Letter{
		Type: outcry.Told(t.name), Data: t.data, Call: card.ID, Deadline: card.Deadline, Waits: card.State == outcry.CallWaiting,
	}, nil
}

// atOnceLetter is what a shop is told of an event that tells all of it by itself.
func atOnceLetter(n *line.News, shop string, t told) hook.Letter {
	l := hook.Letter{Type: outcry.Told(t.name), Data: t.data}
	if n.Wave == nil || !t.ok {
		return l
	}
	for _, h := range n.Hearers {
		if h.Shop == shop {
			l.Call, l.Deadline, l.Waits = outcry.CallID(n.Request, h.N), n.Asked.Deadline, true
		}
	}
	return l
}

// replies takes what webhooks reply to calls as what their shops have said.
type replies struct{ market *matching.Market }

// Offer takes an offer.
func (r replies) Offer(ctx context.Context, w outcry.Webhook, call string, bid outcry.Bid) error {
	_, err := r.market.Offer(ctx, onboarding.Speaker(w), call, bid)
	return err
}

// Decline takes a decline.
func (r replies) Decline(ctx context.Context, w outcry.Webhook, call, reason string) error {
	_, err := r.market.Decline(ctx, onboarding.Speaker(w), call, reason)
	return err
}

var _ onboarding.Sender = (*hook.Sender)(nil)
