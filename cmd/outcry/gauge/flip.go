package gauge

import (
	"context"
	"sync"
	"time"

	"outcry"
	"outcry/matching/selection"
	"outcry/sim/crowd"
)

// What happens beside the queries, a second.
const (
	flipsPerS   = 10_000
	changesPerS = 1000
)

// touched is how many shops are changed, drawn from all over the crowd.
const touched = 100_000

// flip measures the opening and closing of lines, of shops that have none
// otherwise, and new figures.
func (g *gauge) flip(ctx context.Context) error {
	var ids []string
	for k := range min(touched, g.Shops) {
		if i := g.pick(k); !g.crowd.Lined(i) {
			ids = append(ids, g.crowd.ID(i))
		}
	}
	g.got.FlipNS = g.lines(ids, 1)
	hot := ids[:min(len(ids), 1000)]
	g.got.FlipHotNS = g.lines(hot, 50)
	g.learn()
	if len(ids) == 0 {
		return ctx.Err()
	}
	g.Note("asking while %s lines a second open and close", Grouped(flipsPerS))
	on := map[bool]int{true: 1, false: -1}
	g.got.Flipping, g.got.Flips = g.beside(ctx, flipsPerS, func(k int) {
		g.index.Connect(ids[k/2%len(ids)], on[k%2 == 0], crowd.Now)
	})
	return ctx.Err()
}

// lines opens and closes a line of each shop so many times, and says how many
// nanoseconds one of the two takes.
func (g *gauge) lines(ids []string, turns int) float64 {
	start := time.Now()
	for range turns {
		for _, by := range []int{1, -1} {
			for _, id := range ids {
				g.index.Connect(id, by, crowd.Now)
			}
		}
	}
	return each(time.Since(start), 2*turns*len(ids))
}

// pick is a number of a shop for each k: they lie all over the crowd, whatever
// was put in one after the other.
func (g *gauge) pick(k int) int { return int(uint64(k) * 2_654_435_761 % uint64(g.Shops)) }

// learn measures new figures of shops: those that they have.
func (g *gauge) learn() {
	type lesson struct {
		id      string
		figures outcry.Figures
	}
	var lessons []lesson
	for k := range min(touched, g.Shops) {
		l := g.crowd.Listing(g.pick(k))
		if f, known := g.crowd.Figures(g.pick(k), &l); known {
			lessons = append(lessons, lesson{l.ID, f})
		}
	}
	start := time.Now()
	for i := range lessons {
		g.index.Figure(lessons[i].id, lessons[i].figures)
	}
	g.got.LearnNS = each(time.Since(start), len(lessons))
}

// beside asks queries in turns alone and while something is done so many times
// a second elsewhere; do is told how often it was done before. ratio is how many
// times as long the median query takes beside it, and rate how often a second it
// was done.
func (g *gauge) beside(ctx context.Context, perSecond int, do func(k int)) (ratio, rate float64) {
	const block = 4000
	var alone, along times
	took := make(times, block)
	work := worker{every: time.Second / time.Duration(perSecond), do: do}
	turn := func(queries []selection.Query, busy bool) {
		if !busy {
			g.time(queries, took)
			alone = append(alone, took[:len(queries)]...)
			return
		}
		work.during(func() { g.time(queries, took) })
		along = append(along, took[:len(queries)]...)
	}
	for round := range rounds {
		for from := 0; from < g.Queries && ctx.Err() == nil; from += block {
			queries := g.queries[from:min(g.Queries, from+block)]
			first := (round+from/block)%2 == 0 // neither has the warmer caches
			turn(queries, first)
			turn(queries, !first)
		}
	}
	return float64(along.at(0.5)) / float64(max(1, alone.at(0.5))), float64(work.done) / max(1e-9, work.busy.Seconds())
}

// worker does something at a pace while something else runs.
type worker struct {
	every time.Duration
	do    func(k int)
	done  int
	busy  time.Duration
}

// during runs what, and works meanwhile.
func (w *worker) during(what func()) {
	var wait sync.WaitGroup
	started, stop := make(chan struct{}), make(chan struct{})
	start := time.Now()
	wait.Go(func() {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		close(started)
		for done := 0; ; {
			for due := int(time.Since(start) / w.every); done < due; done++ {
				w.do(w.done)
				w.done++
			}
			select {
			case <-stop:
				return
			case <-tick.C:
			}
		}
	})
	<-started
	what()
	close(stop)
	wait.Wait()
	w.busy += time.Since(start)
}
