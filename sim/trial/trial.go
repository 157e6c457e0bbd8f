package trial

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"outcry/policy"
)

// Field is the contenders that are compared in a setting.
type Field struct {
	Setting
	Contenders []Contender
}

// Fields are the comparisons of a whole trial of a policy.
func Fields(p policy.Policy) []Field {
	return []Field{
		{Normal, []Contender{Everybody(p), Nearest(p), Static(p), Ours(p), Oracle(p)}},
		{Tenfold, []Contender{Everybody(p), Ours(p)}},
		{Baited, []Contender{Ungated(p), Ours(p)}},
	}
}

// QuickFields are the comparisons of a small trial.
func QuickFields(p policy.Policy) []Field {
	return []Field{{Quick, []Contender{Everybody(p), Nearest(p), Static(p), Ours(p), Oracle(p)}}}
}

// Step is one market of a trial that has ended.
type Step struct {
	Setting, Policy string
	Seed            uint64
	Done, Of        int
}

// Run tries every contender of every field with each seed, as many at once as
// there are processors, and tells of each one that has ended; told is called by
// one at a time. The rows come in the order of the fields.
func Run(ctx context.Context, fields []Field, seeds []uint64, told func(Step)) ([]Row, error) {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	var rows []Row
	var mu sync.Mutex // of done and of telling
	done, of := 0, 0
	for _, f := range fields {
		of += len(f.Contenders) * len(seeds)
		for _, c := range f.Contenders {
			rows = append(rows, Row{Setting: f.Name, Policy: c.Name, Seeds: make([]Figures, len(seeds))})
		}
	}
	begin := 0
	for _, f := range fields {
		for s, seed := range seeds {
			world := sync.OnceValues(func() (*world, error) { return newWorld(seed, f.Setting) })
			for i, c := range f.Contenders {
				into := &rows[begin+i].Seeds[s]
				group.Go(func() error {
					figures, err := try(ctx, world, c)
					if err != nil {
						return fmt.Errorf("%s, seed %d: %w", f.Name, seed, err)
					}
					*into = figures
					mu.Lock()
					defer mu.Unlock()
					done++
					told(Step{f.Name, c.Name, seed, done, of})
					return nil
				})
			}
		}
		begin += len(f.Contenders)
	}
	return rows, group.Wait()
}

// try is the trade of a world under a contender.
func try(ctx context.Context, world func() (*world, error), c Contender) (Figures, error) {
	if err := ctx.Err(); err != nil {
		return Figures{}, err
	}
	w, err := world()
	if err != nil {
		return Figures{}, err
	}
	m, err := newMarket(w, c)
	if err != nil {
		return Figures{}, err
	}
	return m.run(ctx)
}
