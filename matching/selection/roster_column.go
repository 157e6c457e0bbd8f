package selection

import "sync/atomic"

// inChunk is how many values of a column are allocated at once.
const inChunk = 512

// column is a list that grows and is read meanwhile: values never move. It has
// no pointers between values, so that millions of them are nothing to the
// garbage collector.
type column[T any] struct {
	chunks atomic.Pointer[[]*[inChunk]T]
}

// at is value number i, which there is room for.
func (c *column[T]) at(i uint32) *T { return &(*c.chunks.Load())[i/inChunk][i%inChunk] }

// view is the chunks that there are now.
func (c *column[T]) view() []*[inChunk]T {
	if chunks := c.chunks.Load(); chunks != nil {
		return *chunks
	}
	return nil
}

// grow makes room for n values. One at a time may grow a column.
func (c *column[T]) grow(n uint32) {
	old := c.view()
	if int(n) <= len(old)*inChunk {
		return
	}
	chunks := append(old, new([inChunk]T)) // whoever has the shorter list does not see beyond it
	c.chunks.Store(&chunks)
}
