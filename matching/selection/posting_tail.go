package selection

import "sync/atomic"

// segment is a piece of a tail: postings that came after the trees were built,
// in the order in which they came. Who changes the index appends to the last
// segment of a chain; who selects follows the chain to its end.
type segment struct {
	posts   []posting // all there is room for
	filled  atomic.Int64
	next    atomic.Pointer[segment]
	leaving bool // a merge takes it up; the index's lock guards it
}

// The room in the segments of a tail: it doubles from one to the next.
const (
	firstSegment = 4
	mostSegment  = 1024
)

func newSegment(room int) *segment { return &segment{posts: make([]posting, room)} }

// postings are those that there are.
func (s *segment) postings() []posting { return s.posts[:s.filled.Load()] }

// push appends a posting; false where there is no room. The index's lock is
// held.
func (s *segment) push(p *posting) bool {
	n := s.filled.Load()
	if int(n) == len(s.posts) {
		return false
	}
	s.posts[n] = posting{vector: p.vector, shop: p.shop}
	s.posts[n].set(p.facts())
	s.filled.Store(n + 1)
	return true
}

// seal ends a segment: what comes later goes into the next one, which it gives.
// The index's lock is held.
func (s *segment) seal() *segment {
	next := newSegment(firstSegment)
	s.next.Store(next)
	return next
}

// find is the shop's posting in this segment that is not dead and lies at v, or
// nil. Who looks for one mostly looks for a late one.
func (s *segment) find(v [3]float32, shop uint32) *posting {
	posts := s.postings()
	for i := len(posts) - 1; i >= 0; i-- {
		if posts[i].shop == shop && posts[i].vector == v && !posts[i].dead() {
			return &posts[i]
		}
	}
	return nil
}
