package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"outcry"
	"outcry/buyer"
	"outcry/cmd/outcry/column"
	"outcry/wire"
	"outcry/wire/dial"
)

// Model is the state of the view and what changes it: events of the request,
// keys, and time.
type Model struct {
	State
	buyer   Buyer
	contact string
	// bind makes work that speaks to the server run beside the view.
	bind  func(func(context.Context) tea.Msg) tea.Cmd
	width int
	// skew is how far the server's clock is ahead of this machine's.
	skew     time.Duration
	clock    func() time.Time
	fetching bool // a board is on its way
	stale    bool // something happened since it was asked for
	atLoss   int  // how many offers there were when the line broke; -1 while it stands
	Err      error
}

// The messages beside those of the terminal.
type (
	// Heard is an event of the request; Err is what ended the watch.
	Heard struct {
		Event buyer.Event
		Err   error
	}
	// Fetched is the board anew.
	Fetched struct {
		Board wire.Board
		Err   error
	}
	// Did is what came of a key: a word about it, and what it changed.
	Did struct {
		Notice string
		Order  *wire.Order
		Name   string // what the request's code is called now
		Err    error
		Board  *wire.Board // the last one, after which the view ends
	}
	ticked time.Time
)

// Init starts the clock and asks the terminal how bright it is.
func (m Model) Init() tea.Cmd { return tea.Batch(m.tick(), tea.RequestBackgroundColor) }

// View is the picture. The last one ends in an empty line, on which whatever
// comes next on the terminal begins.
func (m Model) View() tea.View {
	picture := Render(m.State, m.width, m.now())
	if m.Done {
		picture += "\n"
	}
	return tea.NewView(picture)
}

// now is the server's time, in this machine's zone.
func (m Model) now() time.Time { return m.clock().Add(m.skew) }

// tick comes when the figure of the time left changes next.
func (m Model) tick() tea.Cmd {
	left := time.Time(m.Board.Request.Deadline).Sub(m.now()) % time.Second
	if left <= 0 {
		left += time.Second
	}
	return tea.Tick(left, func(t time.Time) tea.Msg { return ticked(t) })
}

// Update takes one message.
func (m Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.Rows = msg.Width, max(3, msg.Height-18)
	case tea.BackgroundColorMsg:
		m.Light = !msg.IsDark()
	case tea.KeyPressMsg:
		return m.press(msg.String())
	case Heard:
		return m.hear(msg)
	case Fetched:
		return m.take(msg)
	case Did:
		return m.did(msg)
	case ticked:
		if m.Open() && m.now().After(time.Time(m.Board.Request.Deadline).Add(time.Second)) {
			next, fetch := m.fetch()
			return next, tea.Batch(fetch, next.tick())
		}
		return m, m.tick()
	}
	return m, nil
}

// fetch asks for the board, once at a time.
func (m Model) fetch() (Model, tea.Cmd) {
	if m.fetching {
		m.stale = true
		return m, nil
	}
	m.fetching, m.stale = true, false
	id, by := m.Board.Request.ID, m.Rank
	return m, m.bind(func(ctx context.Context) tea.Msg {
		b, err := m.buyer.Board(ctx, id, by)
		return Fetched{b, err}
	})
}

// take takes a board in.
func (m Model) take(f Fetched) (tea.Model, tea.Cmd) {
	m.fetching = false
	if f.Err != nil {
		m.say(outcry.CodeOf(f.Err) != "unreachable", Words(f.Err)) // a broken line is told already
	} else {
		before, _ := m.Choice()
		m.Board = f.Board
		m.skew = time.Time(f.Board.At).Sub(m.clock())
		m.ask(before)
		if m.atLoss >= 0 && m.Lost.IsZero() {
			m.say(false, back(len(m.Live())-m.atLoss))
			m.atLoss = -1
		}
	}
	if m.stale {
		return m.fetch()
	}
	return m, nil
}

