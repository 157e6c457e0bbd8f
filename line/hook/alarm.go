package hook

import (
	"container/heap"
	"context"
	"time"
)

// alarm is something to be done at a time: a parcel to be tried again, a target
// to be given a trial, or, with neither, a look at those that dawdle.
type alarm struct {
	at time.Time
	p  *parcel
	t  *target
}

// alarms is a heap, the earliest first.
type alarms []alarm

// Len is how many there are.
func (a alarms) Len() int { return len(a) }

// Less puts the earlier first.
func (a alarms) Less(i, j int) bool { return a[i].at.Before(a[j].at) }

// Swap changes two.
func (a alarms) Swap(i, j int) { a[i], a[j] = a[j], a[i] }

// Push adds one.
func (a *alarms) Push(x any) {
	if one, ok := x.(alarm); ok {
		*a = append(*a, one)
	}
}

// Pop takes the last one.
func (a *alarms) Pop() any {
	last := len(*a) - 1
	x := (*a)[last]
	(*a)[last] = alarm{}
	*a = (*a)[:last]
	return x
}

// alarm sets one.
func (s *Sender) alarm(a alarm) {
	heap.Push(&s.alarms, a)
	if s.alarms[0] == a {
		ring(s.rung)
	}
}

// watch does what is due, until ctx ends.
func (s *Sender) watch(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.rung:
		case <-timer.C:
		}
		if wait, more := s.due(s.Clock()); more { //nolint:contextcheck // an attempt has the sender's own time
			timer.Reset(wait)
		}
	}
}

// due does what is due, and says how long it is to the next alarm, if there is
// any.
func (s *Sender) due(now time.Time) (wait time.Duration, more bool) {
	s.mu.Lock()
	for len(s.alarms) > 0 && !s.alarms[0].at.After(now) {
		a := s.alarms[0]
		heap.Pop(&s.alarms)
		switch {
		case a.p != nil:
			s.retry(a.p, a.at)
		case a.t != nil:
			s.tryAgain(a.t, a.at)
		default:
			s.hurry(now)
		}
	}
	if len(s.alarms) > 0 {
		wait, more = max(time.Millisecond, s.alarms[0].at.Sub(now)), true
	}
	out := s.admit()
	s.mu.Unlock()
	s.launch(out)
	return wait, more
}

// retry queues a parcel whose time has come; it may have been moved since the
// alarm was set.
func (s *Sender) retry(p *parcel, at time.Time) {
	t := p.to
	if !t.later[p] || !p.d.Next.Equal(at) {
		return
	}
	delete(t.later, p)
	t.queue = append(t.queue, p)
	s.list(t)
}

// probe has the oldest event that waits for a target sent now.
func (s *Sender) probe(t *target) {
	var oldest *parcel
	for p := range t.later {
		if oldest == nil || p.d.Seq < oldest.d.Seq {
			oldest = p
		}
	}
	if oldest != nil && len(t.queue) == 0 {
		delete(t.later, oldest)
		t.queue = append(t.queue, oldest)
	}
}

// tryAgain lets something be sent again to a target that was down.
func (s *Sender) tryAgain(t *target, at time.Time) {
	if !t.down || t.trial || !t.until.Equal(at) {
		return
	}
	t.trial = true
	s.probe(t)
	s.count(t)
	s.nudge(t)
	s.list(t)
}
