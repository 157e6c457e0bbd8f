package onboarding

import (
	"context"
	"encoding/base64"
	"io"
	"slices"
	"time"

	"outcry"
)

// Webhooks keeps webhooks.
type Webhooks interface {
	// AddWebhook adds one to a shop that has fewer than most, and gives it as it
	// is kept; the same id again gives what is kept of it.
	AddWebhook(ctx context.Context, w outcry.Webhook, most int) (outcry.Webhook, error)
	Webhooks(ctx context.Context, shop string) ([]outcry.Webhook, error)
	// ChangeWebhook reads, changes and writes one while nobody else does.
	ChangeWebhook(ctx context.Context, id string, change func(*outcry.Webhook) error) (outcry.Webhook, error)
	RemoveWebhook(ctx context.Context, id string) error
}

// Deliveries knows what was sent to webhooks.
type Deliveries interface {
	Webhook(ctx context.Context, id string) (outcry.Webhook, error)
	Delivery(ctx context.Context, webhook string, seq int64) (outcry.Delivery, error)
	Deliveries(ctx context.Context, webhook string, p outcry.Page) (items []outcry.Delivery, next string, err error)
}

// Sender sends events to webhooks.
type Sender interface {
	// Put tells of a webhook that is new or was changed, Drop of one that is gone.
	Put(w outcry.Webhook)
	Drop(id string)
	// Try sends a webhook an event that never was, once, and tells what came of
	// it.
	Try(ctx context.Context, w outcry.Webhook) (outcry.Delivery, error)
	// Replay sends a delivery once more, and gives it as it waits for that.
	Replay(ctx context.Context, d outcry.Delivery) (outcry.Delivery, error)
}

// Failing says since when a webhook takes nothing, and when it is tried again;
// zero times where it is well.
type Failing func(webhook string) (since, next time.Time)

const (
	// mostWebhooks is how many a shop has at most.
	mostWebhooks = 5
	// secretBytes is the length of a secret; Standard Webhooks wants 24 to 64.
	secretBytes = 32
	// KeepFormer is for how long a secret signs on after a rotation that does not
	// say.
	KeepFormer = 24 * time.Hour
	// MostKept is for how long it does at most.
	MostKept = 7 * 24 * time.Hour
)

// NewWebhook says where a shop's software takes which events.
type NewWebhook struct {
	URL    string
	Events []outcry.Told
}

// AddWebhook registers an address at which a shop's software takes events, for
// the shop's staff, its shop server or the operator. Its Secret is shown this
// once. Where calls are among the events, software answers the shop's calls from
// now on, and it can be called while the address answers.
func (o *Onboarding) AddWebhook(ctx context.Context, actor outcry.Actor, shop string, n NewWebhook) (outcry.Webhook, error) {
	if err := mayActFor(actor, shop); err != nil {
		return outcry.Webhook{}, err
	}
	var bad outcry.Complaints
	w := outcry.Webhook{Shop: shop, By: actor.Member, URL: o.checkURL(&bad, n.URL), Events: checkEvents(&bad, n.Events)}
	if len(bad) > 0 {
		return outcry.Webhook{}, bad.Err()
	}
	w.Created = o.now()
	w.ID, w.Secret = outcry.MakeID(ctx, outcry.WebhookPrefix, w.Created, o.Random), newSecret(o.Random)
	w, err := o.Webhooks.AddWebhook(ctx, w, mostWebhooks)
	if err != nil {
		return outcry.Webhook{}, wrapped("add webhook", err)
	}
	o.Sender.Put(w)
	if slices.Contains(w.Events, outcry.ToldCall) {
		_, err = o.change(ctx, shop, func(s *outcry.Shop) error {
			s.Answers = outcry.BySoftware
			return nil
		})
	}
	return w, err
}

// checkEvents gives the events, each once, in the order of all there are.
func checkEvents(bad *outcry.Complaints, events []outcry.Told) []outcry.Told {
	var known []outcry.Told
	for _, e := range outcry.ToldAll {
		if slices.Contains(events, e) {
			known = append(known, e)
		}
	}
	unknown := func(e outcry.Told) bool { return !slices.Contains(outcry.ToldAll, e) }
	if len(known) == 0 || slices.ContainsFunc(events, unknown) {
		bad.Add("body.events", "write what is to be sent, some of call, closed, message, order and book")
	}
	return known
}

