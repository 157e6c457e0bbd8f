package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"outcry"
	"outcry/store"
	"outcry/store/storetest"
)

// writers is how many goroutines write at once: as many as there are requests
// whose offers come in.
const writers = 50

// stall is a market with shops to call and as many requests as are asked for.
type stall struct {
	*store.Store
	shops []string
	at    time.Time
	n     atomic.Int64
}

func newStall(b *testing.B, kind storetest.Kind) *stall {
	b.Helper()
	s := &stall{Store: storetest.Open(b, kind.New(b)), at: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	ctx := context.Background()
	must(b, s.AddMember(ctx, outcry.Member{ID: "mem_1"}, ""))
	for range 5000 {
		s.shops = append(s.shops, s.id(outcry.ShopPrefix))
	}
	return s
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// id is an id made like a real one.
func (s *stall) id(prefix string) string {
	n := s.n.Add(1)
	seed := [32]byte{byte(n), byte(n >> 8), byte(n >> 16)}
	return outcry.NewID(prefix, s.at.Add(time.Duration(n)*time.Millisecond), rand.NewChaCha8(seed))
}

// request adds a request.
func (s *stall) request(ctx context.Context) (string, error) {
	id := s.id(outcry.RequestPrefix)
	return id, s.AddRequest(ctx, outcry.Request{
		ID: id, Buyer: "mem_1", Accepts: 1, State: outcry.RequestOpen,
		Ask: outcry.Ask{Code: "osm:shop=bakery", Quantity: 1, Wanted: 20, Deadline: s.at, Rank: outcry.RankBest},
	})
}

// wave calls 20 shops.
func (s *stall) wave() outcry.Event {
	w := &outcry.Wave{N: 1}
	first := rand.IntN(len(s.shops) - 20)
	for i := range 20 {
		w.Calls = append(w.Calls, outcry.Called{
			N: i, Shop: s.shops[first+i*7%20], DistanceM: 1200 + i, Score: 0.73 + float64(i)/7,
			Weighed: outcry.Weighed{Chance: 0.41, Price: 0.97, Rating: 4.2, Kept: 0.95, Hour: 3},
		})
	}
	return outcry.Event{At: s.at, Kind: outcry.EventCalled, Wave: w}
}

// offer answers call n of a request.
func (s *stall) offer(request string, n int) outcry.Event {
	return outcry.Event{At: s.at, Kind: outcry.EventOffer, Shop: s.shops[rand.IntN(len(s.shops))], Offer: &outcry.Offer{
		ID: outcry.OfferID(request, n), Call: n, Version: 1, At: s.at, First: s.at,
		Bid: outcry.Bid{
			Price: outcry.Money{Amount: 250, Currency: "GBP"}, Attributes: []byte(`{"kind":"rye","weight":800}`),
			Message: "still warm", AvailableAt: &s.at, ValidUntil: s.at,
		},
	}}
}

// BenchmarkCommit_Wave20 writes a request and its wave of 20 calls, an
// operation, and reports log rows and calls a second.
func BenchmarkCommit_Wave20(b *testing.B) {
	inEach(b, func(b *testing.B, s *stall) {
		concurrently(b, func(ctx context.Context) error {
			id, err := s.request(ctx)
			if err != nil {
				return err
			}
			_, err = s.Commit(ctx, outcry.Batch{Request: id, Events: []outcry.Event{s.wave()}})
			return err
		})
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "waves/s")
		b.ReportMetric(float64(20*b.N)/b.Elapsed().Seconds(), "calls/s")
	})
}

// BenchmarkCommit_Offers20 writes 20 offers one after another to a request, an
// operation, and reports offers a second.
func BenchmarkCommit_Offers20(b *testing.B) {
	inEach(b, func(b *testing.B, s *stall) {
		concurrently(b, func(ctx context.Context) error {
			id, err := s.request(ctx)
			base := int64(0)
			for n := 0; err == nil && n < 20; n++ {
				var events []outcry.Event
				events, err = s.Commit(ctx, outcry.Batch{Request: id, Base: base, Events: []outcry.Event{s.offer(id, n)}})
				if err == nil {
					base = events[0].Seq
				}
			}
			return err
		})
		b.ReportMetric(float64(20*b.N)/b.Elapsed().Seconds(), "offers/s")
	})
}

// inEach runs a benchmark on an empty database of each kind.
func inEach(b *testing.B, run func(*testing.B, *stall)) {
	b.Helper()
	for _, kind := range storetest.Kinds {
		b.Run(kind.Name, func(b *testing.B) { run(b, newStall(b, kind)) })
	}
}

// concurrently does b.N operations by writers goroutines.
func concurrently(b *testing.B, do func(context.Context) error) {
	b.Helper()
	b.ReportAllocs()
	var left atomic.Int64
	left.Store(int64(b.N))
	faults := make(chan error, writers)
	b.ResetTimer()
	for range writers {
		go func() {
			for left.Add(-1) >= 0 {
				if err := do(context.Background()); err != nil {
					faults <- fmt.Errorf("operation: %w", err)
					return
				}
			}
			faults <- nil
		}()
	}
	for range writers {
		must(b, <-faults)
	}
	b.StopTimer()
}
