package hook

import (
	"time"
)

// Attempts go by one of two lanes, each with room for so many at once. Whoever
// takes longer than dawdling there is moved to the slow lane, and its webhook
// goes by that until it answers quickly again: so a webhook that hangs holds a
// place in the fast lane for a second, once. In each lane webhooks take turns.
const (
	fastLane = 512
	slowLane = 256
	dawdling = time.Second
	// lookEvery is how often it is looked for such, while others wait.
	lookEvery = 250 * time.Millisecond
)

// lane is one of the two.
type lane struct {
	most, used int
	line       []*target // those with something to send
}

// laneOf is the lane by which a target goes.
func (s *Sender) laneOf(t *target) *lane {
	if t.slow || t.down {
		return &s.slow
	}
	return &s.fast
}

// list puts a target that has something to send into its lane's line.
func (s *Sender) list(t *target) {
	if !t.listed && t.ready() {
		t.listed = true
		l := s.laneOf(t)
		l.line = append(l.line, t)
	}
}

// admit gives the parcels for which there is room now. Who gets them sends them.
func (s *Sender) admit() (out []*parcel) {
	if s.ctx == nil {
		return nil
	}
	for _, l := range []*lane{&s.fast, &s.slow} {
		for l.used < l.most && len(l.line) > 0 {
			t := l.line[0]
			l.line[0] = nil
			l.line = l.line[1:]
			t.listed = false
			if s.laneOf(t) == l && t.ready() {
				out = append(out, s.takeOff(t, l))
			}
			s.list(t)
		}
	}
	s.sending.Add(len(out))
	return out
}

// takeOff is the next parcel of a target, in the lane from now on.
func (s *Sender) takeOff(t *target, l *lane) *parcel {
	p := t.queue[0]
	t.queue[0] = nil
	t.queue = t.queue[1:]
	t.flying[p] = true
	p.lane, p.begun = l, s.Clock()
	l.used++
	if l == &s.fast {
		s.flying[p] = true
		s.look(p.begun)
	}
	return p
}

// land takes a parcel out of its lane.
func (s *Sender) land(p *parcel) {
	p.lane.used--
	delete(s.flying, p)
	delete(p.to.flying, p)
	p.lane, p.cancel = nil, nil
}

// hurry moves those that dawdle out of the fast lane while others wait for it.
// Where the slow lane has no room for one, its attempt is ended.
func (s *Sender) hurry(now time.Time) {
	for p := range s.flying {
		if now.Sub(p.begun) < dawdling {
			continue
		}
		p.to.slow = true
		if s.slow.used >= s.slow.most && p.cancel != nil {
			p.cancel()
		}
		if s.slow.used >= s.slow.most {
			continue
		}
		delete(s.flying, p)
		s.fast.used--
		s.slow.used++
		p.lane = &s.slow
	}
	s.looks = false
	s.look(now)
}

// look has it looked for those that dawdle, where others wait for them.
func (s *Sender) look(now time.Time) {
	if !s.looks && len(s.fast.line) > 0 && s.fast.used >= s.fast.most {
		s.looks = true
		s.alarm(alarm{at: now.Add(lookEvery)})
	}
}

// launch sends parcels, each by its own goroutine, which goes on with others
// while there are any.
func (s *Sender) launch(parcels []*parcel) {
	for _, p := range parcels {
		go s.carry(p)
	}
}

// carry sends a parcel, and then others for which there is room.
func (s *Sender) carry(p *parcel) {
	for p != nil {
		next := s.send(p)
		s.sending.Done()
		if p = nil; len(next) > 0 {
			p = next[0]
			s.launch(next[1:])
		}
	}
}
