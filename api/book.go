package api

import (
	"context"
	"net/http"

	"outcry"
	"outcry/wire"
)

func (a *api) bookRoutes() {
	serve(a, route{
		method: http.MethodPut, path: "/v1/shops/{id}/book", name: "put-book", tag: tagSignals,
		summary: "Say what a shop sells: all its codes",
	}, a.putBook)
	serve(a, route{
		method: http.MethodGet, path: "/v1/shops/{id}/book", name: "get-book", tag: tagSignals, summary: "See what a shop sells",
	}, a.getBook)
	serve(a, route{
		method: http.MethodPost, path: "/v1/shops/{id}/book/acknowledge", name: "acknowledge-book", tag: tagSignals,
		summary: "Say which version of the book the shop server holds",
	}, a.acknowledgeBook)
}

func (a *api) putBook(ctx context.Context, in *struct {
	ByID
	Body wire.BookBody
}) (*reply[wire.Book], error) {
	return a.bookAfter(ctx)(a.Books.PutBook(ctx, actorOf(ctx), in.ID, in.Body.Codes))
}

func (a *api) getBook(ctx context.Context, in *struct{ ByID }) (*reply[wire.Book], error) {
	book, err := a.Books.Book(ctx, actorOf(ctx), in.ID)
	return as(wire.BookOf(book)), err
}

func (a *api) acknowledgeBook(ctx context.Context, in *struct {
	ByID
	Body wire.Acknowledgement
}) (*reply[wire.Book], error) {
	return a.bookAfter(ctx)(a.Books.Acknowledge(ctx, actorOf(ctx), in.ID, in.Body.Version))
}

// bookAfter shows a book that was changed.
func (a *api) bookAfter(ctx context.Context) func(outcry.Book, error) (*reply[wire.Book], error) {
	return func(book outcry.Book, err error) (*reply[wire.Book], error) {
		if err != nil {
			return nil, err
		}
		a.seen(ctx, book.Shop)
		return as(wire.BookOf(book)), nil
	}
}
