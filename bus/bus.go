// Package bus is the doorbell between whoever makes events durable and whoever
// tells of them. It carries no truth: a ring that is lost costs a moment, never
// an event, since listeners read the log from where they stand.
package bus

import (
	"sync"

	"outcry"
)

// Local is a bus within one process. Rings come to every listener in the
// goroutine that rings; a listener must be quick.
type Local struct {
	mu        sync.RWMutex
	listeners []func([]outcry.Event)
}

// Listen adds a listener for good.
func (l *Local) Listen(hear func([]outcry.Event)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.listeners = append(l.listeners, hear)
}

// Ring tells every listener of events that are durable. Rings of different
// goroutines may come in another order than their events have in the log.
func (l *Local) Ring(events []outcry.Event) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, hear := range l.listeners {
		hear(events)
	}
}
