package line

import (
	"sync"

	"outcry"
)

// Topic is what can be listened for: all events of a request, or all that
// concern a shop. The zero Topic is everything.
type Topic struct{ Request, Shop string }

// RequestTopic is what to listen for to hear all events of a request.
func RequestTopic(request string) Topic { return Topic{Request: request} }

// ShopTopic is what to listen for to hear all events that concern a shop.
func ShopTopic(shop string) Topic { return Topic{Shop: shop} }

// News is an event on its way to whoever it concerns. What many are told alike is
// made once for all of them.
type News struct {
	outcry.Event
	Boards Memo // what boards show of it
	Shops  Memo // what the shops that hear it are told alike
}

// Memo is something that is made when it is first asked for, once.
type Memo struct {
	once sync.Once
	made any
}

// Get is what write gives, or gave.
func (m *Memo) Get(write func() any) any {
	m.once.Do(func() { m.made = write() })
	return m.made
}

// Ear hears the events of one topic in the order of the log, from when it began
// to listen. It never makes others wait: what does not fit into its queue is
// missed, and the ear knows.
type Ear struct {
	tail  *Tail
	topic Topic
	most  int
	wake  func()
	next  *Ear // another one of the same topic; under the tail's lock

	mu     sync.Mutex
	queue  []*News
	missed bool
}

// Listen makes an ear for a topic with room for size events. wake is called
// whenever it has heard something; it must be quick and may not call the ear or
// the tail. The ear must be closed.
func (t *Tail) Listen(topic Topic, size int, wake func()) *Ear {
	e := &Ear{tail: t, topic: topic, most: size, wake: wake}
	t.mu.Lock()
	defer t.mu.Unlock()
	e.next, t.ears[topic] = t.ears[topic], e
	return e
}

// Bell makes a wake for Listen and the channel that it rings, which holds one
// ring.
func Bell() (wake func(), rung <-chan struct{}) {
	c := make(chan struct{}, 1)
	return func() {
		select {
		case c <- struct{}{}:
		default:
		}
	}, c
}

// hear takes an event, or notes that it was missed.
func (e *Ear) hear(n *News) {
	e.mu.Lock()
	switch {
	case e.missed: // what comes after a gap is read from the log with it
	case len(e.queue) < e.most:
		e.queue = append(e.queue, n)
	default:
		e.missed = true
	}
	e.mu.Unlock()
	e.wake()
}

// Take empties the queue. missed says that there is a gap behind what it held:
// the rest is to be read from the log.
func (e *Ear) Take() (news []*News, missed bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	news, missed = e.queue, e.missed
	e.queue, e.missed = nil, false
	return news, missed
}

// Past is the number up to which the ear has brought everything; ok is false
// while something waits in its queue or was missed.
func (e *Ear) Past() (seq int64, ok bool) {
	e.tail.mu.Lock()
	defer e.tail.mu.Unlock()
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.tail.last, len(e.queue) == 0 && !e.missed
}

// Close ends the listening.
func (e *Ear) Close() {
	e.tail.mu.Lock()
	defer e.tail.mu.Unlock()
	first := e.tail.ears[e.topic]
	for at := &first; *at != nil; at = &(*at).next {
		if *at == e {
			*at = e.next
			break
		}
	}
	if first == nil {
		delete(e.tail.ears, e.topic)
		return
	}
	e.tail.ears[e.topic] = first
}
