package server

import (
	"context"

	"outcry"
	"outcry/api"
	"outcry/line"
	"outcry/wire"
)

// live is the line over the server's log, showing events in the shapes of the
// API.
func (s *Server) live(c Config) *line.Line {
	return &line.Line{
		Tail: s.Tail, Presence: s.Shops, Clock: c.Clock, Draining: s.draining,
		Board: s.boardData, Shop: s.shopData, Hello: s.hello,
	}
}

// boardData is what a buyer sees of an event.
func (s *Server) boardData(ctx context.Context, e outcry.Event) (string, any, bool) {
	view, err := s.Market.Show(ctx, e.Request)
	if err != nil {
		s.log.Warn("an event could not be shown", "request", e.Request, "error", err)
		return "", nil, false
	}
	return api.BoardEvent(e, api.Standing{Counts: view.Counts, Slips: view.Slips, Shops: s.Shops})
}

// shopData is what a shop sees of an event.
func (s *Server) shopData(shop string) line.Data {
	return func(ctx context.Context, e outcry.Event) (string, any, bool) {
		if e.Request == "" {
			return api.ShopEvent(e, shop, nil)
		}
		card, err := s.Market.Card(ctx, e.Request, shop)
		if err != nil {
			s.log.Warn("an event could not be shown", "request", e.Request, "error", err)
			return "", nil, false
		}
		return api.ShopEvent(e, shop, &card)
	}
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
