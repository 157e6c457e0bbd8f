package watch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"time"

	"outcry"
	"outcry/cmd/outcry/input"
	"outcry/cmd/outcry/pricelist"
	"outcry/wire"
)

// Signals knows the tree of codes.
type Signals interface {
	Signal(ctx context.Context, code string) (wire.Signal, error)
}

// Codes looks codes up in the tree.
type Codes struct {
	Signals Signals
	// Locale is the language of the names, such as "en".
	Locale string
}

// deepest bounds how far above a code its price is looked for.
const deepest = 32

// Of is what is known about a code. What was found before an error is given with
// it.
func (c Codes) Of(ctx context.Context, code string) (Known, error) {
	var k Known
	for at := code; at != "" && len(k.Path) < deepest; {
		k.Path = append(k.Path, outcry.Code(at))
		signal, err := c.Signals.Signal(ctx, at)
		if err != nil {
			return k, fmt.Errorf("look up %s: %w", at, err)
		}
		if len(k.Path) == 1 {
			k.Name = cmp.Or(signal.Names[c.Locale], signal.Name)
		}
		at = signal.Parent
	}
	return k, nil
}

// listed is the line of the price list for a call; ok is false where it has
// none. One that the budget allows comes first.
func (s *State) listed(l *Line) (line pricelist.Line, ok bool) {
	r := l.Call.Request
	path := s.Known[r.Code].Path
	if len(path) == 0 {
		path = []outcry.Code{outcry.Code(r.Code)}
	}
	line, _, ok = s.List.Best(path, r.Attributes, func(p pricelist.Line) bool {
		price := p.Bid(l.Call, time.Time{}).Price
		return r.Budget == nil || price.Currency == r.Budget.Max.Currency && price.Amount <= r.Budget.Max.Amount
	})
	return line, ok
}

// template is the bid that the price list, or else the last price for the same
// code, makes for a line; ok is false where there is neither.
func (s *State) template(l *Line, now time.Time) (b wire.Bid, ok bool) {
	if line, ok := s.listed(l); ok {
		return line.Bid(l.Call, now), true
	}
	last, ok := s.Last[l.Call.Request.Code]
	if !ok {
		return wire.Bid{}, false
	}
	return wire.Bid{Price: last.times(l.quantity())}, true
}

// times is the price for another quantity, rounded to the nearest minor unit.
func (p Priced) times(quantity int) outcry.Money {
	x := new(big.Int).Mul(big.NewInt(p.Price.Amount), big.NewInt(2*int64(quantity)))
	x.Add(x, big.NewInt(int64(p.Quantity)))
	x.Quo(x, big.NewInt(2*int64(p.Quantity)))
	amount := int64(math.MaxInt64)
	if x.IsInt64() {
		amount = x.Int64()
	}
	return outcry.Money{Amount: min(amount, outcry.MaxAmount), Currency: p.Price.Currency}
}

// currency is that in which a price for a line is typed; "" where nothing says
// one.
func (s *State) currency(l *Line) string {
	if b := l.Call.Request.Budget; b != nil {
		return b.Max.Currency
	}
	if o := l.Call.Offer; o != nil {
		return o.Price.Currency
	}
	if line, ok := s.listed(l); ok {
		return line.Price.Currency
	}
	return cmp.Or(s.Currency, s.Last[l.Call.Request.Code].Price.Currency)
}

// typed is the bid that the price that was typed makes for a line. What the
// price list says beside the price goes with it.
func (s *State) typed(l *Line, now time.Time) (wire.Bid, error) {
	currency := s.currency(l)
	if currency == "" {
		return wire.Bid{}, errors.New("nothing says the currency: begin again with --currency GBP, or such")
	}
	amount, err := input.Minor(s.Typed, currency)
	if err != nil {
		return wire.Bid{}, err
	}
	var bid wire.Bid
	if line, ok := s.listed(l); ok {
		bid = line.Bid(l.Call, now)
	}
	bid.Price = outcry.Money{Amount: amount, Currency: currency}
	return bid, nil
}
