package trial

import (
	"time"

	"outcry"
)

// outcome is what came of a request.
type outcome struct {
	calls, offers int
	soonest       time.Duration // from the request to the first offer
	third         time.Duration // and to the third one
	over          time.Duration // and to the closing
	best          int64         // the lowest price offered; 0: nobody offered
	// first is what the first offer of the board is worth to the buyer when it
	// looks, and any what the best one is; that of a shop that would break the
	// deal is worth 0.
	first, any   float64
	deal, broken bool
}

// offered notes an offer that the market took. It is false where the shop had
// offered before.
func (c *course) offered(e *outcry.Event, now time.Time) bool {
	v := &c.called[e.Offer.Call]
	if v.offered {
		return false
	}
	v.offered = true
	c.offers++
	switch c.offers {
	case 1:
		c.soonest = now.Sub(c.Created)
	case 3:
		c.third = now.Sub(c.Created)
	}
	if price := e.Offer.Price.Amount; c.best == 0 || price < c.best {
		c.best = price
	}
	return true
}

// ended is a request that is over.
type ended struct {
	*asked
	outcome
}

// tally is what is counted of a market in the measured day.
type tally struct {
	ended   []ended
	calls   []int  // by the trader's number
	exposed []bool // called in its first ten requests; the same
	// people are the calls to shops answered by people, beyond those that they
	// could not deal with.
	people, beyond int
	// repeats are offers sent again, taken those that the market took for new.
	repeats, taken int
}

func newTally(traders int) tally {
	return tally{calls: make([]int, traders), exposed: make([]bool, traders)}
}

// call counts a call.
func (t *tally) call(a *asked, to *trader, beyond bool) {
	if a.n <= to.tenth {
		t.exposed[to.n] = true
	}
	if !a.measured {
		return
	}
	t.calls[to.n]++
	if to.person() {
		t.people++
		if beyond {
			t.beyond++
		}
	}
}

// end counts a request that is over.
func (t *tally) end(c *course) {
	if c.measured {
		t.ended = append(t.ended, ended{c.asked, c.outcome})
	}
}
