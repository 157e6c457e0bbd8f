package store_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"outcry"
	"outcry/store"
	"outcry/store/storetest"
)

// A market in a bubble: hours of it pass at once, none of them while something
// is written or read, and nothing of the store is left running.
func TestStore_LivesInABubble(t *testing.T) {
	t.Parallel()
	for _, kind := range storetest.Kinds {
		t.Run(kind.Name, func(t *testing.T) {
			t.Parallel()
			address := kind.New(t)
			synctest.Test(t, func(t *testing.T) {
				s := storetest.Open(t, address)
				began := time.Now()
				trade(t, s)
				if d := time.Since(began); d != 20*time.Hour {
					t.Errorf("%v have passed, want 20 h", d)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// trade writes and reads by two goroutines for 20 hours.
func trade(t *testing.T, s *store.Store) {
	t.Helper()
	ctx := context.Background()
	check := func(err error) {
		if err != nil {
			t.Error(err)
		}
	}
	check(s.AddMember(ctx, outcry.Member{ID: "mem_1"}, ""))
	check(s.AddRequest(ctx, outcry.Request{ID: "req_1", Buyer: "mem_1", State: outcry.RequestOpen}))
	done := make(chan struct{})
	go func() {
		defer close(done)
		var last int64
		for last < 20 {
			events, err := s.Tail(ctx, last, 10)
			check(err)
			for _, e := range events {
				if got := time.Since(e.At); got > time.Minute {
					t.Errorf("event %d is seen %v late", e.Seq, got)
				}
				last = e.Seq
			}
			time.Sleep(time.Minute)
		}
	}()
	for base := range int64(20) {
		_, err := s.Commit(ctx, outcry.Batch{Request: "req_1", Base: base, Events: []outcry.Event{
			{At: time.Now(), Kind: outcry.EventDeclined, Shop: "s", Decline: &outcry.Decline{}},
		}})
		check(err)
		time.Sleep(time.Hour)
	}
	<-done
}

func TestClose_LeavesNothingRunning(t *testing.T) { //nolint:paralleltest // it looks at all goroutines
	for _, kind := range storetest.Kinds {
		t.Run(kind.Name, func(t *testing.T) {
			address := kind.New(t)
			before := goleak.IgnoreCurrent()
			s := storetest.Open(t, address)
			if err := s.AddMember(context.Background(), outcry.Member{ID: "mem_1"}, ""); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Member(context.Background(), "mem_1"); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			goleak.VerifyNone(t, before)
		})
	}
}
