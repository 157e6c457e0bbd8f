package outcry

import "time"

// Board is a request with everything that has happened to it, folded from its
// events: it says where every call and offer stands. It is not safe for use by
// many at once.
type Board struct {
	Request Request
	Seq     int64   // number of the last event applied
	Waves   int     // how many were called
	Calls   []*Call // by the call's number
	// Orders counts those that hold: placed and neither refused nor cancelled.
	Orders int
	// Messages are the threads' texts, in the order of the log.
	Messages []Message
	offered  int // calls that an offer was ever made to
	byShop   map[string]*Call
}

// Call is one called shop and what it has answered.
type Call struct {
	Called
	Wave     int
	At       time.Time
	Declined *Decline
	// Offer is the newest version of what the shop offered; nil before.
	Offer     *Offer
	Withdrawn bool // the newest version took the offer back
	// Came counts the calls of the request that were offered to before this
	// one, and this one: who came first stands first in a tie.
	Came int
	// Order is what the offer became, and where that stands; "" before.
	Order      string
	OrderState OrderState
}

// NewBoard is the board of a request to which nothing has happened.
func NewBoard(r Request) *Board {
	return &Board{Request: r, byShop: map[string]*Call{}}
}

// Called is the call of a shop, nil where it was not called.
func (b *Board) Called(shop string) *Call { return b.byShop[shop] }

// Call is the call with that number, nil where there is none.
func (b *Board) Call(n int) *Call {
	if n < 0 || n >= len(b.Calls) {
		return nil
	}
	return b.Calls[n]
}

// Closed says whether the request takes no more answers.
func (b *Board) Closed() bool { return b.Request.State == RequestClosed }

// Apply adds what an event says. Events come in the order of the log; one
// that was applied before changes nothing.
func (b *Board) Apply(e Event) {
	if e.Seq != 0 && e.Seq <= b.Seq {
		return
	}
	b.Seq = max(b.Seq, e.Seq)
	switch {
	case e.Wave != nil:
		b.applyWave(e)
	case e.Offer != nil:
		b.applyOffer(e)
	case e.Decline != nil:
		if c := b.Call(e.Decline.Call); c != nil {
			c.Declined = e.Decline
		}
	case e.Change != nil:
		b.Request.Deadline, b.Request.RadiusM = e.Change.Deadline, e.Change.RadiusM
		b.Request.Code, b.Request.Wanted = e.Change.Code, e.Change.Wanted
	case e.Closing != nil:
		b.Request.State, b.Request.Reason, b.Request.Closed = RequestClosed, e.Closing.Reason, e.At
	case e.Order != nil:
		b.applyOrder(*e.Order)
	case e.Message != nil:
		b.Messages = append(b.Messages, *e.Message)
	}
}

// applyWave adds the calls of a wave; calls that stand already are left.
func (b *Board) applyWave(e Event) {
	b.Waves = max(b.Waves, e.Wave.N)
	for _, called := range e.Wave.Calls {
		if called.N != len(b.Calls) {
			continue
		}
		c := &Call{Called: called, Wave: e.Wave.N, At: e.At}
		b.Calls = append(b.Calls, c)
		b.byShop[called.Shop] = c
	}
}

// applyOffer sets the newest version of a call's offer.
func (b *Board) applyOffer(e Event) {
	if c := b.Call(e.Offer.Call); c != nil {
		if c.Offer == nil {
			b.offered++
			c.Came = b.offered
		}
		c.Offer = e.Offer
		c.Withdrawn = e.Kind == EventOfferWithdrawn
		if !c.Withdrawn {
			c.Declined = nil
		}
	}
}

// applyOrder notes where the order of an offer stands.
func (b *Board) applyOrder(step OrderStep) {
	request, n, ok := RequestOf(step.Offer)
	c := b.Call(n)
	if !ok || request != b.Request.ID || c == nil {
		return
	}
	held := holds(c.OrderState)
	c.Order, c.OrderState = step.Order, step.State
	switch now := holds(c.OrderState); {
	case now && !held:
		b.Orders++
	case held && !now:
		b.Orders--
	}
}

// holds says whether an order in that state takes one of the request's places.
func holds(s OrderState) bool {
	return s != "" && s != OrderRefused && s != OrderCancelled
}

// Taken says whether the request has become as many orders as it may.
func (b *Board) Taken() bool { return b.Orders >= b.Request.Accepts }

// CallState is where a call stands.
func (b *Board) CallState(c *Call) CallState {
	switch {
	case c.Offer != nil && !c.Withdrawn:
		return CallOffered
	case c.Declined != nil || c.Withdrawn:
		return CallDeclined
	case !b.Closed():
		return CallWaiting
	case b.Request.Reason == ClosedDeadline || b.Request.Reason == ClosedNobody:
		return CallMissed
	}
	return CallClosed
}

// OfferState is where the offer of a call stands at that moment; "" where the
// shop has not offered.
func (b *Board) OfferState(c *Call, now time.Time) OfferState {
	switch {
	case c.Offer == nil:
		return ""
	case holds(c.OrderState):
		return OfferAccepted
	case c.Withdrawn:
		return OfferWithdrawn
	case b.Taken() || b.Request.Reason == ClosedWithdrawn || c.Order != "":
		return OfferLost
	case !now.Before(c.Offer.ValidUntil):
		return OfferExpired
	}
	return OfferLive
}

// Counts are how many shops were called and what became of it.
type Counts struct {
	Called   int `json:"called"`
	Offered  int `json:"offered"`
	Declined int `json:"declined"`
	Waiting  int `json:"waiting"`
}

// Counts counts the calls by where they stand.
func (b *Board) Counts() Counts {
	n := Counts{Called: len(b.Calls)}
	for _, c := range b.Calls {
		switch b.CallState(c) {
		case CallOffered:
			n.Offered++
		case CallDeclined:
			n.Declined++
		case CallWaiting:
			n.Waiting++
		case CallMissed, CallClosed:
		}
	}
	return n
}

// Live counts the offers that may be accepted at that moment.
func (b *Board) Live(now time.Time) int {
	n := 0
	for _, c := range b.Calls {
		if b.OfferState(c, now) == OfferLive {
			n++
		}
	}
	return n
}

// Thread is what the buyer and one shop have written to each other.
func (b *Board) Thread(shop string) []Message {
	thread := []Message{}
	for _, m := range b.Messages {
		if m.Shop == shop {
			thread = append(thread, m)
		}
	}
	return thread
}

// Hearers are all shops that were called.
func (b *Board) Hearers() []Hearer {
	hearers := make([]Hearer, len(b.Calls))
	for i, c := range b.Calls {
		hearers[i] = Hearer{Shop: c.Shop, N: c.N, State: b.CallState(c)}
	}
	return hearers
}
