package gauge

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"outcry"
	"outcry/sim/crowd"
)

// atOnce is how many shops are made before they are put in, so that the making
// is not measured.
const atOnce = 10_000

// fill makes the index: what it costs to put in all shops, and in memory.
func (g *gauge) fill(ctx context.Context) error {
	g.got.Shops, g.got.Codes = g.Shops, len(g.crowd.Codes())
	before := heap()
	g.index.Expect(crowd.Expected(outcry.ByPerson), crowd.Expected(outcry.BySoftware))
	var put, learn time.Duration
	for from := 0; from < g.Shops; from += atOnce {
		if err := ctx.Err(); err != nil {
			return err
		}
		some := g.some(from, min(g.Shops, from+atOnce))
		start := time.Now()
		for i := range some {
			if err := g.index.Put(some[i].Listing); err != nil {
				return fmt.Errorf("put in shop %s: %w", some[i].ID, err)
			}
		}
		put += time.Since(start)
		start = time.Now()
		for i := range some {
			some[i].learn(g.index)
		}
		learn += time.Since(start)
		g.progress(from+len(some), "put in")
	}
	start := time.Now()
	g.index.Build()
	trees := time.Since(start)
	g.got.PutS, g.got.LearnS, g.got.TreesS = put.Seconds(), learn.Seconds(), trees.Seconds()
	g.got.BuildS = g.got.PutS + g.got.TreesS
	index, roster := g.index.Bytes()
	g.got.IndexBytes, g.got.PlainBytes = float64(index)/float64(g.Shops), float64(index+roster)/float64(g.Shops)
	after := heap()
	g.got.BytesPerShop = float64(int64(after.HeapAlloc)-int64(before.HeapAlloc)) / float64(g.Shops)
	g.got.HeapPerShop = float64(int64(after.HeapInuse)-int64(before.HeapInuse)) / float64(g.Shops)
	return nil
}

// progress tells every tenth of the shops.
func (g *gauge) progress(done int, what string) {
	if tenth := max(1, g.Shops/10); done/tenth > (done-atOnce)/tenth && g.Shops > atOnce {
		g.Note("%s of %s shops %s", Grouped(done), Grouped(g.Shops), what)
	}
}

// shop is a shop with all that is told of it.
type shop struct {
	outcry.Listing
	figures   outcry.Figures
	known     bool // has figures
	lined     bool
	spokeAt   time.Time
	spokeJust bool
}

// some makes the shops from and below to.
func (g *gauge) some(from, to int) []shop {
	list := make([]shop, 0, to-from)
	for i := from; i < to; i++ {
		s := shop{Listing: g.crowd.Listing(i), lined: g.crowd.Lined(i)}
		s.figures, s.known = g.crowd.Figures(i, &s.Listing)
		s.spokeAt, s.spokeJust = g.crowd.Spoke(i)
		g.got.Held += len(s.Codes)
		list = append(list, s)
	}
	return list
}

// learn tells the index a shop's figures and its line.
func (s *shop) learn(x Index) {
	if s.known {
		x.Figure(s.ID, s.figures)
	}
	if s.lined {
		x.Connect(s.ID, 1, crowd.Now)
	}
	if s.spokeJust {
		x.Seen(s.ID, s.spokeAt)
	}
}

// heap is the memory in use once all that is not needed is given back.
func heap() (m runtime.MemStats) {
	runtime.GC() // twice: what a finalizer lets go of goes with the second
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m
}

// Grouped writes a number with a comma between thousands.
func Grouped(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", Grouped(n/1000), n%1000)
}
