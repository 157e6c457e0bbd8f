package intake

import (
	"sync"
	"time"

	"outcry"
)

const (
	// shownFor is how long an actor is believed without a look into the store:
	// on other nodes, a key that is removed works so much longer.
	shownFor = time.Second
	// shownMost bounds how many actors are remembered.
	shownMost = 10_000
)

// shown remembers for a moment who showed which token.
type shown struct {
	mu     sync.Mutex
	actors map[string]shownActor // by the hash of the secret
	epoch  int                   // counts what was forgotten
}

type shownActor struct {
	outcry.Actor
	at time.Time
}

func newShown() *shown { return &shown{actors: map[string]shownActor{}} }

// get is the actor that showed the token a moment ago. epoch is to be handed
// back to put, so that nothing is remembered that was read before it changed.
func (s *shown) get(hash string, now time.Time) (a outcry.Actor, epoch int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.actors[hash]
	age := now.Sub(e.at)
	return e.Actor, s.epoch, ok && age >= 0 && age < shownFor
}

func (s *shown) put(hash string, a outcry.Actor, now time.Time, epoch int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if epoch != s.epoch {
		return
	}
	if len(s.actors) >= shownMost {
		clear(s.actors)
	}
	s.actors[hash] = shownActor{a, now}
}

// forget looks anew at whatever a member shows next.
func (s *shown) forget(member string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch++
	for hash, a := range s.actors {
		if a.Member == member {
			delete(s.actors, hash)
		}
	}
}
