package api

import (
	"context"
	"net/http"

	"outcry"
	"outcry/onboarding"
	"outcry/wire"
)

func (a *api) shopRoutes() {
	serve(a, route{
		method: http.MethodPost, path: "/v1/shops", name: "register-shop", tag: tagShops, status: http.StatusCreated,
		summary: "Register a shop; the operator approves it",
	}, a.registerShop)
	serve(a, route{
		method: http.MethodGet, path: "/v1/shops", name: "list-shops", tag: tagShops,
		summary: "List shops: mine=true your own, else those that are active",
	}, a.listShops)
	serve(a, route{
		method: http.MethodGet, path: "/v1/shops/{id}", name: "get-shop", tag: tagShops, summary: "See a shop",
	}, a.getShop)
	serve(a, route{
		method: http.MethodPatch, path: "/v1/shops/{id}", name: "change-shop", tag: tagShops, summary: "Change a shop",
	}, a.changeShop)
	serve(a, route{
		method: http.MethodPost, path: "/v1/shops/{id}/approve", name: "approve-shop", tag: tagShops, access: operator,
		summary: "Let a pending shop be called", audited: true,
	}, a.approveShop)
	serve(a, route{
		method: http.MethodPost, path: "/v1/shops/{id}/suspend", name: "suspend-shop", tag: tagShops, access: operator,
		summary: "Stop a shop from being called", audited: true,
	}, a.suspendShop)
	serve(a, route{
		method: http.MethodPost, path: "/v1/shops/{id}/restore", name: "restore-shop", tag: tagShops, access: operator,
		summary: "Let a suspended shop be called again", audited: true,
	}, a.restoreShop)
	serve(a, route{
		method: http.MethodPost, path: "/v1/shops/{id}/pause", name: "pause-shop", tag: tagShops,
		summary: "Stop calls to a shop for a while; without a body until it is told to go on",
	}, a.pauseShop)
	serve(a, route{
		method: http.MethodPost, path: "/v1/shops/{id}/resume", name: "resume-shop", tag: tagShops,
		summary: "Let a paused shop be called again",
	}, a.resumeShop)
}

// registered is a new shop, and where it is found.
type registered struct {
	Location string `header:"Location"`
	Body     wire.Shop
}

func (a *api) registerShop(ctx context.Context, in *struct{ Body wire.NewShop }) (*registered, error) {
	b := in.Body
	r := onboarding.Registration{
		Name: b.Name, Place: b.Place, ServiceRadiusM: b.ServiceRadiusM, Hours: b.Hours, TimeZone: b.TimeZone,
		Languages: b.Languages, PriceLevel: b.PriceLevel, Capabilities: b.Capabilities, Contact: b.Contact,
		QuietHours: b.QuietHours,
	}
	if b.Limits != nil {
		r.MostOpen, r.MostHourly = orZero(b.Limits.Open), orZero(b.Limits.Hourly)
	}
	shop, err := a.Onboarding.Register(ctx, actorOf(ctx), r)
	if err != nil {
		return nil, err
	}
	a.Presence.Seen(shop.ID, a.now())
	return &registered{"/v1/shops/" + shop.ID, wire.ShopOf(shop)}, nil
}

// orZero is a number that may be left out.
func orZero(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

func (a *api) listShops(ctx context.Context, in *struct {
	Mine  bool   `query:"mine" doc:"only the shops that you may act for"`
	State string `query:"state" enum:"pending,active,suspended"`
	Paging
}) (*reply[wire.Items[wire.Shop]], error) {
	shops, next, err := a.Onboarding.Shops(ctx, actorOf(ctx), in.Mine, outcry.ShopState(in.State), in.page())
	return as(wire.ItemsOf(shops, next, wire.ShopOf)), err
}

func (a *api) getShop(ctx context.Context, in *struct{ ByID }) (*reply[wire.Shop], error) {
	shop, err := a.Onboarding.Shop(ctx, actorOf(ctx), in.ID)
	return as(wire.ShopOf(shop)), err
}

func (a *api) changeShop(ctx context.Context, in *struct {
	ByID
	Body wire.ShopChange
}) (*reply[wire.Shop], error) {
	change, err := changeOf(in.Body)
	if err != nil {
		return nil, err
	}
	return a.shopAfter(ctx)(a.Onboarding.Change(ctx, actorOf(ctx), in.ID, change))
}

// changeOf is what a body changes.
func changeOf(b wire.ShopChange) (onboarding.ShopChange, error) {
	until, err := b.PausedUntil.Time()
	if err != nil {
		return onboarding.ShopChange{}, outcry.BadField("body.paused_until", "%s, or null to go on", err)
	}
	change := onboarding.ShopChange{
		Name: b.Name, Place: b.Place, ServiceRadiusM: b.ServiceRadiusM, Hours: b.Hours, TimeZone: b.TimeZone,
		Languages: b.Languages, PriceLevel: b.PriceLevel, Capabilities: b.Capabilities, Contact: b.Contact,
		QuietHours: b.QuietHours, PausedUntil: until,
	}
	if b.Limits != nil {
		change.MostOpen, change.MostHourly = b.Limits.Open, b.Limits.Hourly
	}
	return change, nil
}

func (a *api) approveShop(ctx context.Context, in *struct{ ByID }) (*reply[wire.Shop], error) {
	return a.shopAfter(ctx)(a.Onboarding.Approve(ctx, actorOf(ctx), in.ID))
}

func (a *api) suspendShop(ctx context.Context, in *struct {
	ByID
	Body wire.Reason
}) (*reply[wire.Shop], error) {
	visitOf(ctx).detail = in.Body.Reason
	return a.shopAfter(ctx)(a.Onboarding.Suspend(ctx, actorOf(ctx), in.ID, in.Body.Reason))
}

func (a *api) restoreShop(ctx context.Context, in *struct{ ByID }) (*reply[wire.Shop], error) {
	return a.shopAfter(ctx)(a.Onboarding.Restore(ctx, actorOf(ctx), in.ID))
}

func (a *api) pauseShop(ctx context.Context, in *struct {
	ByID
	Body *wire.Pause
}) (*reply[wire.Shop], error) {
	var p onboarding.Pause
	if in.Body != nil {
		p.Until, p.ForS = in.Body.Until.Std(), in.Body.ForS
	}
	return a.shopAfter(ctx)(a.Onboarding.Pause(ctx, actorOf(ctx), in.ID, p))
}

func (a *api) resumeShop(ctx context.Context, in *struct{ ByID }) (*reply[wire.Shop], error) {
	return a.shopAfter(ctx)(a.Onboarding.Resume(ctx, actorOf(ctx), in.ID))
}

// shopAfter shows a shop that was changed.
func (a *api) shopAfter(ctx context.Context) func(outcry.Shop, error) (*reply[wire.Shop], error) {
	return func(shop outcry.Shop, err error) (*reply[wire.Shop], error) {
		if err != nil {
			return nil, err
		}
		a.seen(ctx, shop.ID)
		return as(wire.ShopOf(shop)), nil
	}
}
