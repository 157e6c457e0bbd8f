// Package watch shows a shop's waiting calls in a terminal, and lets a person
// answer them: offer a price, decline, take an offer back, confirm an order,
// write to the buyer. Render makes the picture and knows nothing of terminals;
// Run shows it, hears the shop's line and takes keys.
package watch

import (
	"slices"
	"time"

	"outcry"
	"outcry/cmd/outcry/pricelist"
)

// State is everything that the picture shows.
type State struct {
	// Shop is the shop's name; "" before its line has said hello.
	Shop string
	// Lines are what the shop was called for, in the order in which it came.
	Lines []Line
	// Chosen is the line that the keys act on.
	Chosen string
	Mode   Mode
	// Typed is the price or the text that is being typed.
	Typed string
	// Notice is what has just happened, in a line; Bad says that it went wrong.
	Notice string
	Bad    bool
	// Lost is since when the line to the server is broken; zero while it stands.
	Lost time.Time
	// Known is what was looked up, by code.
	Known map[string]Known
	// List are the shop's prices; it may be empty.
	List pricelist.List
	// Last is what was last offered for a code.
	Last map[string]Priced
	// Currency is that of prices where neither the budget nor the price list says
	// one; "" is not said.
	Currency string
	// Unseen counts the calls for which there was no room.
	Unseen int
	// Light says that the terminal writes dark on light.
	Light bool
	// Height is how many lines the picture may have.
	Height int
}

// Known is what was looked up about a code: what it is called, and the codes from
// itself up to the root of the tree.
type Known struct {
	Name string
	Path []outcry.Code
}

// Priced is a price for a quantity.
type Priced struct {
	Price    outcry.Money
	Quantity int
}

// Mode is what the next key is for.
type Mode int

// The modes.
const (
	Browsing  Mode = iota
	Pricing        // a price is being typed
	Declining      // the reasons for declining a call are shown
	Refusing       // the reasons for refusing an order are shown
	Writing        // the thread is shown, and a text is being typed
	Helping        // the keys are explained
)

// The bounds of what is kept.
const (
	mostLines  = 500
	mostThread = 50
	// kept is how long a line stays when nothing more can be done about it.
	kept = time.Minute
)

// index is where a call's line stands, -1 where there is none.
func (s *State) index(call string) int {
	return slices.IndexFunc(s.Lines, func(l Line) bool { return l.Call.ID == call })
}

// line is the line of a call; nil where there is none.
func (s *State) line(call string) *Line {
	if i := s.index(call); i >= 0 {
		return &s.Lines[i]
	}
	return nil
}

// Choice is the line that the keys act on; nil where there is none.
func (s *State) Choice() *Line { return s.line(s.Chosen) }

// of is the line of a request; nil where there is none.
func (s *State) of(request string) *Line {
	for i := range s.Lines {
		if r, _, ok := outcry.RequestOf(s.Lines[i].Call.ID); ok && r == request {
			return &s.Lines[i]
		}
	}
	return nil
}

// put adds a line at the end; it never moves the choice. Where there are too
// many, the oldest about which nothing more can be done makes room; false where
// none can.
func (s *State) put(l Line, now time.Time) bool {
	if len(s.Lines) >= mostLines {
		i := slices.IndexFunc(s.Lines, func(l Line) bool { return l.Call.ID != s.Chosen && l.over(now) })
		if i < 0 {
			s.Unseen++
			return false
		}
		s.Lines = slices.Delete(s.Lines, i, i+1)
	}
	s.Lines = append(s.Lines, l)
	if s.Choice() == nil {
		s.Chosen = l.Call.ID
	}
	return true
}

// sweep drops the lines that were over for a while. The chosen one stays while
// it is looked at.
func (s *State) sweep(now time.Time) {
	for i := range s.Lines {
		switch l := &s.Lines[i]; {
		case !l.over(now):
			l.Ended = time.Time{}
		case l.Ended.IsZero():
			l.Ended = now
		}
	}
	s.Lines = slices.DeleteFunc(s.Lines, func(l Line) bool {
		return l.Call.ID != s.Chosen && !l.Ended.IsZero() && now.Sub(l.Ended) >= kept
	})
}

// Waiting counts the calls that wait for an answer and the orders that wait for
// a confirmation, as seen at the time now.
func (s *State) Waiting(now time.Time) (calls, orders int) {
	for _, l := range s.Lines {
		switch {
		case l.Order != nil && l.Order.State == outcry.OrderPlaced:
			orders++
		case l.open(now):
			calls++
		}
	}
	return calls, orders
}
