package selection_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"outcry/matching/selection"
)

func TestConnect_LosesNoLineWhileShopsJoin(t *testing.T) {
	t.Parallel()
	const known, joining, callers = 100, 20_000, 4
	x := selection.NewIndex()
	id := func(i int) string { return fmt.Sprintf("shop_%026d", i) }
	for i := range known {
		put(t, x, sells(id(i)))
	}
	var over, all sync.WaitGroup
	done := make(chan struct{})
	var left [callers][known]int // lines that each caller left open
	for c := range callers {
		all.Go(func() {
			r := rand.New(rand.NewPCG(uint64(c), 1))
			for {
				select {
				case <-done:
					return
				default:
				}
				i, by := r.IntN(known), 1
				if left[c][i] > 0 && (left[c][i] > 3 || r.IntN(2) == 0) {
					by = -1
				}
				x.Connect(id(i), by, noon)
				x.Seen(id(r.IntN(known)), noon)
				left[c][i] += by
			}
		})
	}
	over.Go(func() {
		for i := range joining {
			x.Connect(id(known+i), 1, noon) // before it is put
			if err := x.Put(sells(id(known + i))); err != nil {
				t.Error(err)
			}
		}
		close(done)
	})
	over.Wait()
	all.Wait()
	if n := x.Connected(); n < joining {
		t.Fatalf("%d are connected, %d came with a line", n, joining)
	}
	for i := range known {
		lines := 0
		for c := range callers {
			lines += left[c][i]
		}
		before := x.Connected()
		for k := range lines {
			if n := x.Connected(); n != before {
				t.Fatalf("%s has %d lines and is told to have lost the last one", id(i), lines-k)
			}
			x.Connect(id(i), -1, noon.Add(-9*time.Hour))
		}
		if v, _ := x.Why(ask(), id(i)); v.OK {
			t.Fatalf("%s may be called with all %d lines closed", id(i), lines)
		}
	}
	if n := x.Connected(); n != joining {
		t.Errorf("%d are connected, want the %d that came", n, joining)
	}
}
