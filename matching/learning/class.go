package learning

import (
	"math"

	"outcry"
	"outcry/policy"
)

const (
	// classHalfLife is after how many further calls a call counts half for its
	// class.
	classHalfLife = 2000
	// classWeight is as how many calls the policy's figures for a class count.
	classWeight = 200
	// moved is how far the chance of an offer to a class must have gone for
	// selecting to be told.
	moved = 0.02
)

// class is what is known of all shops of a kind together: what is believed of
// one before it is known itself.
type class struct {
	row
	waits waits
}

// classSubjects name the rows of the classes.
var classSubjects = [2]string{"class:person", "class:software"}

// classOf is the number of the class of shops that are answered so.
func classOf(by outcry.Answering) int {
	if by == outcry.BySoftware {
		return 1
	}
	return 0
}

// classRules are the policy's figures for a class.
func classRules(p *policy.Policy, class int) *policy.Class {
	if class == 1 {
		return &p.Learning.Software
	}
	return &p.Learning.Person
}

// newness is as what share of a call one to a shop of which so many calls are
// known counts for its class. What a class is asked for is a shop that is not
// known yet; known ones are called because they are good, and would make all
// look so. It is the class's share in the shop's own figures, to the fourth
// power: of each shop about the first two calls count.
func newness(rules *policy.Class, calls float64) float64 {
	s := rules.Weight / (calls + rules.Weight)
	return s * s * s * s
}

// prior is what is believed of a shop of the class before it is known.
func (l *Ledger) prior(rules *policy.Policy, class int) prior {
	r := classRules(rules, class)
	return prior{curve: l.classes[class].waits.curve(granted(r)), weight: r.Weight, adapts: true}
}

// granted is what is believed of a class before anything is known of it. Offers
// come by a log-logistic distribution of shape 1: by t seconds there are
// t / (t + median) of them. Of the offers of a national network's sellers 50 %
// had come at 0.47 s, 79 % at 2 s, 88 % at 5 s and 98.5 % at 30 s; this gives 50,
// 81, 91 and 98.5.
func granted(rules *policy.Class) prior {
	p := prior{weight: classWeight}
	for i, t := range outcry.Delays {
		p.curve[i] = float32(rules.Offers * t / (t + rules.MedianS))
	}
	p.curve[stretches-1] = float32(rules.Offers) // those that come later
	return p
}

// Expect gives the figures of a shop that is not known, answered by people or
// by software, with the price of a shop of level 2.
func (l *Ledger) Expect() (person, software outcry.Figures) {
	l.mu.Lock()
	defer l.mu.Unlock()
	rules := l.rules()
	figures := [2]outcry.Figures{}
	for i := range l.classes {
		l.expected[i] = l.prior(rules, i).curve
		figures[i] = outcry.Figures{Offers: l.expected[i], Kept: stands(rules, 0, 0), Price: 1}
	}
	return figures[0], figures[1]
}

// Moved says whether the chance of an offer to a class has gone by more than
// 0.02, at any delay, since Expect last gave it.
func (l *Ledger) Moved() bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	rules := l.rules()
	for i := range l.classes {
		now := l.prior(rules, i).curve
		for at := range now {
			if math.Abs(float64(now[at]-l.expected[i][at])) > moved {
				return true
			}
		}
	}
	return false
}
