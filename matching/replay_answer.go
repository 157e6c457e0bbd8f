package matching

import (
	"cmp"
	"math"
	"math/rand/v2"
	"time"

	"outcry"
	"outcry/policy"
)

// answer is what a shop does with its call, by the time after it.
type answer struct {
	does  outcry.CallState // CallOffered, CallDeclined, or CallMissed
	after time.Duration
	price outcry.Money // of the offer; an amount of 0: nobody knows
	// validFor is for how long after the call the offer stands; 0: as long as the
	// policy says.
	validFor time.Duration
	// withdraws is when the offer is taken back; 0: it stands.
	withdraws time.Duration
	drawn     bool // by chance
}

// anyCurrency is that of offers without a price, where nothing says another:
// an offer has to have one.
const anyCurrency = "USD"

// silent is the answer of a shop that gives none.
var silent = answer{does: outcry.CallMissed}

// answer is what a shop does with a call to the request, whichever policy calls
// it.
func (p *past) answer(shop string) *answer {
	if known, ok := p.answers[shop]; ok {
		return known
	}
	a := p.find(shop)
	p.answers[shop] = &a
	return &a
}

// find takes a shop's answer from the log, or draws it.
func (p *past) find(shop string) answer {
	c := p.board.Called(shop)
	if c == nil {
		return p.draw(shop, 0)
	}
	switch p.board.CallState(c) {
	case outcry.CallMissed:
		return silent
	case outcry.CallDeclined, outcry.CallOffered:
		return p.recorded(c)
	case outcry.CallClosed, outcry.CallWaiting:
	}
	return p.draw(shop, p.board.Request.Closed.Sub(c.At))
}

// recorded is what the log says of a call.
func (p *past) recorded(c *outcry.Call) answer {
	if c.Offer == nil {
		return answer{does: outcry.CallDeclined, after: p.refused[c.N].Sub(c.At)}
	}
	a := answer{
		does: outcry.CallOffered, after: c.Offer.First.Sub(c.At), price: c.Offer.Price, validFor: c.Offer.ValidUntil.Sub(c.At),
	}
	if c.Withdrawn {
		a.withdraws = c.Offer.At.Sub(c.At)
	}
	return a
}

// draw has chance say what a shop does of which nothing is known but that it had
// not answered so long after its call.
func (p *past) draw(shop string, quiet time.Duration) answer {
	knows := p.learned(shop)
	chance := rand.New(rand.NewPCG(seedOf(p.request.ID), seedOf(shop))).Float64() //nolint:gosec // the same each time, keeps no secret
	was := knows.offers.By(quiet.Seconds())
	seconds, offers := reached(&knows.offers, was+chance*(1-was))
	if !offers {
		return answer{does: outcry.CallMissed, drawn: true}
	}
	a := answer{
		does: outcry.CallOffered, drawn: true, price: outcry.Money{Currency: cmp.Or(p.base.Currency, anyCurrency)},
		after: max(quiet+time.Millisecond, policy.Seconds(seconds)).Truncate(time.Millisecond),
	}
	if p.base.Amount > 0 {
		a.price = money(float64(p.base.Amount)*knows.price, p.base.Currency)
	}
	if b := p.request.Budget; b != nil && a.price.Amount > b.Amount {
		return answer{does: outcry.CallMissed, drawn: true}
	}
	return a
}

// reached is after how many seconds a curve has come to a chance; ok is false
// where it never does.
func reached(c *outcry.Curve, chance float64) (seconds float64, ok bool) {
	before, at := 0.0, 0.0
	for i, d := range outcry.Delays {
		if is := float64(c[i]); chance < is {
			return at + (d-at)*max(0, chance-before)/(is-before), true
		} else if is > before {
			before = is
		}
		at = d
	}
	return math.Inf(1), false
}
