package selection

import "sync/atomic"

// The numbers of ids by their hash are in shards, so that each can be replaced
// by a larger one in a moment. A shard is a hash table of rows: a search begins
// with the slot of its hash, goes round its row and on to the next row, until it
// comes to a slot that is empty.
const (
	shardBits  = 6
	shards     = 1 << shardBits
	spotBits   = 32 - shardBits
	numberBits = 28
	startBits  = numberBits - shardBits
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
// the number and one in its lower numberBits and the hash in the others, but for
// the first, which is 1. The door stands beside, so that a line that opens or
// closes costs one look at a far place in memory, not two.
type slot struct {
	key  atomic.Uint64
	door door
}

// set fills an empty slot.
func (s *slot) set(key, state uint64) {
	s.door.state.Store(state)
	s.key.Store(key)
}

// part is what keys have of a hash; it is not 0.
func part(hash uint64) uint64 { return 1<<(63-numberBits) | hash>>numberBits }

// keyOf is the key of a slot.
func keyOf(hash uint64, n uint32) uint64 { return part(hash)<<numberBits | uint64(n+1) }

// numberOf is the number that a key has; that of no id for 0.
func numberOf(key uint64) uint32 { return uint32(key&(1<<numberBits-1)) - 1 }

// shardOf is the shard of a hash: by bits that keys do not have.
func shardOf(hash uint64) uint32 { return uint32(hash) >> startBits % shards }

// start is the row and the slot in it at which the search for a hash begins: by
// the bits that neither keys nor shards tell of.
func start(hash uint64, rows int) (row, at uint) {
	i := hash & (1<<startBits - 1) * uint64(inRow*rows) >> startBits
	return uint(i / inRow), uint(i % inRow)
}

// spotOf says where a slot is: the shard, and which one of all in its rows.
func spotOf(shard uint32, at int) uint32 { return shard<<spotBits | uint32(at) }

// vacant is the slot that a hash is to have, counted through all rows. It notes
// where another has the same part of the hash.
func (t *ids) vacant(rows []row, hash uint64) int {
	for i, k := start(hash, len(rows)); ; i++ {
		if i == uint(len(rows)) {
			i = 0
		}
		for range inRow {
			key := rows[i][k%inRow].key.Load()
			if key == 0 {
				return int(inRow*i + k%inRow)
			}
			if key>>numberBits == part(hash) {
				t.twins.Store(true)
			}
			k++
		}
	}
}

// replace makes a shard larger. Whoever comes to a door of the old one finds it
// moved, and waits for the index's lock, which is held here, to go on with the
// new one.
func (t *ids) replace(number uint32) []row {
	s := &t.shards[number]
	old := *s.rows.Load()
	rows := make([]row, len(old)*3/2+1)
	for i := range old {
		for k := range old[i] {
			key := old[i][k].key.Load()
			if key == 0 {
				continue
			}
			n := numberOf(key)
			at := t.vacant(rows, t.hash.of(t.text(n)))
			rows[at/inRow][at%inRow].set(key, old[i][k].door.state.Or(moved))
			t.spots.at(n).Store(spotOf(number, at))
		}
	}
	s.rows.Store(&rows)
	return rows
}
