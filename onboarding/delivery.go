package onboarding

import (
	"context"

	"outcry"
)

// DeliveriesOf lists what was sent to a webhook and what waits to be, the newest
// event first, for those who may see the webhook.
func (o *Onboarding) DeliveriesOf(ctx context.Context, actor outcry.Actor, id string, p outcry.Page) ([]outcry.Delivery, string, error) {
	if err := actor.MayRead(); err != nil {
		return nil, "", err
	}
	w, err := o.Deliveries.Webhook(ctx, id)
	if err == nil {
		err = maySee(actor, w.Shop, "webhook")
	}
	if err != nil {
		return nil, "", wrapped("list deliveries", err)
	}
	items, next, err := o.Deliveries.Deliveries(ctx, id, p)
	return items, next, wrapped("list deliveries", err)
}

// Replay sends a delivery once more, whatever became of it before, and tries
// again as at the first time where that fails. One to a webhook that is disabled
// is a Conflict with the code "webhook_disabled".
func (o *Onboarding) Replay(ctx context.Context, actor outcry.Actor, id string) (outcry.Delivery, error) {
	if err := actor.MayWrite(); err != nil {
		return outcry.Delivery{}, err
	}
	webhook, seq, ok := outcry.WebhookOf(id)
	if !ok {
		return outcry.Delivery{}, outcry.Missing("delivery")
	}
	w, err := o.webhook(ctx, actor, webhook)
	var d outcry.Delivery
	if err == nil {
		d, err = o.Deliveries.Delivery(ctx, webhook, seq)
	}
	switch {
	case outcry.KindOf(err) == outcry.NotFound:
		return outcry.Delivery{}, outcry.Missing("delivery")
	case err != nil:
		return outcry.Delivery{}, err
	case !w.Disabled.IsZero():
		return outcry.Delivery{}, &outcry.Error{Op: "replay", Kind: outcry.Conflict, Code: "webhook_disabled",
			Msg: "the webhook is disabled: " + w.Reason + "; remove it and register it again"}
	}
	d, err = o.Sender.Replay(ctx, d)
	return d, wrapped("replay", err)
}

// Speaker is who gives the answers that a webhook replies: the shop's software,
// for this shop alone, by leave of whoever registered the webhook.
func Speaker(w outcry.Webhook) outcry.Actor {
	token := outcry.Token{Name: "webhook", Member: w.By, Shop: w.Shop, Scopes: []outcry.Scope{outcry.ScopeShop}}
	return outcry.NewActor(outcry.Member{ID: w.By}, token, []string{w.Shop})
}
