package selection

import "unsafe"

// Bytes is about how much memory the index takes up: the postings, the trees
// over them and how shops work; and what else is known of shops, their ids and
// names included. Learned calls are with the desks of those called and in
// neither.
func (x *Index) Bytes() (index, roster int) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	for n := range x.codes.count.Load() {
		s := x.shelves.at(n).Load()
		index += int(unsafe.Sizeof(*s))
		c := s.content.Load()
		for _, t := range c.trees {
			index += int(unsafe.Sizeof(*t)) + len(t.posts)*int(unsafe.Sizeof(posting{})) + len(t.nodes)*int(unsafe.Sizeof(node{}))
		}
		for g := c.tail; g != nil; g = g.next.Load() {
			index += int(unsafe.Sizeof(*g)) + len(g.posts)*int(unsafe.Sizeof(posting{}))
		}
	}
	index += x.codes.bytes() + x.manners.numbers.bytes()
	r := x.roster
	return index, r.ids.bytes() + r.texts.bytes() + r.cards.bytes() + r.calls.bytes() + r.desks.bytes() + r.signs.bytes()
}

func (c *column[T]) bytes() int { return len(c.view()) * int(unsafe.Sizeof([inChunk]T{})) }

func (t *ids) bytes() int {
	sum := t.texts.bytes() + t.sizes.bytes() + t.longs.bytes() + t.spots.bytes()
	for i := range t.shards {
		sum += len(*t.shards[i].rows.Load()) * int(unsafe.Sizeof(row{}))
	}
	return sum
}

func (t *texts) bytes() int {
	sum := 0
	for _, b := range t.blocks {
		sum += cap(b)
	}
	return sum
}
