package matching

import (
	"context"
	"slices"
	"time"

	"outcry"
	"outcry/matching/board"
	"outcry/matching/calling"
	"outcry/policy"
)

// View is a request's board at one moment.
type View struct {
	Request outcry.Request
	Counts  outcry.Counts
	Slips   []board.Slip
	// Seq is the cursor from which the board's events go on.
	Seq int64
	At  time.Time
}

// Board shows a request's board to its buyer and the operator, ranked as the
// buyer asked or as by says ("" as asked).
func (m *Market) Board(ctx context.Context, actor outcry.Actor, request string, by outcry.Rank) (View, error) {
	return m.view(ctx, request, by, func(buyer string) bool { return actor.Buys(buyer) || actor.Operates() })
}

// Show is Board for those who have checked that the board may be seen.
func (m *Market) Show(ctx context.Context, request string) (View, error) {
	return m.view(ctx, request, "", func(string) bool { return true })
}

// view takes a board at this moment, where may says that its buyer's board may
// be seen.
func (m *Market) view(ctx context.Context, request string, by outcry.Rank, may func(buyer string) bool) (View, error) {
	var view View
	err := m.read(ctx, request, func(t *turn) error {
		if !may(t.board.Request.Buyer) {
			return outcry.Missing("request")
		}
		if by == "" {
			by = t.board.Request.Rank
		}
		view = t.view(by)
		return nil
	})
	return view, asMissing(err, "request")
}

// lookedAt is for how long what was made of a board serves whoever looks at it next,
// while nothing happens on it: many events that come at once are shown by one look.
const lookedAt = 50 * time.Millisecond

// view is the board at this moment, or as it was a moment ago. Nobody changes its
// slips.
func (t *turn) view(by outcry.Rank) View {
	if last := &t.shown; last.Seq == t.board.Seq && t.shownBy == by && t.now.Sub(last.At) < lookedAt {
		return *last
	}
	t.shownBy, t.shown = by, View{
		Request: t.board.Request, Counts: t.board.Counts(), Seq: t.board.Seq, At: t.now,
		Slips: board.Slips(t.board, t.m.Shops, by, t.m.scales(t.rules.Policy), t.now),
	}
	return t.shown
}

// scales are what the offers of a board are weighed with.
func (m *Market) scales(p *policy.Policy) board.Scales {
	return board.Scales{Ranking: p.Ranking, Promises: p.Promises, Kept: m.kept}
}

// kept is the share of promises that a shop kept.
func (m *Market) kept(shop outcry.Shop) float64 { return m.Learning.Figures(shop.ID, shop).Kept }

// Call shows a call to its shop.
func (m *Market) Call(ctx context.Context, actor outcry.Actor, call string) (calling.Card, error) {
	request, n, ok := outcry.RequestOf(call)
	if !ok {
		return calling.Card{}, outcry.Missing("call")
	}
	var card calling.Card
	err := m.read(ctx, request, func(t *turn) error {
		c := t.board.Call(n)
		if c == nil || !actor.Serves(c.Shop) && !actor.Operates() {
			return outcry.Missing("call")
		}
		card = calling.CardOf(t.board, c, t.now, m.Shops)
		return nil
	})
	return card, asMissing(err, "call")
}

// maxLooked is how many requests are looked at for one page of calls.
const maxLooked = 1000

// Calls lists a shop's calls in those states (none: all), newest request first.
func (m *Market) Calls(ctx context.Context, actor outcry.Actor, shop string, states []outcry.CallState, p outcry.Page) ([]calling.Card, string, error) {
	if !actor.Serves(shop) && !actor.Operates() {
		return nil, "", outcry.Missing("shop")
	}
	return m.calls(ctx, shop, states, p)
}

func (m *Market) calls(ctx context.Context, shop string, states []outcry.CallState, p outcry.Page) ([]calling.Card, string, error) {
	cards := []calling.Card{}
	looked, openOnly := 0, len(states) == 1 && states[0] == outcry.CallWaiting
	for {
		requests, next, err := m.Orders.Heard(ctx, shop, outcry.Page{After: p.After, Limit: p.Limit})
		if err != nil {
			return nil, "", err
		}
		for _, request := range requests {
			p.After = request
			looked++
			if openOnly && !m.owned(request) {
				continue
			}
			card, err := m.Card(ctx, request, shop)
			if err != nil {
				return nil, "", err
			}
			if len(states) == 0 || slices.Contains(states, card.State) {
				cards = append(cards, card)
			}
			if len(cards) == p.Limit {
				return cards, p.After, nil
			}
		}
		if next == "" || looked >= maxLooked {
			return cards, next, nil
		}
	}
}

// owned says whether a request has an owner, as every open one has.
func (m *Market) owned(request string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, ok := m.runs[request]
	return ok
}

// Card is the call that a request made to a shop; the zero Card where it made
// none. Whoever asks has checked that it may be seen.
func (m *Market) Card(ctx context.Context, request, shop string) (calling.Card, error) {
	var card calling.Card
	err := m.read(ctx, request, func(t *turn) error {
		if c := t.board.Called(shop); c != nil {
			card = calling.CardOf(t.board, c, t.now, m.Shops)
		}
		return nil
	})
	return card, err
}

// Waiting counts the requests that have an owner.
func (m *Market) Waiting() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.runs)
}

// WaitingCalls are the calls that wait for a shop, newest request first. Whoever
// asks has checked that they may be seen.
func (m *Market) WaitingCalls(ctx context.Context, shop string, most int) ([]calling.Card, error) {
	cards, _, err := m.calls(ctx, shop, []outcry.CallState{outcry.CallWaiting}, outcry.Page{Limit: most})
	return cards, err
}
