package counter

import (
	"context"
	"fmt"

	"outcry/wire"
)

// hold keeps a version of the book and, once it is on disk, says so to the
// market. Where that fails it is tried again later.
func (s *Server) hold(ctx context.Context, b wire.Book) {
	s.booking.Lock()
	defer s.booking.Unlock()
	switch {
	case b.Version == 0 && s.held == 0:
		s.held = -1 // told
		s.Say("book", "empty: the shop is not called until its staff puts codes into it")
		return
	case b.Version <= max(s.held, 0):
		return
	}
	b.ShopID, b.Acknowledged = s.Shop.Shop(), b.Version
	if err := s.Counter.Shelf.PutBook(b); err != nil {
		s.owed = b
		s.Say("problem", err.Error())
		return
	}
	if _, err := s.line.Acknowledge(ctx, b.Version); err != nil {
		s.owed = b
		s.Say("problem", "acknowledge the book: "+Problem(err))
		return
	}
	s.held, s.owed = b.Version, wire.Book{}
	s.Say("book", fmt.Sprintf("version %d, %d codes", b.Version, len(b.Codes)))
}

// holdAgain tries what failed once more.
func (s *Server) holdAgain(ctx context.Context) {
	s.booking.Lock()
	owed := s.owed
	s.booking.Unlock()
	if owed.Version > 0 {
		s.hold(ctx, owed)
	}
}
