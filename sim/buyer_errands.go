package sim

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"outcry"
	"outcry/intake"
	"outcry/matching/board"
	"outcry/matching/deal"
)

// What buyers do. All of it is assumed.
const (
	accepts      = 0.55 // of those who see an offer
	withBudget   = 0.5  // say what it may cost
	writesFirst  = 0.2  // of those who accept, ask the shop something before
	ratesAfter   = 0.8  // of those who have what they wanted
	takesBest    = 0.65 // take the first offer; else the next by the same chance
	changesMind  = 0.1  // of those who see no offer at half time, withdraw
	ownLanguage  = 0.75 // ask in the town's first language
	addsNote     = 0.4
	writesRating = 0.5
	maxLooks     = 2 // decides so often where the offer has changed meanwhile
)

// errands are one simulated buyer's way through the market. Its steps follow each
// other, so that only one at a time draws.
type errands struct {
	*Buyers
	chance  *rand.Rand
	key     uint64
	actor   outcry.Actor
	locale  string
	request outcry.Request
	order   outcry.Order
	looks   int // how often the buyer has decided
}

// newErrands are those of buyer number k.
func (b *Buyers) newErrands(k int, r *rand.Rand) *errands {
	x := &errands{Buyers: b, chance: r, key: r.Uint64(), actor: b.Actors[k%len(b.Actors)]}
	x.locale = b.town.languages[0]
	if r.Float64() >= ownLanguage {
		x.locale = oneOf(r, []string{"en", "ko", "ja", "de", "es"})
	}
	return x
}

// later has something done after a number of milliseconds from low to high.
func (x *errands) later(low, high int, do func(context.Context) error) {
	wait := time.Duration(between(x.chance, low, high)) * time.Millisecond
	x.agenda.add(x.Clock().Add(wait), x.key, do)
}

// likely draws whether something happens that has this chance.
func (x *errands) likely(share float64) bool { return x.chance.Float64() < share }

// ask calls the need out and plans the first look at the board, at half time.
func (x *errands) ask(ctx context.Context) error {
	draft, err := x.need()
	if err != nil {
		return err
	}
	if x.request, err = x.Requests.Ask(ctx, x.actor, draft); err != nil {
		return err
	}
	x.count(func(c *BuyersCount) { c.Asked++ })
	half := int(x.request.Deadline.Sub(x.Clock()).Milliseconds() / 2)
	x.later(half, half, x.lookEarly)
	return nil
}

// need draws what the buyer asks for.
func (x *errands) need() (intake.Draft, error) {
	r, now := x.chance, x.Clock()
	code := x.kind(r)
	t := tradeOf(code)
	place := moved(x.Centre, math.Abs(r.NormFloat64())*1200, 2*math.Pi*r.Float64())
	draft := intake.Draft{
		Code: new(string(code)), Place: &place, RadiusM: new(1000 * between(r, 2, 5)), Wanted: new(between(r, 3, 5)),
		DeadlineS: new(float64(between(r, 15, 45))), Rank: new(string(oneOf(r, outcry.Ranks))), Locale: x.locale,
	}
	f := filler{
		chance: r, known: asked(r, t, x.locale, now), eager: 0.15,
		words: say(r, "want."+t.group, x.locale), now: now.UTC(),
	}
	var err error
	if draft.Attributes, err = f.fill(formsOf(x.Signals, code).Request); err != nil {
		return draft, fmt.Errorf("fill in the form of %s: %w", code, err)
	}
	if x.likely(addsNote) {
		draft.Note = say(r, "want."+t.group, x.locale)
	}
	if x.likely(withBudget) {
		w := wish{trade: t, attributes: draft.Attributes}
		most := w.typical(x.town.currency) * (0.9 + 0.9*r.Float64())
		draft.Budget = &outcry.Money{Amount: rounded(most), Currency: x.town.currency}
	}
	return draft, nil
}

