package selection

import (
	"encoding/binary"
	"strings"
	"sync/atomic"
	"unsafe"
)

// idRoom is the longest id that is kept in place: "shop_" and 26 characters.
const idRoom = 31

// ids are the shops' ids by number, and the numbers and doors by id. Ids are
// never taken out. One at a time may add; anybody may read meanwhile.
type ids struct {
	texts  column[[idRoom]byte]
	sizes  column[uint8] // of the texts; idRoom+1: the text is a number in longs
	longs  column[string]
	long   uint32                // how many longs there are
	spots  column[atomic.Uint32] // where the slots are, by number
	count  atomic.Uint32
	shards [shards]shard
	hash   hash
	// twins says that two ids have the same part of the hash.
	twins atomic.Bool
}

func newIDs() *ids {
	t := &ids{hash: newHash()}
	for i := range t.shards {
		t.shards[i].rows.Store(new(make([]row, 1)))
	}
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
	n, d := t.open(id)
	return n, d != nil
}

// open is the number and the door of an id; no door where there is none.
func (t *ids) open(id string) (uint32, *door) {
	return t.probe(id, true)
}

// glance is open without a look at the id itself, which is seldom in the
// processor's cache: an id that is no shop's is taken for one with a chance
// below one in 10^9. It is for what only comes from shops that are known.
func (t *ids) glance(id string) (uint32, *door) {
	if t.twins.Load() {
		return t.probe(id, true)
	}
	hash := t.hash.of(id)
	rows := *t.shards[shardOf(hash)].rows.Load()
	i, k := start(hash, len(rows))
	s := &rows[i][k]
	if key := s.key.Load(); key>>numberBits == part(hash) {
		return numberOf(key), &s.door // as most are
	}
	return t.probe(id, false)
}

func (t *ids) probe(id string, exactly bool) (uint32, *door) {
	hash := t.hash.of(id)
	rows := *t.shards[shardOf(hash)].rows.Load()
	for i, k := start(hash, len(rows)); ; i++ {
		if i == uint(len(rows)) {
			i = 0
		}
		for range inRow {
			s := &rows[i][k%inRow]
			key := s.key.Load()
			if key>>numberBits == part(hash) && (!exactly || t.text(numberOf(key)) == id) {
				return numberOf(key), &s.door
			}
			if key == 0 {
				return 0, nil
			}
			k++
		}
	}
}

// door is the door of a number; nil where that was not published.
func (t *ids) door(n uint32) *door {
	spot := t.spots.at(n).Load()
	rows, i := *t.shards[spot>>spotBits].rows.Load(), int(spot&(1<<spotBits-1))
	if i < inRow*len(rows) {
		if s := &rows[i/inRow][i%inRow]; numberOf(s.key.Load()) == n {
			return &s.door
		}
	}
	_, d := t.open(t.text(n)) // its shard is being replaced
	return d
}

// add gives a new id the next number, which others know of once publish was
// called.
func (t *ids) add(id string) uint32 {
	n := t.count.Load()
	t.texts.grow(n + 1)
	t.sizes.grow(n + 1)
	t.spots.grow(n + 1)
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

// publish lets the number of an id that was added be found, with the state of
// its door.
func (t *ids) publish(n uint32, state uint64) {
	hash := t.hash.of(t.text(n))
	number := shardOf(hash)
	s := &t.shards[number]
	rows := *s.rows.Load()
	if s.used >= inRow*len(rows)*4/5 {
		rows = t.replace(number)
	}
	s.used++
	t.count.Store(n + 1)
	at := t.vacant(rows, hash)
	t.spots.at(n).Store(spotOf(number, at))
	rows[at/inRow][at%inRow].set(keyOf(hash, n), state)
}
