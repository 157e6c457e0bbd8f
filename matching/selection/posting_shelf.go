package selection

import (
	"sync/atomic"

	"outcry"
)

// shelf is all postings under one code: trees, and a tail of those that came
// later. Who selects takes its content once and waits for nobody; who changes
// it holds the index's lock.
type shelf struct {
	code    outcry.Code
	content atomic.Pointer[content]
	// What is below is guarded by the index's lock.
	last   *segment // of the tail; nil while there is none
	length int      // of the tail, with the dead
	dead   int      // postings of the tail that are dead
	asked  bool     // for a merge
	// While some trees and segments are merged beside, changed are their
	// postings that have changed since.
	merging bool
	changed map[*posting]struct{}
}

// content is a state of a shelf that never changes but by what postings hold
// and by what is appended to the tail. A posting that replaces another is
// appended before that one is marked dead: who reads the trees before the tail
// misses neither.
type content struct {
	trees []*tree
	tail  *segment // the first; nil for none
}

func newShelf(code outcry.Code) *shelf {
	s := &shelf{code: code}
	s.content.Store(&content{})
	return s
}

// spot is where a posting stands.
type spot struct {
	posting *posting
	tree    *tree // nil where it is in the tail
	leaf    int
	segment *segment
}

// find is where the shop's posting, which lies at v, stands; its posting is nil
// where there is none.
func (c *content) find(v [3]float32, shop uint32) spot {
	for _, t := range c.trees {
		if p, leaf := t.find(v, shop); p != nil {
			return spot{posting: p, tree: t, leaf: leaf}
		}
	}
	for g := c.tail; g != nil; g = g.next.Load() {
		if p := g.find(v, shop); p != nil {
			return spot{posting: p, segment: g}
		}
	}
	return spot{}
}

// push appends a posting to the tail. The index's lock is held.
func (s *shelf) push(p *posting) {
	s.length++
	switch {
	case s.last == nil:
		s.last = newSegment(firstSegment)
		s.last.push(p)
		c := *s.content.Load()
		c.tail = s.last
		s.content.Store(&c)
	case !s.last.push(p):
		next := newSegment(min(2*len(s.last.posts), mostSegment))
		next.push(p)
		s.last.next.Store(next)
		s.last = next
	}
}

// set changes a posting in place. The index's lock is held.
func (s *shelf) set(at spot, f facts) {
	if s.merging && at.leaving() {
		s.changed[at.posting] = struct{}{}
	}
	if at.tree != nil {
		at.tree.raise(at.leaf, f.best())
	}
	if f.traits.has(dead) && !at.posting.dead() {
		if at.tree != nil {
			at.tree.dead++
		} else {
			s.dead++
		}
	}
	at.posting.set(f)
}

// leaving says whether a merge is taking the posting up.
func (at spot) leaving() bool {
	if at.tree != nil {
		return at.tree.leaving
	}
	return at.segment.leaving
}

// drop marks a posting dead. The index's lock is held.
func (s *shelf) drop(at spot) {
	f := at.posting.facts()
	f.traits = f.traits.with(dead)
	s.set(at, f)
}