// lookEarly looks at the board at half time: a buyer who sees all the offers
// that were wanted decides, and one who sees none may lose patience. The others
// look again when time is up.
func (x *errands) lookEarly(ctx context.Context) error {
	live, err := x.live(ctx)
	switch {
	case err != nil:
		return err
	case len(live) >= x.request.Wanted:
		return x.decide(ctx, live)
	case len(live) == 0 && x.likely(changesMind):
		return x.withdraw(ctx)
	}
	left := max(0, int(x.request.Deadline.Sub(x.Clock()).Milliseconds()))
	x.later(left+500, left+1500, x.look)
	return nil
}

func (x *errands) withdraw(ctx context.Context) error {
	after, err := x.Boards.Withdraw(ctx, x.actor, x.request.ID)
	if err == nil && after.Reason == outcry.ClosedWithdrawn {
		x.count(func(c *BuyersCount) { c.Withdrawn++ })
	}
	return err
}

// look looks at the board and decides.
func (x *errands) look(ctx context.Context) error {
	live, err := x.live(ctx)
	if err != nil {
		return err
	}
	return x.decide(ctx, live)
}

// live are the offers that may be accepted, best first.
func (x *errands) live(ctx context.Context) ([]board.Slip, error) {
	view, err := x.Boards.Board(ctx, x.actor, x.request.ID, "")
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(view.Slips, func(s board.Slip) bool { return s.State != outcry.OfferLive }), nil
}

// decide takes one of the offers or none. Some write to the shop first and take
// the offer when there has been time to reply.
func (x *errands) decide(ctx context.Context, live []board.Slip) error {
	x.looks++
	x.count(func(c *BuyersCount) {
		c.Offers += len(live)
		if len(live) == 0 {
			c.Nothing++
		}
	})
	if len(live) == 0 || !x.likely(accepts) {
		return nil
	}
	at := 0
	for at+1 < len(live) && !x.likely(takesBest) {
		at++
	}
	chosen := live[at]
	take := func(ctx context.Context) error { return x.accept(ctx, chosen) }
	if !x.likely(writesFirst) {
		x.later(1000, 4000, take)
		return nil
	}
	err := x.write(ctx, chosen.Shop.ID)
	if err == nil {
		x.later(9000, 14000, take)
	}
	return err
}

// write asks a shop something about its offer.
func (x *errands) write(ctx context.Context, shop string) error {
	about := "ask." + oneOf(x.chance, []string{"price", "time", "delivery"})
	_, err := x.Threads.Say(ctx, x.actor, x.request.ID, shop, say(x.chance, about, x.locale))
	if err == nil {
		x.count(func(c *BuyersCount) { c.Messages++ })
	}
	return err
}

// accept takes an offer in the version that the buyer saw. Where it has changed
// since, the buyer looks again.
func (x *errands) accept(ctx context.Context, s board.Slip) (err error) {
	x.order, err = x.Deals.Accept(ctx, x.actor, s.Offer.ID, deal.Acceptance{Version: s.Offer.Version, Contact: "simulated buyer"})
	if outcry.CodeOf(err) == "offer_changed" && x.looks < maxLooks {
		return x.look(ctx)
	}
	if err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.bought.put(x.order.ID, x)
	x.counts.Accepted++
	return nil
}

// receive is when the shop has fulfilled the order.
func (x *errands) receive(context.Context) error {
	x.later(2000, 20000, x.complete)
	return nil
}

// complete says that the buyer has what was ordered.
func (x *errands) complete(ctx context.Context) error {
	if _, err := x.Orders.Step(ctx, x.actor, x.order.ID, outcry.Complete, ""); err != nil {
		return err
	}
	x.count(func(c *BuyersCount) { c.Completed++ })
	if x.likely(ratesAfter) {
		x.later(1000, 5000, x.rate)
	}
	return nil
}

// rate gives the shop the stars that its quality deserves, more or less.
func (x *errands) rate(ctx context.Context) error {
	stars := starsOf(x.chance, qualityOf(x.Seed, x.order.Shop))
	about, text := "rate.good", ""
	if stars < 4 {
		about = "rate.fair"
	}
	if x.likely(writesRating) {
		text = say(x.chance, about, x.locale)
	}
	if _, err := x.Deals.Rate(ctx, x.actor, x.order.ID, stars, text); err != nil {
		return err
	}
	x.count(func(c *BuyersCount) { c.Rated++ })
	return nil
}
