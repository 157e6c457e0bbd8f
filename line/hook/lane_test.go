package hook_test

import (
	"slices"
	"testing"
	"time"

	"outcry"
	"outcry/line/hook"
)

func hangs(hit) reply { return reply{status: 200, after: time.Hour} }

// More hang than there is room for at once; whoever answers is told as before.
func TestLanes_ThoseThatHangDelayNobody(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		var well, bad []outcry.Webhook
		for range 400 {
			bad = append(bad, o.hook(hangs))
		}
		for range 20 {
			well = append(well, o.hook(ok))
		}
		all := append(slices.Clone(bad), well...)
		began := map[string]time.Time{}
		for range 30 {
			e := o.call(all...)
			for _, w := range well {
				began[outcry.Delivery{Webhook: w.ID, Seq: e.Seq}.ID()] = e.At
			}
			o.pass(500 * time.Millisecond)
		}
		o.pass(time.Minute)
		n, worst := 0, time.Duration(0)
		for _, w := range well {
			for _, h := range o.came(w) {
				n++
				worst = max(worst, h.at.Sub(began[h.id]))
			}
		}
		if n != 30*len(well) || worst > 1500*time.Millisecond {
			t.Errorf("%d of %d were sent, the last one %v after its event", n, 30*len(well), worst)
		}
		if since, _ := o.Failing(bad[0].ID); since.IsZero() || o.connected(bad[0].Shop) != 0 || o.connected(well[0].Shop) != 1 {
			t.Error("one that hangs is not known to fail, or one that answers is")
		}
	})
}

func TestBehind_IsToldFromTheLogAndHoldsLittle(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		const many = 5 * hook.MostHeld
		slow := o.hook(func(hit) reply { return reply{status: 200, after: 900 * time.Millisecond} })
		quick := o.hook(ok)
		for i := range many {
			o.write(slow)
			if i%10 == 0 {
				o.write(quick)
				o.pass(time.Millisecond)
			}
			if held := o.Held(slow.ID); held > hook.MostHeld {
				t.Fatalf("%d events are held", held)
			}
		}
		if kept, err := o.store.Webhook(t.Context(), slow.ID); err != nil || len(o.came(quick)) != many/10 {
			t.Errorf("the quick one was told %d times; %v %v", len(o.came(quick)), kept, err)
		}
		o.crash() // in the midst
		o.pass(10 * time.Minute)
		ids := map[string]int{}
		for _, h := range o.came(slow) {
			ids[h.id]++
		}
		if len(ids) != many {
			t.Errorf("%d of %d events were sent", len(ids), many)
		}
		kept, err := o.store.Webhook(t.Context(), slow.ID)
		o.must(err)
		if kept.Behind != outcry.NotBehind {
			t.Errorf("when it has caught up it is behind at %d", kept.Behind)
		}
	})
}
