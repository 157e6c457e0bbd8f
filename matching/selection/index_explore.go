package selection

import (
	"math/rand/v2"
	"slices"
)

// Explore appends up to most different shops that may be called, drawn by
// chance; only newcomers, if those are asked for.
//
// Each shop is as likely as any other: postings are drawn from all that may lie
// within the radius, each with the same chance, one that may not be called is
// drawn in vain, and a shop that holds several of the codes counts at the first
// of them. Where few are there, or too many are drawn in vain, all are looked
// at; but where there are more than mostCounted, fewer than most may be found
// though there are more.
func (x *Index) Explore(q *Query, r *rand.Rand, most int, newcomers bool, into []Candidate) []Candidate {
	if most <= 0 {
		return into
	}
	s := x.open(q)
	defer s.close()
	s.newcomers = newcomers
	total := s.cover()
	found := len(into)
	if total > fewDrawn {
		into = s.draw(r, most, into)
	}
	if len(into)-found < most && total <= mostCounted {
		into = s.reservoir(r, most, into[:found])
	}
	return into
}

const (
	// fewDrawn is among how many postings nothing is drawn: all are looked at.
	fewDrawn = 512
	// mostCounted is among how many all are looked at where drawing did not help.
	mostCounted = 1 << 18
	// inVain is how many draws are made for each shop wanted, at most.
	inVain = 64
	// mostPieces is how many pieces a cover has, at most, from each tree.
	mostPieces = 1024
)

// Count counts the shops that may be called, at most most.
func (x *Index) Count(q *Query, most int) int {
	if most <= 0 {
		return 0
	}
	s := x.open(q)
	defer s.close()
	s.newcomers = false
	s.cover()
	n := 0
	for _, posts := range s.pieces {
		for i := range posts {
			var h hit
			var c Candidate
			if s.near(&posts[i], &h) && s.judge(&h, &c) == free && s.seen.add(h.shop) {
				if n++; n == most {
					return n
				}
			}
		}
	}
	return n
}

// cover gathers pieces of the trees and the tails in which all postings lie that
// may meet the query, and few others, and gives their number.
func (s *search) cover() (total int) {
	s.pieces, s.ends = s.pieces[:0], s.ends[:0]
	for _, t := range s.trees {
		s.coverTree(t)
	}
	for _, c := range s.stock {
		for g := c.tail; g != nil; g = g.next.Load() {
			if posts := g.postings(); len(posts) > 0 {
				s.pieces = append(s.pieces, posts)
			}
		}
	}
	for _, posts := range s.pieces {
		total += len(posts)
		s.ends = append(s.ends, total)
	}
	return total
}

// coverTree adds the pieces of one tree: leaves, and branches that lie within
// the radius as a whole.
func (s *search) coverTree(t *tree) {
	s.below = append(s.below[:0], 0)
	for left := mostPieces; len(s.below) > 0; {
		n := int(s.below[len(s.below)-1])
		s.below = s.below[:len(s.below)-1]
		node := &t.nodes[n]
		if s.probe.node(node) < 0 || s.newcomers && s.old(node) {
			continue
		}
		if n >= t.inner() || len(s.below) >= left || s.probe.furthest(node) <= s.limit {
			s.pieces = append(s.pieces, t.below(n))
			left--
			continue
		}
		from, to := t.children(n)
		for c := from; c < to; c++ {
			s.below = append(s.below, int32(c))
		}
	}
}

// old says whether no newcomer is below a node.
func (s *search) old(n *node) bool {
	calls := n.best().traits.calls() // rounded down; 255 is that and more
	return calls < 255 && float64(calls) >= s.probe.q.Policy.Exploring.Newcomer
}

// furthest is the square of the chord to the furthest place that a box may have.
func (p *probe) furthest(n *node) float64 {
	var d2 float64
	for k := range p.at {
		d := max(float64(n.high[k])-p.at[k], p.at[k]-float64(n.low[k]))
		d2 += d * d
	}
	return d2
}

// draw appends up to most shops, each drawn anew from all pieces.
func (s *search) draw(r *rand.Rand, most int, into []Candidate) []Candidate {
	want := len(into) + most
	for range inVain * most {
		i := r.IntN(s.ends[len(s.ends)-1])
		at, exactly := slices.BinarySearch(s.ends, i)
		if exactly {
			at++ // a piece ends before its end
		}
		posts := s.pieces[at]
		p := &posts[i-s.ends[at]+len(posts)]
		var c Candidate
		if !s.allowed(p) || s.whole(p, &c) != p || !s.seen.add(p.shop) {
			continue
		}
		if into = append(into, c); len(into) == want {
			break
		}
	}
	return into
}

// allowed says whether a posting may be called, for all that can be said of it
// alone.
func (s *search) allowed(p *posting) bool {
	var h hit
	var c Candidate
	return s.near(p, &h) && s.judge(&h, &c) == free && s.wanted(&c, p.shop)
}

// wanted says whether a candidate is a newcomer, where those are asked for.
func (s *search) wanted(c *Candidate, shop uint32) bool {
	s.roster.read(c, shop)
	return !s.newcomers || c.Calls < s.probe.q.Policy.Exploring.Newcomer
}

// whole describes the shop of a posting by the best of its postings for the
// query, and gives the first of those that may be called.
func (s *search) whole(p *posting, c *Candidate) (first *posting) {
	for _, stock := range s.stock {
		at := stock.find(p.vector, p.shop).posting
		var h hit
		var other Candidate
		if at == nil || !s.near(at, &h) || s.judge(&h, &other) != free {
			continue
		}
		if first == nil || other.Score > c.Score || other.Score == c.Score && other.Price < c.Price {
			*c = other
		}
		if first == nil {
			first = at
		}
	}
	c.Shop = s.roster.ids.text(p.shop)
	s.roster.read(c, p.shop)
	return first
}

// reservoir appends up to most shops of all that may be called, each as likely
// as any other (Vitter's algorithm R).
func (s *search) reservoir(r *rand.Rand, most int, into []Candidate) []Candidate {
	s.seen.clear()
	s.kept = s.kept[:0]
	n := 0
	for _, posts := range s.pieces {
		for i := range posts {
			p := &posts[i]
			if !s.allowed(p) || !s.seen.add(p.shop) {
				continue
			}
			n++
			if len(s.kept) < most {
				s.kept = append(s.kept, p)
			} else if k := r.IntN(n); k < most {
				s.kept[k] = p
			}
		}
	}
	for _, p := range s.kept {
		var c Candidate
		if s.whole(p, &c) != nil {
			into = append(into, c)
		}
	}
	return into
}
