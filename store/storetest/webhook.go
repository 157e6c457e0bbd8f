package storetest

import (
	"fmt"
	"slices"
	"time"

	"outcry"
)

const mostHooks = 3

func (m *market) aHook(shop string) outcry.Webhook {
	id := m.id(outcry.WebhookPrefix)
	return outcry.Webhook{
		ID: id, Shop: shop, By: "mem_1", URL: "https://till.example/" + id, Events: []outcry.Told{outcry.ToldCall, outcry.ToldOrder},
		Secret: "whsec_a", Former: "whsec_b", FormerUntil: m.tick(), Created: m.tick(),
	}
}

// hook adds a webhook to a shop.
func (m *market) hook(shop string) outcry.Webhook {
	m.Helper()
	w, err := m.AddWebhook(m.ctx, m.aHook(shop), mostHooks)
	m.ok(err)
	return w
}

// sent is a delivery with every field set.
func (m *market) sent(hook string, seq int64, state outcry.DeliveryState) outcry.Delivery {
	return outcry.Delivery{
		Webhook: hook, Seq: seq, Type: outcry.ToldCall, State: state, Attempts: 2, Status: 503, Took: 17 * time.Millisecond,
		Error: "status 503 \"걱정\"", At: m.tick(), Tried: m.tick(), Next: m.tick(),
	}
}

// deliveries are all of a webhook, the newest first.
func (m *market) deliveries(hook string) []outcry.Delivery {
	m.Helper()
	return pages(m, func(p outcry.Page) ([]outcry.Delivery, string, error) { return m.Deliveries(m.ctx, hook, p) })
}

