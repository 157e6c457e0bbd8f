package hook_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"outcry"
)

func TestRestart_LosesNothingAndRepeatsLittle(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		up := true
		does := func(hit) reply {
			if up {
				return reply{status: 200}
			}
			return reply{status: 503}
		}
		a, b := o.hook(does), o.hook(hangs)
		o.pass(time.Second) // they have caught up
		o.order(b)          // hangs while the power is cut
		kept := o.write(a)
		o.pass(time.Second)
		o.set(func() { up = false })
		o.order(a)            // refused, and so kept as waiting
		o.pass(time.Second)   // a save
		fresh := o.call(a, b) // not saved
		o.disk.cut.Store(true)
		o.stop()
		o.set(func() { up = true })
		o.does(b, ok)
		missed := o.write(a) // while the server is down
		o.start()
		o.pass(time.Minute)
		count := map[string]int{}
		for _, h := range append(o.came(a), o.came(b)...) {
			count[h.id]++
		}
		if n := count[outcry.Delivery{Webhook: a.ID, Seq: kept.Seq}.ID()]; n != 1 {
			t.Errorf("what was kept as delivered was sent %d times", n)
		}
		for what, id := range map[string]string{
			"the call":                outcry.Delivery{Webhook: a.ID, Seq: fresh.Seq}.ID(),
			"the call to the other":   outcry.Delivery{Webhook: b.ID, Seq: fresh.Seq}.ID(),
			"what happened meanwhile": outcry.Delivery{Webhook: a.ID, Seq: missed.Seq}.ID(),
		} {
			if count[id] == 0 {
				t.Errorf("%s was not sent", what)
			}
		}
		for _, w := range []outcry.Webhook{a, b} {
			for _, d := range o.deliveries(w) {
				if d.State != outcry.DeliveryDelivered {
					t.Errorf("%s of %s is %+v", d.Type, w.Shop, d)
				}
			}
		}
		if n := len(o.deliveries(a)) + len(o.deliveries(b)); n != 6 {
			t.Errorf("there are %d deliveries, want 6", n)
		}
	})
}

func TestRestart_ARegularEndRepeatsNothing(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		w := o.hook(ok)
		o.write(w)
		o.pass(time.Millisecond)
		o.stop()
		o.start()
		o.pass(time.Minute)
		if n := len(o.came(w)); n != 1 {
			t.Errorf("it was sent %d times", n)
		}
	})
}

func TestPut_ANewOneIsToldOfNothingBefore(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, slow := o.hook(ok), o.hook(hangs)
		o.pass(time.Second) // they have caught up
		o.write(slow)       // it holds the cursor of all back
		o.write(a)
		o.pass(time.Second)
		o.must(o.store.RemoveWebhook(t.Context(), a.ID))
		o.Drop(a.ID)
		if o.connected(a.Shop) != 0 {
			t.Error("one that is gone counts as connected")
		}
		o.write(a)
		again := a
		again.ID = outcry.NewID(outcry.WebhookPrefix, time.Now(), strings.NewReader("again and again"))
		again, err := o.store.AddWebhook(t.Context(), again, 5)
		o.must(err)
		o.Put(again)
		e := o.write(a)
		o.pass(time.Second)
		o.crash()
		o.pass(time.Second)
		var ids []string
		for _, h := range o.came(a) {
			ids = append(ids, h.id)
		}
		if len(ids) != 2 || ids[1] != (outcry.Delivery{Webhook: again.ID, Seq: e.Seq}).ID() {
			t.Errorf("sent were %v", ids)
		}
	})
}

func TestReplay_SendsOnceMoreUnderTheSameID(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		w := o.hook(ok)
		o.call(w)
		o.pass(time.Hour) // long after the deadline
		o.set(func() { o.closed = true })
		d, err := o.Replay(t.Context(), o.only(w))
		if err != nil || d.State != outcry.DeliveryWaiting {
			t.Fatalf("the replay is %+v, %v", d, err)
		}
		o.pass(time.Second)
		hits := o.came(w)
		if len(hits) != 2 || hits[0].id != hits[1].id || verify(t, hits[1], secret) != 0 {
			t.Fatalf("%d requests came", len(hits))
		}
		if d := o.only(w); d.State != outcry.DeliveryDelivered || d.Attempts != 2 {
			t.Errorf("the delivery is %+v", d)
		}
		w = o.hook(ok)
		o.order(w)
		o.pass(time.Second)
		o.does(w, hangs)
		if _, err := o.Replay(t.Context(), o.only(w)); err != nil {
			t.Fatal(err)
		}
		o.does(w, ok)
		o.crash()
		o.pass(time.Hour)
		if d := o.only(w); len(o.came(w)) < 2 || d.State != outcry.DeliveryDelivered || d.Attempts != 2 {
			t.Errorf("after a crash the replay is %+v, and %d requests came", d, len(o.came(w)))
		}
		_, err = o.Replay(t.Context(), outcry.Delivery{Webhook: "hook_x", Seq: 1})
		if outcry.KindOf(err) != outcry.NotFound {
			t.Errorf("a replay to one that there is not: %v", err)
		}
	})
}

func TestTry_SendsATestAndKeepsNothing(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		w := o.hook(ok)
		d, err := o.Try(t.Context(), w)
		if err != nil || d.State != outcry.DeliveryDelivered || d.Status != 200 {
			t.Fatalf("the test is %+v, %v", d, err)
		}
		hits := o.came(w)
		if len(hits) != 1 || hits[0].id != d.ID() || verify(t, hits[0], secret) != 0 ||
			!strings.Contains(hits[0].body, fmt.Sprintf(`"data":{"shop_id":%q,"webhook_id":%q}`, w.Shop, w.ID)) {
			t.Errorf("what came is %+v", hits)
		}
		o.does(w, hangs)
		d, err = o.Try(t.Context(), w)
		if err != nil || d.State != outcry.DeliveryFailed || d.Error != "no answer in time" || d.Took != 10*time.Second {
			t.Errorf("a test of one that hangs is %+v, %v", d, err)
		}
		o.pass(time.Second)
		if all := o.deliveries(w); len(all) != 0 {
			t.Errorf("kept were %+v", all)
		}
	})
}
