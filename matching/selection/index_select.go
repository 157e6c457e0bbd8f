package selection

import (
	"math"
	"sync/atomic"
)

// search is one selecting; it is used again for the next.
type search struct {
	*Index
	probe
	ranking
	stock    []*content // of the query's codes
	trees    []*tree    // of all stock
	branches branches
	seen     shopSet
	tally    Tally
	signs    []*[inChunk]atomic.Uint64
	start    uint64 // when it began, by the clock of manners

	// What exploring and counting need besides.
	newcomers bool // only those count
	pieces    [][]posting
	ends      []int // of the pieces, counted through
	below     []int32
	kept      []*posting
}

func newSearch(x *Index) *search {
	return &search{Index: x, ranking: ranking{names: x.roster}}
}

// open makes a search ready for a query.
func (x *Index) open(q *Query) *search {
	s := x.searches.Get().(*search) //nolint:errcheck // nothing else is put
	s.start = x.manners.clock.Load()
	s.probe.ready(x, q)
	s.stock, s.trees = s.stock[:0], s.trees[:0]
	for _, code := range q.Codes {
		if shelf := x.shelf(code); shelf != nil {
			c := shelf.content.Load()
			s.stock, s.trees = append(s.stock, c), append(s.trees, c.trees...)
		}
	}
	s.seen.clear()
	s.tally = Tally{}
	s.signs = x.roster.signs.view()
	return s
}

// close gives a search back.
func (s *search) close() {
	s.probe.q = nil
	s.seen.trim()
	clear(s.stock)
	clear(s.trees)
	clear(s.pieces)
	clear(s.kept)
	s.searches.Put(s)
}

// Select appends the best candidates for a query to into, best first, at most
// most of them; none for a most of 0 or below. It allocates nothing where into
// has room.
func (x *Index) Select(q *Query, most int, into []Candidate) ([]Candidate, Tally) {
	if most <= 0 {
		return into, Tally{}
	}
	s := x.open(q)
	defer s.close()
	s.ranking.reset(most)
	s.best()
	return s.ranking.into(into), s.tally
}

// best looks through the trees, the branch with the highest bound first, until
// none can have more of the best; and then through the tails.
func (s *search) best() {
	s.branches = s.branches[:0]
	for i, t := range s.trees {
		if bound := s.probe.node(&t.nodes[0]); bound >= 0 {
			s.branches.push(branch{bound: bound, tree: uint32(i)})
		}
	}
	for len(s.branches) > 0 {
		b := s.branches.pop()
		if b.bound < s.floor {
			break
		}
		s.descend(b)
	}
	for _, c := range s.stock {
		for g := c.tail; g != nil; g = g.next.Load() {
			s.scan(g.postings())
		}
	}
}

// descend goes from a branch down to leaves, always to the best child, and
// leaves the others for later. Leaves with one parent are scanned together: they
// lie behind each other in memory.
func (s *search) descend(b branch) {
	t := s.trees[b.tree]
	n, inner := int(b.node), t.inner()
	for n < inner {
		from, to := t.children(n)
		if from >= inner {
			for c := from; c < to; c++ {
				if bound := s.probe.node(&t.nodes[c]); bound >= 0 && bound >= s.floor {
					s.scan(t.leaf(c))
				}
			}
			return
		}
		best := branch{bound: -1, tree: b.tree}
		for c := from; c < to; c++ {
			bound := s.probe.node(&t.nodes[c])
			if bound < 0 || bound < s.floor {
				continue
			}
			is := branch{bound: bound, tree: b.tree, node: uint32(c)}
			if bound > best.bound {
				best, is = is, best
			}
			if is.bound >= 0 {
				s.branches.push(is)
			}
		}
		if best.bound < 0 {
			return
		}
		n = int(best.node)
	}
	s.scan(t.leaf(n))
}

// scan looks at postings one by one, at first by what costs least.
func (s *search) scan(posts []posting) {
	for i := range posts {
		p := &posts[i]
		d2 := s.probe.chord2(&p.vector)
		if d2 > s.limit {
			continue
		}
		t, curve := traits(atomic.LoadUint64(&p.traits)), atomic.LoadUint64(&p.curve)
		if t.has(dead) || s.floor >= 0 && s.probe.bound(curve, t, math.Sqrt(d2)) < s.floor {
			continue
		}
		h := hit{posting: p, d2: d2, traits: t, curve: curve, signs: signs(s.signs, p.shop)}
		if s.mayHear(&h) {
			s.take(&h)
		}
	}
}

// near says whether a posting is not dead, lies about within the buyer's radius,
// and a call may reach its shop.
func (s *search) near(p *posting, h *hit) bool {
	d2 := s.probe.chord2(&p.vector)
	if d2 > s.limit {
		return false
	}
	*h = hit{
		posting: p, d2: d2, traits: traits(atomic.LoadUint64(&p.traits)), curve: atomic.LoadUint64(&p.curve),
		signs: signs(s.signs, p.shop),
	}
	return !h.traits.has(dead) && s.mayHear(h)
}

// mayHear says whether a call may reach the shop; it may be mistaken for one
// that spoke about as long ago as it may at most.
func (s *search) mayHear(h *hit) bool {
	return h.signs&connected != 0 || s.patient || (h.signs&heard != 0 || !s.swept) && s.roster.spoke(h.shop) >= s.since
}
