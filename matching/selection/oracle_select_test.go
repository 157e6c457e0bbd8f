package selection

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// Select appends the best candidates for a query to into, best first, at most
// most of them; none for a most of 0 or below.
func (s *Scan) Select(q *Query, most int, into []Candidate) ([]Candidate, Tally) {
	if most <= 0 {
		return into, Tally{}
	}
	found, atLimit := s.find(q)
	slices.SortFunc(found, Compare)
	return append(into, found[:min(most, len(found))]...), Tally{Free: len(found), AtLimit: atLimit}
}

// Explore appends up to most different shops that may be called, drawn by
// chance, each as likely as any other; only newcomers, if those are asked for.
func (s *Scan) Explore(q *Query, r *rand.Rand, most int, newcomers bool, into []Candidate) []Candidate {
	found, _ := s.find(q)
	if newcomers {
		found = slices.DeleteFunc(found, func(c Candidate) bool { return c.Calls >= q.Policy.Exploring.Newcomer })
	}
	// In one order, so that the same chance draws the same shops.
	slices.SortFunc(found, func(a, b Candidate) int { return cmp.Compare(a.Shop, b.Shop) })
	most = max(0, min(most, len(found)))
	for i := range most {
		k := i + r.IntN(len(found)-i)
		found[i], found[k] = found[k], found[i]
	}
	return append(into, found[:most]...)
}

// Count counts the shops that may be called, at most most.
func (s *Scan) Count(q *Query, most int) int {
	found, _ := s.find(q)
	return max(0, min(most, len(found)))
}

// Why says whether a query may call the shop, or the first rule that left it
// out. ok is false where there is no such shop. Skip plays no part.
func (s *Scan) Why(q *Query, shop string) (v Verdict, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	e, ok := s.shops[shop]
	if !ok {
		return Verdict{}, false
	}
	return e.look(q, &s.expected).verdict(), true
}

// find is the shops that may be called, in no order, and how many more there
// would be but for their limits.
func (s *Scan) find(q *Query) (found []Candidate, atLimit int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	looked := map[string]bool{}
	for _, code := range q.Codes {
		for id, e := range s.byCode[code] {
			if looked[id] || q.Skip != nil && q.Skip(id) {
				continue
			}
			looked[id] = true
			l := e.look(q, &s.expected)
			switch rule, _ := l.broken(); rule {
			case "":
				found = append(found, l.candidate())
			case RuleOpen, RuleHourly:
				atLimit++
			}
		}
	}
	return found, atLimit
}
