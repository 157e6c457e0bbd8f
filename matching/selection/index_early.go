package selection

import "time"

// presence is whether a shop is there to hear a call.
type presence struct {
	lines int       // open lines
	seen  time.Time // when it last spoke to the server; zero: never
}

// mostEarly is how many shops with an open line are remembered that were not
// put yet.
const mostEarly = 1 << 16

// await notes a line of a shop that was not put yet, for when it is; or of one
// that is known, whose door was not where it was looked for.
func (x *Index) await(id string, by int, at time.Time) (known bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if n, d := x.roster.ids.open(id); d != nil {
		return x.roster.connect(n, d, by, microseconds(at))
	}
	before, is := x.early[id]
	switch lines := before.lines + by; {
	case lines <= 0:
		delete(x.early, id)
	case is || len(x.early) < mostEarly:
		x.early[id] = presence{lines: lines, seen: at}
	}
	return false
}
