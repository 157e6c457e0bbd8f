package store

import (
	"context"
	"strconv"
	"time"

	"outcry"
)

const deliveryColumns = "webhook_id, seq, type, state, attempts, status, took_ms, error, at, tried, next"

// deliveryTable keeps the last of what is said of a delivery.
var deliveryTable = newTable("deliveries", deliveryColumns, ` ON CONFLICT (webhook_id, seq) DO UPDATE SET state = excluded.state,
	attempts = excluded.attempts, status = excluded.status, took_ms = excluded.took_ms, error = excluded.error,
	tried = excluded.tried, next = excluded.next`)

func scanDelivery(r row) (d outcry.Delivery, err error) {
	var took, at, tried, next int64
	err = r.Scan(&d.Webhook, &d.Seq, &d.Type, &d.State, &d.Attempts, &d.Status, &took, &d.Error, &at, &tried, &next)
	d.Took, d.At, d.Tried, d.Next = time.Duration(took)*time.Millisecond, fromMS(at), fromMS(tried), fromMS(next)
	return d, err
}

// SaveOutbox keeps it, all or nothing. What there is of webhooks that were removed
// changes nothing. UpTo never goes back.
func (s *Store) SaveOutbox(ctx context.Context, told outcry.Outbox) error {
	values := make([]any, 0, len(told.Deliveries)*deliveryTable.columns)
	for _, d := range told.Deliveries {
		values = append(values, d.Webhook, d.Seq, string(d.Type), string(d.State), int64(d.Attempts), int64(d.Status),
			d.Took.Milliseconds(), d.Error, ms(d.At), ms(d.Tried), ms(d.Next))
	}
	_, err := write(ctx, s, "", func(ctx context.Context, t *tx) (none struct{}, err error) {
		return none, wrap("save deliveries", t.saveOutbox(ctx, told, values))
	})
	return err
}

func (t *tx) saveOutbox(ctx context.Context, told outcry.Outbox, values []any) error {
	if err := t.insert(ctx, deliveryTable, values); err != nil {
		return err
	}
	for id, seq := range told.Behind {
		if _, err := t.exec(ctx, "UPDATE webhooks SET behind = $1 WHERE id = $2", seq, id); err != nil {
			return err
		}
	}
	for _, id := range told.Trim {
		if err := t.trim(ctx, id, told); err != nil {
			return err
		}
	}
	if told.UpTo == 0 {
		return nil
	}
	_, err := t.exec(ctx, "UPDATE told_up_to SET seq = $1 WHERE seq < $2", told.UpTo, told.UpTo)
	return err
}

// trim removes deliveries that nobody looks at any more, and all of a webhook
// that is gone.
func (t *tx) trim(ctx context.Context, id string, told outcry.Outbox) error {
	_, err := t.exec(ctx, `DELETE FROM deliveries WHERE webhook_id = $1 AND state <> 'waiting' AND (at < $2 OR seq <= COALESCE((SELECT seq
		FROM deliveries WHERE webhook_id = $3 ORDER BY seq DESC LIMIT 1 OFFSET $4), -1))`, id, ms(told.Before), id, int64(told.Keep))
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, "DELETE FROM deliveries WHERE webhook_id = $1 AND NOT EXISTS (SELECT 1 FROM webhooks WHERE id = $2)", id, id)
	return err
}

// ToldUpTo is up to which event all webhooks were told that are not behind; 0
// before the first.
func (s *Store) ToldUpTo(ctx context.Context) (int64, error) {
	n, _, err := find(ctx, s.read, scanNumber, "SELECT seq FROM told_up_to")
	return n, wrap("read how far webhooks were told", err)
}

// Unsettled are the deliveries of a webhook that wait, and those of events after
// a number in whatever state, in the order of their numbers.
func (s *Store) Unsettled(ctx context.Context, webhook string, after int64) ([]outcry.Delivery, error) {
	all, err := list(ctx, s.read, scanDelivery, "SELECT "+deliveryColumns+` FROM deliveries WHERE webhook_id = $1 AND seq > $2
		UNION ALL SELECT `+deliveryColumns+" FROM deliveries WHERE webhook_id = $3 AND seq <= $4 AND state = 'waiting' ORDER BY 2",
		webhook, after, webhook, after)
	return all, wrap("read deliveries", err)
}

// Delivery finds what became of an event for a webhook.
func (s *Store) Delivery(ctx context.Context, webhook string, seq int64) (outcry.Delivery, error) {
	d, found, err := find(ctx, s.read, scanDelivery, "SELECT "+deliveryColumns+" FROM deliveries WHERE webhook_id = $1 AND seq = $2", webhook, seq)
	if err == nil && !found {
		return d, outcry.Missing("delivery")
	}
	return d, wrap("read delivery", err)
}

// Deliveries lists those of a webhook, the newest event first. A cursor that is
// none is Invalid.
func (s *Store) Deliveries(ctx context.Context, webhook string, p outcry.Page) ([]outcry.Delivery, string, error) {
	f := filter{text: "SELECT " + deliveryColumns + " FROM deliveries"}
	f.and("webhook_id =", webhook)
	if p.After != "" {
		n, err := strconv.ParseInt(p.After, 10, 64)
		if err != nil {
			return nil, "", outcry.BadField("query.after", "write the cursor that the page before gave as next")
		}
		f.and("seq <", n)
	}
	f.order("seq", true, outcry.Page{Limit: p.Limit})
	items, next, err := page(ctx, s.read, &f, p, reading[outcry.Delivery]{
		scanDelivery, func(d outcry.Delivery) string { return strconv.FormatInt(d.Seq, 10) },
	})
	return items, next, wrap("list deliveries", err)
}

// ShopEvents gives the events that concern a shop with numbers above after and
// up to upTo, as ShopLog does, at most limit of them, however far back they are:
// whoever is far behind asks for a piece at a time.
func (s *Store) ShopEvents(ctx context.Context, shop string, after, upTo int64, limit int) ([]outcry.Event, error) {
	events, err := list(ctx, s.read, scanEvent, shopEvents, shop, after, upTo, after, upTo, shop, bound(limit))
	return events, wrap("read log", err)
}

const shopEvents = "SELECT " + logColumns + ` FROM log WHERE shop_id = $1 AND shop_id <> '' AND seq > $2 AND seq <= $3
	UNION ALL
	SELECT l.seq, l.at, l.kind, l.request_id, l.shop_id, l.body FROM log l CROSS JOIN heard h
	WHERE l.shop_id = '' AND l.request_id <> '' AND l.seq > $4 AND l.seq <= $5
	AND h.shop_id = $6 AND h.request_id = l.request_id AND (l.kind IN ('closed', 'changed') AND h.seq < l.seq OR l.kind = 'called' AND h.seq = l.seq)
	ORDER BY 1 LIMIT $7`
