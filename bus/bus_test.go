package bus_test

import (
	"sync"
	"testing"

	"outcry"
	"outcry/bus"
)

func TestLocal_RingsEveryListenerInItsOrder(t *testing.T) {
	t.Parallel()
	var l bus.Local
	l.Ring([]outcry.Event{{Seq: 1}}) // nobody listens: lost, and no harm
	var heard []string
	l.Listen(func(events []outcry.Event) { heard = append(heard, "a", events[0].Request) })
	l.Ring([]outcry.Event{{Seq: 2, Request: "req_2"}})
	l.Listen(func(events []outcry.Event) { heard = append(heard, "b", events[0].Request) })
	l.Ring([]outcry.Event{{Seq: 3, Request: "req_3"}})
	want := []string{"a", "req_2", "a", "req_3", "b", "req_3"}
	if len(heard) != len(want) {
		t.Fatalf("heard %v, want %v", heard, want)
	}
	for i := range want {
		if heard[i] != want[i] {
			t.Fatalf("heard %v, want %v", heard, want)
		}
	}
}

func TestLocal_ManyRingAndListenAtOnce(t *testing.T) {
	t.Parallel()
	const ringers, rounds = 8, 50
	var l bus.Local
	var mu sync.Mutex
	sum, late := 0, 0
	l.Listen(func(events []outcry.Event) {
		mu.Lock()
		defer mu.Unlock()
		sum += len(events)
	})
	var all sync.WaitGroup
	for range ringers {
		all.Go(func() {
			for range rounds {
				l.Ring(make([]outcry.Event, 2))
			}
		})
		all.Go(func() {
			l.Listen(func([]outcry.Event) {
				mu.Lock()
				defer mu.Unlock()
				late++
			})
		})
	}
	all.Wait()
	if sum != ringers*rounds*2 {
		t.Errorf("heard %d events, %d were rung", sum, ringers*rounds*2)
	}
	late = 0
	l.Ring(nil)
	if late != ringers {
		t.Errorf("%d of %d later listeners heard the last ring", late, ringers)
	}
}
