package selection

// Hashes gives the hashes of ids that one index makes, and the shards that they
// belong to.
func Hashes() (of func(id string) uint64, shard func(hash uint64) int) {
	h := newHash()
	return h.of, func(hash uint64) int { return int(shardOf(hash)) }
}