// newSecret makes a secret in the form of Standard Webhooks.
func newSecret(random io.Reader) string {
	var chance [secretBytes]byte
	if _, err := io.ReadFull(random, chance[:]); err != nil {
		panic("onboarding: no randomness: " + err.Error())
	}
	return "whsec_" + base64.StdEncoding.EncodeToString(chance[:])
}

// WebhooksOf lists a shop's webhooks, the oldest first, for its staff, its shop
// server and the operator.
func (o *Onboarding) WebhooksOf(ctx context.Context, actor outcry.Actor, shop string) ([]outcry.Webhook, error) {
	if err := maySee(actor, shop, "shop"); err != nil {
		return nil, err
	}
	all, err := o.Webhooks.Webhooks(ctx, shop)
	for i := range all {
		all[i] = o.withoutSecrets(all[i])
	}
	return all, wrapped("list webhooks", err)
}

// withoutSecrets is a webhook as it is shown after it was made.
func (o *Onboarding) withoutSecrets(w outcry.Webhook) outcry.Webhook {
	w.Secret, w.Former = "", ""
	if !w.FormerUntil.After(o.now()) {
		w.FormerUntil = time.Time{}
	}
	return w
}

// RemoveWebhook ends a webhook and forgets its deliveries.
func (o *Onboarding) RemoveWebhook(ctx context.Context, actor outcry.Actor, id string) error {
	if _, err := o.webhook(ctx, actor, id); err != nil {
		return err
	}
	if err := o.Webhooks.RemoveWebhook(ctx, id); err != nil {
		return wrapped("remove webhook", err)
	}
	o.Sender.Drop(id)
	return nil
}

// RotateWebhook gives a webhook a new Secret, shown this once. The one before
// signs too for as long as keep says, nil for KeepFormer, up to MostKept seconds;
// one from before that ends now.
func (o *Onboarding) RotateWebhook(ctx context.Context, actor outcry.Actor, id string, keep *float64) (outcry.Webhook, error) {
	if _, err := o.webhook(ctx, actor, id); err != nil {
		return outcry.Webhook{}, err
	}
	keeps := KeepFormer
	if keep != nil {
		if !(*keep >= 0 && *keep <= MostKept.Seconds()) {
			return outcry.Webhook{}, outcry.BadField("body.keep_former_s",
				"write for how many seconds the present secret signs too, from 0 to %.0f", MostKept.Seconds())
		}
		keeps = time.Duration(*keep * float64(time.Second))
	}
	fresh, until := newSecret(o.Random), o.now().Add(keeps)
	w, err := o.Webhooks.ChangeWebhook(ctx, id, func(w *outcry.Webhook) error {
		w.Former, w.FormerUntil, w.Secret = w.Secret, until, fresh
		if keeps == 0 {
			w.Former, w.FormerUntil = "", time.Time{}
		}
		return nil
	})
	if err != nil {
		return outcry.Webhook{}, wrapped("rotate webhook", err)
	}
	o.Sender.Put(w)
	return w, nil
}

// TryWebhook sends a webhook an event of the type test, and tells what came of
// it. Nothing of it is kept.
func (o *Onboarding) TryWebhook(ctx context.Context, actor outcry.Actor, id string) (outcry.Delivery, error) {
	w, err := o.webhook(ctx, actor, id)
	if err != nil {
		return outcry.Delivery{}, err
	}
	d, err := o.Sender.Try(ctx, w)
	return d, wrapped("try webhook", err)
}

// webhook is a webhook that the actor may change.
func (o *Onboarding) webhook(ctx context.Context, actor outcry.Actor, id string) (outcry.Webhook, error) {
	if err := actor.MayWrite(); err != nil {
		return outcry.Webhook{}, err
	}
	w, err := o.Deliveries.Webhook(ctx, id)
	if err != nil {
		return w, wrapped("find webhook", err)
	}
	return w, maySee(actor, w.Shop, "webhook")
}

// maySee says why an actor may not see what is a shop's.
func maySee(actor outcry.Actor, shop, what string) error {
	if err := actor.MayRead(); err != nil {
		return err
	}
	if !actor.Serves(shop) && !actor.Operates() {
		return outcry.Missing(what)
	}
	return nil
}
