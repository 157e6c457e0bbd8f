package matching

import (
	"context"
	"fmt"
	"math"
	"time"

	"outcry"
)

// past is a request as it ran up to its closing, and what shops answer when it
// runs again.
type past struct {
	m       *Market
	request outcry.Request // open again, as it was in the end
	board   *outcry.Board
	// refused is when the calls that were declined were, by their number.
	refused map[int]time.Time
	base    outcry.Money // at a shop of price 1; without a currency where nobody knows
	was     Course
	answers map[string]*answer // of the shops that were asked so far
}

// past reads a request that has closed.
func (m *Market) past(ctx context.Context, request outcry.Request) (*past, error) {
	p := &past{
		m: m, board: outcry.NewBoard(request), refused: map[int]time.Time{}, answers: map[string]*answer{},
	}
	if err := p.read(ctx); err != nil {
		return nil, fmt.Errorf("read request %s: %w", request.ID, err)
	}
	p.request = p.board.Request
	p.request.State, p.request.Reason, p.request.Closed = outcry.RequestOpen, "", time.Time{}
	p.base = p.costs()
	p.was = courseOf(p.board, p.base.Currency)
	return p, nil
}

// read folds the request's log up to its closing.
func (p *past) read(ctx context.Context) error {
	for {
		events, err := p.m.Journal.RequestLog(ctx, p.board.Request.ID, p.board.Seq, logPage)
		if err != nil {
			return err
		}
		for _, e := range events {
			p.board.Apply(e)
			if e.Decline != nil {
				p.refused[e.Decline.Call] = e.At
			}
			if e.Closing != nil {
				return nil
			}
		}
		if len(events) < logPage {
			return nil
		}
	}
}

// costs is what the request costs at a shop of price 1. Its currency is the
// buyer's, or that of the first real offer.
func (p *past) costs() outcry.Money {
	asked := p.board.Request
	currency := ""
	if asked.Budget != nil {
		currency = asked.Budget.Currency
	}
	logs, offers := 0.0, 0
	for _, c := range p.board.Calls {
		if c.Offer == nil || c.Withdrawn || c.Offer.Price.Amount <= 0 {
			continue
		}
		if currency == "" {
			currency = c.Offer.Price.Currency
		}
		if c.Offer.Price.Currency == currency {
			logs += math.Log(float64(c.Offer.Price.Amount) / p.learned(c.Shop).price)
			offers++
		}
	}
	switch usual, known := p.m.Learning.Usual(asked.Code, currency); {
	case offers > 0:
		return money(math.Exp(logs/float64(offers)), currency)
	case known:
		return money(usual*float64(max(1, asked.Quantity)), currency)
	}
	return outcry.Money{Currency: currency}
}

// money is an amount as it can be offered, at least one unit.
func money(amount float64, currency string) outcry.Money {
	return outcry.Money{Amount: int64(min(outcry.MaxAmount, max(1, math.Round(amount)))), Currency: currency}
}

// learned is what is known of a shop now: its offers, and its price for the code
// by which it was asked.
type learned struct {
	offers outcry.Curve
	price  float64
}

func (p *past) learned(shop string) learned {
	known, _ := p.m.Shops.Shop(shop)
	f := p.m.Learning.Figures(shop, known)
	return learned{f.Offers, f.For(p.m.held(shop, p.board.Request.Code))}
}

// stop is when the buyer had enough of the request, and whether only an offer
// makes it so; ok is false for one that it left to the market.
func (p *past) stop() (at time.Time, needsOffer, ok bool) {
	closed := p.board.Request
	switch closed.Reason {
	case outcry.ClosedWithdrawn:
		return closed.Closed, false, true
	case outcry.ClosedAccepted:
		return closed.Closed, true, true
	case outcry.ClosedEnough, outcry.ClosedDeadline, outcry.ClosedNobody:
	}
	return time.Time{}, false, false
}
