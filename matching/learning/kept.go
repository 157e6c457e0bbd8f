package learning

import (
	"encoding/json"
	"fmt"

	"outcry"
)

// Dirty gives at most so many rows that have changed since they were last
// given, those that waited longest first; none where nothing has. What is given
// is to be kept, or marked by Redo.
func (l *Ledger) Dirty(most int) []outcry.Learned {
	rows, bodies := l.take(most)
	for i := range rows {
		text, err := json.Marshal(bodies[i])
		if err != nil {
			panic("learning: finite numbers: " + err.Error())
		}
		rows[i].Body = text
	}
	return rows
}

// take copies what the next rows say, so that they can be written with no lock
// held.
func (l *Ledger) take(most int) (rows []outcry.Learned, bodies []any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := max(0, min(most, len(l.changed)))
	for _, s := range l.changed[:n] {
		r := s.state()
		r.changed = false
		rows = append(rows, outcry.Learned{Subject: r.subject, Seq: r.seq})
		bodies = append(bodies, s.body())
	}
	if l.changed = l.changed[n:]; len(l.changed) == 0 {
		l.changed = nil
	}
	return rows, bodies
}

// Redo marks rows that Dirty gave and that could not be kept as changed again.
func (l *Ledger) Redo(rows []outcry.Learned) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range rows {
		if s := blank(r.Subject); s != nil {
			l.change(l.present(s))
		}
	}
}

// Restore takes over a row that was kept, unless the ledger has learned as much
// of its subject already. A row that cannot be read changes nothing; the error
// names its subject.
func (l *Ledger) Restore(kept outcry.Learned) error {
	s := blank(kept.Subject)
	if s == nil {
		return fmt.Errorf("read what was learned of %q: there is no such subject", kept.Subject)
	}
	if err := s.read(kept.Body); err != nil {
		return fmt.Errorf("read what was learned of %q: %w", kept.Subject, err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	into := l.present(s)
	if r := into.state(); r.seq < kept.Seq {
		into.adopt(s)
		r.seq, r.floor = kept.Seq, kept.Seq
	}
	return nil
}
