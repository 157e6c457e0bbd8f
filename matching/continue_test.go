package matching_test

import (
	"context"
	"testing"
	"testing/synctest"

	"outcry"
	"outcry/matching"
)

// forgetful is a journal that does not tell which requests are open, as before
// they have been read after a start.
type forgetful struct{ *journal }

func (forgetful) OpenRequests(context.Context) ([]outcry.Request, error) { return nil, nil }

func TestContinue_KnowsWhatHadHappened(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a")
		id := f.ask(30, 2)
		f.stop()
		f.build() // its shop has not come back yet
		f.put(f.shop("shop_a"))
		f.startWith(func(c *matching.Config) { c.Journal = forgetful{f.journal} })
		defer f.stop()
		if err := f.Continue(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if v := f.view(id); v.Counts.Called != 1 || v.Counts.Waiting != 1 {
			t.Errorf("%+v; its call was forgotten", v.Counts)
		}
		if _, err := f.offer(id, "shop_a", 300); err != nil {
			t.Errorf("the called shop offers: %v", err)
		}
	})
}
