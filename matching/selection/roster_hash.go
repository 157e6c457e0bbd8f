package selection

import (
	"hash/maphash"
	"math/bits"
	"math/rand/v2"
)

// hash makes hashes of ids that nobody outside can foretell. Those of the length
// that the product's ids have are made in place: it takes a third of the time of
// maphash, which makes all others.
type hash struct {
	keys [3]uint64
	seed maphash.Seed
}

func newHash() hash {
	return hash{keys: [3]uint64{rand.Uint64(), rand.Uint64(), rand.Uint64()}, seed: maphash.MakeSeed()}
}

// of is the hash of an id.
func (h *hash) of(id string) uint64 {
	if len(id) < 16 || len(id) > 32 {
		return maphash.String(h.seed, id)
	}
	end := id[len(id)-16:] // these overlap those before
	first := folded(eight(id)^h.keys[0], eight(id[8:])^h.keys[1])
	return folded(eight(end)^first, eight(end[8:])^h.keys[2]^uint64(len(id)))
}

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
