package line

import "sync"

// buffers are those that were sent and can be filled again; one that has grown
// large is left to the collector.
var buffers sync.Pool

const mostBuffer = 64 << 10

// buffer is an empty buffer.
func buffer() []byte {
	if b, ok := buffers.Get().(*[]byte); ok {
		return (*b)[:0]
	}
	return make([]byte, 0, 4<<10)
}

// giveBack takes a buffer that nobody looks at any more.
func giveBack(b []byte) {
	if cap(b) <= mostBuffer {
		buffers.Put(&b)
	}
}
