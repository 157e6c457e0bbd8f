package matching_test

import (
	"testing"
	"testing/synctest"

	"outcry"
)

// What was kept of a shop before a restart weighs when it is called after it.
func TestMarket_SelectsByWhatWasKeptBeforeARestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b")
		f.stop()
		const none = `[0,0,0,0,0,0,0,0]`
		f.journal.learned["shop_a"] = outcry.Learned{
			Subject: "shop_a", Seq: 1, Body: []byte(`{"v":1,"r":` + none + `,"o":` + none + `,"b":50}`),
		}
		f.journal.learned["shop_b"] = outcry.Learned{Subject: "shop_b", Seq: 1, Body: []byte(`{`)}
		f.start()
		synctest.Wait()
		f.ask(30, 2)
		f.stop()
		kept := map[string]float64{}
		for _, e := range f.journal.events {
			if e.Wave != nil {
				for _, c := range e.Wave.Calls {
					kept[c.Shop] = c.Weighed.Kept
				}
			}
		}
		if len(kept) != 2 || kept["shop_a"] > 0.5 || kept["shop_b"] < 0.7 {
			t.Errorf("share of promises kept %v, want that of shop_a low and that of shop_b as of one not known", kept)
		}
	})
}