var webhooks = []promise{
	{"Webhook_KeepsAndLists", func(m *market) {
		shop, other := m.shop().ID, m.shop().ID
		a, b := m.hook(shop), m.hook(shop)
		m.hook(other)
		got, err := m.Webhook(m.ctx, a.ID)
		m.ok(err)
		m.same("webhook", got, a)
		all, err := m.Webhooks(m.ctx, shop)
		m.ok(err)
		m.same("the shop's", all, []outcry.Webhook{a, b})
		n := 0
		m.ok(m.EachWebhook(m.ctx, func(outcry.Webhook) error { n++; return nil }))
		m.same("all", n, 3)
		_, err = m.Webhook(m.ctx, "hook_x")
		m.fails(err, outcry.NotFound, "not_found")
		_, err = m.AddWebhook(m.ctx, m.aHook("shop_x"), mostHooks)
		m.fails(err, outcry.NotFound, "not_found")
	}},
	{"Webhook_IsToldOfWhatHappensLater", func(m *market) {
		shop := m.shop().ID
		m.same("before all", m.hook(shop).Since, int64(0))
		q := m.request(1)
		events := m.write(q.ID, m.called(1, 0, shop))
		w := m.hook(shop)
		m.same("since and behind", []int64{w.Since, w.Behind}, []int64{events[0].Seq, events[0].Seq})
	}},
	{"Webhook_TheSameAgainIsTheSame", func(m *market) {
		w := m.hook(m.shop().ID)
		again := w
		again.Secret = "whsec_other"
		got, err := m.AddWebhook(m.ctx, again, mostHooks)
		m.ok(err)
		m.same("webhook", got, w)
	}},
	{"Webhook_AsManyAsAShopMayHaveEachURLOnce", func(m *market) {
		shop := m.shop().ID
		errs := together(8, func(int) error {
			_, err := m.AddWebhook(m.ctx, m.aHook(shop), mostHooks)
			return err
		})
		m.same("taken", count(errs, ""), mostHooks)
		m.same("too many", count(errs, "too_many_webhooks"), 8-mostHooks)
		shop = m.shop().ID
		w := m.hook(shop)
		twin := m.aHook(shop)
		twin.URL = w.URL
		_, err := m.AddWebhook(m.ctx, twin, mostHooks)
		m.fails(err, outcry.Conflict, "exists")
		twin.Shop = m.shop().ID
		_, err = m.AddWebhook(m.ctx, twin, mostHooks)
		m.ok(err)
	}},
	{"Webhook_ChangesAndGoes", func(m *market) {
		w := m.hook(m.shop().ID)
		want := w
		want.Secret, want.Former, want.FormerUntil, want.Disabled, want.Reason = "n", "o", m.tick(), m.tick(), "gone"
		got, err := m.ChangeWebhook(m.ctx, w.ID, func(w *outcry.Webhook) error { *w = want; return nil })
		m.ok(err)
		m.same("changed", got, want)
		_, err = m.ChangeWebhook(m.ctx, w.ID, func(w *outcry.Webhook) error {
			w.Secret = "lost"
			return outcry.BadField("x", "no")
		})
		m.fails(err, outcry.Invalid, "invalid")
		got, err = m.Webhook(m.ctx, w.ID)
		m.ok(err)
		m.same("kept", got, want)
		m.ok(m.SaveOutbox(m.ctx, outcry.Outbox{Deliveries: []outcry.Delivery{m.sent(w.ID, 1, outcry.DeliveryWaiting)}}))
		m.ok(m.RemoveWebhook(m.ctx, w.ID))
		m.fails(m.RemoveWebhook(m.ctx, w.ID), outcry.NotFound, "not_found")
		m.same("deliveries", len(m.deliveries(w.ID)), 0)
	}},
	{"Delivery_TheLastWordStands", func(m *market) {
		w, other := m.hook(m.shop().ID), m.hook(m.shop().ID)
		first, second := m.sent(w.ID, 4, outcry.DeliveryWaiting), m.sent(w.ID, 9, outcry.DeliveryDelivered)
		m.ok(m.SaveOutbox(m.ctx, outcry.Outbox{Deliveries: []outcry.Delivery{first, second, m.sent(other.ID, 4, outcry.DeliveryWaiting)}}))
		first.State, first.Attempts, first.Status, first.Took, first.Error = outcry.DeliveryFailed, 5, 500, time.Second, "no"
		first.Tried, first.Next = m.tick(), time.Time{}
		m.ok(m.SaveOutbox(m.ctx, outcry.Outbox{Deliveries: []outcry.Delivery{first}}))
		m.same("deliveries", m.deliveries(w.ID), []outcry.Delivery{second, first})
		got, err := m.Delivery(m.ctx, w.ID, 4)
		m.ok(err)
		m.same("delivery", got, first)
		_, err = m.Delivery(m.ctx, w.ID, 5)
		m.fails(err, outcry.NotFound, "not_found")
		_, _, err = m.Deliveries(m.ctx, w.ID, outcry.Page{After: "x"})
		m.fails(err, outcry.Invalid, "invalid")
	}},
	{"Delivery_UnsettledAreThoseThatWaitAndTheLater", func(m *market) {
		w, other := m.hook(m.shop().ID), m.hook(m.shop().ID)
		var all []outcry.Delivery
		for seq := range int64(8) {
			all = append(all, m.sent(w.ID, seq, []outcry.DeliveryState{outcry.DeliveryWaiting, outcry.DeliveryDelivered}[seq%2]))
		}
		m.ok(m.SaveOutbox(m.ctx, outcry.Outbox{Deliveries: append(slices.Clone(all), m.sent(other.ID, 7, outcry.DeliveryWaiting))}))
		got, err := m.Unsettled(m.ctx, w.ID, 4)
		m.ok(err)
		m.same("unsettled", got, []outcry.Delivery{all[0], all[2], all[4], all[5], all[6], all[7]})
	}},
	{"Delivery_TrimmingKeepsTheNewestAndThoseThatWait", func(m *market) {
		w, other := m.hook(m.shop().ID), m.hook(m.shop().ID)
		var all []outcry.Delivery
		for seq := range int64(9) {
			all = append(all, m.sent(w.ID, seq, outcry.DeliveryDelivered))
		}
		all[1].State = outcry.DeliveryWaiting
		all[8].At = all[0].At.Add(-time.Hour)
		rest := m.sent(other.ID, 1, outcry.DeliveryDelivered)
		gone := m.sent("hook_gone", 1, outcry.DeliveryWaiting)
		m.ok(m.SaveOutbox(m.ctx, outcry.Outbox{Deliveries: append(slices.Clone(all), rest, gone)}))
		m.ok(m.SaveOutbox(m.ctx, outcry.Outbox{Trim: []string{w.ID, gone.Webhook}, Keep: 4, Before: all[0].At}))
		m.same("kept", m.deliveries(w.ID), []outcry.Delivery{all[7], all[6], all[5], all[1]})
		m.same("another's", m.deliveries(other.ID), []outcry.Delivery{rest})
		m.same("of one that is gone", len(m.deliveries(gone.Webhook)), 0)
	}},
	{"Told_NeverGoesBack", func(m *market) {
		for _, step := range [][2]int64{{0, 0}, {5, 5}, {3, 5}, {0, 5}, {7, 7}} {
			m.ok(m.SaveOutbox(m.ctx, outcry.Outbox{UpTo: step[0]}))
			got, err := m.ToldUpTo(m.ctx)
			m.ok(err)
			m.same(fmt.Sprint("told up to, after ", step[0]), got, step[1])
		}
	}},
	{"Told_BehindIsOfEachWebhook", func(m *market) {
		a, b := m.hook(m.shop().ID), m.hook(m.shop().ID)
		m.ok(m.SaveOutbox(m.ctx, outcry.Outbox{Behind: map[string]int64{a.ID: 7, b.ID: 9, "hook_gone": 3}}))
		m.ok(m.SaveOutbox(m.ctx, outcry.Outbox{Behind: map[string]int64{b.ID: outcry.NotBehind}, UpTo: 12}))
		for id, want := range map[string]int64{a.ID: 7, b.ID: outcry.NotBehind} {
			got, err := m.Webhook(m.ctx, id)
			m.ok(err)
			m.same("behind", got.Behind, want)
		}
	}},
	{"ShopEvents_ArePiecesOfTheShopLog", func(m *market) {
		shops := m.shops(3)
		for range 4 {
			q := m.request(1)
			m.write(q.ID, m.everything(q, shops[:2])...)
			m.write(m.request(1).ID, m.called(1, 0, shops[2]))
		}
		want, _, err := m.ShopLog(m.ctx, shops[1], 0, 0)
		m.ok(err)
		last, err := m.LastSeq(m.ctx)
		m.ok(err)
		if len(want) < 8 {
			m.Fatalf("only %d events concern the shop", len(want))
		}
		var got []outcry.Event
		for after := int64(0); after < last; after += 3 {
			piece, err := m.ShopEvents(m.ctx, shops[1], after, after+3, 0)
			m.ok(err)
			got = append(got, piece...)
		}
		m.same("events", got, want)
		first, err := m.ShopEvents(m.ctx, shops[1], 0, last, 2)
		m.ok(err)
		m.same("the first two", first, want[:2])
	}},
}
