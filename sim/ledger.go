package sim

// ledger remembers the last so many entries; the oldest is forgotten for a new
// one, since nobody says when it is over.
type ledger[V any] struct {
	most    int
	entries map[string]V
	order   []string // oldest first
}

func newLedger[V any](most int) *ledger[V] {
	return &ledger[V]{most: most, entries: map[string]V{}}
}

// get is the entry of an id.
func (l *ledger[V]) get(id string) (V, bool) {
	v, ok := l.entries[id]
	return v, ok
}

// put sets the entry of an id.
func (l *ledger[V]) put(id string, v V) {
	if _, ok := l.entries[id]; !ok {
		if len(l.order) >= l.most {
			delete(l.entries, l.order[0])
			l.order = l.order[1:]
		}
		l.order = append(l.order, id)
	}
	l.entries[id] = v
}
