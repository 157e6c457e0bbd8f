package api

import (
	"context"
	"net/http"

	"outcry"
	"outcry/matching/deal"
	"outcry/wire"
)

func (a *api) orderRoutes() {
	serve(a, route{
		method: http.MethodPost, path: "/v1/offers/{id}/accept", name: "accept-offer", tag: tagOrders, status: http.StatusCreated,
		summary: "Accept an offer, in the version that you saw: it becomes an order",
	}, a.acceptOffer)
	serve(a, route{
		method: http.MethodGet, path: "/v1/orders", name: "list-orders", tag: tagOrders,
		summary: "List orders, the newest first: your own as a buyer, or those of a shop",
	}, a.listOrders)
	serve(a, route{
		method: http.MethodGet, path: "/v1/orders/{id}", name: "get-order", tag: tagOrders, summary: "See an order",
	}, a.getOrder)
	for _, v := range []struct {
		verb    outcry.OrderVerb
		summary string
	}{
		{outcry.Confirm, "The shop says that it will do it"},
		{outcry.Fulfil, "The shop says that it has done it"},
		{outcry.Complete, "The buyer says that it has it"},
	} {
		serve(a, route{
			method: http.MethodPost, path: "/v1/orders/{id}/" + string(v.verb), name: string(v.verb) + "-order", tag: tagOrders, summary: v.summary,
		}, func(ctx context.Context, in *struct{ ByID }) (*reply[wire.Order], error) {
			return a.stepOrder(ctx, in.ID, v.verb, "")
		})
	}
	a.endingRoutes()
	serve(a, route{
		method: http.MethodPost, path: "/v1/orders/{id}/rating", name: "rate-order", tag: tagOrders, status: http.StatusCreated,
		summary: "Rate the other side of a completed order, once",
	}, a.rateOrder)
}

// endingRoutes are the steps of an order that may say why.
func (a *api) endingRoutes() {
	for _, v := range []struct {
		verb    outcry.OrderVerb
		summary string
	}{
		{outcry.Refuse, "The shop says that it will not do it"},
		{outcry.Cancel, "Either side calls it off, before it is fulfilled"},
	} {
		serve(a, route{
			method: http.MethodPost, path: "/v1/orders/{id}/" + string(v.verb), name: string(v.verb) + "-order", tag: tagOrders, summary: v.summary,
		}, func(ctx context.Context, in *struct {
			ByID
			Body *wire.Reason
		}) (*reply[wire.Order], error) {
			return a.stepOrder(ctx, in.ID, v.verb, reasonOf(in.Body))
		})
	}
}

// placed is a new order, and where it is found.
type placed struct {
	Location string `header:"Location"`
	Body     wire.Order
}

func (a *api) acceptOffer(ctx context.Context, in *struct {
	ByID
	Body wire.Acceptance
}) (*placed, error) {
	order, err := a.Market.Accept(ctx, actorOf(ctx), in.ID, deal.Acceptance{Version: in.Body.Version, Contact: in.Body.Contact})
	if err != nil {
		return nil, err
	}
	a.metrics.orders.Add(1)
	if asked, err := a.Intake.Request(ctx, actorOf(ctx), order.Request); err == nil {
		a.teach(ctx, asked.Words, order.Terms.Code)
	}
	out, err := a.order(ctx, order)
	return &placed{"/v1/orders/" + order.ID, out}, err
}

func (a *api) listOrders(ctx context.Context, in *struct {
	Mine    bool   `query:"mine" doc:"your own as a buyer; so it is too where neither a shop nor a request is named"`
	Shop    string `query:"shop_id" maxLength:"64" doc:"those of a shop that you act for"`
	Request string `query:"request_id" maxLength:"64" doc:"only those of one request"`
	Paging
}) (*reply[wire.Items[wire.Order]], error) {
	of, err := ordersOf(actorOf(ctx), in.Mine, in.Shop)
	if err != nil {
		return nil, err
	}
	of.Request = in.Request
	orders, next, err := a.Orders(ctx, of, in.page())
	if err != nil {
		return nil, err
	}
	if of.Shop != "" {
		a.seen(ctx, of.Shop)
	}
	list, err := a.orderList(ctx, orders)
	return as(wire.Items[wire.Order]{Items: list, Next: next}), err
}

// ordersOf says whose orders an actor may list: its own as a buyer, those of a
// shop that it serves; a shop server its shop's; the operator any.
func ordersOf(actor outcry.Actor, mine bool, shop string) (OrdersOf, error) {
	switch own := actor.Token().Shop; {
	case shop != "" && (actor.Serves(shop) || actor.Operates()):
		return OrdersOf{Shop: shop}, nil
	case shop != "":
		return OrdersOf{}, outcry.Missing("shop")
	case own != "":
		return OrdersOf{Shop: own}, nil
	case actor.Operates() && !mine:
		return OrdersOf{}, nil
	case actor.Buys(actor.Member):
		return OrdersOf{Buyer: actor.Member}, nil
	}
	return OrdersOf{}, &outcry.Error{Op: "list orders", Kind: outcry.Forbidden, Code: "scope",
		Msg: "this key may not see the buyer's orders; use one with the scope buy, or name a shop_id"}
}

func (a *api) getOrder(ctx context.Context, in *struct{ ByID }) (*reply[wire.Order], error) {
	order, _, err := a.Market.Order(ctx, actorOf(ctx), in.ID)
	return a.orderAfter(ctx, order, err)
}

func (a *api) stepOrder(ctx context.Context, id string, verb outcry.OrderVerb, reason string) (*reply[wire.Order], error) {
	order, err := a.Market.Step(ctx, actorOf(ctx), id, verb, reason)
	return a.orderAfter(ctx, order, err)
}

// orderAfter shows an order that was found or moved.
func (a *api) orderAfter(ctx context.Context, order outcry.Order, err error) (*reply[wire.Order], error) {
	if err != nil {
		return nil, err
	}
	a.seen(ctx, order.Shop)
	out, err := a.order(ctx, order)
	return as(out), err
}

func (a *api) rateOrder(ctx context.Context, in *struct {
	ByID
	Body wire.NewRating
}) (*reply[wire.Rating], error) {
	rating, err := a.Market.Rate(ctx, actorOf(ctx), in.ID, in.Body.Stars, in.Body.Text)
	if err != nil {
		return nil, err
	}
	if rating.By == outcry.PartyShop {
		a.seen(ctx, rating.Shop)
	}
	return as(wire.RatingOf(rating)), nil
}
