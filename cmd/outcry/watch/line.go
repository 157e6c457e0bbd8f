package watch

import (
	"strings"
	"time"

	"outcry"
	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/live"
	"outcry/wire"
)

// Line is one call and what became of it: its offer, its order, its thread.
type Line struct {
	Call  wire.Call
	Order *wire.Order // what the offer became; nil before
	// Doing is what is on its way to the server, such as "offering £4.80"; "" is
	// nothing. While it is, the line takes no other answer.
	Doing string
	// Trouble is why the last answer was not taken.
	Trouble string
	// Thread are the last messages, oldest first; Unread counts those of the
	// buyer that nobody has looked at.
	Thread []wire.Message
	Unread int
	// Ended is since when nothing more can be done about it.
	Ended time.Time
}

// ordered is the line of an order whose call is not known any more: what the
// terms say stands for it.
func ordered(o wire.Order) Line {
	request, n, _ := outcry.RequestOf(o.OfferID)
	t := o.Terms
	return Line{Order: &o, Call: wire.Call{
		ID: outcry.CallID(request, n), ShopID: o.Shop.ID, State: outcry.CallOffered, Deadline: t.AcceptedAt, ClosedAt: t.AcceptedAt,
		Request: wire.Need{Code: t.Code, Attributes: t.Asked, Note: t.Note, Quantity: t.Quantity, NeededAt: t.NeededAt},
	}}
}

// renew takes the call as it was told once more. What the shop has answered
// since stands.
func (l *Line) renew(c wire.Call) {
	answered := l.Call.State == outcry.CallOffered || l.Call.State == outcry.CallDeclined
	if c.State == outcry.CallWaiting && answered {
		c.State, c.Offer, c.Declined = l.Call.State, l.Call.Offer, l.Call.Declined
	}
	l.Call = c
}

// quantity is how much was asked for, at least 1.
func (l *Line) quantity() int { return max(1, l.Call.Request.Quantity) }

// left is the time that is left to answer; 0 where there is none.
func (l *Line) left(now time.Time) time.Duration {
	if !time.Time(l.Call.ClosedAt).IsZero() || l.Order != nil {
		return 0
	}
	return max(0, time.Time(l.Call.Deadline).Sub(now))
}

// open says whether the call waits for the shop's answer.
func (l *Line) open(now time.Time) bool { return l.Call.State == outcry.CallWaiting && l.left(now) > 0 }

// lastCall is how long before the deadline a waiting call is marked.
const lastCall = 10 * time.Second

// urgent says whether the call must be answered now or never.
func (l *Line) urgent(now time.Time) bool { return l.open(now) && l.left(now) < lastCall }

// offer is the shop's live offer; nil where it has none.
func (l *Line) offer() *wire.Offer {
	if o := l.Call.Offer; o != nil && o.State == outcry.OfferLive && l.Order == nil {
		return o
	}
	return nil
}

// over says that nothing more can be done about it.
func (l *Line) over(now time.Time) bool {
	switch {
	case l.Doing != "":
		return false
	case l.Order != nil:
		return l.Order.State != outcry.OrderPlaced && l.Order.State != outcry.OrderConfirmed
	case l.offer() != nil:
		return !time.Time(l.offer().ValidUntil).After(now)
	}
	return l.left(now) == 0
}

// standing says in a few words where the line stands.
func (l *Line) standing(now time.Time) string {
	switch {
	case l.Doing != "":
		return l.Doing + "…"
	case l.Order != nil:
		return orderWords(*l.Order)
	case l.Call.State == outcry.CallWaiting && l.left(now) == 0:
		return "time is up"
	case l.Call.State == outcry.CallWaiting && l.Trouble != "":
		return "not taken"
	case l.Call.State == outcry.CallOffered && l.Call.Offer != nil:
		return l.offerWords(now)
	case l.Call.State == outcry.CallClosed:
		return "closed" + because(l.Call.ClosedReason)
	}
	return string(l.Call.State)
}

// orderWords say where an order stands, and which key it waits for.
func orderWords(o wire.Order) string {
	switch o.State {
	case outcry.OrderPlaced:
		return "ordered " + o.Terms.Price.String() + ": c/x"
	case outcry.OrderConfirmed:
		return "confirmed " + o.Terms.Price.String()
	}
	return string(o.State)
}

func (l *Line) offerWords(now time.Time) string {
	o := l.Call.Offer
	switch {
	case o.State == outcry.OfferLive && l.Trouble != "":
		return "offered " + o.Price.String() + ", change not taken"
	case o.State == outcry.OfferLive && l.left(now) == 0:
		return "offered " + o.Price.String() + because(l.Call.ClosedReason)
	case o.State == outcry.OfferLive:
		return "offered " + o.Price.String()
	}
	return string(o.State) + " " + o.Price.String()
}

// because says why a request was closed; "" where it is not known.
func because(reason outcry.ClosedReason) string {
	words := map[outcry.ClosedReason]string{
		outcry.ClosedEnough: ", enough offers", outcry.ClosedWithdrawn: ", buyer left", outcry.ClosedAccepted: ", other chosen",
	}
	return words[reason]
}

// need says what is asked for, as one line of the list.
func (s *State) need(l *Line) string {
	words := []string{s.name(l.Call.Request.Code)}
	words = append(words, live.Attributes(l.Call.Request.Attributes)...)
	text := strings.Join(words, ", ")
	if note := l.Call.Request.Note; note != "" {
		text += ` "` + note + `"`
	}
	return column.Clean(text)
}

// name is what a code is called, or the code itself.
func (s *State) name(code string) string {
	if k := s.Known[code]; k.Name != "" {
		return column.Clean(k.Name)
	}
	return column.Clean(code)
}
