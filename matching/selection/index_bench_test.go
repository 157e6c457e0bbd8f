package selection_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"outcry/matching/selection"
)

// BenchmarkIndex_Select measures one size of the made-up country after the
// other; it takes minutes and gigabytes with 5,000,000 shops.
func BenchmarkIndex_Select(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000, 5_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			if n > 1_000_000 && testing.Short() {
				b.Skip("needs gigabytes; run without -short")
			}
			c := newCities(1)
			before := heap()
			x, places, took := c.filled(n)
			each := float64(heap()-before-16*uint64(n)) / float64(n) // less the places
			b.Run("all", func(b *testing.B) {
				for b.Loop() {
				}
				b.ReportMetric(each, "B/shop")
				index, roster := x.Bytes()
				b.ReportMetric(float64(index)/float64(n), "B-index/shop")
				b.ReportMetric(float64(roster)/float64(n), "B-roster/shop")
				b.ReportMetric(took.Seconds(), "put-and-built-s")
			})
			queries := make([]*selection.Query, 20_000)
			for i := range queries {
				queries[i] = c.query(places)
			}
			for _, most := range []int{20, 200} {
				b.Run(fmt.Sprint("best ", most), func(b *testing.B) { selects(b, x, queries, most) })
			}
			for i := range queries {
				queries[i].Codes = c.below[slices.Index(c.codes, queries[i].Codes[0])]
			}
			b.Run("with those below", func(b *testing.B) { selects(b, x, queries, 20) })
			runtime.KeepAlive(x)
		})
	}
}

func selects(b *testing.B, x *selection.Index, queries []*selection.Query, most int) {
	b.ReportAllocs()
	into := make([]selection.Candidate, 0, most)
	times := make([]time.Duration, 0, b.N)
	found, looked := 0, 0
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		got, tally := x.Select(queries[i%len(queries)], most, into)
		times = append(times, time.Since(began))
		found += len(got)
		looked += tally.Free
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Nanoseconds()), "p50-ns")
	b.ReportMetric(float64(times[len(times)*99/100].Nanoseconds()), "p99-ns")
	b.ReportMetric(float64(found)/float64(len(times)), "found/op")
	b.ReportMetric(float64(looked)/float64(len(times)), "free/op")
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkIndex_Connect opens and closes lines of shops among a million.
func BenchmarkIndex_Connect(b *testing.B) {
	c := newCities(1)
	x, _, _ := c.filled(1_000_000)
	for name, shops := range map[string]int{"in their order": 0, "of 20,000": 20_000, "of all": 1_000_000} {
		list := make([]string, max(shops, 100_000))
		for i := range list {
			at := i
			if shops > 0 {
				at = c.IntN(1_000_000) / (1_000_000 / shops)
			}
			list[i] = fmt.Sprintf("shop_%026d", at*7919)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				x.Connect(list[i%len(list)], 1-i/len(list)%2*2, now)
			}
		})
	}
}

// BenchmarkIndex_SelectWhileLinesComeAndGo selects while 10,000 lines a second
// are opened and closed beside, and without.
func BenchmarkIndex_SelectWhileLinesComeAndGo(b *testing.B) {
	c := newCities(1)
	x, places, _ := c.filled(1_000_000)
	queries := make([]*selection.Query, 20_000)
	for i := range queries {
		queries[i] = c.query(places)
	}
	b.Run("none", func(b *testing.B) { selects(b, x, queries, 20) })
	b.Run("10,000 a second", func(b *testing.B) {
		ctx, cancel := context.WithCancel(b.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			for tick := time.NewTicker(time.Millisecond); ctx.Err() == nil; <-tick.C {
				for range 10 {
					x.Connect(fmt.Sprintf("shop_%026d", c.IntN(1_000_000)*7919), 1-2*c.IntN(2), now)
				}
			}
		}()
		selects(b, x, queries, 20)
		cancel()
		<-done
	})
}
