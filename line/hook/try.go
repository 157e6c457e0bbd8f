package hook

import (
	"context"
	"encoding/json"

	"outcry"
)

const (
	// triesAtOnce is how many tests are under way at most.
	triesAtOnce = 8
	// toldTest is the type of an event that never was.
	toldTest outcry.Told = "test"
	// firstTest is above every number of the log: tests are numbered by the time.
	firstTest = 1 << 62
)

// Try sends a webhook an event of the type test, once, and tells what came of it;
// nothing of it is kept. More tests than may be at once are Limited.
func (s *Sender) Try(ctx context.Context, w outcry.Webhook) (outcry.Delivery, error) {
	select {
	case s.trying <- struct{}{}:
		defer func() { <-s.trying }()
	default:
		return outcry.Delivery{}, &outcry.Error{Op: "try webhook", Kind: outcry.Limited, Code: "too_often", Retry: 1,
			Msg: "other webhooks are being tested; try again"}
	}
	now := s.Clock()
	d := outcry.Delivery{Webhook: w.ID, Seq: firstTest | now.UnixNano(), Type: toldTest, Attempts: 1, At: now, Tried: now}
	data, err := json.Marshal(map[string]string{"webhook_id": w.ID, "shop_id": w.Shop})
	if err != nil {
		return d, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	t := newTarget(w)
	o, _ := s.post(ctx, &post{hook: w, url: t.url, keys: t.keys, id: d.ID(), body: envelope(toldTest, now, data)})
	d.Status, d.Error, d.Took, d.State = o.status, o.error, o.took, outcry.DeliveryFailed
	if o.taken() {
		d.State = outcry.DeliveryDelivered
	}
	return d, nil
}
