package directory

import (
	"iter"
	"maps"
	"slices"

	"outcry"
)

// The bounds of a tree.
const (
	// MaxSignals is the most codes that a tree holds.
	MaxSignals = 200_000
	// MaxDepth is the longest way from a code up to its root, both counted.
	MaxDepth = 16
)

// Tree is one state of all signals. It never changes after NewTree, so many
// may read it at once.
type Tree struct {
	signals  map[outcry.Code]outcry.Signal
	children map[outcry.Code][]outcry.Code // "" has the roots; each list in code order
	codes    []outcry.Code                 // all, in code order
}

// NewTree makes the tree of the signals, in any order. It refuses signals that
// break a rule of CheckSignal, a code that stands twice, a parent or successor
// that is missing, and parents in a circle: an Invalid error that names up to
// 20 of them, each as signals[CODE].
func NewTree(signals []outcry.Signal) (*Tree, error) {
	if len(signals) > MaxSignals {
		return nil, outcry.BadField("signals", "send at most %d signals; these are %d", MaxSignals, len(signals))
	}
	t := &Tree{
		signals:  make(map[outcry.Code]outcry.Signal, len(signals)),
		children: make(map[outcry.Code][]outcry.Code, len(signals)/4+1),
	}
	var bad complaints
	for _, s := range signals {
		if _, twice := t.signals[s.Code]; twice {
			bad.add(s.Code, "", "this code stands twice; keep one of them")
			continue
		}
		bad.check(s)
		t.signals[s.Code] = s
	}
	t.codes = slices.Sorted(maps.Keys(t.signals))
	for _, code := range t.codes {
		t.children[t.signals[code].Parent] = append(t.children[t.signals[code].Parent], code)
	}
	t.checkLinks(&bad)
	if err := bad.Err(); err != nil {
		return nil, err
	}
	return t, nil
}

// checkLinks looks at what a signal says of others: its parent and successor.
func (t *Tree) checkLinks(bad *complaints) {
	reached := make(map[outcry.Code]int, len(t.codes))
	for _, root := range t.children[""] {
		t.reach(root, 1, reached)
	}
	for _, code := range t.codes {
		s := t.signals[code]
		_, hasParent := t.signals[s.Parent]
		switch depth, ok := reached[code]; {
		case s.Parent != "" && !hasParent:
			bad.add(code, "parent", "there is no code %s; send the parent too, or write another", s.Parent)
		case ok && depth > MaxDepth:
			bad.add(code, "parent", "the code is more than %d steps below its root; put it higher", MaxDepth)
		case !ok && t.circles(code):
			bad.add(code, "parent", "the parents of this code go round in a circle; give one of them another parent")
		}
		if _, ok := t.signals[s.ReplacedBy]; s.ReplacedBy != "" && !ok {
			bad.add(code, "replaced_by", "there is no code %s; write one that there is", s.ReplacedBy)
		}
	}
}

// reach notes how deep each code below a root stands.
func (t *Tree) reach(code outcry.Code, depth int, reached map[outcry.Code]int) {
	reached[code] = depth
	if depth > MaxDepth {
		return
	}
	for _, c := range t.children[code] {
		t.reach(c, depth+1, reached)
	}
}

// circles says whether going up from a code comes back to it.
func (t *Tree) circles(code outcry.Code) bool {
	up := t.signals[code].Parent
	for range len(t.codes) {
		if up == code {
			return true
		}
		s, ok := t.signals[up]
		if !ok {
			return false
		}
		up = s.Parent
	}
	return false
}

// Get is the signal of a code. Its maps and slices are shared: do not change
// them.
func (t *Tree) Get(code outcry.Code) (outcry.Signal, bool) {
	s, ok := t.signals[code]
	return s, ok
}

// Len is how many codes the tree has.
func (t *Tree) Len() int { return len(t.codes) }

// All gives every signal in the order of the codes.
func (t *Tree) All() iter.Seq[outcry.Signal] {
	return func(yield func(outcry.Signal) bool) {
		for _, code := range t.codes {
			if !yield(t.signals[code]) {
				return
			}
		}
	}
}

// Roots are the codes at the top of the tree, in code order.
func (t *Tree) Roots() []outcry.Code { return slices.Clone(t.children[""]) }

// Children are the codes one step below a code, in code order.
func (t *Tree) Children(code outcry.Code) []outcry.Code {
	if code == "" {
		return nil
	}
	return slices.Clone(t.children[code])
}
