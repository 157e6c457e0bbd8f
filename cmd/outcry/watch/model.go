package watch

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"outcry"
	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/live"
	"outcry/shop"
	"outcry/wire"
	"outcry/wire/dial"
)

// Model is the state of the view and what changes it: what the shop hears, keys,
// and time.
type Model struct {
	State
	shop  Shop
	codes Codes
	bell  bool
	// bind makes work that speaks to the server run beside the view.
	bind  func(func(context.Context) tea.Msg) tea.Cmd
	width int
	// skew is how far the server's clock is ahead of this machine's.
	skew  time.Duration
	clock func() time.Time
	// asked are the codes that are being looked up.
	asked map[string]bool
	// sent are the calls that were offered here, the last one at the end.
	sent []string
	Err  error
}

// The messages beside those of the terminal.
type (
	// Heard is something that the shop hears; Err is what ended the watch.
	Heard struct {
		Event shop.Event
		Err   error
	}
	// Learned is what was looked up about a code.
	Learned struct {
		Code  string
		Known Known
		Err   error
	}
	// Caught is how things stand: calls that wait or have a live offer, orders that
	// wait for the shop, and the calls that were thought to wait when it was asked.
	Caught struct {
		Calls  []wire.Call
		Orders []wire.Order
		Before []string
		Err    error
	}
	// Did is what came of an answer to a call: a word about it, and what it
	// changed.
	Did struct {
		Call     string
		Notice   string
		Offer    *wire.Offer
		Declined bool
		Order    *wire.Order
		Thread   []wire.Message
		Unsent   string // the text that was to be sent, where it was not
		Err      error
	}
	ticked time.Time
)

// Start is the model before anything was heard. bind makes work that speaks to
// the server run beside the view; clock is this machine's.
func Start(s Screen, by Shop, bind func(func(context.Context) tea.Msg) tea.Cmd, clock func() time.Time) Model {
	return Model{
		State: State{Known: map[string]Known{}, Last: map[string]Priced{}, List: s.List, Currency: s.Currency, Height: 24},
		shop:  by, codes: s.Codes, bell: s.Bell, bind: bind, clock: clock, width: 80, asked: map[string]bool{},
	}
}

// Init starts the clock and asks the terminal how bright it is.
func (m Model) Init() tea.Cmd { return tea.Batch(m.tick(), tea.RequestBackgroundColor) }

// View is the picture, on a screen of its own.
func (m Model) View() tea.View {
	v := tea.NewView(Render(m.State, m.width, m.now()))
	v.AltScreen = true
	return v
}

// now is the server's time, in this machine's zone.
func (m Model) now() time.Time { return m.clock().Add(m.skew) }

// tick comes when the first figure of a time left changes, and at least each
// second.
func (m Model) tick() tea.Cmd {
	wait := time.Second
	for i := range m.Lines {
		if part := m.Lines[i].left(m.now()) % time.Second; part > 0 {
			wait = min(wait, part)
		}
	}
	return tea.Tick(max(wait, 50*time.Millisecond), func(t time.Time) tea.Msg { return ticked(t) })
}

// Update takes one message.
func (m Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.Height = msg.Width, msg.Height
	case tea.BackgroundColorMsg:
		m.Light = !msg.IsDark()
	case tea.KeyPressMsg:
		return m.press(msg)
	case tea.PasteMsg:
		return m.typing(msg.Content), nil
	case Heard:
		return m.hear(msg)
	case Learned:
		m.learned(msg)
	case Caught:
		return m.caught(msg)
	case Did:
		return m.did(msg)
	case ticked:
		m.sweep(m.now())
		return m, m.tick()
	}
	return m, nil
}

// say notes what has happened; trouble says that it went wrong.
func (m *Model) say(trouble bool, notice string) { m.Bad, m.Notice = trouble, notice }

// hear takes what the shop hears.
func (m Model) hear(h Heard) (tea.Model, tea.Cmd) {
	if h.Err != nil {
		m.Err = h.Err
		return m, tea.Quit
	}
	switch e := h.Event; {
	case e.Kind == dial.Lost:
		m.Lost = m.now()
	case e.Kind == dial.Back:
		m.Lost = time.Time{}
		m.say(false, "Back on the line.")
	case e.Kind == wire.EventReset:
		return m, m.catchUp()
	case e.Hello != nil:
		m.Shop, m.skew = column.Clean(e.Hello.Name), time.Time(e.Hello.At).Sub(m.clock())
		return m, tea.Batch(m.hold(e.Hello.Book.Version), m.catchUp())
	case e.Book != nil:
		return m, m.hold(e.Book.Version)
	case e.Call != nil:
		return m, m.called(*e.Call)
	case e.Closed != nil:
		m.closed(*e.Closed)
	case e.Message != nil:
		m.said(*e.Message)
	case e.Order != nil:
		return m, m.follow(e.Order.ID)
	}
	return m, nil
}

