//go:build !race

package matching_test

// raced says whether the race detector watches.
const raced = false
