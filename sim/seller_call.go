package sim

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"outcry"
	"outcry/matching/calling"
)

// hearCalls plans the answers of the driven shops of a wave. The lock is held.
func (s *Sellers) hearCalls(e outcry.Event) {
	x, ok := s.heard.get(e.Request)
	if !ok {
		x = &errand{request: e.Request, calls: map[string]int{}, replies: map[string]int{}}
		s.heard.put(e.Request, x)
	}
	for _, called := range e.Wave.Calls {
		by := s.driven[called.Shop]
		if _, twice := x.calls[called.Shop]; by == nil || twice {
			continue
		}
		x.calls[called.Shop] = called.N
		n := by.calls
		by.calls++
		s.counts.Calls++
		p, answers := by.temper.Plan(n, e.At)
		if !answers {
			s.counts.Silent++
			continue
		}
		v := &visit{Sellers: s, by: by, errand: x, call: called.N, n: n, plan: p}
		s.agenda.add(e.At.Add(p.After), by.temper.key(n), v.answer)
	}
}

// visit is a shop's dealing with one call.
type visit struct {
	*Sellers
	by     *seller
	errand *errand
	call   int // the call's number in its request
	n      int // how often the shop was called before
	plan   Plan
	bid    *outcry.Bid // what it offers; nil before
	offer  outcry.Offer
}

// later has something done after a while.
func (v *visit) later(wait time.Duration, do func(context.Context) error) {
	v.agenda.add(v.Clock().Add(wait), v.by.temper.key(v.n), do)
}

// chance draws for one part of the visit.
func (v *visit) chance(what string) *rand.Rand { return Dice(v.Seed, what, v.by.shop.ID, v.n) }

// answer is the shop's first answer to the call: an offer or a decline. A shop
// that has heard of the closing does not answer any more.
func (v *visit) answer(ctx context.Context) error {
	if !v.drives(v.by.shop.ID) {
		return nil
	}
	if v.over() {
		v.count(func(c *SellersCount) { c.Late++ })
		return nil
	}
	need, err := v.needOf(ctx, v.errand, v.by, v.call)
	if err != nil {
		return err
	}
	locale := v.by.writes(need.Locale)
	if v.plan.Declines {
		return v.decline(ctx, say(v.chance("decline"), "decline", locale))
	}
	if v.bid == nil {
		bid, ok, err := v.makeBid(need, locale)
		if err != nil {
			return err
		}
		if !ok {
			return v.decline(ctx, say(v.chance("decline"), "decline.price", locale))
		}
		v.bid = &bid
	}
	return v.makeOffer(ctx)
}

// over says whether the request was heard to be closed.
func (v *visit) over() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.errand.closed
}

func (v *visit) decline(ctx context.Context, reason string) error {
	_, err := v.Shops.Decline(ctx, v.by.actor, v.id(), reason)
	if err == nil {
		v.count(func(c *SellersCount) { c.Declines++ })
	}
	return err
}

// id is the call's.
func (v *visit) id() string { return outcry.CallID(v.errand.request, v.call) }

// makeOffer sends the offer and plans what comes after it.
func (v *visit) makeOffer(ctx context.Context) (err error) {
	if v.offer, err = v.Shops.Offer(ctx, v.by.actor, v.id(), *v.bid); err != nil {
		return err
	}
	v.count(func(c *SellersCount) { c.Offers++ })
	if v.plan.Repeats > 0 {
		v.later(20*time.Millisecond, v.repeat)
	}
	if v.plan.revises > 0 {
		v.later(v.plan.revises, v.revise)
	}
	if v.plan.takes > 0 {
		v.later(v.plan.takes, v.withdraw)
	}
	return nil
}

// repeat sends the same offer again, as careless software does. An offer that
// has been revised meanwhile is no longer the same.
func (v *visit) repeat(ctx context.Context) error {
	if _, err := v.Shops.Offer(ctx, v.by.actor, v.id(), *v.bid); err != nil {
		return err
	}
	v.count(func(c *SellersCount) { c.Repeats++ })
	if v.plan.Repeats--; v.plan.Repeats > 0 {
		v.later(20*time.Millisecond, v.repeat)
	}
	return nil
}

// revise makes the offer cheaper.
func (v *visit) revise(ctx context.Context) error {
	bid := *v.bid
	bid.Price = cheaper(bid.Price, 0.03+0.09*v.chance("revise").Float64())
	offer, err := v.Shops.Revise(ctx, v.by.actor, v.offer.ID, v.offer.Version, bid)
	if err == nil {
		v.offer = offer
		v.count(func(c *SellersCount) { c.Revisions++ })
	}
	return err
}

// withdraw takes the offer back.
func (v *visit) withdraw(ctx context.Context) error {
	_, err := v.Shops.WithdrawOffer(ctx, v.by.actor, v.offer.ID, v.offer.Version)
	if err == nil {
		v.count(func(c *SellersCount) { c.Withdrawals++ })
	}
	return err
}

// makeBid draws what the shop offers for a need; ok is false where the buyer
// pays too little.
func (v *visit) makeBid(need calling.Need, locale string) (bid outcry.Bid, ok bool, err error) {
	r := v.chance("bid")
	w := wish{trade: tradeOf(need.Code), attributes: need.Attributes, quantity: need.Quantity, budget: need.Budget}
	if bid.Price, ok = w.price(r, v.by); !ok {
		return bid, false, nil
	}
	now := v.Clock()
	bid.Message = say(r, "offer."+w.trade.group, locale)
	if at := availableAt(r, w.trade, need.NeededAt, now); at != nil {
		bid.AvailableAt = at
		if need.NeededAt == nil {
			bid.Message += " " + fmt.Sprintf(say(r, w.trade.meeting(), locale), at.In(v.by.zone).Format("15:04"))
		}
	}
	bid.Attributes, err = v.fillIn(r, need, bid.AvailableAt, locale)
	return bid, err == nil, err
}

// fillIn fills in the offer's form for a need that is met at that time (nil: at
// once).
func (v *visit) fillIn(r *rand.Rand, need calling.Need, at *time.Time, locale string) (json.RawMessage, error) {
	f := filler{
		chance: r, said: map[string]any{}, eager: 0.4, words: say(r, "agreed", locale),
		known: offered(r, v.by.shop, v.Clock(), at), now: v.Clock().In(v.by.zone),
	}
	if need.NeededAt != nil {
		f.now = need.NeededAt.In(v.by.zone)
	}
	if len(need.Attributes) > 0 {
		if err := json.Unmarshal(need.Attributes, &f.said); err != nil {
			return nil, fmt.Errorf("read the request's attributes: %w", err)
		}
	}
	filled, err := f.fill(formsOf(v.Signals, need.Code).Offer)
	if err != nil {
		return nil, fmt.Errorf("fill in the form of %s: %w", need.Code, err)
	}
	return filled, nil
}

// availableAt draws when the buyer can have it: when it is needed, for a fifth of
// the shops a little later; where it is needed now, after the time that the trade
// takes. nil is at once.
func availableAt(r *rand.Rand, t trade, needed *time.Time, now time.Time) *time.Time {
	at := now.Add(t.leadTime(r))
	if needed != nil && needed.After(at) {
		at = *needed
		if r.Float64() < 0.2 {
			at = at.Add(time.Duration(1+r.IntN(4)) * 15 * time.Minute)
		}
	}
	if !at.After(now) {
		return nil
	}
	at = at.UTC().Truncate(time.Minute).Add(time.Minute)
	return &at
}
