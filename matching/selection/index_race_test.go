//go:build race

package selection_test

// raced says that the race detector looks on, which takes ten times as long and
// takes things out of pools at random.
const raced = true
