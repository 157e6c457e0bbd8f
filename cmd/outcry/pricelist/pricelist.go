// Package pricelist answers calls by a list of prices that a shop keeps in a CSV
// file: for each signal code what it costs, what to say, how long it takes and
// how many there are. Several lines of a code differ in what they match.
package pricelist

import (
	"encoding/json"
	"math"
	"slices"
	"time"

	"outcry"
	"outcry/wire"
)

// Line is a price of a code.
type Line struct {
	Code outcry.Code
	// Match is what the attributes of a request must agree with; nil agrees with
	// all.
	Match Match
	// Price is for one; an offer multiplies it by the quantity.
	Price   outcry.Money
	Message string
	// Lead is how long after the call it can be had; 0 is at once.
	Lead time.Duration
	// Attributes fill in the code's offer form.
	Attributes json.RawMessage
	// Stock is how many there were when the line was written, where Counted.
	Stock   int
	Counted bool
	// Row is where the line stands in the file, from 1.
	Row int
}

// Key names a line among all: it is the same while the code and what it matches
// are.
func (l Line) Key() string {
	if l.Match == nil {
		return string(l.Code)
	}
	return string(l.Code) + " " + l.Match.String()
}

// List is a shop's prices: the lines of each code in the order of the file.
type List map[outcry.Code][]Line

// Lines are all lines in the order of the file.
func (l List) Lines() []Line {
	var all []Line
	for _, lines := range l {
		all = append(all, lines...)
	}
	slices.SortFunc(all, func(a, b Line) int { return a.Row - b.Row })
	return all
}

// Best is the line that answers a request for one of the codes, the nearest of
// which is the first: of the first code that the list has, that which agrees with
// most attributes. Among those that agree with as many, one that suits comes
// first, then the cheaper one, then the upper one. ok is false where none agrees.
func (l List) Best(path []outcry.Code, attributes json.RawMessage, suits func(Line) bool) (best Line, agreed int, ok bool) {
	i := slices.IndexFunc(path, func(code outcry.Code) bool { return len(l[code]) > 0 })
	if i < 0 {
		return best, 0, false
	}
	var asked map[string]any
	_ = json.Unmarshal(attributes, &asked) // an object, or none
	fits := false
	for _, line := range l[path[i]] {
		n, agrees := line.Match.Agrees(asked)
		if !agrees || ok && n < agreed {
			continue
		}
		good := suits(line)
		if !ok || n > agreed || good && !fits || good == fits && cheaper(line, best) {
			best, agreed, ok, fits = line, n, true, good
		}
	}
	return best, agreed, ok
}

// cheaper compares prices of one currency.
func cheaper(a, b Line) bool {
	return a.Price.Currency == b.Price.Currency && a.Price.Amount < b.Price.Amount
}

// Bid is what a line offers to a call that came at that moment.
func (l Line) Bid(call wire.Call, now time.Time) wire.Bid {
	price := l.Price
	quantity := int64(max(1, call.Request.Quantity))
	if price.Amount > math.MaxInt64/quantity || price.Amount*quantity > outcry.MaxAmount {
		price.Amount = outcry.MaxAmount
	} else {
		price.Amount *= quantity
	}
	bid := wire.Bid{Price: price, Message: l.Message, Attributes: l.Attributes}
	if l.Lead > 0 {
		t := wire.Time(now.Add(l.Lead).UTC())
		bid.AvailableAt = &t
	}
	return bid
}
