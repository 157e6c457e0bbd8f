package selection

import (
	"encoding/binary"
	"sync/atomic"

	"outcry"
)

// roster is what is known of shops besides their postings, by their number.
// Cards and texts are guarded by the index's lock; all else is read and changed
// by anybody.
type roster struct {
	ids   *ids
	cards column[card]
	texts texts                 // of each shop its name and the numbers of its codes
	calls column[atomic.Uint32] // that its figures were learned from: a float32
	desks column[atomic.Pointer[desk]]
	signs column[atomic.Uint64] // of shopsASign shops each
	// Times in microseconds: a shop that was heard since swept has the sign, and
	// latest is when it was last due to sweep.
	swept, latest atomic.Uint64
}

// card is what seldom changes of a shop.
type card struct {
	place  outcry.Place
	text   piece
	manner uint32 // changed under the lock, read by anybody
	radius int32
	stars  uint32
	rated  uint32
	level  int16
	price  uint16 // packed, where it is not known for a code
}

func newRoster() *roster { return &roster{ids: newIDs()} }

// size is how many shops there are.
func (r *roster) size() uint32 { return r.ids.count.Load() }

// add makes room for a new shop, and gives its number. The lock is held.
func (r *roster) add(id string) uint32 {
	n := r.ids.add(id)
	r.cards.grow(n + 1)
	r.calls.grow(n + 1)
	r.desks.grow(n + 1)
	r.signs.grow(n/shopsASign + 1)
	return n
}

// publish lets a new shop be found, with the lines that it has already. The lock
// is held.
func (r *roster) publish(n uint32, p presence) {
	if p.lines == 0 {
		r.ids.publish(n, 0)
		return
	}
	r.sign(n, connected|heard, 0)
	r.ids.publish(n, stateOf(p.lines, microseconds(p.seen)))
}

// note keeps a shop's name and its codes. The lock is held.
func (r *roster) note(c *card, name string, codes []uint32, fresh bool) {
	b := append(binary.AppendUvarint(nil, uint64(len(name))), name...)
	for _, code := range codes {
		b = binary.AppendUvarint(b, uint64(code))
	}
	if fresh {
		c.text = r.texts.put(b)
	} else {
		c.text = r.texts.replace(c.text, b)
	}
	if r.texts.untidy() {
		r.rewrite()
	}
}

// rewrite leaves the waste between texts behind.
func (r *roster) rewrite() {
	var tidy texts
	for n := range r.size() {
		c := r.cards.at(n)
		c.text = tidy.put(r.texts.get(c.text))
	}
	r.texts = tidy
}

// name is a shop's name. The lock is held.
func (r *roster) name(c *card) string {
	b := r.texts.get(c.text)
	n, head := binary.Uvarint(b)
	return string(b[head : head+int(n)])
}

// codes appends the numbers of a shop's codes, ascending. The lock is held.
func (r *roster) codes(c *card, into []uint32) []uint32 {
	b := r.texts.get(c.text)
	n, head := binary.Uvarint(b)
	for b = b[head+int(n):]; len(b) > 0; b = b[head:] {
		n, head = binary.Uvarint(b)
		into = append(into, uint32(n))
	}
	return into
}
