package trial

import (
	"context"
	"time"

	"outcry"
	"outcry/matching/board"
	"outcry/matching/deal"
	"outcry/sim"
)

// pause is how long somebody takes for something about a request, from low to
// high seconds.
func (m *market) pause(a *asked, what string, low, high float64) time.Duration {
	s := low + (high-low)*sim.Dice(m.seed, what, "", a.n).Float64()
	return time.Duration(s * float64(time.Second)).Truncate(time.Millisecond)
}

// look has the buyer look at the board and take its first offer, or none.
func (m *market) look(ctx context.Context, c *course) error {
	view, err := m.market.Board(ctx, buyer, c.ID, "")
	if err != nil {
		return err
	}
	for i := range view.Slips {
		s := &view.Slips[i]
		if s.State != outcry.OfferLive {
			break
		}
		v := &c.called[s.Offer.Call]
		worth := v.worth(s.Offer.Price, c.asked)
		if v.keeps {
			c.any = max(c.any, worth)
		}
		if s.Rank == 1 && v.keeps {
			c.first = worth
		}
	}
	if len(view.Slips) == 0 || sim.Dice(m.seed, "take", "", c.asked.n).Float64() >= takes {
		return nil
	}
	return m.take(ctx, c, &view.Slips[0])
}

// take has the buyer accept an offer.
func (m *market) take(ctx context.Context, c *course, s *board.Slip) error {
	order, err := m.market.Accept(ctx, buyer, s.Offer.ID, deal.Acceptance{Version: s.Offer.Version})
	if err != nil {
		return err
	}
	v := &c.called[s.Offer.Call]
	c.deal, c.broken = true, !v.keeps
	verb, next := outcry.Confirm, outcry.Fulfil
	if !v.keeps {
		verb, next = outcry.Refuse, ""
	}
	m.agenda.add(m.now.Add(m.pause(c.asked, "confirm", 1.5, 6.5)), func(ctx context.Context) error {
		if _, err := m.market.Step(ctx, v.actor, order.ID, verb, ""); err != nil || next == "" {
			return err
		}
		m.agenda.add(m.now.Add(m.pause(c.asked, "fulfil", 5, 40)), func(ctx context.Context) error {
			_, err := m.market.Step(ctx, v.actor, order.ID, next, "")
			return err
		})
		return nil
	})
	return nil
}
