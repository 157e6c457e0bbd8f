package selection

import "slices"

// longTail is how many postings a tail has before it is worth a tree: fewer are
// looked at about as fast one by one.
const longTail = 64

// untidy says whether a merge would do the shelf good. The index's lock is held.
func (s *shelf) untidy() bool {
	return s.length > longTail || 2*s.dead > longTail || slices.ContainsFunc(s.content.Load().trees, (*tree).stale)
}

// merge is some trees and segments of a shelf that become one tree.
type merge struct {
	shelf    *shelf
	trees    []*tree    // that leave
	segments []*segment // that leave
	built    *tree      // nil where all postings were dead
}

// begin takes up the tail, the trees that are stale, and those that are not
// much larger than what comes together: so each posting is built into as many
// trees as the number of postings has binary digits. all takes up everything.
// The index's lock is held.
func (s *shelf) begin(all bool) *merge {
	c := s.content.Load()
	m := &merge{shelf: s}
	for g := c.tail; g != nil; g = g.next.Load() {
		g.leaving = true
		m.segments = append(m.segments, g)
	}
	size := s.length
	trees := slices.Clone(c.trees)
	slices.SortFunc(trees, func(a, b *tree) int { return len(a.posts) - len(b.posts) })
	for _, t := range trees {
		if all || t.stale() || len(t.posts) <= 2*size {
			t.leaving = true
			m.trees = append(m.trees, t)
			size += len(t.posts)
		}
	}
	if s.last != nil {
		s.last = s.last.seal()
	}
	s.length, s.dead = 0, 0
	s.merging, s.changed = true, map[*posting]struct{}{}
	return m
}

// size is how many postings come together, with the dead.
func (m *merge) size() int {
	size := 0
	for _, t := range m.trees {
		size += len(t.posts)
	}
	for _, g := range m.segments {
		size += len(g.postings())
	}
	return size
}

// build makes the tree. It needs no lock: what changes meanwhile is noted.
func (m *merge) build() {
	posts := make([]posting, 0, m.size())
	for _, t := range m.trees {
		posts = appendLiving(posts, t.posts)
	}
	for _, g := range m.segments {
		posts = appendLiving(posts, g.postings())
	}
	if len(posts) > 0 {
		m.built = newTree(posts)
	}
}

func appendLiving(to, from []posting) []posting {
	for i := range from {
		if p := from[i].copied(); !p.dead() {
			to = append(to, p)
		}
	}
	return to
}

// end brings the new tree up to date and puts it in the place of what it was
// made from. The index's lock is held.
func (m *merge) end() {
	s := m.shelf
	for old := range s.changed {
		if m.built == nil {
			break
		}
		if p, leaf := m.built.find(old.vector, old.shop); p != nil {
			s.set(spot{posting: p, tree: m.built, leaf: leaf}, old.facts())
		}
	}
	s.merging, s.changed = false, nil
	now := s.content.Load()
	next := &content{tail: now.tail}
	for _, t := range now.trees {
		if !t.leaving {
			next.trees = append(next.trees, t)
		}
	}
	if m.built != nil {
		next.trees = append(next.trees, m.built)
	}
	if n := len(m.segments); n > 0 {
		next.tail = m.segments[n-1].next.Load() // seal has made it
	}
	s.content.Store(next)
}
