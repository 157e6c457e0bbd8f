package shelf

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"outcry"
	"outcry/cmd/outcry/pricelist"
)

// Gone is what was sold of a line of the price list.
type Gone struct {
	// Written is the stock that the line told; another one is a new count.
	Written int `json:"written"`
	Sold    int `json:"sold"`
}

// Hold is how much of a line is promised to one call.
type Hold struct {
	Call  string `json:"call_id"`
	Line  string `json:"line"` // its key
	Count int    `json:"count"`
	// Ordered says that the offer was accepted: it no longer lapses.
	Ordered bool      `json:"ordered,omitempty"`
	At      time.Time `json:"at"`
}

// settled is after how long an order that nobody called off counts as sold.
const settled = 90 * 24 * time.Hour

// maxGone bounds the lines whose count is kept although the list has them no more.
const maxGone = 20_000

// Recount compares the stock that the lines of a price list tell with what they
// told before: where a line tells another number, somebody has counted anew, and
// what was ordered before is gone from that count already. It gives the lines
// that were counted anew.
func (s *Shelf) Recount(lines []pricelist.Line) []pricelist.Line {
	s.mu.Lock()
	defer s.mu.Unlock()
	var anew []pricelist.Line
	if len(s.state.Gone) > maxGone {
		s.prune(lines)
	}
	for _, l := range lines {
		was, known := s.state.Gone[l.Key()]
		if !l.Counted || known && was.Written == l.Stock {
			continue
		}
		s.state.Gone[l.Key()] = Gone{Written: l.Stock}
		s.gen++
		maps.DeleteFunc(s.state.Holds, func(_ string, h Hold) bool { return h.Line == l.Key() && h.Ordered })
		if known {
			anew = append(anew, l)
		}
	}
	return anew
}

// prune forgets the counts of lines that the list has no more.
func (s *Shelf) prune(lines []pricelist.Line) {
	kept := map[string]Gone{}
	for _, l := range lines {
		if gone, ok := s.state.Gone[l.Key()]; ok {
			kept[l.Key()] = gone
		}
	}
	s.state.Gone = kept
	s.gen++
}

// Left is how many of a line may still be promised, at least 0.
func (s *Shelf) Left(l pricelist.Line) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.left(l)
}

func (s *Shelf) left(l pricelist.Line) int {
	n := l.Stock
	if gone := s.state.Gone[l.Key()]; gone.Written == l.Stock {
		n -= gone.Sold
	}
	for _, h := range s.state.Holds {
		if h.Line == l.Key() {
			n -= h.Count
		}
	}
	return max(n, 0)
}

// Hold promises so many of a line to a call, or says how many are left where
// that is too many. The promise is on disk when it is made.
func (s *Shelf) Hold(call string, l pricelist.Line, count int, now time.Time) (left int, ok bool, err error) {
	s.mu.Lock()
	delete(s.state.Holds, call) // its own of an earlier try
	if left = s.left(l); left < count {
		s.gen++
		s.mu.Unlock()
		return left, false, nil
	}
	s.state.Holds[call] = Hold{Call: call, Line: l.Key(), Count: count, At: now}
	s.gen++
	s.mu.Unlock()
	return left - count, true, s.Sync()
}

// Release gives back what was promised to a call, unless it was ordered.
func (s *Shelf) Release(call string) (Hold, bool) {
	return s.move(call, func(h *Hold) bool { return h.Ordered })
}

// Held are the promises that may lapse, oldest first.
func (s *Shelf) Held() []Hold { return s.holds(false) }

// Ordered are the promises that became orders whose end is not known, oldest
// first.
func (s *Shelf) Ordered() []Hold { return s.holds(true) }

func (s *Shelf) holds(ordered bool) []Hold {
	s.mu.Lock()
	defer s.mu.Unlock()
	var held []Hold
	for _, h := range s.state.Holds {
		if h.Ordered == ordered {
			held = append(held, h)
		}
	}
	slices.SortFunc(held, func(a, b Hold) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Call, b.Call)) })
	return held
}

// Accepted notes that the offer to a call became an order.
func (s *Shelf) Accepted(call string) {
	s.move(call, func(h *Hold) bool {
		h.Ordered = true
		return true
	})
}

// Order notes where the order of an offer stands: what is refused or cancelled
// is back in the stock, what is fulfilled is gone. It is on disk when this
// returns without an error.
func (s *Shelf) Order(offer string, state outcry.OrderState) error {
	request, n, ok := outcry.RequestOf(offer)
	if !ok {
		return nil
	}
	call := outcry.CallID(request, n)
	switch state {
	case outcry.OrderRefused, outcry.OrderCancelled:
		s.move(call, func(*Hold) bool { return false })
	case outcry.OrderFulfilled, outcry.OrderCompleted:
		s.sold(call)
	default:
		s.Accepted(call)
	}
	return s.Sync()
}

// sold takes what was promised to a call out of the stock.
func (s *Shelf) sold(call string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, ok := s.state.Holds[call]
	if !ok {
		return
	}
	delete(s.state.Holds, call)
	gone := s.state.Gone[h.Line]
	gone.Sold += h.Count
	s.state.Gone[h.Line] = gone
	s.gen++
}

// Settle takes orders that are older than the shop could still call off out of
// the stock, so that what is kept stays small.
func (s *Shelf) Settle(now time.Time) {
	for _, h := range s.Ordered() {
		if now.Sub(h.At) > settled {
			s.sold(h.Call)
		}
	}
}

// move changes the promise to a call; it ends where stays says no.
func (s *Shelf) move(call string, stays func(*Hold) bool) (h Hold, ended bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, ok := s.state.Holds[call]
	if !ok {
		return h, false
	}
	if stays(&h) {
		s.state.Holds[call] = h
	} else {
		delete(s.state.Holds, call)
		ended = true
	}
	s.gen++
	return h, ended
}
