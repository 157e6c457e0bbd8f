package policy

import (
	"fmt"
	"maps"
	"sync/atomic"

	"outcry"
)

// Branched is what holds for a code: the policy with its branches applied, and
// the operator's own expressions. It never changes, and may be used from anywhere
// at once.
type Branched struct {
	// Policy is the policy that holds; nobody may change it. Its own branches are
	// of no meaning.
	Policy *Policy

	rules   *Rules
	branch  *compiled // the nearest one; nil where none applies
	require []requirement
	add     []addition
	kept    atomic.Pointer[map[outcry.Code]*Branched] // what holds for branches below
}

type requirement struct {
	Requirement
	expression *expression
}

type addition struct {
	Addition
	expression *expression
}

// Part is a part of a score, in points and in words.
type Part struct {
	Name   string
	Points float64
	Why    string
}

// below is what holds for a branch below this one.
func (b *Branched) below(c *compiled) *Branched {
	if kept := b.kept.Load(); kept != nil {
		if found, ok := (*kept)[c.Code]; ok {
			return found
		}
	}
	r := b.rules
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := map[outcry.Code]*Branched{}
	if now := b.kept.Load(); now != nil {
		if found, ok := (*now)[c.Code]; ok {
			return found
		}
		kept = maps.Clone(*now)
	}
	made := b.with(c)
	if r.kept < maxKept {
		r.kept++
		kept[c.Code] = made
		b.kept.Store(&kept)
	}
	return made
}

// with applies a branch to what holds above it.
func (b *Branched) with(c *compiled) *Branched {
	p := *b.Policy
	p.Branches = nil
	c.onto(&p)
	made := &Branched{Policy: &p, rules: b.rules, branch: c, require: b.require, add: b.add}
	if c.gives("selecting.require") {
		made.require = c.require
	}
	if c.gives("score.add") {
		made.add = c.add
	}
	return made
}

// Plain says that there are no expressions: Requires is always true, and there
// are no Additions.
func (b *Branched) Plain() bool { return len(b.require) == 0 && len(b.add) == 0 }

// Requires says whether a shop meets the operator's own rules for a request, or
// the name of the first one that left it out, and why in words. A rule that
// cannot be evaluated leaves the shop out.
func (b *Branched) Requires(s *ShopFacts, r *RequestFacts) (ok bool, name, why string) {
	v := view{s, r}
	for i := range b.require {
		one := &b.require[i]
		met, err := one.expression.holds(&v)
		switch {
		case err != nil:
			b.failed(one.expression, "rule", one.Name, err)
			return false, one.Name, unworkable(one.Why, err)
		case !met:
			return false, one.Name, one.Why
		}
	}
	return true, "", ""
}

// Additions are the operator's own parts of the score that a shop has for a
// request, each from -1 to 1. One that cannot be evaluated counts 0.
func (b *Branched) Additions(s *ShopFacts, r *RequestFacts) []Part {
	if len(b.add) == 0 {
		return nil
	}
	v := view{s, r}
	parts := make([]Part, len(b.add))
	for i := range b.add {
		one := &b.add[i]
		worth, err := one.expression.worth(&v)
		parts[i] = Part{one.Name, worth, one.Why}
		if err != nil {
			b.failed(one.expression, "part", one.Name, err)
			parts[i].Why = unworkable(one.Why, err)
		}
	}
	return parts
}

// unworkable says that an expression could not be evaluated.
func unworkable(why string, err error) string {
	return fmt.Sprintf("%s (could not be worked out: %v)", why, err)
}

// failed has the first failure of an expression told.
func (b *Branched) failed(x *expression, what, name string, err error) {
	if x.failed.Swap(true) {
		return
	}
	if to := b.rules.report.Load(); to != nil {
		(*to)(fmt.Sprintf("the policy's %s %q could not be worked out for a shop: %v", what, name, err))
	}
}