// called takes a call, or what it has become. The bell is for calls that were
// not heard of before and wait.
func (m *Model) called(c wire.Call) tea.Cmd {
	if l := m.line(c.ID); l != nil {
		l.renew(c)
		return m.learn(c.Request.Code)
	}
	if !m.put(Line{Call: c}, m.now()) {
		return nil
	}
	if m.bell && c.State == outcry.CallWaiting {
		return tea.Batch(m.learn(c.Request.Code), tea.Raw("\a"))
	}
	return m.learn(c.Request.Code)
}

// closed takes the end of a call.
func (m *Model) closed(c wire.ClosedCall) {
	if l := m.line(c.ID); l != nil {
		l.Call.State, l.Call.ClosedReason, l.Call.ClosedAt = c.State, c.Reason, c.ClosedAt
	}
}

// said takes a message of a thread.
func (m *Model) said(s wire.Message) {
	l := m.of(s.RequestID)
	if l != nil && !l.hold(s) {
		return // read already
	}
	if s.From != outcry.PartyBuyer {
		return
	}
	m.say(false, "A buyer writes: "+column.Clean(s.Text))
	if l != nil && (m.Mode != Writing || l.Call.ID != m.Chosen) {
		l.Unread++
		m.say(false, m.name(l.Call.Request.Code)+": the buyer writes: "+column.Clean(s.Text))
	}
}

// hold adds a message to the thread; false where it is in it.
func (l *Line) hold(s wire.Message) bool {
	for _, known := range l.Thread {
		if known.ID == s.ID {
			return false
		}
	}
	l.Thread = append(l.Thread, s)
	l.Thread = l.Thread[max(0, len(l.Thread)-mostThread):]
	return true
}

// learned takes what was looked up.
func (m *Model) learned(l Learned) {
	delete(m.asked, l.Code)
	if l.Err == nil || l.Known.Name != "" {
		m.Known[l.Code] = l.Known
		return
	}
	m.say(true, live.Words(l.Err))
}

// caught takes how things stand.
func (m Model) caught(c Caught) (tea.Model, tea.Cmd) {
	if c.Err != nil {
		m.say(true, live.Words(c.Err))
		return m, nil
	}
	var work []tea.Cmd
	stands := map[string]bool{}
	for _, call := range c.Calls {
		stands[call.ID] = true
		work = append(work, m.called(call))
	}
	for _, id := range c.Before {
		if l := m.line(id); l != nil && l.Doing == "" && l.Call.State == outcry.CallWaiting && !stands[id] {
			l.Call.State = outcry.CallClosed
		}
	}
	for _, o := range c.Orders {
		work = append(work, m.order(o))
	}
	return m, tea.Batch(work...)
}

// order takes an order as it stands now.
func (m *Model) order(o wire.Order) tea.Cmd {
	request, n, ok := outcry.RequestOf(o.OfferID)
	if !ok {
		return nil
	}
	l := m.line(outcry.CallID(request, n))
	if l == nil || l.Order == nil || l.Order.State != o.State {
		m.tell(o)
	}
	switch {
	case l == nil:
		m.put(ordered(o), m.now())
	case l.Order == nil || l.Order.ID != o.ID || !time.Time(o.UpdatedAt).Before(time.Time(l.Order.UpdatedAt)):
		l.Order, l.Trouble = &o, ""
	}
	return m.learn(o.Terms.Code)
}

// tell says what became of an order by the buyer's doing.
func (m *Model) tell(o wire.Order) {
	what := m.name(o.Terms.Code) + " for " + o.Terms.Price.String()
	switch o.State {
	case outcry.OrderPlaced:
		m.say(false, "Ordered: "+what+". Confirm it with c, or refuse it with x.")
	case outcry.OrderCancelled:
		m.say(true, column.Clean("Cancelled: "+what+". "+o.Reason))
	case outcry.OrderCompleted:
		m.say(false, "Completed: "+what+".")
	case outcry.OrderConfirmed, outcry.OrderFulfilled, outcry.OrderRefused: // the shop's own doing
	}
}

// did takes what came of an answer.
func (m Model) did(d Did) (tea.Model, tea.Cmd) {
	l := m.line(d.Call)
	if l != nil {
		l.Doing = ""
	}
	if d.Err != nil {
		return m.failed(d), nil
	}
	if d.Notice != "" {
		m.say(false, d.Notice)
	}
	if d.Order != nil {
		return m, m.order(*d.Order)
	}
	if l == nil {
		return m, nil
	}
	switch {
	case d.Offer != nil:
		m.offered(l, *d.Offer)
	case d.Declined:
		l.Call.State, l.Trouble = outcry.CallDeclined, ""
	}
	for _, s := range d.Thread {
		l.hold(s)
	}
	return m, nil
}

// failed says why an answer was not taken, on its line too.
func (m Model) failed(d Did) Model {
	why := live.Words(d.Err)
	l := m.line(d.Call)
	switch {
	case l != nil && d.Unsent != "":
		why = "Not sent: " + why
		if m.Mode == Writing && m.Chosen == d.Call && m.Typed == "" {
			m.Typed = d.Unsent
		}
	case l != nil:
		l.Trouble = why
		why = m.name(l.Call.Request.Code) + ": not taken: " + why
	}
	m.say(true, why)
	return m
}
