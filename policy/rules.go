package policy

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"cel.dev/cel-go/cel"

	"outcry"
)

// maxKept is for how many branches below branches what holds is kept ready; what
// comes beyond is worked out each time.
const maxKept = 4096

// MaxListCost is what all expressions of a list of rules or parts may cost
// together at most, for one shop.
const MaxListCost = 2500

// Rules are a policy that is ready to be used, from anywhere at once. They never
// change.
type Rules struct {
	policy   Policy
	version  int
	base     *Branched
	branches map[outcry.Code]*compiled

	mu   sync.Mutex // guards kept, and that what is kept below a branch grows
	kept int

	report atomic.Pointer[func(words string)]
}

// compiled is a branch with its expressions; nil lists are as above it.
type compiled struct {
	*Branch
	require []requirement
	add     []addition
}

// Compile checks a policy and its expressions and makes it ready to be used. An
// error is Invalid, with locations such as "body.waves.margin".
func Compile(p Policy) (*Rules, error) {
	r, flaws := compile(p.clone())
	if flaws != nil {
		return nil, complaints(flaws)
	}
	return r, nil
}

// compile makes rules of a policy that nobody changes any more; with flaws they
// are of no use.
func compile(p Policy) (*Rules, []flaw) {
	flaws := p.check()
	r := &Rules{policy: p, branches: make(map[outcry.Code]*compiled, len(p.Branches))}
	c := compiler{flawed: map[string]bool{}}
	for _, f := range flaws {
		c.flawed[f.path] = true
	}
	r.base = &Branched{Policy: &r.policy, rules: r}
	c.lists(&p.Selecting, &p.Score, "")
	r.base.require, r.base.add = c.require, c.add
	for i := range p.Branches {
		b := &p.Branches[i]
		c.require, c.add = nil, nil
		var selecting Selecting
		var score Score
		if b.gives("selecting.require") {
			selecting = *b.Selecting
		}
		if b.gives("score.add") {
			score = *b.Score
		}
		c.lists(&selecting, &score, fmt.Sprintf("branches[%d].", i))
		r.branches[b.Code] = &compiled{b, c.require, c.add}
	}
	return r, append(flaws, c.flaws...)
}

// compiler makes the expressions of lists of rules ready.
type compiler struct {
	flaws   []flaw
	flawed  map[string]bool // paths that are known to be wrong
	require []requirement
	add     []addition
}

func (c *compiler) lists(s *Selecting, score *Score, path string) {
	require, add := path+"selecting.require", path+"score.add"
	if len(s.Require) > MaxExpressions || len(score.Add) > MaxExpressions {
		return // and that is a flaw
	}
	total := 0
	for i, one := range s.Require {
		x := c.one(one.When, cel.BoolType, fmt.Sprintf("%s[%d].when", require, i))
		c.require = append(c.require, requirement{one, x})
		total += x.cost
	}
	c.bound(require, total)
	total = 0
	for i, one := range score.Add {
		x := c.one(one.Points, cel.DoubleType, fmt.Sprintf("%s[%d].points", add, i))
		c.add = append(c.add, addition{one, x})
		total += x.cost
	}
	c.bound(add, total)
}

// bound checks what all expressions of a list may cost together.
func (c *compiler) bound(path string, total int) {
	if total > MaxListCost {
		c.flaws = append(c.flaws, flaw{path, fmt.Sprintf("together they may cost %d for a shop, at most %d is allowed; leave some out", total, MaxListCost), -1})
	}
}

// one makes one expression ready, unless it is wrong.
func (c *compiler) one(source string, want *cel.Type, path string) *expression {
	if c.flawed[path] {
		return &expression{}
	}
	x, m := compileExpression(source, want)
	if m != nil {
		c.flaws = append(c.flaws, flaw{path, m.words, m.offset})
		return &expression{}
	}
	return x
}

// clone is a policy that shares nothing with p that could be changed.
func (p Policy) clone() Policy {
	p.Waves.Ends = slices.Clone(p.Waves.Ends)
	p.Selecting.Require = slices.Clone(p.Selecting.Require)
	p.Score.Add = slices.Clone(p.Score.Add)
	p.Branches = slices.Clone(p.Branches)
	for i := range p.Branches {
		p.Branches[i] = p.Branches[i].clone()
	}
	return p
}

// Policy is the policy as it was written; nobody may change it.
func (r *Rules) Policy() *Policy { return &r.policy }

// Version is the number under which a Keeper keeps the policy; 0 for the default,
// and for one that none keeps.
func (r *Rules) Version() int { return r.version }

// Reporting has the first failure of each expression told to a function, once. It
// may be called at any time.
func (r *Rules) Reporting(to func(words string)) { r.report.Store(&to) }

// For is what holds for a code. path is the code and those above it, the nearest
// first. What is given is the same for the same branches on the path.
func (r *Rules) For(path []outcry.Code) *Branched {
	b := r.base
	if len(r.branches) == 0 {
		return b
	}
	for _, code := range slices.Backward(path) {
		if c, ok := r.branches[code]; ok && c != b.branch {
			b = b.below(c)
		}
	}
	return b
}
