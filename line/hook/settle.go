package hook

import (
	"math/rand/v2"
	"time"

	"outcry"
)

// outcome is what came of an attempt.
type outcome struct {
	unsent bool   // nothing was sent: nobody is told of the event, or error says why not
	broken bool   // the server stopped, or could not find out what to send: as if it had not been tried
	status int    // 0: no answer
	error  string // what was wrong with the attempt, or with what was replied
	again  bool   // to be sent again though it was taken
	took   time.Duration
	// deadline is until when it makes sense to send it; after says how long the
	// receiver asked to be left alone.
	deadline time.Time
	after    time.Duration
}

func (o *outcome) taken() bool { return o.status >= 200 && o.status < 300 && !o.again }

// statusGone says that a webhook is to be sent nothing any more.
const statusGone = 410

// settle notes what came of an attempt, and gives the parcels for which there is
// room now.
func (s *Sender) settle(p *parcel, o outcome) (next []*parcel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, now, begun := p.to, s.Clock(), p.begun
	s.land(p)
	switch {
	case t.stopped():
		s.refuse(p)
	case o.broken && s.ctx == nil:
		return nil // the next start sends it
	case o.broken:
		s.wait(p, now.Add(brokenWait))
	case o.unsent && o.error == "":
		p.done = true
	case o.unsent:
		p.d.State, p.d.Next = outcry.DeliveryFailed, time.Time{}
		if p.d.Attempts == 0 {
			p.d.Error = o.error
		}
		s.note(p)
	default:
		p.d.Attempts++
		p.d.Status, p.d.Error, p.d.Took, p.d.Tried = o.status, o.error, o.took, begun
		s.judge(p, o, now)
		s.note(p)
	}
	s.nudge(t)
	s.list(t)
	return s.admit()
}

// brokenWait is when it is looked again what to send.
const brokenWait = time.Second

// judge says how a parcel that was sent goes on, and its target.
func (s *Sender) judge(p *parcel, o outcome, now time.Time) {
	t := p.to
	switch next, again := nextTry(p, o, now); {
	case o.taken():
		p.d.State, p.d.Next = outcry.DeliveryDelivered, time.Time{}
		t.slow = o.took >= dawdling
		s.well(t, now)
		return
	case o.status == statusGone:
		p.d.State, p.d.Next = outcry.DeliveryFailed, time.Time{}
		s.disable(t, now)
		return
	case again:
		s.wait(p, next)
	default:
		p.d.State, p.d.Next = outcry.DeliveryFailed, time.Time{}
	}
	t.slow = t.slow || o.took >= dawdling
	s.failed(t, now)
}

// wait has a parcel tried again at a time.
func (s *Sender) wait(p *parcel, at time.Time) {
	p.d.State, p.d.Next = outcry.DeliveryWaiting, at
	p.letter = nil // by then it may say something else
	p.to.later[p] = true
	s.alarm(alarm{at: at, p: p})
}

// note has the row of a parcel written with the next save.
func (s *Sender) note(p *parcel) {
	p.done = true
	if !p.dirty {
		p.dirty = true
		s.unsaved = append(s.unsaved, p)
		switch len(s.unsaved) {
		case 1:
			ring(s.stirred)
		case saveAt:
			ring(s.filled)
		}
	}
}

// well notes that a target has taken something. What waits for one that was down
// is sent now.
func (s *Sender) well(t *target, now time.Time) {
	t.fails = 0
	if !t.down {
		return
	}
	t.down, t.trial, t.falls = false, false, 0
	for p := range t.later {
		p.d.Next = now
		s.alarm(alarm{at: now, p: p})
	}
	s.count(t)
}

const (
	// firstPause and longestPause bound for how long a webhook that is down is
	// left alone; it doubles each time.
	firstPause   = 15 * time.Second
	longestPause = 30 * time.Minute
)

// failed notes a failure of a target, and whether it is down now: then it takes
// nothing until a trial, and its shop cannot be called by it.
func (s *Sender) failed(t *target, now time.Time) {
	if t.fails++; t.fails == 1 {
		t.ill = now
	}
	if !t.down && (t.fails < failsToFall || now.Sub(t.ill) < fallTime) {
		return
	}
	pause := min(longestPause, firstPause<<min(t.falls, 10))
	t.falls++
	t.down, t.trial = true, false
	t.until = now.Add(jitter(pause))
	s.lag(t, s.taken)
	s.alarm(alarm{at: t.until, t: t})
	s.count(t)
}

// disable ends a target that said that it is gone.
func (s *Sender) disable(t *target, now time.Time) {
	t.hook.Disabled, t.hook.Reason = now, "it answered 410 Gone"
	s.count(t)
	for p := range t.later {
		t.queue = append(t.queue, p)
	}
	clear(t.later)
	for _, p := range t.queue {
		s.refuse(p)
	}
	t.queue = nil
	s.ended = append(s.ended, t.hook)
	ring(s.stirred)
}

// refuse gives a parcel up whose target is stopped.
func (s *Sender) refuse(p *parcel) {
	p.d.State, p.d.Next, p.d.Error = outcry.DeliveryFailed, time.Time{}, "the webhook is disabled"
	s.note(p)
}

const (
	// A call is tried again after callWait, then twice as long each time, up to
	// callMost; anything else after wait, three times as long each time, up to
	// most, for a day.
	callWait = 500 * time.Millisecond
	callMost = time.Minute
	eachWait = 5 * time.Second
	eachMost = 4 * time.Hour
	goodFor  = 24 * time.Hour
	// lastChance is how long before a call's deadline nothing is sent any more.
	lastChance = 100 * time.Millisecond
)

// nextTry is when a parcel is tried again; again is false where there is no time
// left for that.
func nextTry(p *parcel, o outcome, now time.Time) (at time.Time, again bool) {
	wait, factor, most, until := eachWait, 3, eachMost, o.deadline
	if p.d.Type == outcry.ToldCall {
		wait, factor, most = callWait, 2, callMost
	}
	for n := 1; n < p.d.Attempts && wait < most; n++ {
		wait *= time.Duration(factor)
	}
	at = now.Add(max(jitter(min(wait, most)), o.after))
	return at, at.Before(until)
}

// jitter is a time from half as long to one and a half times as long, so that
// those that failed together do not come again together.
func jitter(d time.Duration) time.Duration { return d/2 + rand.N(d) } //nolint:gosec // no secret
