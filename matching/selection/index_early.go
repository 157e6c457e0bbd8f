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

// awaited notes a line of a shop that was not put yet; where it has been put
// meanwhile, it gives its number.
func (x *Index) awaited(id string, by int, at time.Time) (n uint32, ok bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if n, ok = x.roster.ids.find(id); ok {
		return n, true
	}
	before, known := x.early[id]
	switch lines := before.lines + by; {
	case lines <= 0:
		delete(x.early, id)
	case known || len(x.early) < mostEarly:
		x.early[id] = presence{lines: lines, seen: at}
	}
	return 0, false
}
