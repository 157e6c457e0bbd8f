package watch

import (
	"context"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"outcry"
	"outcry/cmd/outcry/column"
	"outcry/wire"
)

// The reasons that are offered, each by its figure; the last one says nothing.
var (
	declines = []string{"not in stock", "fully booked", "too far", "not at this price", "too little time", ""}
	refusals = []string{"not in stock any more", "fully booked", "the price was wrong", "cannot do it in time", ""}
)

// press takes a key.
func (m Model) press(key tea.KeyPressMsg) (tea.Model, tea.Cmd) {
	if key.String() == "ctrl+c" {
		return m, tea.Quit
	}
	l := m.Choice()
	if l == nil && m.Mode != Helping {
		m.Mode = Browsing
	}
	switch m.Mode {
	case Pricing:
		return m.pressPrice(key, l)
	case Declining:
		return m.pressReason(key.String(), declines, func(m *Model, reason string) tea.Cmd { return m.decline(l, reason) })
	case Refusing:
		return m.pressReason(key.String(), refusals, func(m *Model, reason string) tea.Cmd { return m.refuse(l, reason) })
	case Writing:
		return m.pressText(key, l)
	case Helping:
		m.Mode = Browsing
		return m, nil
	case Browsing:
	}
	m.Notice = ""
	return m.browse(key.String(), l)
}

// browse takes a key where nothing is being typed or asked.
func (m Model) browse(key string, l *Line) (tea.Model, tea.Cmd) {
	switch key {
	case "q":
		return m, tea.Quit
	case "?":
		m.Mode = Helping
	case "up", "k":
		m.move(-1)
	case "down", "j":
		m.move(1)
	case "home":
		m.move(-len(m.Lines))
	case "end":
		m.move(len(m.Lines))
	case "u":
		return m, m.withdraw()
	default:
		if l != nil {
			return m.answer(key, l)
		}
	}
	return m, nil
}

// move moves the choice, and stops at the ends.
func (m *Model) move(by int) {
	if len(m.Lines) > 0 {
		m.Chosen = m.Lines[min(max(0, m.index(m.Chosen)+by), len(m.Lines)-1)].Call.ID
	}
}

// answer takes a key that answers the chosen line.
func (m Model) answer(key string, l *Line) (tea.Model, tea.Cmd) {
	if key == "m" {
		m.Mode, m.Typed, l.Unread = Writing, "", 0
		return m, m.read(l)
	}
	if len(key) != 1 || !strings.Contains("0123456789.tdcxf", key) || m.busy(l) {
		return m, nil
	}
	switch key {
	case "c", "x", "f":
		return m.answerOrder(key, l)
	case "d":
		if m.may(l) && m.refusable(l) {
			m.Mode = Declining
		}
	case "t":
		bid, ok := m.template(l, m.now())
		switch {
		case !m.may(l):
		case !ok:
			m.say(true, "No price is known for "+m.name(l.Call.Request.Code)+": type one first, or begin with --prices FILE.")
		default:
			return m, m.bid(l, bid)
		}
	default:
		if m.may(l) {
			m.Mode, m.Typed = Pricing, key
		}
	}
	return m, nil
}

// may says whether a line takes an offer, and on the screen why it does not.
func (m *Model) may(l *Line) bool {
	switch {
	case l.Order != nil:
		m.say(true, "It is an order already: its terms are fixed.")
	case l.Call.State == outcry.CallDeclined:
		m.say(true, "It was declined.")
	case l.left(m.now()) == 0:
		m.say(true, "It takes no more answers: "+l.standing(m.now())+".")
	default:
		return true
	}
	return false
}

// refusable says whether a call can be declined: one with a live offer is
// withdrawn first.
func (m *Model) refusable(l *Line) bool {
	if l.offer() != nil {
		m.say(true, "An offer stands: take it back with u first.")
		return false
	}
	return true
}

