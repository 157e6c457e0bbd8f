package selection

import (
	"encoding/binary"
	"hash/maphash"
	"strings"
	"sync/atomic"
	"unsafe"
)

// idRoom is the longest id that is kept in place: "shop_" and 26 characters.
const idRoom = 31

// ids are the shops' ids by number, and the numbers by id. Ids are never taken
// out. One at a time may add; anybody may read meanwhile.
type ids struct {
	texts column[[idRoom]byte]
	sizes column[uint8] // of the texts; idRoom+1: the text is a number in longs
	longs column[string]
	long  uint32 // how many longs there are
	count atomic.Uint32
	// slots is a hash table with linear probing. A slot is 0, or has the number
	// and one in its lower numberBits and a part of the hash in the others.
	slots atomic.Pointer[[]uint64]
	seed  maphash.Seed
	// twins says that two ids have the same part of the hash.
	twins atomic.Bool
}

const numberBits = 28

func newIDs() *ids {
	t := &ids{seed: maphash.MakeSeed()}
	t.slots.Store(new(make([]uint64, 64)))
	return t
}

// text is the id of a number.
func (t *ids) text(n uint32) string {
	size := *t.sizes.at(n)
	if size > idRoom {
		return *t.longs.at(binary.LittleEndian.Uint32(t.texts.at(n)[:]))
	}
	// The bytes are written before the number is known to anybody and never
	// again, as those of a string are. Copying them instead would cost an
	// allocation for each candidate of each selecting.
	return unsafe.String(&t.texts.at(n)[0], int(size)) //nolint:gosec // see above
}

// find is the number of an id.
func (t *ids) find(id string) (n uint32, ok bool) {
	return t.probe(id, true)
}

// glance is find without a look at the id itself, which is seldom in the
// processor's cache: an id that is no shop's is taken for one with a chance
// below one in 10^9. It is for what only comes from shops that are known.
func (t *ids) glance(id string) (n uint32, ok bool) {
	return t.probe(id, t.twins.Load())
}

func (t *ids) probe(id string, exactly bool) (n uint32, ok bool) {
	slots := *t.slots.Load()
	hash := maphash.String(t.seed, id)
	for i := start(hash, len(slots)); ; i++ {
		if i == len(slots) {
			i = 0
		}
		slot := atomic.LoadUint64(&slots[i])
		if slot == 0 {
			return 0, false
		}
		n = uint32(slot&(1<<numberBits-1)) - 1
		if slot>>numberBits == hash>>numberBits && (!exactly || t.text(n) == id) {
			return n, true
		}
	}
}

// start is the slot at which the search for a hash begins: by its lower half,
// of which slots keep next to nothing.
func start(hash uint64, slots int) int { return int(hash & (1<<32 - 1) * uint64(slots) >> 32) }

// add gives a new id the next number, which others know of once publish was
// called.
func (t *ids) add(id string) uint32 {
	n := t.count.Load()
	t.texts.grow(n + 1)
	t.sizes.grow(n + 1)
	size := t.sizes.at(n)
	if len(id) > idRoom {
		*size = idRoom + 1
		binary.LittleEndian.PutUint32(t.texts.at(n)[:], t.long)
		t.longs.grow(t.long + 1)
		*t.longs.at(t.long) = strings.Clone(id)
		t.long++
		return n
	}
	*size = uint8(len(id))
	copy(t.texts.at(n)[:], id)
	return n
}

// publish lets the number of an id that was added be found.
func (t *ids) publish(n uint32) {
	slots := *t.slots.Load()
	if int(n) >= len(slots)/5*4 {
		slots = t.rehashed(len(slots) / 3 * 4)
		t.slots.Store(&slots)
	}
	t.count.Store(n + 1)
	t.put(slots, n)
}

// rehashed is a larger table with all ids that can be found.
func (t *ids) rehashed(size int) []uint64 {
	slots := make([]uint64, size)
	for n := range t.count.Load() {
		t.put(slots, n)
	}
	return slots
}

func (t *ids) put(slots []uint64, n uint32) {
	id := t.text(n)
	hash := maphash.String(t.seed, id)
	i := start(hash, len(slots))
	for slots[i] != 0 {
		if slots[i]>>numberBits == hash>>numberBits {
			t.twins.Store(true)
		}
		if i++; i == len(slots) {
			i = 0
		}
	}
	atomic.StoreUint64(&slots[i], hash>>numberBits<<numberBits|uint64(n+1))
}
