package gauge

import (
	"context"
	"runtime"
	"time"

	"outcry/matching/selection"
	"outcry/sim/crowd"
)

// rounds is how often each query is timed, after a round that is not.
const rounds = 5

// ask times the queries.
func (g *gauge) ask(ctx context.Context) error {
	g.draw(g.Queries)
	g.got.Queries = g.Queries
	g.Note("asking %s queries of %s shops", Grouped(g.Queries), Grouped(g.Shops))
	full := g.count()
	took := make(times, g.Queries*rounds)
	for round := range rounds {
		if err := ctx.Err(); err != nil {
			return err
		}
		g.time(g.queries, took[round*g.Queries:])
	}
	g.got.P50US, g.got.P99US, g.got.MeanUS = micros(took.at(0.5)), micros(took.at(0.99)), micros(took.mean())
	quiet := g.medians(took)
	g.got.Quiet99US = micros(quiet.at(0.99))
	g.got.Groups = g.groups(quiet, full)
	return nil
}

// draw makes the first n queries.
func (g *gauge) draw(n int) {
	g.queries = make([]selection.Query, n)
	for i := range g.queries {
		g.queries[i] = g.crowd.Query(i, &g.policy)
	}
}

// count asks each query once, for what it finds and allocates, and says which of
// them find as many as they are for.
func (g *gauge) count() (full []bool) {
	full = make([]bool, g.Queries)
	var before, after runtime.MemStats
	found := 0
	runtime.ReadMemStats(&before)
	for i := range g.queries {
		g.into, _ = g.index.Select(&g.queries[i], crowd.Wanted, g.into[:0])
		found += len(g.into)
		full[i] = len(g.into) == crowd.Wanted
	}
	runtime.ReadMemStats(&after)
	g.got.Found = float64(found) / float64(g.Queries)
	g.got.Allocs = float64(after.Mallocs-before.Mallocs) / float64(g.Queries)
	return full
}

// time asks queries one after the other and notes how long each took.
func (g *gauge) time(queries []selection.Query, took times) {
	for i := range queries {
		start := time.Now()
		g.into, _ = g.index.Select(&queries[i], crowd.Wanted, g.into[:0])
		took[i] = time.Since(start)
	}
}

// medians gives each query's median of all rounds.
func (g *gauge) medians(took times) times {
	quiet := make(times, g.Queries)
	of := make(times, rounds)
	for i := range quiet {
		for round := range rounds {
			of[round] = took[round*g.Queries+i]
		}
		quiet[i] = of.at(0.5)
	}
	return quiet
}

// groups are the queries by the level of the code asked for, and those that are
// full.
func (g *gauge) groups(took times, full []bool) []Group {
	list := []Group{{Group: "root"}, {Group: "branch"}, {Group: "leaf"}, {Group: "full"}}
	by := make([]times, len(list))
	for i := range g.queries {
		in := []int{crowd.Depth(g.queries[i].Codes[0])}
		if full[i] {
			in = append(in, 3)
		}
		for _, k := range in {
			by[k] = append(by[k], took[i])
			list[k].Codes += float64(len(g.queries[i].Codes))
		}
	}
	for i := range list {
		list[i].Queries = len(by[i])
		list[i].Codes /= float64(max(1, len(by[i])))
		list[i].P50US, list[i].P99US = micros(by[i].at(0.5)), micros(by[i].at(0.99))
	}
	return list
}
