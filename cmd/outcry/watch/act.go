package watch

import (
	"context"
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"outcry"
	"outcry/wire"
)

// How much is looked through for what stands when the line begins: calls in
// each state, and orders.
const (
	mostCalls  = 200
	mostOrders = 200
)

// hold acknowledges a version of the book.
func (m Model) hold(version int) tea.Cmd {
	if version == 0 {
		return nil
	}
	return m.bind(func(ctx context.Context) tea.Msg {
		_, err := m.shop.Acknowledge(ctx, version)
		return Did{Err: err}
	})
}

// learn looks a code up, once at a time, where it is not known.
func (m Model) learn(code string) tea.Cmd {
	if _, ok := m.Known[code]; ok || m.asked[code] {
		return nil
	}
	m.asked[code] = true
	return m.bind(func(ctx context.Context) tea.Msg {
		k, err := m.codes.Of(ctx, code)
		return Learned{Code: code, Known: k, Err: err}
	})
}

// catchUp asks how things stand.
func (m Model) catchUp() tea.Cmd {
	var before []string
	for _, l := range m.Lines {
		if l.Call.State == outcry.CallWaiting {
			before = append(before, l.Call.ID)
		}
	}
	return m.bind(func(ctx context.Context) tea.Msg {
		c := Caught{Before: before}
		for _, state := range []outcry.CallState{outcry.CallWaiting, outcry.CallOffered} {
			calls, err := m.standing(ctx, state)
			c.Calls, c.Err = append(c.Calls, calls...), errors.Join(c.Err, err)
		}
		n := 0
		for o, err := range m.shop.Orders(ctx) {
			c.Err = errors.Join(c.Err, err)
			if n++; err != nil || n > mostOrders {
				break
			}
			if o.State == outcry.OrderPlaced || o.State == outcry.OrderConfirmed {
				c.Orders = append(c.Orders, o)
			}
		}
		slices.Reverse(c.Orders)
		return c
	})
}

// standing are the calls in a state, oldest first; of those that were offered
// such whose offer is live.
func (m Model) standing(ctx context.Context, state outcry.CallState) ([]wire.Call, error) {
	var calls []wire.Call
	n := 0
	for call, err := range m.shop.Calls(ctx, state) {
		if n++; err != nil || n > mostCalls {
			return calls, err
		}
		if o := call.Offer; state == outcry.CallWaiting || o != nil && o.State == outcry.OfferLive {
			calls = append([]wire.Call{call}, calls...) // they come newest first
		}
	}
	return calls, nil
}

// follow reads an order anew.
func (m Model) follow(id string) tea.Cmd {
	return m.bind(func(ctx context.Context) tea.Msg {
		o, err := m.shop.Order(ctx, id)
		return Did{Order: &o, Err: err}
	})
}

// bid offers on a line, or changes the offer that it has.
func (m *Model) bid(l *Line, bid wire.Bid) tea.Cmd {
	id, has, price, name := l.Call.ID, l.offer(), bid.Price.String(), m.name(l.Call.Request.Code)
	l.Doing, l.Trouble = "offering "+price, ""
	return m.bind(func(ctx context.Context) tea.Msg {
		var o wire.Offer
		var err error
		if has != nil {
			o, err = m.shop.Revise(ctx, has.ID, has.Version, bid)
		} else {
			o, err = m.shop.Offer(ctx, id, bid)
		}
		return Did{Call: id, Offer: &o, Err: err, Notice: "Offered " + price + " for " + name + "."}
	})
}

// offered takes an offer that the market has taken.
func (m *Model) offered(l *Line, o wire.Offer) {
	l.Call.Offer, l.Call.State, l.Trouble = &o, outcry.CallOffered, ""
	m.sent = slices.DeleteFunc(m.sent, func(id string) bool { return id == l.Call.ID })
	if o.State != outcry.OfferLive {
		return
	}
	m.sent = append(m.sent, l.Call.ID)
	m.sent = m.sent[max(0, len(m.sent)-mostLines):]
	m.Last[l.Call.Request.Code] = Priced{Price: o.Price, Quantity: l.quantity()}
}

// withdraw takes the last offer back that was made here and stands, or else
// that of the chosen line.
func (m *Model) withdraw() tea.Cmd {
	l := m.Choice()
	for _, id := range slices.Backward(m.sent) {
		if made := m.line(id); made != nil && made.offer() != nil {
			l = made
			break
		}
	}
	if l == nil || l.offer() == nil {
		m.say(true, "No offer stands that could be taken back.")
		return nil
	}
	if m.busy(l) {
		return nil
	}
	o, id, name := *l.offer(), l.Call.ID, m.name(l.Call.Request.Code)
	l.Doing, l.Trouble = "withdrawing "+o.Price.String(), ""
	return m.bind(func(ctx context.Context) tea.Msg {
		err := m.shop.Withdraw(ctx, o.ID, o.Version)
		o.State, o.Version = outcry.OfferWithdrawn, o.Version+1
		return Did{Call: id, Offer: &o, Err: err, Notice: "Withdrew " + o.Price.String() + " for " + name + "."}
	})
}

// busy says, also on the screen, that an answer is on its way already.
func (m *Model) busy(l *Line) bool {
	if l.Doing == "" {
		return false
	}
	m.say(true, "Wait a moment: "+l.Doing+".")
	return true
}

// decline refuses a call.
func (m *Model) decline(l *Line, reason string) tea.Cmd {
	id, name := l.Call.ID, m.name(l.Call.Request.Code)
	l.Doing, l.Trouble = "declining", ""
	return m.bind(func(ctx context.Context) tea.Msg {
		return Did{Call: id, Declined: true, Err: m.shop.Decline(ctx, id, reason), Notice: "Declined " + name + "."}
	})
}

// deal does something about an order; doing is how that is called meanwhile.
func (m *Model) deal(l *Line, doing string, do func(context.Context) (wire.Order, error)) tea.Cmd {
	id := l.Call.ID
	l.Doing, l.Trouble = doing, ""
	return m.bind(func(ctx context.Context) tea.Msg {
		o, err := do(ctx)
		return Did{Call: id, Order: &o, Err: err, Notice: "The order is " + string(o.State) + "."}
	})
}

// read fetches the thread of a line.
func (m Model) read(l *Line) tea.Cmd {
	id := l.Call.ID
	return m.bind(func(ctx context.Context) tea.Msg {
		d := Did{Call: id}
		for s, err := range m.shop.Messages(ctx, id) {
			if d.Err = err; err != nil {
				break
			}
			d.Thread = append(d.Thread, s)
			d.Thread = d.Thread[max(0, len(d.Thread)-mostThread):]
		}
		return d
	})
}

// write sends a text to the buyer of a line.
func (m *Model) write(l *Line, text string) tea.Cmd {
	id := l.Call.ID
	l.Doing = "writing"
	return m.bind(func(ctx context.Context) tea.Msg {
		s, err := m.shop.Say(ctx, id, text)
		if err != nil {
			return Did{Call: id, Unsent: text, Err: err}
		}
		return Did{Call: id, Thread: []wire.Message{s}, Notice: "Sent."}
	})
}
