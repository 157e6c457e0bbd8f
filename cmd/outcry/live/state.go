// Package live draws a request's board in a terminal while it happens, and lets
// the buyer pick. Render makes the picture and knows nothing of terminals; Run
// shows it, follows the request and takes keys.
package live

import (
	"time"

	"outcry"
	"outcry/wire"
)

// State is everything that the picture shows.
type State struct {
	Board wire.Board
	// Name is what the request's code is called.
	Name string
	// Rank is how the offers are ranked.
	Rank outcry.Rank
	// Chosen is the offer that the keys act on; "" is the first one.
	Chosen string
	Mode   Mode
	// Notice is what has just happened, in a line; Bad says that it went wrong.
	Notice string
	Bad    bool
	// Lost is since when the line to the server is broken; zero while it stands.
	Lost time.Time
	// Order is what was accepted; nil before.
	Order *wire.Order
	// Was are the prices before the last revision, by offer.
	Was map[string]outcry.Money
	// Names are the names of the shops that were called, by id.
	Names map[string]string
	// Light says that the terminal writes dark on light.
	Light bool
	// Rows is how many offers are shown at once; 0 is all.
	Rows int
	// Done says that nothing more will happen: no keys are offered.
	Done bool
}

// Mode is what the next key is for.
type Mode int

// The modes.
const (
	Browsing  Mode = iota
	Accepting      // the question whether to accept stands
	Leaving        // the question whether to withdraw and leave stands
)

// Live are the offers that may be accepted, in their rank.
func (s State) Live() []wire.BoardOffer {
	var live []wire.BoardOffer
	for _, o := range s.Board.Offers {
		if o.State == outcry.OfferLive {
			live = append(live, o)
		}
	}
	return live
}

// Choice is the offer that the keys act on; ok is false where none is live.
func (s State) Choice() (o wire.BoardOffer, ok bool) {
	live := s.Live()
	if len(live) == 0 {
		return wire.BoardOffer{}, false
	}
	return live[s.index(live)], true
}

// index is where the choice stands among the live offers.
func (s State) index(live []wire.BoardOffer) int {
	for i, o := range live {
		if o.ID == s.Chosen {
			return i
		}
	}
	return 0
}

// Open says whether the request takes answers.
func (s State) Open() bool { return s.Board.Request.State == outcry.RequestOpen }

// counts are the request's; zero where the server gave none.
func (s State) counts() outcry.Counts {
	if s.Board.Request.Counts == nil {
		return outcry.Counts{}
	}
	return *s.Board.Request.Counts
}

// asked is what was asked for, in the buyer's own words where there are some.
func (s State) asked() string {
	if w := s.Board.Request.Words; w != "" {
		return w
	}
	return s.Name
}
