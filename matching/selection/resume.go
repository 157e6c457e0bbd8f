package selection

import (
	"slices"

	"outcry"
)

// resume counts an open call that was made before a restart; note counts it for
// the hour.
func (l *load) resume() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open.Add(1)
}

// Resume counts an open call that was made before a restart, whatever the
// limits are now.
func (x *Index) Resume(id string) {
	if n, ok := x.roster.ids.find(id); ok {
		x.roster.desk(n).load.resume()
	}
}

// Held is the first of the codes that the shop's book has; ok is false where it
// has none of them.
func (x *Index) Held(id string, codes []outcry.Code) (held outcry.Code, ok bool) {
	n, ok := x.roster.ids.find(id)
	if !ok {
		return "", false
	}
	x.mu.RLock()
	has := x.roster.codes(x.roster.cards.at(n), make([]uint32, 0, 16))
	x.mu.RUnlock()
	for _, code := range codes {
		if number, known := x.codes.find(string(code)); known && slices.Contains(has, number) {
			return code, true
		}
	}
	return "", false
}
