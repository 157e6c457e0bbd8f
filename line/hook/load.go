package hook

import (
	"context"
	"slices"
	"time"

	"outcry"
)

// load reads the webhooks and what waits for them.
func (s *Sender) load(ctx context.Context) error {
	var err error
	if s.taken, err = s.Store.ToldUpTo(ctx); err != nil {
		return err
	}
	s.saved = s.taken
	var hooks []outcry.Webhook
	if err := s.Store.EachWebhook(ctx, func(w outcry.Webhook) error {
		hooks = append(hooks, w)
		return nil
	}); err != nil {
		return err
	}
	for _, w := range hooks {
		if err := s.loadOne(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

func (s *Sender) loadOne(ctx context.Context, w outcry.Webhook) error {
	after := s.taken
	if w.Behind >= 0 {
		after = w.Behind
	}
	unsettled, err := s.Store.Unsettled(ctx, w.ID, after)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t := newTarget(w)
	s.add(t)
	for _, d := range unsettled {
		if d.Seq > after {
			if t.had == nil {
				t.had = map[int64]bool{}
			}
			t.had[d.Seq] = true
		}
		if d.State == outcry.DeliveryWaiting {
			p := &parcel{to: t, d: d, done: true}
			t.later[p] = true
			s.alarm(alarm{at: d.Next, p: p})
		}
	}
	return nil
}

// add takes a target in. One that is behind is told from the log.
func (s *Sender) add(t *target) {
	s.targets[t.hook.ID] = t
	s.shops[t.hook.Shop] = append(s.shops[t.hook.Shop], t)
	t.kept = t.hook.Behind
	if t.kept >= 0 {
		s.lag(t, max(t.kept, t.hook.Since))
	}
	s.count(t)
}

// Put tells of a webhook that is new or was changed.
func (s *Sender) Put(w outcry.Webhook) {
	s.mu.Lock()
	t := s.targets[w.ID]
	if t == nil {
		s.add(newTarget(w))
	} else if t.hook.Disabled.IsZero() { // what said that it is gone stays so
		t.set(w)
		s.count(t)
	}
	s.mu.Unlock()
}

// Drop tells of a webhook that is gone.
func (s *Sender) Drop(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.targets[id]
	if t == nil {
		return
	}
	t.gone = true
	s.count(t)
	delete(s.targets, id)
	rest := slices.DeleteFunc(slices.Clone(s.shops[t.hook.Shop]), func(x *target) bool { return x == t })
	if s.shops[t.hook.Shop] = rest; len(rest) == 0 {
		delete(s.shops, t.hook.Shop)
	}
	delete(s.pending, t)
	for p := range t.flying {
		if p.cancel != nil {
			p.cancel()
		}
	}
	clear(t.later)
	t.queue, t.open = nil, nil
	s.trims = append(s.trims, id) // rows that a save under way may still write
}

// Failing says since when a webhook takes nothing, and when it is tried again;
// zero times where it is well.
func (s *Sender) Failing(id string) (since, next time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.targets[id]
	if t == nil || !t.down {
		return time.Time{}, time.Time{}
	}
	return t.ill, t.until
}

// Replay sends a delivery once more, whatever became of it, and gives it as it
// waits for that. Where too many events wait for the webhook it is Unavailable.
func (s *Sender) Replay(ctx context.Context, d outcry.Delivery) (outcry.Delivery, error) {
	d, out, err := s.replay(d)
	if err != nil {
		return d, err
	}
	s.launch(out) //nolint:contextcheck // an attempt has the sender's own time
	return d, s.save(ctx)
}

func (s *Sender) replay(d outcry.Delivery) (outcry.Delivery, []*parcel, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.targets[d.Webhook]
	if t == nil || t.stopped() {
		return d, nil, outcry.Missing("webhook")
	}
	p := t.find(d.Seq)
	switch {
	case p == nil && t.held() >= 2*mostHeld:
		return d, nil, &outcry.Error{Op: "replay", Kind: outcry.Unavailable, Code: "overloaded", Retry: 1,
			Msg: "too many events wait for this webhook"}
	case p == nil:
		p = &parcel{to: t, d: d}
	case !t.later[p]:
		return p.d, nil, nil // on its way
	}
	delete(t.later, p)
	p.again, p.d.State, p.d.Next = true, outcry.DeliveryWaiting, s.Clock()
	t.queue = append(t.queue, p)
	s.note(p)
	s.list(t)
	return p.d, s.admit(), nil
}

// find is the parcel of an event that waits for a target or is on its way.
func (t *target) find(seq int64) *parcel {
	for _, some := range []map[*parcel]bool{t.later, t.flying} {
		for p := range some {
			if p.d.Seq == seq {
				return p
			}
		}
	}
	for _, p := range t.queue {
		if p.d.Seq == seq {
			return p
		}
	}
	return nil
}