// answerOrder confirms (c), refuses (x) or fulfils (f) an order.
func (m Model) answerOrder(key string, l *Line) (tea.Model, tea.Cmd) {
	if l.Order == nil {
		m.say(true, "It is no order yet.")
		return m, nil
	}
	state, id := l.Order.State, l.Order.ID
	switch {
	case key == "c" && state == outcry.OrderPlaced:
		return m, m.deal(l, "confirming", func(ctx context.Context) (wire.Order, error) { return m.shop.Confirm(ctx, id) })
	case key == "x" && state == outcry.OrderPlaced:
		m.Mode = Refusing
	case key == "f" && state == outcry.OrderConfirmed:
		return m, m.deal(l, "saying so", func(ctx context.Context) (wire.Order, error) { return m.shop.Fulfil(ctx, id) })
	default:
		m.say(true, "The order is "+string(state)+".")
	}
	return m, nil
}

// refuse says that the shop will not do what the order says.
func (m *Model) refuse(l *Line, reason string) tea.Cmd {
	id := l.Order.ID
	return m.deal(l, "refusing", func(ctx context.Context) (wire.Order, error) { return m.shop.Refuse(ctx, id, reason) })
}

// pressReason takes the choice of a reason.
func (m Model) pressReason(key string, reasons []string, do func(*Model, string) tea.Cmd) (tea.Model, tea.Cmd) {
	switch {
	case key == "esc" || key == "q":
		m.Mode = Browsing
	case len(key) == 1 && key[0] >= '1' && int(key[0]-'1') < len(reasons):
		m.Mode = Browsing
		return m, do(&m, reasons[key[0]-'1'])
	}
	return m, nil
}

// pressPrice takes a key while a price is typed. The choice does not move
// meanwhile, so that the price goes where it was meant for.
func (m Model) pressPrice(key tea.KeyPressMsg, l *Line) (tea.Model, tea.Cmd) {
	switch key.String() {
	case "esc":
		m.Mode, m.Typed = Browsing, ""
	case "backspace":
		m.erase()
	case "enter":
		bid, err := m.typed(l, m.now())
		switch {
		case err != nil:
			m.say(true, column.Clean(err.Error()))
		case !m.may(l) || m.busy(l):
			m.Mode, m.Typed = Browsing, ""
		default:
			m.Mode, m.Typed, m.Notice = Browsing, "", ""
			return m, m.bid(l, bid)
		}
	default:
		return m.typing(key.Text), nil
	}
	return m, nil
}

// pressText takes a key while a text is typed.
func (m Model) pressText(key tea.KeyPressMsg, l *Line) (tea.Model, tea.Cmd) {
	switch key.String() {
	case "esc":
		m.Mode, m.Typed, l.Unread = Browsing, "", 0
	case "backspace":
		m.erase()
	case "enter":
		text := strings.TrimSpace(m.Typed)
		if text == "" || m.busy(l) {
			return m, nil
		}
		m.Typed = ""
		return m, m.write(l, text)
	default:
		return m.typing(key.Text), nil
	}
	return m, nil
}

// The longest price, in characters.
const maxPrice = 16

// typing takes characters into what is typed; such as do not belong there are
// left out.
func (m Model) typing(text string) Model {
	switch m.Mode {
	case Pricing:
		for _, r := range text {
			if strings.ContainsRune("0123456789.,", r) && len(m.Typed) < maxPrice {
				m.Typed += string(r)
			}
		}
	case Writing:
		if room := outcry.MaxMessage - utf8.RuneCountInString(m.Typed); room > 0 {
			r := []rune(strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r < ' ' }), " "))
			m.Typed += string(r[:min(room, len(r))])
		}
	case Browsing, Declining, Refusing, Helping:
	}
	return m
}

// erase takes the last character back.
func (m *Model) erase() {
	_, size := utf8.DecodeLastRuneInString(m.Typed)
	m.Typed = m.Typed[:len(m.Typed)-size]
	if m.Typed == "" && m.Mode == Pricing {
		m.Mode = Browsing
	}
}
