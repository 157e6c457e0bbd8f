package selection

import (
	"hash/maphash"
	"math/bits"
	"strconv"
)

// hash makes hashes of ids that nobody outside can foretell. Those of the length
// that the product's ids have are made in place: it takes a third of the time of
// maphash, which makes all others.
type hash struct {
	keys [3]uint64
	seed maphash.Seed
}

func newHash() hash {
	h := hash{seed: maphash.MakeSeed()} // by chance, and the keys with it
	for i := range h.keys {
		h.keys[i] = maphash.String(h.seed, strconv.Itoa(i))
	}
	return h
}

// of is the hash of an id.
func (h *hash) of(id string) uint64 {
	if len(id) < 16 || len(id) > 32 {
		return maphash.String(h.seed, id)
	}
	end := id[len(id)-16:] // these overlap those before
	first := folded(eight(id)^h.keys[0], eight(id[8:])^h.keys[1])
	both := folded(eight(end)^first, eight(end[8:])^h.keys[2]^uint64(len(id)))
	return folded(both^h.keys[1], spread) // ids that count up would lie in steps
}

// spread is 2^64 by the golden ratio, made odd: it spreads numbers in steps.
const spread = 0x9e3779b97f4a7c15

// folded is both halves of a product in one.
func folded(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	return high ^ low
}

// eight is the first eight bytes as a number.
func eight(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}
