package selection

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Build makes one tree of all there is under each code, on all processors: to be
// called after many shops were put, as when a server starts. Whoever selects
// meanwhile does not wait, whoever brings a change does.
func (x *Index) Build() {
	x.mu.Lock()
	defer x.mu.Unlock()
	var merges []*merge
	for n := range x.codes.count.Load() {
		s := x.shelves.at(n).Load()
		if c := s.content.Load(); !s.merging && (s.length > 0 || len(c.trees) > 1 || s.untidy()) {
			merges = append(merges, s.begin(true))
		}
	}
	slices.SortFunc(merges, func(a, b *merge) int { return b.size() - a.size() })
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(merges)) {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(merges)); i = next.Add(1) - 1 {
				merges[i].build()
				merges[i].end()
			}
		})
	}
	all.Wait()
}

// Run merges tails into trees, drops what is dead, and once a day notes who has
// fallen silent, whenever that is worth it, until the context ends. More than one at once do no harm.
func (x *Index) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-x.wake:
		}
		x.roster.sweep()
		for ctx.Err() == nil {
			m := x.begin()
			if m == nil {
				break
			}
			m.build()
			x.mu.Lock()
			m.end()
			x.ask(m.shelf)
			x.mu.Unlock()
		}
	}
}

// begin begins the merge of a shelf that asked for one; nil where none did.
func (x *Index) begin() *merge {
	x.mu.Lock()
	defer x.mu.Unlock()
	for len(x.untidy) > 0 {
		last := len(x.untidy) - 1
		s := x.untidy[last]
		x.untidy = x.untidy[:last]
		s.asked = false
		if s.untidy() && !s.merging {
			return s.begin(false)
		}
	}
	return nil
}

// ask tells Run of a shelf that should be merged. The lock is held.
func (x *Index) ask(s *shelf) {
	if s.asked || s.merging || !s.untidy() {
		return
	}
	s.asked = true
	x.untidy = append(x.untidy, s)
	x.rouse()
}

// rouse tells Run that there is something to do.
func (x *Index) rouse() {
	select {
	case x.wake <- struct{}{}:
	default: // it is told already
	}
}

// mostSought is how long a tail may be through which a posting is sought.
const mostSought = 1024

// spot is where the shop's posting, which lies at v, stands on a shelf; it must
// stand there. A tail that is too long to be looked through becomes a tree
// first. The lock is held.
func (x *Index) spot(s *shelf, v [3]float32, shop uint32) spot {
	if s.length > mostSought && !s.merging {
		m := s.begin(false)
		m.build()
		m.end()
	}
	return s.content.Load().find(v, shop)
}
