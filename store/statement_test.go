package store_test

import (
	"slices"
	"testing"

	"outcry/store"
)

func TestInOrder_LeavesWhatIsNotInOrder(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"SELECT 1":                           "SELECT 1",
		"a = $1 AND b = $2":                  "a = ? AND b = ?",
		"($1, $2, $3), ($4, $5, $6)":         "(?, ?, ?), (?, ?, ?)",
		"$1$2$3$4$5$6$7$8$9$10$11":           "???????????",
		"a = $1 OR b = $1":                   "a = $1 OR b = $1",
		"b = $2 AND a = $1":                  "b = $2 AND a = $1",
		"a = $10":                            "a = $10",
		"a = '$' AND b = $1":                 "a = '$' AND b = $1",
		"UPDATE x SET a = $1 WHERE b = $2":   "UPDATE x SET a = ? WHERE b = ?",
		"a = $1 AND b = $2 LIMIT $3":         "a = ? AND b = ? LIMIT ?",
		"a = $1 AND b = $3":                  "a = $1 AND b = $3",
		"in ($1, $2, $3, $4) AND x = 'a $5'": "in (?, ?, ?, ?) AND x = 'a ?'",
	} {
		if got := store.InOrder(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestParts_AreAsLargeAsAStatement(t *testing.T) {
	t.Parallel()
	for n, want := range map[int][]int{0: nil, 1: {1}, 2: {2}, 3: {4}, 100: {128}, 128: {128}, 129: {128, 1}, 300: {128, 128, 64}} {
		if got := store.Parts(n); !slices.Equal(got, want) {
			t.Errorf("%d values make the parts %v, want %v", n, got, want)
		}
	}
}
