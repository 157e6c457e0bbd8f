package dial

import (
	"sync"

	"outcry/wire"
)

// The bounds of an inbox: with so many events, or bytes of them, it takes no
// more.
const (
	inboxEvents = 4096
	inboxBytes  = 8 << 20
)

// inbox holds events until they are handed on. When it is full it turns deaf:
// it takes nothing more of this connection, and when it is empty the line goes on
// behind the last event it took, by a new one.
type inbox struct {
	more    chan struct{} // has an item when there may be events
	drained chan struct{} // has an item when it is empty and deaf

	mu     sync.Mutex
	events []Event
	bytes  int
	deaf   bool
	taken  int64 // the cursor behind what it took
	handed int64 // the cursor behind what it handed on
}

func newInbox(after int64) *inbox {
	return &inbox{more: make(chan struct{}, 1), drained: make(chan struct{}, 1), taken: after, handed: after}
}

// put takes the events of one frame, all or none. Those at or before its cursor
// it has had and leaves out; a reset sets the cursor.
func (in *inbox) put(events ...Event) (ok bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.deaf || len(in.events) >= inboxEvents || in.bytes >= inboxBytes {
		in.deaf = true
		in.tellDrained()
		return false
	}
	for _, e := range events {
		seq := e.Seq()
		if seq > 0 && seq <= in.taken && e.Kind != wire.EventReset {
			continue
		}
		if seq > 0 {
			in.taken = seq
		}
		in.events = append(in.events, e)
		in.bytes += len(e.Data)
	}
	signal(in.more)
	return true
}

// note takes word of the line itself, for which there is always room. A line
// that is back before anybody looked was never lost.
func (in *inbox) note(e Event) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if n := len(in.events); e.Kind == Back && n > 0 && in.events[n-1].Kind == Lost {
		in.events = in.events[:n-1]
		in.tellDrained()
		return
	}
	in.events = append(in.events, e)
	signal(in.more)
}

// take hands on the next event.
func (in *inbox) take() (e Event, ok bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.events) == 0 {
		return Event{}, false
	}
	e, in.events[0] = in.events[0], Event{}
	in.events = in.events[1:]
	in.bytes -= len(e.Data)
	if seq := e.Seq(); seq > 0 {
		in.handed = seq
	}
	in.tellDrained()
	return e, true
}

// tellDrained frees an empty inbox, and says so where it is deaf.
func (in *inbox) tellDrained() {
	if len(in.events) > 0 {
		return
	}
	in.events = nil
	if in.deaf {
		signal(in.drained)
	}
}

// reopen hears a new connection, which goes on behind the cursor that it gives.
func (in *inbox) reopen() (after int64) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.deaf = false
	select {
	case <-in.drained:
	default:
	}
	return in.taken
}

// cursor is the one behind all that was handed on.
func (in *inbox) cursor() int64 {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.handed
}

// signal puts an item where there is none.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
