package live

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"outcry"
	"outcry/cmd/outcry/input"
	"outcry/wire"
)

// press takes a key.
func (m Model) press(key string) (tea.Model, tea.Cmd) {
	switch {
	case key == "ctrl+c":
		m.Done, m.Mode = true, Browsing
		return m, tea.Quit
	case m.Mode == Accepting:
		return m.answerAccept(key)
	case m.Mode == Leaving:
		return m.answerLeave(key)
	case m.Order != nil:
		return m.pressOrder(key)
	}
	return m.browse(key)
}

// browse takes a key where no question stands.
func (m Model) browse(key string) (tea.Model, tea.Cmd) {
	m.Notice = ""
	switch key {
	case "up", "k":
		m.move(-1)
	case "down", "j":
		m.move(1)
	case "enter":
		if o, ok := m.Choice(); ok {
			m.Mode, m.Chosen = Accepting, o.ID
		}
	case "s":
		m.Rank = outcry.Ranks[(slices.Index(outcry.Ranks, m.Rank)+1)%len(outcry.Ranks)]
		return m.fetch()
	case "w", "e", "b":
		if m.Open() {
			return m, m.reach(key)
		}
	case "q", "esc":
		if m.Open() {
			m.Mode = Leaving
			return m, nil
		}
		m.Done = true
		return m, tea.Quit
	}
	return m, nil
}

// move moves the choice among the live offers.
func (m *Model) move(by int) {
	if live := m.Live(); len(live) > 0 {
		m.Chosen = live[min(max(0, m.index(live)+by), len(live)-1)].ID
	}
}

// answerAccept takes the answer to the question whether to accept.
func (m Model) answerAccept(key string) (tea.Model, tea.Cmd) {
	switch key {
	case "y", "Y":
		o, ok := m.Choice()
		m.Mode = Browsing
		if !ok {
			return m, nil
		}
		return m, m.bind(func(ctx context.Context) tea.Msg {
			order, err := m.buyer.Accept(ctx, o.ID, o.Version, m.contact)
			return Did{Order: &order, Err: err}
		})
	case "n", "N", "esc", "q":
		m.Mode = Browsing
	}
	return m, nil
}

// answerLeave takes the answer to the question whether to withdraw.
func (m Model) answerLeave(key string) (tea.Model, tea.Cmd) {
	switch key {
	case "y", "Y":
		m.Mode = Browsing
		return m, m.bind(func(ctx context.Context) tea.Msg {
			if _, err := m.buyer.Withdraw(ctx, m.Board.Request.ID); err != nil {
				return Did{Err: err}
			}
			b, err := m.buyer.Board(ctx, m.Board.Request.ID, m.Rank)
			return Did{Err: err, Board: &b}
		})
	case "n", "N", "esc", "q":
		m.Mode = Browsing
	}
	return m, nil
}

// pressOrder takes a key while an order is shown.
func (m Model) pressOrder(key string) (tea.Model, tea.Cmd) {
	o := *m.Order
	switch {
	case key == "q" || key == "esc":
		m.Done = true
		return m, tea.Quit
	case key == "c" && o.State == outcry.OrderFulfilled:
		return m, m.bind(func(ctx context.Context) tea.Msg {
			done, err := m.buyer.Complete(ctx, o.ID)
			return Did{Order: &done, Err: err}
		})
	case len(key) == 1 && key >= "1" && key <= "5" && o.State == outcry.OrderCompleted && o.Rated.ByBuyer == 0:
		stars := int(key[0] - '0')
		return m, m.bind(func(ctx context.Context) tea.Msg {
			if _, err := m.buyer.Rate(ctx, o.ID, stars, ""); err != nil {
				return Did{Err: err}
			}
			o.Rated.ByBuyer = stars
			return Did{Order: &o, Notice: "Rated " + Counted(stars, "star") + "."}
		})
	}
	return m, nil
}

// reach asks further: within twice the radius (w), for as long again (e), or for
// the code above (b).
func (m Model) reach(key string) tea.Cmd {
	r := m.Board.Request
	return m.bind(func(ctx context.Context) tea.Msg {
		switch key {
		case "w":
			radius := min(2*r.RadiusM, outcry.MaxRadiusM)
			_, err := m.buyer.Widen(ctx, r.ID, wire.Widening{RadiusM: radius})
			return Did{Err: err, Notice: "Now asking within " + input.Distance(radius).String() + "."}
		case "e":
			left := time.Time(r.Deadline).Sub(m.now())
			more := time.Time(r.Deadline).Sub(time.Time(r.CreatedAt))
			seconds := (left + more).Seconds()
			_, err := m.buyer.Extend(ctx, r.ID, wire.Extension{DeadlineS: &seconds})
			return Did{Err: err, Notice: Clock(more) + " more to answer."}
		}
		return m.broaden(ctx, r)
	})
}

// broaden asks for the code above the present one.
func (m Model) broaden(ctx context.Context, r wire.Request) tea.Msg {
	signal, err := m.buyer.Signal(ctx, r.Code)
	if err != nil {
		return Did{Err: err}
	}
	if signal.Parent == "" {
		return Did{Notice: "There is nothing broader than " + signal.Name + "."}
	}
	above, err := m.buyer.Signal(ctx, signal.Parent)
	if err != nil {
		return Did{Err: err}
	}
	_, err = m.buyer.Widen(ctx, r.ID, wire.Widening{Code: above.Code})
	if err != nil {
		return Did{Err: err}
	}
	return Did{Name: above.Name, Notice: "Now asking for " + above.Name + "."}
}
