package hook

import (
	"context"
	"time"

	"outcry"
)

const (
	// saveEvery is after which time it is kept what was sent, and saveAt after how
	// many deliveries.
	saveEvery = 200 * time.Millisecond
	saveAt    = 500
	// moveEvery is how often the cursor alone is kept.
	moveEvery = 5 * time.Second
	// Of what was delivered keepNewest are kept, for keepFor; trimEvery says
	// after how many deliveries the rest is removed, sweepEvery when it is
	// though there were none, of sweepAtOnce webhooks at a time.
	keepNewest  = 1000
	keepFor     = 7 * 24 * time.Hour
	trimEvery   = 200
	sweepEvery  = time.Hour
	sweepAtOnce = 100
)

// keep keeps what was sent, until ctx ends.
func (s *Sender) keep(ctx context.Context) error {
	soon, move, sweep := time.NewTimer(saveEvery), time.NewTicker(moveEvery), time.NewTicker(sweepEvery)
	defer soon.Stop()
	defer move.Stop()
	defer sweep.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.stirred:
			soon.Reset(saveEvery)
			continue
		case <-sweep.C:
			s.sweep()
		case <-move.C:
		case <-s.filled:
		case <-soon.C:
		}
		if err := s.save(ctx); err != nil && ctx.Err() == nil {
			s.Warn.Warn("what was sent to webhooks could not be kept; trying again", "error", err)
		}
	}
}

// sweep has the deliveries of all webhooks trimmed.
func (s *Sender) sweep() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := range s.targets {
		s.trims = append(s.trims, id)
	}
}

// save writes what is not written yet. After an error it stays to be written.
func (s *Sender) save(ctx context.Context) error {
	s.saving.Lock()
	defer s.saving.Unlock()
	if err := s.saveEnded(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	o, parcels := s.collect()
	s.mu.Unlock()
	if o == nil {
		return nil
	}
	err := s.Store.SaveOutbox(ctx, *o)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		for _, p := range parcels {
			s.note(p)
		}
		s.trims = append(s.trims, o.Trim...)
		return err
	}
	s.saved = max(s.saved, o.UpTo)
	for id, behind := range o.Behind {
		if t := s.targets[id]; t != nil {
			t.kept = behind
		}
	}
	return nil
}

// saveEnded keeps which webhooks are disabled.
func (s *Sender) saveEnded(ctx context.Context) error {
	s.mu.Lock()
	ended := s.ended
	s.ended = nil
	s.mu.Unlock()
	for i, as := range ended {
		_, err := s.Store.ChangeWebhook(ctx, as.ID, func(w *outcry.Webhook) error {
			w.Disabled, w.Reason = as.Disabled, as.Reason
			return nil
		})
		if err != nil && outcry.KindOf(err) != outcry.NotFound {
			s.mu.Lock()
			s.ended = append(s.ended, ended[i:]...)
			s.mu.Unlock()
			return err
		}
	}
	return nil
}

// collect is what is to be written; nil where that is nothing.
func (s *Sender) collect() (*outcry.Outbox, []*parcel) {
	now := s.Clock()
	o := &outcry.Outbox{Behind: map[string]int64{}, Keep: keepNewest, Before: now.Add(-keepFor), UpTo: s.upTo()}
	var parcels []*parcel
	for _, p := range s.unsaved {
		p.dirty = false
		if p.to.gone {
			continue
		}
		parcels = append(parcels, p)
		o.Deliveries = append(o.Deliveries, p.d)
		if p.to.fresh++; p.to.fresh >= trimEvery {
			p.to.fresh = 0
			s.trims = append(s.trims, p.d.Webhook)
		}
	}
	clear(s.unsaved)
	s.unsaved = s.unsaved[:0]
	s.collectBehind(o)
	most := min(len(s.trims), sweepAtOnce)
	o.Trim, s.trims = s.trims[:most:most], s.trims[most:]
	idle := len(o.Deliveries)+len(o.Behind)+len(o.Trim) == 0
	if idle && (o.UpTo <= s.saved || len(s.targets) == 0) {
		return nil, nil
	}
	return o, parcels
}

// upTo is up to which event all targets were told whose cursor is not their own.
func (s *Sender) upTo() int64 {
	upTo := s.taken
	for t := range s.pending {
		t.prune()
		switch {
		case len(t.open) == 0:
			delete(s.pending, t)
		case !t.own:
			upTo = min(upTo, t.open[0].d.Seq-1)
		}
	}
	return upTo
}

// prune forgets the first of the parcels while they are settled.
func (t *target) prune() {
	n := 0
	for n < len(t.open) && t.open[n].done {
		t.open[n] = nil
		n++
	}
	t.open = t.open[n:]
}

// collectBehind adds how far those were told that have a cursor of their own.
// One that lags no more, and was told all, goes by the others' again.
func (s *Sender) collectBehind(o *outcry.Outbox) {
	for t := range s.owned {
		behind := t.read
		switch {
		case t.gone:
			delete(s.owned, t)
			continue
		case len(t.open) > 0:
			behind = t.open[0].d.Seq - 1
		case !t.lagging:
			behind, t.own = outcry.NotBehind, false
			delete(s.owned, t)
		}
		if behind != t.kept {
			o.Behind[t.hook.ID] = behind
		}
	}
}
