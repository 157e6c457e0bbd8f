package api

import (
	"context"
	"net/http"

	"outcry"
	"outcry/wire"
)

func (a *api) threadRoutes() {
	serve(a, route{
		method: http.MethodGet, path: "/v1/calls/{id}/messages", name: "list-messages", tag: tagOrders,
		summary: "Read what you and the buyer of a call have written",
	}, a.listMessages)
	serve(a, route{
		method: http.MethodPost, path: "/v1/calls/{id}/messages", name: "write-to-buyer", tag: tagOrders, status: http.StatusCreated,
		summary: "Write to the buyer of a call",
	}, a.writeToBuyer)
	serve(a, route{
		method: http.MethodGet, path: "/v1/requests/{id}/threads/{shop_id}/messages", name: "list-thread-messages", tag: tagOrders,
		summary: "Read what you and a called shop have written",
	}, a.listThread)
	serve(a, route{
		method: http.MethodPost, path: "/v1/requests/{id}/threads/{shop_id}/messages", name: "write-to-shop", tag: tagOrders,
		status: http.StatusCreated, summary: "Write to a called shop",
	}, a.writeToShop)
}

// ByThread is the request and the shop of a thread.
type ByThread struct {
	ByID
	Shop string `path:"shop_id"`
}

func (a *api) listMessages(ctx context.Context, in *struct {
	ByID
	Paging
}) (*reply[wire.Items[wire.Message]], error) {
	request, shop, err := a.threadOfCall(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return a.messages(ctx, request, shop, in.page())
}

func (a *api) writeToBuyer(ctx context.Context, in *struct {
	ByID
	Body wire.Text
}) (*reply[wire.Message], error) {
	request, shop, err := a.threadOfCall(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return a.say(ctx, request, shop, in.Body.Text)
}

func (a *api) listThread(ctx context.Context, in *struct {
	ByThread
	Paging
}) (*reply[wire.Items[wire.Message]], error) {
	return a.messages(ctx, in.ID, in.Shop, in.page())
}

func (a *api) writeToShop(ctx context.Context, in *struct {
	ByThread
	Body wire.Text
}) (*reply[wire.Message], error) {
	return a.say(ctx, in.ID, in.Shop, in.Body.Text)
}

// threadOfCall is the request and the shop of a call that the caller may see.
func (a *api) threadOfCall(ctx context.Context, call string) (request, shop string, err error) {
	card, err := a.Market.Call(ctx, actorOf(ctx), call)
	if err != nil {
		return "", "", err
	}
	a.seen(ctx, card.Shop)
	request, _, _ = outcry.RequestOf(call)
	return request, card.Shop, nil
}

func (a *api) messages(ctx context.Context, request, shop string, p outcry.Page) (*reply[wire.Items[wire.Message]], error) {
	thread, err := a.Market.Thread(ctx, actorOf(ctx), request, shop)
	items, next := window(thread, p, func(m outcry.Message) string { return m.ID })
	return as(wire.ItemsOf(items, next, wire.MessageOf)), err
}

func (a *api) say(ctx context.Context, request, shop, text string) (*reply[wire.Message], error) {
	m, err := a.Market.Say(ctx, actorOf(ctx), request, shop, text)
	return as(wire.MessageOf(m)), err
}
