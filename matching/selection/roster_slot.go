package selection

import (
	"hash/maphash"
	"sync/atomic"
)

// The numbers of ids by their hash are in shards, so that each can be replaced
// by a larger one in a moment. A shard is a hash table of rows: a search begins
// with the row of its hash and goes on to the next until it comes to a slot
// that is empty.
const (
	shardBits  = 6
	shards     = 1 << shardBits
	spotBits   = 32 - shardBits
	numberBits = 28
	inRow      = 4
)

// shard has the slots of the ids whose hashes are alike in some bits.
type shard struct {
	rows atomic.Pointer[[]row]
	used int // slots that are not empty; for those who add
}

// row is as many slots as lie in one line of the processor's cache.
type row [inRow]slot

// slot is what is found by an id: its key is 0 where the slot is empty, or has
// the number and one in its lower numberBits and a part of the hash in the
// others. The door stands beside, so that a line that opens or closes costs one
// look at a far place in memory, not two.
type slot struct {
	key  atomic.Uint64
	door door
}

// set fills an empty slot.
func (s *slot) set(key, state uint64) {
	s.door.state.Store(state)
	s.key.Store(key)
}

// numberOf is the number that a key has; that of no id for 0.
func numberOf(key uint64) uint32 { return uint32(key&(1<<numberBits-1)) - 1 }

// shardOf is the shard of a hash: by the first bits of its lower half, of which
// keys keep next to nothing.
func shardOf(hash uint64) uint32 { return uint32(hash) >> spotBits }

// start is the row at which the search for a hash begins, by the other bits of
// its lower half.
func start(hash uint64, rows int) int {
	return int(uint64(uint32(hash)<<shardBits) * uint64(rows) >> 32)
}

// spotOf says where a slot is: the shard, and which one of all in its rows.
func spotOf(shard uint32, at int) uint32 { return shard<<spotBits | uint32(at) }

// vacant is the slot that a hash is to have, counted through all rows; twin says
// that another has the same part of the hash.
func vacant(rows []row, hash uint64) (at int, twin bool) {
	for i := start(hash, len(rows)); ; i++ {
		if i == len(rows) {
			i = 0
		}
		for k := range rows[i] {
			key := rows[i][k].key.Load()
			if key == 0 {
				return inRow*i + k, twin
			}
			twin = twin || key>>numberBits == hash>>numberBits
		}
	}
}

// replace makes a shard larger. Whoever comes to a door of the old one finds it
// moved, and waits for the index's lock, which is held here, to go on with the
// new one.
func (t *ids) replace(number uint32) []row {
	s := &t.shards[number]
	old := *s.rows.Load()
	rows := make([]row, len(old)*4/3+1)
	for i := range old {
		for k := range old[i] {
			key := old[i][k].key.Load()
			if key == 0 {
				continue
			}
			at, _ := vacant(rows, maphash.String(t.seed, t.text(numberOf(key))))
			rows[at/inRow][at%inRow].set(key, old[i][k].door.state.Or(moved))
		}
	}
	s.rows.Store(&rows)
	for i := range rows {
		for k := range rows[i] {
			if key := rows[i][k].key.Load(); key != 0 {
				t.spots.at(numberOf(key)).Store(spotOf(number, inRow*i+k))
			}
		}
	}
	return rows
}
