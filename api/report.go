package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"outcry/wire"
)

func (a *api) reportRoutes() {
	serve(a, route{
		method: http.MethodGet, path: "/v1/stats", name: "get-stats", tag: tagOperating, access: operator,
		summary: "See how the market stands",
	}, a.getStats)
	serve(a, route{
		method: http.MethodGet, path: "/v1/audit", name: "list-audit", tag: tagOperating, access: operator,
		summary: "See what was done with an operator's power or to keys, the newest first",
	}, a.listAudit)
}

func (a *api) getStats(ctx context.Context, _ *struct{}) (*reply[wire.Stats], error) {
	events, err := a.Events.LastSeq(ctx)
	m := a.metrics
	return as(wire.Stats{
		At: wire.Time(a.now()), StartedAt: wire.Time(a.started), Signals: a.Directory.Tree().Len(),
		ConnectedShops: a.Shops.Connected(), RunningNow: a.Market.Waiting(), Events: events,
		Requests: m.requests.Load(), Offers: m.offers.Load(), Declines: m.declines.Load(), Orders: m.orders.Load(),
	}), err
}

// Audit is one thing that was done with an operator's power, or to somebody's
// keys.
type Audit struct {
	At     time.Time
	Actor  string // a member's id
	Action string // the operation's name in openapi.json
	Target string // the id of what it was done to
	Detail string
}

// audit keeps that the caller has done something. Where it cannot be kept the
// call fails, and is made again: each of them may be made twice.
func (a *api) audit(ctx context.Context, action string) error {
	v := visitOf(ctx)
	err := a.Audits.AddAudit(context.WithoutCancel(ctx), Audit{
		At: a.now(), Actor: v.actor.Member, Action: action, Target: v.target, Detail: v.detail,
	})
	if err != nil {
		return fmt.Errorf("keep the audit of %s: %w", action, err)
	}
	return nil
}

func (a *api) listAudit(ctx context.Context, in *struct{ Paging }) (*reply[wire.Items[wire.Audit]], error) {
	items, next, err := a.Audits.Audits(ctx, in.page())
	return as(wire.ItemsOf(items, next, func(x Audit) wire.Audit {
		return wire.Audit{At: wire.Time(x.At), Actor: x.Actor, Action: x.Action, Target: x.Target, Detail: x.Detail}
	})), err
}
