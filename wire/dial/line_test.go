package dial_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"outcry/wire"
	"outcry/wire/dial"
)

// linePath is where hubs have their line.
const linePath = "/line"

// callOf is the call of an event.
func callOf(t *testing.T, e dial.Event) string {
	t.Helper()
	var c wire.Call
	if err := json.Unmarshal(e.Data, &c); err != nil {
		t.Fatal(err)
	}
	return c.ID
}

func offerTo(call string) dial.Ask {
	return dial.Ask{Type: wire.UpOffer, Data: wire.UpBid{CallID: call}}
}

func TestLine_EachEventOnceAndEachAnswerTakenAcrossRandomCuts(t *testing.T) {
	t.Parallel()
	cuts := 0
	for seed := range uint64(40) {
		synctest.Test(t, func(t *testing.T) { cuts += acrossCuts(t, seed) })
	}
	if cuts < 3000 {
		t.Errorf("the connection was cut only %d times", cuts)
	}
}

// acrossCuts has calls come and offers go on a network that is cut all the time.
func acrossCuts(t *testing.T, seed uint64) (cuts int) {
	const calls = 400
	h, n := newHub(), newNetwork(seed, 4000)
	caller := on(t, n, h)
	for i := range 3 {
		h.call(fmt.Sprint("early", i))
	}
	greeted := make(chan struct{})
	go func() {
		<-greeted
		for i := range calls {
			time.Sleep(time.Duration(i%7) * 40 * time.Millisecond)
			h.call(fmt.Sprint("call", i))
		}
	}()
	line := caller.Open(t.Context(), linePath, dial.Stream{})
	var answering errgroup.Group
	var got []string
	hellos := 0
	for e, err := range line.Events(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		switch e.Kind {
		case wire.EventHello:
			if hellos++; hellos == 1 {
				close(greeted)
			}
		case wire.EventCall:
			id := callOf(t, e)
			got = append(got, id)
			answering.Go(func() error {
				var o wire.Offer
				if err := line.Ask(t.Context(), offerTo(id), &o); err != nil || o.CallID != id {
					return fmt.Errorf("the offer to %s was answered %v, %w", id, o, err)
				}
				return nil
			})
		}
		if len(got) == calls+3 {
			break
		}
	}
	if err := answering.Wait(); err != nil {
		t.Error(err)
	}
	line.Close()
	h.mu.Lock()
	defer h.mu.Unlock()
	if diff := cmp.Diff(h.log, got); diff != "" || hellos != 1 {
		t.Errorf("seed %d: %d hellos, %s", seed, hellos, diff)
	}
	for _, id := range h.log {
		if h.taken[id] != 1 {
			t.Errorf("seed %d: the offer to %s was not taken", seed, id)
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.cuts
}

func TestLine_ManyAskAtOnceInFewFrames(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHub()
		line := on(t, newNetwork(1, 0), h).Open(t.Context(), linePath, dial.Stream{})
		defer line.Close()
		var asking sync.WaitGroup
		for i := range 3000 {
			asking.Go(func() {
				var o wire.Offer
				id := fmt.Sprint("call", i)
				if err := line.Ask(t.Context(), offerTo(id), &o); err != nil || o.CallID != id {
					t.Errorf("%s: %v, %v", id, o, err)
				}
			})
		}
		asking.Wait()
		synctest.Wait()
		if len(h.heard) != 3000 {
			t.Errorf("%d offers came up", len(h.heard))
		}
	})
}

func TestLine_AProblemIsTheErrorThatHTTPHas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHub()
		h.answer = func(wire.UpFrame) (string, any) {
			return wire.FrameProblem, wire.Problem{Status: 409, Code: "call_closed", Detail: "time was up",
				Errors: []wire.ProblemField{{Location: "body.price", Message: "write less"}}}
		}
		line := on(t, newNetwork(1, 0), h).Open(t.Context(), linePath, dial.Stream{})
		defer line.Close()
		err := line.Ask(t.Context(), offerTo("call1"), nil)
		wantProblem(t, err)
	})
}

func TestLine_WhatMustNotBeSaidTwiceIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h, n := newHub(), newNetwork(1, 0)
		h.answer = func(up wire.UpFrame) (string, any) {
			if len(h.heard) == 1 {
				n.breakAll()
			}
			return wire.FrameOK, nil
		}
		line := on(t, n, h).Open(t.Context(), linePath, dial.Stream{})
		defer line.Close()
		err := line.Ask(t.Context(), dial.Ask{Type: wire.UpMessage, Data: wire.UpText{CallID: "call1", Text: "hi"}, Once: true}, nil)
		wantCode(t, err, "maybe")
		if err := line.Ask(t.Context(), offerTo("call1"), nil); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if len(h.heard) != 2 || h.heard[0].Type != wire.UpMessage || h.heard[1].Type != wire.UpOffer {
			t.Errorf("heard %v", h.heard)
		}
	})
}

func TestLine_AnAnswerThatIsTooLongNamesWhatToMend(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHub()
		line := on(t, newNetwork(1, 0), h).Open(t.Context(), linePath, dial.Stream{})
		defer line.Close()
		long := wire.UpText{Text: string(make([]byte, 70000))}
		wantCode(t, line.Ask(t.Context(), dial.Ask{Type: wire.UpMessage, Data: long}, nil), "invalid")
	})
}

func TestLine_AnAskEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newNetwork(1, 0)
		line := on(t, n, newHub()).Open(t.Context(), linePath, dial.Stream{})
		defer line.Close()
		n.down.Store(true)
		n.breakAll()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := line.Ask(ctx, offerTo("call1"), nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

func TestLine_ClosingEndsWhatWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHub()
		h.answer = func(wire.UpFrame) (string, any) { return "", nil }
		line := on(t, newNetwork(1, 0), h).Open(t.Context(), linePath, dial.Stream{})
		asked := make(chan error)
		go func() { asked <- line.Ask(t.Context(), offerTo("call1"), nil) }()
		synctest.Wait()
		line.Close()
		if err := <-asked; !errors.Is(err, dial.ErrClosed) {
			t.Errorf("what waited ended with %v", err)
		}
		if err := line.Ask(t.Context(), offerTo("call2"), nil); !errors.Is(err, dial.ErrClosed) {
			t.Errorf("what came later ended with %v", err)
		}
		for e, err := range line.Events(t.Context()) {
			t.Errorf("after its end it gave %v, %v", e, err)
		}
	})
}

func TestLine_AReaderThatIsBehindMissesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHub()
		line := on(t, newNetwork(1, 0), h).Open(t.Context(), linePath, dial.Stream{After: "0"})
		defer line.Close()
		const calls = 10_000
		for i := range calls {
			h.call(fmt.Sprint(i))
			if i%100 == 0 {
				synctest.Wait()
			}
		}
		synctest.Wait()
		if err := line.Ask(t.Context(), offerTo("call1"), nil); err != nil {
			t.Error("nobody reads the events, and an offer is answered", err)
		}
		n := 0
		for e, err := range line.Events(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if e.Kind != wire.EventCall {
				continue
			}
			if callOf(t, e) != fmt.Sprint(n) {
				t.Fatalf("call %d is %s", n, e.Data)
			}
			if n++; n == 10 { // there is room for more, but not for what comes now
				h.call(fmt.Sprint(calls))
				synctest.Wait()
			}
			if n == calls+1 {
				break
			}
		}
		synctest.Wait()
		if h.lines < 2 {
			t.Error("it held everything")
		}
		if line.Cursor() != calls+1 {
			t.Errorf("the cursor is %d", line.Cursor())
		}
	})
}
