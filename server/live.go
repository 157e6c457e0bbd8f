package server

import (
	"context"
	"encoding/json"
	"math"

	"outcry"
	"outcry/api"
	"outcry/line"
	"outcry/wire"
)

// live is the line over the server's log, showing events in the shapes of the
// API.
func (s *Server) live(c Config) *line.Line {
	return line.New(line.Config{
		Tail: s.Tail, Presence: s.Shops, Clock: c.Clock, Board: s.boardData, Shop: s.shopData, Hello: s.hello,
		Past: s.Market.Past,
		Up:   s.up, Problem: api.ProblemOf, Bounds: c.Lines,
	})
}

// told is an event in the words of the interface.
type told struct {
	name string
	data []byte
	ok   bool
}

// tell writes an event.
func (s *Server) tell(e *outcry.Event, name string, data any, ok bool) told {
	if !ok {
		return told{}
	}
	body, err := json.Marshal(data)
	if err != nil {
		s.log.Error("an event could not be written", "event", e.Kind, "request", e.Request, "error", err)
		return told{}
	}
	return told{name, body, true}
}

// boardData is what buyers see of an event, all that watch a board the same.
func (s *Server) boardData(ctx context.Context, n *line.News) (string, []byte, bool) {
	t, _ := n.Boards.Get(func() any {
		view, err := s.Market.Show(context.WithoutCancel(ctx), n.Request)
		if err != nil {
			s.log.Warn("an event could not be shown", "request", n.Request, "error", err)
			return told{}
		}
		name, data, ok := api.BoardEvent(n.Event, api.Standing{Counts: view.Counts, Slips: view.Slips, Shops: s.Shops})
		return s.tell(&n.Event, name, data, ok)
	}).(told)
	return t.name, t.data, t.ok
}

// shopData is what a shop sees of an event.
func (s *Server) shopData(shop string) line.Data {
	return func(ctx context.Context, n *line.News) (string, []byte, bool) {
		if t, ok := s.atOnce(n, shop); ok {
			return t.name, t.data, t.ok
		}
		card, err := s.Market.Card(ctx, n.Request, shop)
		if err != nil {
			s.log.Warn("an event could not be shown", "request", n.Request, "error", err)
			return "", nil, false
		}
		name, data, ok := api.ShopEvent(n.Event, shop, &card)
		t := s.tell(&n.Event, name, data, ok)
		return t.name, t.data, t.ok
	}
}

// atOnce is what a shop hears of an event that tells all of it by itself, without
// asking the request's owner.
func (s *Server) atOnce(n *line.News, shop string) (told, bool) {
	e := &n.Event
	switch {
	case e.Wave == nil && e.Change == nil && e.Closing == nil:
		name, data, ok := api.ShopEvent(*e, shop, nil)
		return s.tell(e, name, data, ok), true
	case e.Asked == nil || e.Change != nil:
		return told{}, false
	}
	for _, h := range e.Hearers {
		switch {
		case h.Shop != shop:
		case e.Closing != nil:
			closed := wire.ClosedCall{ID: outcry.CallID(e.Request, h.N), State: h.State, Reason: e.Closing.Reason, ClosedAt: wire.Time(e.At)}
			return s.tell(e, wire.EventClosed, closed, true), true
		default:
			return s.call(n, h), true
		}
	}
	return told{}, false
}

// call is a call as one of the shops of its wave hears it; what they hear alike
// is written once.
func (s *Server) call(n *line.News, h outcry.Hearer) told {
	cell := n.Asked.Place.Cell()
	sheet, ok := n.Shops.Get(func() any {
		sheet, err := wire.SheetOf(api.Called(n.Event, cell))
		if err != nil {
			s.log.Error("a call could not be written", "request", n.Request, "error", err)
		}
		return sheet
	}).(*wire.Sheet)
	if !ok || sheet == nil {
		return told{}
	}
	shop, _ := s.Shops.Shop(h.Shop)
	return told{wire.EventCall, sheet.For(outcry.CallID(n.Request, h.N), h.Shop, int(math.Round(shop.Place.DistanceM(cell)))), true}
}

// maxGreeted is how many waiting calls a shop hears of at once.
const maxGreeted = outcry.MaxPage

// hello is what a shop hears first: its book, and the calls that wait.
func (s *Server) hello(ctx context.Context, shop string) (any, []any, error) {
	known, err := s.Store.Shop(ctx, shop)
	if err != nil {
		return nil, nil, err
	}
	book, err := s.Store.Book(ctx, shop)
	if err != nil {
		return nil, nil, err
	}
	cards, err := s.Market.WaitingCalls(ctx, shop, maxGreeted)
	if err != nil {
		return nil, nil, err
	}
	calls := make([]any, len(cards))
	for i, card := range cards {
		calls[i] = api.CallOf(card)
	}
	return wire.Hello{ShopID: shop, Name: known.Name, Book: wire.BookOf(book), At: wire.Time(s.clock())}, calls, nil
}
