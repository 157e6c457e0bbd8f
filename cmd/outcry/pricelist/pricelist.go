// Package pricelist answers calls by a list of prices that a shop keeps in a CSV
// file: for each signal code what it costs, what to say and how long it takes.
package pricelist

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"outcry"
	"outcry/cmd/outcry/input"
	"outcry/wire"
)

// Line is the price of one code.
type Line struct {
	Code outcry.Code
	// Price is for one; an offer multiplies it by the quantity.
	Price   outcry.Money
	Message string
	// Lead is how long after the call it can be had; 0 is at once.
	Lead time.Duration
	// Attributes fill in the code's offer form.
	Attributes json.RawMessage
}

// List is a shop's prices by code.
type List map[outcry.Code]Line

// columns are those of the file; the first three are needed.
var columns = []string{"code", "price", "currency", "message", "lead_minutes", "attributes"}

const (
	maxLines = outcry.MaxBook
	maxLead  = outcry.MaxAhead / time.Minute
)

// Read reads a list: a CSV file whose first line names its columns. It is
// refused as a whole with all that is wrong in it, by line.
func Read(r io.Reader) (List, error) {
	in := csv.NewReader(r)
	in.TrimLeadingSpace = true
	head, err := in.Read()
	if err != nil {
		return nil, fmt.Errorf("read the price list: %w", err)
	}
	at, err := header(head)
	if err != nil {
		return nil, err
	}
	list, faults := List{}, []error(nil)
	for {
		row, err := in.Read()
		switch {
		case errors.Is(err, io.EOF):
			if len(list) == 0 && len(faults) == 0 {
				return nil, errors.New("the price list has no lines: write one a code below the first line")
			}
			return list, errors.Join(faults...)
		case err != nil:
			return nil, fmt.Errorf("read the price list: %w", err)
		case len(list) == maxLines:
			return nil, fmt.Errorf("the price list has more than %d lines", maxLines)
		}
		n, _ := in.FieldPos(0)
		line, err := parse(func(column string) string {
			if i, ok := at[column]; ok {
				return strings.TrimSpace(row[i])
			}
			return ""
		})
		if _, twice := list[line.Code]; err == nil && twice {
			err = fmt.Errorf("%s stands in the list twice", line.Code)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("line %d: %w", n, err))
			continue
		}
		list[line.Code] = line
	}
}

// header says where each column stands.
func header(head []string) (map[string]int, error) {
	at := map[string]int{}
	for i, name := range head {
		name = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
		if !slices.Contains(columns, name) {
			return nil, fmt.Errorf("the price list has a column %q; its columns are %s", name, strings.Join(columns, ", "))
		}
		at[name] = i
	}
	for _, name := range columns[:3] {
		if _, ok := at[name]; !ok {
			return nil, fmt.Errorf("the price list has no column %s; begin it with the line %s", name, strings.Join(columns[:5], ","))
		}
	}
	return at, nil
}

// parse reads a line.
func parse(cell func(column string) string) (Line, error) {
	l := Line{Message: cell("message")}
	var err error
	if l.Code, err = outcry.ParseCode(cell("code")); err != nil {
		return l, fmt.Errorf("code: %q is none; write it as scheme:id, for example osm:shop=bakery", cell("code"))
	}
	currency := strings.ToUpper(cell("currency"))
	amount, err := input.Minor(cell("price"), currency)
	if err != nil {
		return l, fmt.Errorf("price: %w", err)
	}
	l.Price = outcry.Money{Amount: amount, Currency: currency}
	if len([]rune(l.Message)) > outcry.MaxMessage {
		return l, fmt.Errorf("message: write at most %d characters", outcry.MaxMessage)
	}
	if text := cell("lead_minutes"); text != "" {
		minutes, err := strconv.Atoi(text)
		if err != nil || minutes < 0 || minutes > int(maxLead) {
			return l, errors.New("lead_minutes: write a whole number of minutes, for example 25")
		}
		l.Lead = time.Duration(minutes) * time.Minute
	}
	if text := cell("attributes"); text != "" {
		if json.Unmarshal([]byte(text), &map[string]any{}) != nil {
			return l, errors.New(`attributes: write a JSON object, for example {"sliced":true}`)
		}
		l.Attributes = json.RawMessage(text)
	}
	return l, nil
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
