package store

import (
	"context"
	"fmt"

	"outcry"
)

const webhookColumns = "id, shop_id, member_id, url, events, secret, former, former_until, since, behind, created, disabled, reason"

var webhookTable = newTable("webhooks", webhookColumns, "")

func scanWebhook(r row) (w outcry.Webhook, err error) {
	var events string
	var until, created, disabled int64
	err = r.Scan(&w.ID, &w.Shop, &w.By, &w.URL, &events, &w.Secret, &w.Former, &until, &w.Since, &w.Behind, &created, &disabled, &w.Reason)
	if err != nil {
		return w, err
	}
	w.FormerUntil, w.Created, w.Disabled = fromMS(until), fromMS(created), fromMS(disabled)
	return w, fromJSON(events, &w.Events)
}

func webhookOf(ctx context.Context, q querier, id string) (outcry.Webhook, error) {
	w, found, err := find(ctx, q, scanWebhook, "SELECT "+webhookColumns+" FROM webhooks WHERE id = $1", id)
	if err == nil && !found {
		return w, outcry.Missing("webhook")
	}
	return w, wrap("read webhook", err)
}

// AddWebhook adds a webhook of a shop that has fewer than most, and gives it as
// it is kept: told of what happens from now on. The same id again gives what is
// kept of it. More are a Conflict with the code "too_many_webhooks", a second
// one of the shop with the same URL one with the code "exists"; a shop that
// there is not is NotFound.
func (s *Store) AddWebhook(ctx context.Context, w outcry.Webhook, most int) (outcry.Webhook, error) {
	return write(ctx, s, "", func(ctx context.Context, t *tx) (outcry.Webhook, error) {
		if _, err := shopOf(ctx, t, w.Shop); err != nil {
			return w, err
		}
		had, err := webhooksOf(ctx, t, w.Shop)
		if err != nil {
			return w, wrap("add webhook", err)
		}
		for _, one := range had {
			switch {
			case one.ID == w.ID:
				return one, nil
			case one.URL == w.URL:
				return w, &outcry.Error{Op: "add webhook", Kind: outcry.Conflict, Code: "exists",
					Msg: "the shop has a webhook with this URL; remove it first, or rotate its secret"}
			}
		}
		if len(had) >= most {
			return w, &outcry.Error{Op: "add webhook", Kind: outcry.Conflict, Code: "too_many_webhooks",
				Msg: fmt.Sprintf("a shop has at most %d webhooks; remove one first", most)}
		}
		w.Since, w.Behind = t.last, t.last
		w.Created, w.FormerUntil, w.Disabled = whole(w.Created), whole(w.FormerUntil), whole(w.Disabled)
		return w, wrap("add webhook", t.insert(ctx, webhookTable, []any{
			w.ID, w.Shop, w.By, w.URL, listJSON(w.Events), w.Secret, w.Former, ms(w.FormerUntil), w.Since, w.Behind,
			ms(w.Created), ms(w.Disabled), w.Reason,
		}))
	})
}

// Webhook finds a webhook.
func (s *Store) Webhook(ctx context.Context, id string) (outcry.Webhook, error) {
	return webhookOf(ctx, s.read, id)
}

// Webhooks are those of a shop, the oldest first.
func (s *Store) Webhooks(ctx context.Context, shop string) ([]outcry.Webhook, error) {
	all, err := webhooksOf(ctx, s.read, shop)
	return all, wrap("list webhooks", err)
}

func webhooksOf(ctx context.Context, q querier, shop string) ([]outcry.Webhook, error) {
	return list(ctx, q, scanWebhook, "SELECT "+webhookColumns+" FROM webhooks WHERE shop_id = $1 ORDER BY id", shop)
}

// EachWebhook calls do with every webhook of every shop, in the order of their
// ids. The first error ends it.
func (s *Store) EachWebhook(ctx context.Context, do func(outcry.Webhook) error) error {
	return each(ctx, s.read, every[outcry.Webhook]{
		of: "webhooks", text: "SELECT " + webhookColumns + " FROM webhooks WHERE id > $1 ORDER BY id LIMIT $2",
		scan: scanWebhook, key: func(w outcry.Webhook) string { return w.ID },
	}, do)
}

// ChangeWebhook reads a webhook, lets change change its secrets and whether it is
// disabled, and writes it, while nobody else does; an error of change's leaves
// it as it was.
func (s *Store) ChangeWebhook(ctx context.Context, id string, change func(*outcry.Webhook) error) (outcry.Webhook, error) {
	return write(ctx, s, "", func(ctx context.Context, t *tx) (outcry.Webhook, error) {
		w, err := webhookOf(ctx, t, id)
		if err == nil {
			err = change(&w)
		}
		if err != nil {
			return w, err
		}
		w.FormerUntil, w.Disabled = whole(w.FormerUntil), whole(w.Disabled)
		_, err = t.exec(ctx, "UPDATE webhooks SET secret = $1, former = $2, former_until = $3, disabled = $4, reason = $5 WHERE id = $6",
			w.Secret, w.Former, ms(w.FormerUntil), ms(w.Disabled), w.Reason, id)
		return w, wrap("change webhook", err)
	})
}

// RemoveWebhook removes a webhook with its deliveries.
func (s *Store) RemoveWebhook(ctx context.Context, id string) error {
	_, err := write(ctx, s, "", func(ctx context.Context, t *tx) (none struct{}, err error) {
		if _, err := webhookOf(ctx, t, id); err != nil {
			return none, err
		}
		if _, err := t.exec(ctx, "DELETE FROM deliveries WHERE webhook_id = $1", id); err != nil {
			return none, wrap("remove webhook", err)
		}
		_, err = t.exec(ctx, "DELETE FROM webhooks WHERE id = $1", id)
		return none, wrap("remove webhook", err)
	})
	return err
}