// ask takes the question whether to accept away where the offer is not as it was
// before: nobody shall say yes to what they have not seen.
func (m *Model) ask(before wire.BoardOffer) {
	now, ok := m.Choice()
	switch {
	case m.Mode != Accepting:
	case !ok || now.ID != before.ID:
		m.Mode = Browsing
		m.say(true, column.Clean(before.Shop.Name)+" offers it no more.")
	case now.Version != before.Version:
		m.Mode = Browsing
		m.say(true, "This offer changed to "+now.Price.String()+" while you read. Look again.")
	}
}

func back(more int) string {
	if more <= 0 {
		return "Back on the line."
	}
	return "Back on the line. " + Counted(more, "offer") + " came meanwhile."
}

// say notes what has happened; trouble says that it went wrong.
func (m *Model) say(trouble bool, notice string) { m.Bad, m.Notice = trouble, notice }

// Words are an error for the one who reads it on the screen.
func Words(err error) string {
	e, ok := errors.AsType[*outcry.Error](err)
	if !ok {
		return err.Error()
	}
	text := []string{capital(e.Msg)}
	for _, f := range e.Fields {
		text = append(text, capital(f.Message)+".")
	}
	return column.Clean(strings.Join(text, " "))
}

// hear takes an event of the request.
func (m Model) hear(h Heard) (tea.Model, tea.Cmd) {
	if h.Err != nil {
		m.Err, m.Done = h.Err, true
		return m, tea.Quit
	}
	switch e := h.Event; {
	case e.Kind == dial.Lost:
		m.Lost, m.atLoss = m.now(), len(m.Live())
		return m, nil
	case e.Kind == dial.Back:
		m.Lost = time.Time{}
	case e.Called != nil:
		for _, s := range e.Called.Shops {
			m.Names[s.ID] = s.Name
		}
	case e.Offer != nil:
		m.hearOffer(e.Kind, *e.Offer)
	case e.Message != nil && e.Message.From == outcry.PartyShop:
		m.say(false, column.Clean(fmt.Sprintf("%s says: %s", m.shop(e.Message.ShopID), e.Message.Text)))
	case e.Order != nil:
		return m, m.follow(e.Order.ID)
	}
	return m.fetch()
}

// shop is the name of a called shop.
func (m Model) shop(id string) string {
	if name := m.Names[id]; name != "" {
		return name
	}
	return "A shop"
}

// hearOffer notes what an offer was before; the board that is fetched then says
// what it is.
func (m *Model) hearOffer(kind string, news wire.OfferNews) {
	i := slices.IndexFunc(m.Board.Offers, func(o wire.BoardOffer) bool { return o.ID == news.ID })
	switch {
	case i < 0 || m.Board.Offers[i].Version >= news.Version: // told before the board that is shown
	case kind == wire.EventOfferWithdrawn:
		m.say(false, column.Clean(news.Shop.Name)+" has withdrawn its offer.")
	case m.Board.Offers[i].Price != news.Price:
		m.Was[news.ID] = m.Board.Offers[i].Price
	}
}

// follow reads an order anew.
func (m Model) follow(id string) tea.Cmd {
	return m.bind(func(ctx context.Context) tea.Msg {
		o, err := m.buyer.Order(ctx, id)
		return Did{Order: &o, Err: err}
	})
}

// did takes what came of a key.
func (m Model) did(d Did) (tea.Model, tea.Cmd) {
	switch {
	case d.Err != nil:
		m.say(true, Words(d.Err))
	case d.Notice != "":
		m.say(false, d.Notice)
	}
	if d.Name != "" {
		m.Name = d.Name
	}
	if d.Err == nil && d.Order != nil {
		m.order(d.Order)
	}
	if d.Board != nil && d.Err == nil {
		m.Done, m.Board = true, *d.Board
		return m, tea.Quit
	}
	return m.fetch()
}

// order shows an order in place of the offers, or the offers again where the
// shop would not have it.
func (m *Model) order(o *wire.Order) {
	if m.Order != nil && m.Order.ID == o.ID && time.Time(o.UpdatedAt).Before(time.Time(m.Order.UpdatedAt)) {
		return
	}
	if o.State == outcry.OrderRefused || o.State == outcry.OrderCancelled {
		m.Order = nil
		m.say(true, column.Clean(o.Shop.Name)+": "+Next(*o)+" The other offers stand.")
		return
	}
	m.Order = o
}
