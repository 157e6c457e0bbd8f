package matching_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"

	"outcry"
)

// seqs are the numbers of events.
func seqs(events []outcry.Event) (numbers []int64) {
	for _, e := range events {
		numbers = append(numbers, e.Seq)
	}
	return numbers
}

func TestPast_IsWhatTheLogSays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a", "shop_b", "shop_c")
		id := f.ask(20, 3)
		for i, shop := range []string{"shop_a", "shop_b"} {
			if _, err := f.offer(id, shop, int64(300-i)); err != nil {
				t.Fatal(err)
			}
		}
		want, err := f.journal.RequestLog(t.Context(), id, 0, 100)
		if err != nil || len(want) != 3 {
			t.Fatalf("the log has %d events: %v", len(want), err)
		}
		for i := range want {
			after := int64(0)
			if i > 0 {
				after = want[i-1].Seq
			}
			got, ok := f.Past(t.Context(), id, after)
			if !ok || !slices.Equal(seqs(got), seqs(want[i:])) {
				t.Errorf("behind %d: %v, %v, want %v", after, seqs(got), ok, seqs(want[i:]))
			}
		}
		if got, ok := f.Past(t.Context(), id, want[2].Seq); !ok || len(got) != 0 {
			t.Errorf("behind the last: %v, %v", got, ok)
		}
		if _, ok := f.Past(t.Context(), "req_unknown", 0); ok {
			t.Error("of a request that there is not something is known")
		}
		f.stop()
		f.start()
		defer f.stop()
		if _, ok := f.Past(t.Context(), id, 0); ok {
			t.Error("after a restart memory claims to know all")
		}
	})
}

// Whoever stops waiting in the midst of a turn is alone with what it has.
func TestShow_WhoLeavesIsNotWrittenToAnyMore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := open(t, "shop_a")
		defer f.stop()
		id := f.ask(20, 1)
		for range 200 {
			ctx, leave := context.WithCancel(t.Context())
			go leave()
			view, err := f.Show(ctx, id)
			if err == nil && view.Request.ID != id {
				t.Fatalf("%+v", view)
			}
		}
	})
}
