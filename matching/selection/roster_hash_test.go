package selection_test

import (
	"fmt"
	"strings"
	"testing"

	"outcry/matching/selection"
)

func TestHash_TellsIdsApart(t *testing.T) {
	t.Parallel()
	of, shard := selection.Hashes()
	const each = 100_000
	for name, id := range map[string]func(i int) string{
		"that count up":                func(i int) string { return fmt.Sprintf("shop_%026d", i) },
		"that differ at the front":     func(i int) string { return fmt.Sprintf("%07d_%023d", i, 0) },
		"that differ within the first": func(i int) string { return fmt.Sprintf("shop_%07d_%018d", i, 0) },
		"that are short":               func(i int) string { return fmt.Sprintf("s%d", i) },
		"that are long":                func(i int) string { return fmt.Sprintf("%d%s", i, strings.Repeat("x", 40)) },
		"of all lengths":               func(i int) string { return strings.Repeat("x", i%40) + fmt.Sprint(i/40) },
	} {
		ids, parts, shards := map[string]bool{}, map[uint64]string{}, map[int]int{}
		for i := range each {
			h, s := of(id(i)), id(i)
			if ids[s] {
				continue
			}
			ids[s] = true
			if of(s) != h {
				t.Fatalf("ids %s: %s has two hashes", name, s)
			}
			if other, is := parts[h]; is {
				t.Fatalf("ids %s: %s and %s have the same hash", name, s, other)
			}
			parts[h] = s
			shards[shard(h)]++
		}
		for k, n := range shards {
			if share := float64(n*len(shards)) / float64(len(ids)); len(shards) != 64 || share < 0.8 || share > 1.2 {
				t.Errorf("ids %s: shard %d of %d has %.2f times its share", name, k, len(shards), share)
			}
		}
	}
}
