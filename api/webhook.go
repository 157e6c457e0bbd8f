package api

import (
	"context"
	"net/http"

	"outcry"
	"outcry/onboarding"
	"outcry/wire"
)

func (a *api) webhookRoutes() {
	serve(a, route{
		method: http.MethodPost, path: "/v1/shops/{id}/webhooks", name: "add-webhook", tag: tagCalls, status: http.StatusCreated,
		summary: "Have a shop's events sent to its own software", audited: true,
	}, a.addWebhook)
	serve(a, route{
		method: http.MethodGet, path: "/v1/shops/{id}/webhooks", name: "list-webhooks", tag: tagCalls,
		summary: "List where a shop's events are sent, without the secrets",
	}, a.listWebhooks)
	serve(a, route{
		method: http.MethodDelete, path: "/v1/webhooks/{id}", name: "remove-webhook", tag: tagCalls,
		summary: "Send nothing more to a webhook, and forget what was sent", audited: true,
	}, a.removeWebhook)
	serve(a, route{
		method: http.MethodPost, path: "/v1/webhooks/{id}/rotate", name: "rotate-webhook", tag: tagCalls,
		summary: "Get a new secret; the present one signs too for a while", audited: true,
	}, a.rotateWebhook)
	serve(a, route{
		method: http.MethodPost, path: "/v1/webhooks/{id}/test", name: "test-webhook", tag: tagCalls,
		summary: "Send an event of the type test now, and see what comes of it",
	}, a.testWebhook)
	serve(a, route{
		method: http.MethodGet, path: "/v1/webhooks/{id}/deliveries", name: "list-deliveries", tag: tagCalls,
		summary: "List what was sent to a webhook, the newest event first",
	}, a.listDeliveries)
	serve(a, route{
		method: http.MethodPost, path: "/v1/deliveries/{id}/replay", name: "replay-delivery", tag: tagCalls, status: http.StatusAccepted,
		summary: "Send an event to a webhook once more",
	}, a.replayDelivery)
}

func (a *api) addWebhook(ctx context.Context, in *struct {
	ByID
	Body wire.NewWebhook
}) (*reply[wire.Webhook], error) {
	asked := onboarding.NewWebhook{URL: in.Body.URL, Events: wire.Words[outcry.Told](in.Body.Events)}
	w, err := a.Onboarding.AddWebhook(ctx, actorOf(ctx), in.ID, asked)
	return as(wire.WebhookOf(w)), err
}

func (a *api) listWebhooks(ctx context.Context, in *struct{ ByID }) (*reply[wire.Items[wire.Webhook]], error) {
	all, err := a.Onboarding.WebhooksOf(ctx, actorOf(ctx), in.ID)
	return as(wire.ItemsOf(all, "", a.webhookOf)), err
}

// webhookOf is a webhook with how it fares.
func (a *api) webhookOf(w outcry.Webhook) wire.Webhook {
	out := wire.WebhookOf(w)
	if since, next := a.Onboarding.Failing(w.ID); !since.IsZero() {
		out.State, out.FailingSince, out.NextAttemptAt = "failing", wire.Time(since), wire.Time(next)
	}
	return out
}

func (a *api) removeWebhook(ctx context.Context, in *struct{ ByID }) (*done, error) {
	return &done{}, a.Onboarding.RemoveWebhook(ctx, actorOf(ctx), in.ID)
}

func (a *api) rotateWebhook(ctx context.Context, in *struct {
	ByID
	Body *wire.Rotation
}) (*reply[wire.Webhook], error) {
	var keep *float64
	if in.Body != nil {
		keep = in.Body.KeepFormerS
	}
	w, err := a.Onboarding.RotateWebhook(ctx, actorOf(ctx), in.ID, keep)
	return as(wire.WebhookOf(w)), err
}

func (a *api) testWebhook(ctx context.Context, in *struct{ ByID }) (*reply[wire.Delivery], error) {
	d, err := a.Onboarding.TryWebhook(ctx, actorOf(ctx), in.ID)
	return as(wire.DeliveryOf(d)), err
}

func (a *api) listDeliveries(ctx context.Context, in *struct {
	ByID
	Paging
}) (*reply[wire.Items[wire.Delivery]], error) {
	items, next, err := a.Onboarding.DeliveriesOf(ctx, actorOf(ctx), in.ID, in.page())
	return as(wire.ItemsOf(items, next, wire.DeliveryOf)), err
}

func (a *api) replayDelivery(ctx context.Context, in *struct{ ByID }) (*reply[wire.Delivery], error) {
	d, err := a.Onboarding.Replay(ctx, actorOf(ctx), in.ID)
	return as(wire.DeliveryOf(d)), err
}
