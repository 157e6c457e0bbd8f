package live_test

import (
	"context"
	"io"
	"iter"
	"testing"
	"time"

	"outcry"
	"outcry/buyer"
	"outcry/cmd/outcry/live"
	"outcry/wire"
)

// streaming is a market that tells one event and then holds the line.
type streaming struct {
	*counter
	ended chan struct{} // closed when the watch is over
}

func (s *streaming) Watch(ctx context.Context, _ string, _ int64) iter.Seq2[buyer.Event, error] {
	return func(yield func(buyer.Event, error) bool) {
		defer close(s.ended)
		if yield(buyer.Event{Kind: wire.EventOffer, Offer: &wire.OfferNews{BoardOffer: offers()[0]}}, nil) {
			<-ctx.Done()
		}
	}
}

func TestRun_EndsWithTheLastStateAndNothingRunning(t *testing.T) {
	t.Parallel()
	s := &streaming{counter: &counter{board: standing().Board}, ended: make(chan struct{})}
	s.board.At = wire.Time(time.Now())
	keys, typist := io.Pipe()
	go func() {
		for _, key := range []string{"q", "y"} {
			if _, err := io.WriteString(typist, key); err != nil {
				return
			}
		}
	}()
	last, err := live.Run(t.Context(), live.Screen{In: keys, Out: io.Discard, Request: asked(), Name: "Bakery"}, s)
	_ = typist.Close()
	if err != nil || last.Open() || !last.Done || last.Board.Request.ClosedReason != outcry.ClosedWithdrawn {
		t.Errorf("ended with %v, %v", last.Board.Request.ClosedReason, err)
	}
	select {
	case <-s.ended:
	default:
		t.Error("the watch goes on")
	}
}

func TestRun_EndsWhenItIsToldTo(t *testing.T) {
	t.Parallel()
	s := &streaming{counter: &counter{board: standing().Board}, ended: make(chan struct{})}
	ctx, stop := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer stop()
	keys, typist := io.Pipe()
	defer typist.Close()
	last, err := live.Run(ctx, live.Screen{In: keys, Out: io.Discard, Request: asked()}, s)
	if err == nil || !last.Open() {
		t.Errorf("ended with %v, open %v", err, last.Open())
	}
}
