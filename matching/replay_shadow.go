package matching

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"outcry"
	"outcry/policy"
)

// shadow runs past requests again, one after the other, in virtual time: by a
// market that looks at the shops and figures of the real one and changes nothing
// of them.
type shadow struct {
	config Config
	market *Market
	past   *past
	log    scratch
	now    time.Time
	wake   time.Time // when the request is looked at again
	agenda []deed    // what shops and the buyer will do, the first of it first
	// content says that the buyer needs no more than the offer that comes next.
	content bool
}

// deed is something that a shop or the buyer does.
type deed struct {
	at   time.Time
	last bool // what else is done at the same time comes before it
	do   func(context.Context) error
}

func newShadow(m *Market) *shadow {
	s := &shadow{config: m.Config}
	s.config.Journal, s.config.Bell, s.config.Forms = &s.log, s, anyForm{}
	s.config.Clock = func() time.Time { return s.now }
	s.config.Log = slog.New(slog.DiscardHandler)
	return s
}

// run runs a request by the rules.
func (s *shadow) run(ctx context.Context, p *past, rules *policy.Branched) (Course, error) {
	s.begin(p)
	r, _ := s.market.own(p.request.ID)
	r.board, r.rules, r.code = outcry.NewBoard(p.request), rules, p.request.Code
	if err := s.market.launch(ctx, r); err != nil {
		return Course{}, err
	}
	for !r.board.Closed() {
		if err := ctx.Err(); err != nil {
			return Course{}, err
		}
		if err := s.step(ctx); err != nil {
			return Course{}, err
		}
	}
	c := courseOf(r.board, p.base.Currency)
	for _, call := range r.board.Calls {
		if p.answer(call.Shop).drawn {
			c.Drawn++
		}
	}
	return c, nil
}

// begin makes everything ready for a request at its beginning.
func (s *shadow) begin(p *past) {
	s.market = Stepped(s.config, func(_ string, at time.Time) { s.wake = at })
	s.market.shadow = true
	s.past, s.log = p, scratch{request: p.request}
	s.now, s.agenda, s.content = p.request.Created, s.agenda[:0], false
	if at, needsOffer, ok := p.stop(); ok {
		s.plan(deed{at: at, last: true, do: func(ctx context.Context) error {
			r, _ := s.market.own(p.request.ID)
			if s.content = needsOffer && r.board.Live(s.now) == 0; s.content {
				return nil
			}
			return s.leave(ctx)
		}})
	}
}

// step goes on to what comes next: what somebody does, or the time to look at
// the request again.
func (s *shadow) step(ctx context.Context) error {
	// Markets tell time in milliseconds: rounded down, it would not have come.
	wake := s.wake.Add(time.Millisecond - 1).Truncate(time.Millisecond)
	if len(s.agenda) > 0 && !s.agenda[0].at.After(wake) {
		next := s.agenda[0]
		s.agenda = slices.Delete(s.agenda, 0, 1)
		s.now = next.at
		return next.do(ctx)
	}
	s.now = wake
	return s.market.Wake(ctx, s.past.request.ID)
}

// plan puts down what will be done, behind what is done at the same time. It is
// never before now.
func (s *shadow) plan(next deed) {
	if next.at.Before(s.now) {
		next.at = s.now
	}
	i, _ := slices.BinarySearchFunc(s.agenda, next, func(d, next deed) int {
		if d.at.After(next.at) || d.at.Equal(next.at) && d.last && !next.last {
			return 1
		}
		return -1
	})
	s.agenda = slices.Insert(s.agenda, i, next)
}

// Ring hears of what is in the log: the shops of a wave will answer.
func (s *shadow) Ring(events []outcry.Event) {
	for i := range events {
		if wave := events[i].Wave; wave != nil {
			for j := range wave.Calls {
				s.call(&wave.Calls[j])
			}
		}
	}
}

// call has a shop answer in its time.
func (s *shadow) call(c *outcry.Called) {
	a, called := s.past.answer(c.Shop), s.now
	if a.does == outcry.CallMissed {
		return
	}
	shop := outcry.NewActor(outcry.Member{ID: c.Shop}, outcry.Token{}, []string{c.Shop})
	call, offer := outcry.CallID(s.past.request.ID, c.N), outcry.OfferID(s.past.request.ID, c.N)
	s.plan(deed{at: called.Add(a.after), do: func(ctx context.Context) error {
		if a.does == outcry.CallDeclined {
			_, err := s.market.Decline(ctx, shop, call, "")
			return fault(err)
		}
		bid := outcry.Bid{Price: a.price}
		if a.validFor > a.after {
			bid.ValidUntil = called.Add(a.validFor)
		}
		if _, err := s.market.Offer(ctx, shop, call, bid); err != nil || !s.content {
			return fault(err)
		}
		return s.leave(ctx)
	}})
	if a.withdraws > 0 {
		s.plan(deed{at: called.Add(a.withdraws), do: func(ctx context.Context) error {
			_, err := s.market.WithdrawOffer(ctx, shop, offer, 0)
			return fault(err)
		}})
	}
}

// leave has the buyer withdraw the request.
func (s *shadow) leave(ctx context.Context) error {
	buyer := outcry.NewActor(outcry.Member{ID: s.past.request.Buyer}, outcry.Token{}, nil)
	_, err := s.market.Withdraw(ctx, buyer, s.past.request.ID)
	return err
}

// fault is an error that is not a refusal: what was refused had no effect, as it
// had none on the real market.
func fault(err error) error {
	switch outcry.KindOf(err) {
	case outcry.Internal, outcry.Unavailable:
		return err
	case outcry.Invalid, outcry.Unauthorized, outcry.NotFound, outcry.Forbidden, outcry.Conflict, outcry.Closed, outcry.Limited:
	}
	return nil
}

// anyForm lets all attributes pass: offers were checked when they were made.
type anyForm struct{}

// CheckOffer finds nothing wrong.
func (anyForm) CheckOffer(outcry.Code, []byte, string) error { return nil }
