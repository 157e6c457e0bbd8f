package line

import "sync/atomic"

// mostIdle is how many of a crew wait for work: each keeps the stack that it has
// grown.
const mostIdle = 256

// crew does what comes at once, as goroutines do, by goroutines that were used
// before where some are idle. A new goroutine would grow its stack anew each
// time, which costs more than the work.
type crew struct {
	idle    chan func() // to those who wait
	waiting atomic.Int32
	stop    <-chan struct{}
}

// run has f done, without waiting for it.
func (c *crew) run(f func()) {
	select {
	case c.idle <- f:
	default:
		go c.work(f)
	}
}

// work does f, and then what else comes.
func (c *crew) work(f func()) {
	for {
		f()
		if c.waiting.Add(1) > mostIdle {
			c.waiting.Add(-1)
			return
		}
		select {
		case f = <-c.idle:
			c.waiting.Add(-1)
		case <-c.stop:
			return
		}
	}
}
