package learning

// remembered is how many of the last lessons are known by their numbers.
const remembered = 4096

// given knows which lessons were given: the last ones by their numbers, and
// everything up to floor.
type given struct {
	floor int64
	last  []int64 // a ring once it is full
	next  int     // the oldest in it
	known map[int64]struct{}
}

func newGiven() given { return given{known: make(map[int64]struct{})} }

// take notes a lesson; it is false where that was given before, or so many
// others came since that nobody knows.
func (g *given) take(seq int64) bool {
	if _, twice := g.known[seq]; twice || seq <= g.floor {
		return false
	}
	g.known[seq] = struct{}{}
	if len(g.last) < remembered {
		g.last = append(g.last, seq)
		return true
	}
	old := g.last[g.next]
	delete(g.known, old)
	g.floor = max(g.floor, old)
	g.last[g.next] = seq
	g.next = (g.next + 1) % remembered
	return true
}
