package store_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"outcry"
	"outcry/store"
)

// person adds a member by this name and gives the error's code.
func person(s *store.Store, name string) string {
	err := s.AddMember(context.Background(), outcry.Member{ID: name}, "")
	return outcry.CodeOf(err)
}

// there says whether a member is there.
func there(t *testing.T, s *store.Store, name string) bool {
	t.Helper()
	_, err := s.Member(context.Background(), name)
	if err != nil && outcry.KindOf(err) != outcry.NotFound {
		t.Fatal(err)
	}
	return err == nil
}

func TestWriter_FailedCommitMeansMaybe(t *testing.T) {
	t.Parallel()
	for name, really := range map[string]bool{"committed": true, "not committed": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &watched{}
			s := openWatched(t, w)
			w.set(func() {
				w.commit = func(tx driver.Tx) error {
					end := tx.Rollback
					if really {
						end = tx.Commit
					}
					return errors.Join(end(), io.ErrUnexpectedEOF)
				}
			})
			err := s.AddMember(context.Background(), outcry.Member{ID: "ann"}, "")
			var e *outcry.Error
			if !errors.As(err, &e) || e.Kind != outcry.Unavailable || e.Code != "maybe" || e.Retry != 1 || !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Fatalf("error %v, want unavailable maybe with its cause", err)
			}
			w.set(func() { w.commit = nil })
			if got := there(t, s, "ann"); got != really {
				t.Fatalf("ann is there: %v, want %v", got, really)
			}
			if code := person(s, "ann"); code != "" || !there(t, s, "ann") {
				t.Fatalf("asked again with the same id: %q", code)
			}
		})
	}
}

func TestWriter_FailedCommitIsMaybeForTheWholeGroup(t *testing.T) {
	t.Parallel()
	w := &watched{}
	s := openWatched(t, w)
	ctx := context.Background()
	if person(s, "ann") != "" || s.AddShop(ctx, outcry.Shop{ID: "shop", Owner: "ann"}) != nil {
		t.Fatal("no shop to begin with")
	}
	entered, leave := make(chan struct{}), make(chan struct{})
	go func() {
		_, _ = s.ChangeShop(ctx, "shop", func(*outcry.Shop) error {
			close(entered)
			<-leave
			return nil
		})
	}()
	<-entered
	// Behind the one that holds the writer, in one group: a good one, and one
	// that is refused.
	codes := make(chan string, 2)
	go func() { codes <- person(s, "bob") }()
	go func() { codes <- outcry.CodeOf(s.RemoveToken(ctx, "ann", "none")) }()
	for store.Queued(s) < 2 {
		runtime.Gosched()
	}
	w.set(func() { w.commit = func(tx driver.Tx) error { return errors.Join(tx.Rollback(), io.ErrUnexpectedEOF) } })
	close(leave)
	for range 2 {
		if code := <-codes; code != "maybe" {
			t.Errorf("code %q, want maybe", code)
		}
	}
}

func TestWriter_BeginsAnewAfterALostConnection(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		failures int64
		want     string
	}{{2, ""}, {3, "store_unavailable"}} {
		t.Run(fmt.Sprint(c.failures, " failures"), func(t *testing.T) {
			t.Parallel()
			w := &watched{}
			s := openWatched(t, w)
			var left atomic.Int64
			left.Store(c.failures)
			w.set(func() {
				w.begin = func() error {
					if left.Add(-1) >= 0 {
						return io.EOF
					}
					return nil
				}
			})
			if code := person(s, "ann"); code != c.want {
				t.Fatalf("code %q, want %q", code, c.want)
			}
			if got := there(t, s, "ann"); got != (c.want == "") {
				t.Fatalf("ann is there: %v", got)
			}
			if code := person(s, "bob"); code != "" {
				t.Fatalf("afterwards: %q", code)
			}
		})
	}
}

func TestWriter_FullDiskIsUnavailableAndWritesNothing(t *testing.T) {
	t.Parallel()
	s := openWatched(t, &watched{pragma: "max_page_count = 100"})
	ctx := context.Background()
	if code := person(s, "ann"); code != "" {
		t.Fatal(code)
	}
	note := strings.Repeat("x", 100_000)
	var err error
	n := 0
	for ; err == nil && n < 10; n++ {
		err = s.AddRequest(ctx, outcry.Request{ID: fmt.Sprint("req_", n), Buyer: "ann", Ask: outcry.Ask{Note: note}})
	}
	if outcry.KindOf(err) != outcry.Unavailable || outcry.CodeOf(err) != "store_unavailable" {
		t.Fatalf("error %v after %d, want unavailable store_unavailable", err, n)
	}
	if _, err := s.Request(ctx, fmt.Sprint("req_", n-1)); outcry.KindOf(err) != outcry.NotFound {
		t.Fatalf("the request that was refused: %v", err)
	}
	if code := person(s, "bob"); code != "" {
		t.Fatalf("a write that fits is refused: %q", code)
	}
}

func TestWriter_WaitsForAnotherProcess(t *testing.T) {
	t.Parallel()
	w := &watched{pragma: "busy_timeout = 1"}
	s := openWatched(t, w)
	other := rawly(t, w.file)
	if _, err := other.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	if code := person(s, "ann"); code != "store_unavailable" {
		t.Fatalf("code %q while another process writes", code)
	}
	if _, err := other.Exec("COMMIT"); err != nil {
		t.Fatal(err)
	}
	if code := person(s, "ann"); code != "" {
		t.Fatalf("code %q afterwards", code)
	}
}
