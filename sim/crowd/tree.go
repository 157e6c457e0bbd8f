package crowd

import (
	"math/rand/v2"
	"slices"
	"strings"

	"outcry"
)

// The sizes of the three levels of the tree.
const (
	roots    = 12
	branches = 240
	leaves   = 4800 - roots - branches
)

// A book has 1 to mostCodes codes: another one with the chance more each time,
// which makes 3 on average.
const (
	mostCodes = 12
	more      = 0.68
	// akin is the share of the further codes of a shop that are of its branch.
	akin = 2. / 3
)

// tree is the tree of codes.
type tree struct {
	codes   []outcry.Code   // roots, then branches, then leaves
	parent  []int           // -1 above the roots
	means   [][]outcry.Code // a code, then those above it, then those below it
	family  [][]int         // for a root and a branch: itself and what is right below it
	kin     []weights       // the popularity within a family
	popular weights
}

func newTree(seed uint64) tree {
	r := dice(seed, "tree", 0)
	t := tree{}
	for i := range roots {
		t.add(-1, string(rune('a'+i)))
	}
	t.grow(r, 0, roots, branches)
	t.grow(r, roots, branches, leaves)
	rank := r.Perm(len(t.codes))
	t.popular = weighing(len(rank), func(i int) float64 { return 1 / float64(1+rank[i]) })
	t.kin = make([]weights, len(t.family))
	for i, family := range t.family {
		t.kin[i] = weighing(len(family), func(j int) float64 { return 1 / float64(1+rank[family[j]]) })
	}
	t.means = make([][]outcry.Code, len(t.codes))
	for i := range t.codes {
		t.means[i] = t.meaning(i)
	}
	return t
}

// grow hangs n codes under those from first on, one under each at least, and
// more under the earlier ones.
func (t *tree) grow(r *rand.Rand, first, above, n int) {
	some := newZipf(above, 0.5)
	for i := range n {
		under := first + i
		if i >= above {
			under = first + some.draw(r)
		}
		t.add(under, string(t.codes[under])[len(scheme):]+"-"+digits(len(t.family[under])))
	}
}

// scheme is that of the codes.
const scheme = "crowd:"

func (t *tree) add(under int, id string) {
	at := len(t.codes)
	t.codes = append(t.codes, outcry.Code(scheme+id))
	t.parent = append(t.parent, under)
	t.family = append(t.family, []int{at})
	if under >= 0 {
		t.family[under] = append(t.family[under], at)
	}
}

// meaning is a code with all above and below it.
func (t *tree) meaning(i int) []outcry.Code {
	list := []outcry.Code{t.codes[i]}
	for up := t.parent[i]; up >= 0; up = t.parent[up] {
		list = append(list, t.codes[up])
	}
	for at := []int{i}; len(at) > 0; at = at[1:] {
		for _, below := range t.family[at[0]][1:] {
			list = append(list, t.codes[below])
			at = append(at, below)
		}
	}
	return list
}

// Depth is the level of a code in the tree: 0 for a root, 2 for a leaf.
func Depth(code outcry.Code) int { return strings.Count(string(code), "-") }

// book draws what a shop sells.
func (t *tree) book(r *rand.Rand) []outcry.Code {
	first := t.popular.draw(r)
	held := []int{first}
	family := t.family[first]
	kin := t.kin[first]
	if len(family) == 1 { // a leaf: its branch
		family, kin = t.family[t.parent[first]], t.kin[t.parent[first]]
	}
	for range size(r) - 1 {
		for range 20 { // a small branch may have no other code left
			next := t.popular.draw(r)
			if r.Float64() < akin {
				next = family[kin.draw(r)]
			}
			if !slices.Contains(held, next) {
				held = append(held, next)
				break
			}
		}
	}
	codes := make([]outcry.Code, len(held))
	for i, at := range held {
		codes[i] = outcry.Code(strings.Clone(string(t.codes[at])))
	}
	return codes
}

// size draws how many codes a book has.
func size(r *rand.Rand) int {
	for {
		n := 1
		for r.Float64() < more {
			n++
		}
		if n <= mostCodes {
			return n
		}
	}
}
