package selection

import (
	"sync/atomic"
)

// tree is a k-d tree of postings under one code. Each node has eight children,
// but for the first one, which may have two or four; all leaves are equally
// deep, and the postings of a leaf stand together, as do all children of a node:
// so neither are stored, and what is looked at together lies together in memory.
// Boxes and order never change; what postings and nodes hold besides does.
type tree struct {
	posts []posting
	nodes []node
	depth int // the leaves are 2 to the power of it
	first int // how many children the first node has
	// What is below is guarded by the index's lock.
	dead    int  // postings that are dead
	raised  int  // changes that made nodes better than their postings may be
	leaving bool // a merge takes it up
}

// node says what is below it at best: a box around the places, and the best of
// all figures. A change for the better raises it, one for the worse does not
// lower it until the tree is built anew.
type node struct {
	low, high [3]float32
	curve     uint64
	traits    uint64
	radius    int32
	_         int32
}

func (n *node) best() best {
	return best{curve: atomic.LoadUint64(&n.curve), traits: traits(atomic.LoadUint64(&n.traits)), radius: atomic.LoadInt32(&n.radius)}
}

// raise makes the node at least as good as b and says whether it was not. The
// index's lock is held.
func (n *node) raise(b best) bool {
	is := n.best()
	up := is.and(b)
	if up == is {
		return false
	}
	atomic.StoreInt32(&n.radius, up.radius)
	atomic.StoreUint64(&n.curve, up.curve)
	atomic.StoreUint64(&n.traits, uint64(up.traits))
	return true
}

// holds says whether a place is in the node's box.
func (n *node) holds(v [3]float32) bool {
	return v[0] >= n.low[0] && v[0] <= n.high[0] && v[1] >= n.low[1] && v[1] <= n.high[1] && v[2] >= n.low[2] && v[2] <= n.high[2]
}

// fan is how many children nodes have.
const (
	fanBits = 3
	fan     = 1 << fanBits
)

// children are the nodes from..to-1 right below a node that is no leaf.
func (t *tree) children(n int) (from, to int) {
	if n == 0 {
		return 1, 1 + t.first
	}
	from = fan*(n-1) + 1 + t.first
	return from, from + fan
}

// parent is the node right above one that is not the first.
func (t *tree) parent(n int) int {
	if n <= t.first {
		return 0
	}
	return (n-1-t.first)/fan + 1
}

// inner is how many nodes are no leaves: they come before those that are.
func (t *tree) inner() int { return len(t.nodes) - 1<<t.depth }

// from is the first posting of a leaf, counted among the leaves.
func (t *tree) from(leaf int) int { return len(t.posts) * leaf >> t.depth }

// leaf is the postings below a node that is a leaf.
func (t *tree) leaf(n int) []posting {
	n -= t.inner()
	return t.posts[t.from(n):t.from(n+1)]
}

// below is the postings below any node.
func (t *tree) below(n int) []posting {
	from, to := n, n
	for from < t.inner() {
		from, _ = t.children(from)
		_, to = t.children(to)
		to--
	}
	return t.posts[t.from(from-t.inner()):t.from(to-t.inner()+1)]
}

// find is the shop's posting that is not dead, which lies at v, and the leaf that
// it is in; nil where there is none.
func (t *tree) find(v [3]float32, shop uint32) (*posting, int) {
	var stack [fan * 12]int32 // of nodes still to look into; a tree is not so deep
	waiting := 1
	for waiting > 0 {
		waiting--
		n := int(stack[waiting])
		if n < t.inner() {
			from, to := t.children(n)
			for c := from; c < to; c++ {
				if t.nodes[c].holds(v) {
					stack[waiting] = int32(c)
					waiting++
				}
			}
			continue
		}
		posts := t.leaf(n)
		for i := range posts {
			if posts[i].shop == shop && posts[i].vector == v && !posts[i].dead() {
				return &posts[i], n
			}
		}
	}
	return nil, 0
}

// raise makes a leaf and all above it at least as good as b. The index's lock is
// held.
func (t *tree) raise(leaf int, b best) {
	if !t.nodes[leaf].raise(b) {
		return
	}
	t.raised++
	for n := leaf; n > 0; {
		if n = t.parent(n); !t.nodes[n].raise(b) {
			return
		}
	}
}

// stale says whether so much has changed that the tree is worth building anew.
// The index's lock is held.
func (t *tree) stale() bool {
	return 4*t.dead > len(t.posts) || t.raised > len(t.posts)+leafSize
}
