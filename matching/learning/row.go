package learning

import (
	"slices"
	"strings"

	"outcry"
)

// row is how something that was learned stands to what is kept of it.
type row struct {
	subject string
	seq     int64 // the last lesson in it
	floor   int64 // of the row that it was restored from: no lesson up to here is booked again
	changed bool  // it waits for Dirty
}

func (r *row) state() *row { return r }

// subject is something that is kept as a row.
type subject interface {
	state() *row
	body() any // as it is written
	// read takes over what a body says, where all of it can be.
	read(body []byte) error
	// adopt takes over what another of its kind knows.
	adopt(from subject)
}

var _, _, _ subject = (*record)(nil), (*class)(nil), (*usual)(nil)

// usualPrefix begins the subjects of what codes usually cost; the code and the
// currency follow.
const usualPrefix = "usual:"

func (t tender) text() string { return usualPrefix + string(t.code) + " " + t.currency }

// blank is a subject of which nothing is known yet, by the subject's text; nil
// where that is none.
func blank(text string) subject {
	r := row{subject: text}
	if slices.Contains(classSubjects[:], text) {
		return &class{row: r}
	}
	if usually, is := strings.CutPrefix(text, usualPrefix); is {
		code, currency, _ := strings.Cut(usually, " ")
		if code == "" || !outcry.KnownCurrency(currency) {
			return nil
		}
		return &usual{row: r, tender: tender{outcry.Code(code), currency}}
	}
	if text == "" || strings.Contains(text, ":") {
		return nil
	}
	return &record{row: r}
}

// present is what the ledger has of the subject of s.
func (l *Ledger) present(s subject) subject {
	switch s := s.(type) {
	case *class:
		return &l.classes[slices.Index(classSubjects[:], s.subject)]
	case *usual:
		return l.costs(s.tender)
	}
	return l.of(s.state().subject)
}

// learns says whether s may learn from a lesson, and notes that it does. Of one
// lesson it may be asked any number of times.
func (l *Ledger) learns(s subject, seq int64) bool {
	r := s.state()
	if seq <= r.floor {
		return false
	}
	r.seq = max(r.seq, seq)
	l.change(s)
	return true
}

// change lets s wait for Dirty.
func (l *Ledger) change(s subject) {
	if r := s.state(); !r.changed {
		r.changed = true
		l.changed = append(l.changed, s)
	}
}
