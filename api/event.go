package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"outcry"
	"outcry/wire"
)

func (a *api) eventRoutes() {
	serve(a, route{
		method: http.MethodGet, path: "/v1/requests/{id}/events", name: "follow-board", tag: tagBoard, streams: true,
		summary: "Hear what happens to a request: server-sent events, or with wait a long poll",
	}, a.followBoard)
	serve(a, route{
		method: http.MethodGet, path: "/v1/shops/{id}/events", name: "follow-shop", tag: tagCalls, streams: true,
		summary: "Hear what concerns a shop: server-sent events, or with wait a long poll",
	}, a.followShop)
	serve(a, route{
		method: http.MethodGet, path: "/v1/shops/{id}/line", name: "open-line", tag: tagCalls, streams: true,
		summary: "Open a shop's line: a WebSocket with the subprotocol " + wire.LineProtocol,
	}, a.openLine)
}

// Following says from where on events are heard. The live line reads it.
type Following struct {
	LastEventID string `header:"Last-Event-ID" doc:"the id of the last event that you have"`
	After       string `query:"after" doc:"the same, for those who cannot set headers"`
	Wait        string `query:"wait" doc:"makes it a long poll: how long to wait for an event, up to 60s" example:"25s"`
}

func (a *api) followBoard(ctx context.Context, in *struct {
	ByID
	Following
}) (*huma.StreamResponse, error) {
	if _, err := a.Market.Board(ctx, actorOf(ctx), in.ID, ""); err != nil {
		return nil, err
	}
	return a.stream(func(w http.ResponseWriter, r *http.Request) error { return a.Live.ServeBoard(w, r, in.ID) }), nil
}

func (a *api) followShop(ctx context.Context, in *struct {
	ByID
	Following
}) (*huma.StreamResponse, error) {
	if !actorOf(ctx).Serves(in.ID) {
		return nil, outcry.Missing("shop")
	}
	a.seen(ctx, in.ID)
	return a.stream(func(w http.ResponseWriter, r *http.Request) error { return a.Live.ServeShop(w, r, in.ID) }), nil
}

func (a *api) openLine(ctx context.Context, in *struct {
	ByID
	Following
}) (*huma.StreamResponse, error) {
	actor := actorOf(ctx)
	if !actor.Serves(in.ID) {
		return nil, outcry.Missing("shop")
	}
	a.seen(ctx, in.ID)
	return a.stream(func(w http.ResponseWriter, r *http.Request) error {
		secret, err := token(r)
		if err != nil {
			return err
		}
		return a.Live.ServeLine(w, r, in.ID, actor, func(ctx context.Context) error {
			now, err := a.Intake.Who(ctx, secret)
			if err == nil && !now.Serves(in.ID) {
				err = outcry.Missing("shop")
			}
			return err
		})
	}), nil
}

// stream hands the connection over.
func (a *api) stream(serve func(http.ResponseWriter, *http.Request) error) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		r, w := humago.Unwrap(hc)
		if r.Method == http.MethodHead { // has no end to wait for
			w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
			return
		}
		if err := serve(w, r); err != nil {
			a.refuse(w, r, err)
		}
	}}
}
