package counter

import "sync"

// progress knows up to which event everything is done, though what events ask
// for ends in any order.
type progress struct {
	handled func(seq int64)

	mu    sync.Mutex
	begun []step // in the order of the events
	from  int    // counts the resets, so that what was begun before moves nothing
}

type step struct {
	seq  int64
	done bool
}

// begin notes that an event was heard; what it gives says that it is done. One
// without a number moves nothing.
func (p *progress) begin(seq int64) (done func()) {
	if seq <= 0 {
		return func() {}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	from := p.from
	p.begun = append(p.begun, step{seq: seq})
	return func() { p.end(seq, from) }
}

func (p *progress) end(seq int64, from int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if from != p.from {
		return
	}
	for i := range p.begun {
		if p.begun[i].seq == seq && !p.begun[i].done {
			p.begun[i].done = true
			break
		}
	}
	n := 0
	for n < len(p.begun) && p.begun[n].done {
		n++
	}
	for n > 0 && n < len(p.begun) && p.begun[n].seq == p.begun[n-1].seq {
		n-- // a cursor is behind all that has its number
	}
	if n > 0 {
		p.handled(p.begun[n-1].seq)
		p.begun = p.begun[n:]
	}
}

// reset forgets what was begun.
func (p *progress) reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.begun, p.from = nil, p.from+1
}
