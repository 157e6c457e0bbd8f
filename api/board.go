package api

import (
	"context"
	"net/http"

	"outcry"
	"outcry/wire"
)

func (a *api) boardRoutes() {
	serve(a, route{
		method: http.MethodGet, path: "/v1/requests/{id}/board", name: "get-board", tag: tagBoard,
		summary: "See the offers to a request, ranked, and why each stands where it does",
	}, a.getBoard)
}

func (a *api) getBoard(ctx context.Context, in *struct {
	ByID
	Rank string `query:"rank" enum:"best,price,near,rating,soon" doc:"rank otherwise than the request asked"`
}) (*reply[wire.Board], error) {
	view, err := a.Market.Board(ctx, actorOf(ctx), in.ID, outcry.Rank(in.Rank))
	return as(wire.Board{
		Request: wire.CountedRequest(view.Request, view.Counts), Offers: boardOffers(view.Slips), Seq: view.Seq, At: wire.Time(view.At),
	}), err
}
