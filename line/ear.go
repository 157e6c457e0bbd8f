package line

import (
	"sync/atomic"

	"outcry"
)

// RequestTopic is what to listen for to hear all events of a request.
func RequestTopic(request string) string { return "request/" + request }

// ShopTopic is what to listen for to hear all events that concern a shop.
func ShopTopic(shop string) string { return "shop/" + shop }

// Ear hears the events of one topic in the order of the log, from when it began
// to listen. It never makes others wait: what does not fit into its queue is
// missed, and the ear knows.
type Ear struct {
	C      <-chan outcry.Event
	queue  chan outcry.Event
	missed atomic.Bool
	tail   *Tail
	topic  string
}

// Listen makes an ear for a topic with room for size events; the topic "" is
// everything. It must be closed.
func (t *Tail) Listen(topic string, size int) *Ear {
	queue := make(chan outcry.Event, size)
	e := &Ear{C: queue, queue: queue, tail: t, topic: topic}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ears[topic] == nil {
		t.ears[topic] = map[*Ear]bool{}
	}
	t.ears[topic][e] = true
	return e
}

// hear takes an event, or notes that it was missed.
func (e *Ear) hear(event outcry.Event) {
	if e.missed.Load() {
		return // what comes after a gap is read from the log with it
	}
	select {
	case e.queue <- event:
	default:
		e.missed.Store(true)
	}
}

// Missed says whether events were missed since it was last asked. Who gets true
// empties the queue and reads the log.
func (e *Ear) Missed() bool { return e.missed.Swap(false) }

// Past is the number up to which the ear has brought everything; ok is false
// while something waits in its queue or was missed.
func (e *Ear) Past() (seq int64, ok bool) {
	e.tail.mu.Lock()
	defer e.tail.mu.Unlock()
	return e.tail.last, len(e.queue) == 0 && !e.missed.Load()
}

// Close ends the listening.
func (e *Ear) Close() {
	e.tail.mu.Lock()
	defer e.tail.mu.Unlock()
	delete(e.tail.ears[e.topic], e)
	if len(e.tail.ears[e.topic]) == 0 {
		delete(e.tail.ears, e.topic)
	}
}
