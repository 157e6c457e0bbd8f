package selection

import (
	"math/bits"
	"slices"
)

// leafSize is how many postings a leaf has at most; it has more than half as
// many, where the tree has more than one. It is the fastest of 12, 16, 24, 32
// and 48.
const leafSize = 32

// seed is a posting while it is sorted into a tree.
type seed struct {
	vector [3]float32
	post   uint32
}

// newTree builds a tree of postings, of which there are some and none is dead.
func newTree(posts []posting) *tree {
	t := &tree{posts: make([]posting, len(posts)), depth: bits.Len(uint(len(posts)-1) / leafSize)}
	if t.depth > 0 {
		t.first = 2 << ((t.depth - 1) % fanBits)
	}
	seeds := make([]seed, len(posts))
	for i := range posts {
		seeds[i] = seed{vector: posts[i].vector, post: uint32(i)}
	}
	t.split(seeds, 0, t.depth)
	for i := range seeds {
		t.posts[i] = posts[seeds[i].post]
	}
	count := 1
	for level := t.first; level > 0 && level <= 1<<t.depth; level *= fan {
		count += level
	}
	t.nodes = make([]node, count)
	for n := range slices.Backward(t.nodes) {
		t.bound(n)
	}
	return t
}

// split sorts the seeds of a node, of which the first is from of all, so that
// those of each leaf below stand together. deep is how many levels are below.
func (t *tree) split(seeds []seed, leaf, deep int) {
	if deep == 0 {
		return
	}
	half := leaf + 1<<(deep-1)
	at := t.from(half) - t.from(leaf)
	parted(seeds, at, widest(seeds))
	t.split(seeds[:at], leaf, deep-1)
	t.split(seeds[at:], half, deep-1)
}

// widest is the side along which seeds are furthest apart.
func widest(seeds []seed) int {
	low, high := seeds[0].vector, seeds[0].vector
	for i := range seeds {
		v := &seeds[i].vector
		for k := range v {
			low[k], high[k] = min(low[k], v[k]), max(high[k], v[k])
		}
	}
	side := 0
	for k := range low {
		if high[k]-low[k] > high[side]-low[side] {
			side = k
		}
	}
	return side
}

// parted sorts seeds just so far that the first n are not above the rest on a
// side: Hoare's quickselect with the median of three and equal ones set aside.
func parted(seeds []seed, n, side int) {
	for len(seeds) > 1 && n > 0 && n < len(seeds) {
		pivot := median(seeds[0].vector[side], seeds[len(seeds)/2].vector[side], seeds[len(seeds)-1].vector[side])
		low, high, i := 0, len(seeds), 0
		for i < high {
			switch s := seeds[i].vector[side]; {
			case s < pivot:
				seeds[low], seeds[i] = seeds[i], seeds[low]
				low++
				i++
			case s > pivot:
				high--
				seeds[high], seeds[i] = seeds[i], seeds[high]
			default:
				i++
			}
		}
		switch {
		case n < low:
			seeds = seeds[:low]
		case n > high:
			seeds, n = seeds[high:], n-high
		default:
			return
		}
	}
}

func median(a, b, c float32) float32 { return max(min(a, b), min(max(a, b), c)) }

// bound works out a node from its postings, or from its children.
func (t *tree) bound(n int) {
	var low, high [3]float32
	of := worst
	if n < t.inner() {
		from, to := t.children(n)
		low, high = t.nodes[from].low, t.nodes[from].high
		for c := from; c < to; c++ {
			child := &t.nodes[c]
			of = of.and(child.best())
			for k := range low {
				low[k], high[k] = min(low[k], child.low[k]), max(high[k], child.high[k])
			}
		}
	} else {
		posts := t.leaf(n)
		low, high = posts[0].vector, posts[0].vector
		for i := range posts {
			f := posts[i].facts()
			of = of.and(f.best())
			for k, x := range posts[i].vector {
				low[k], high[k] = min(low[k], x), max(high[k], x)
			}
		}
	}
	t.nodes[n] = node{low: low, high: high, curve: of.curve, traits: uint64(of.traits), radius: of.radius}
}
