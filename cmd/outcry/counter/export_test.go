package counter

import (
	"context"

	"outcry/wire"
)

// Asker is the software of a setting, for tests that ask it more than once.
type Asker struct{ asker }

// OpenSoftware reaches the software of a setting.
func OpenSoftware(ctx context.Context, s *Setting, say func(words string)) Asker {
	return Asker{s.open(ctx, say)}
}

// Ask has the software answer.
func (a Asker) Ask(ctx context.Context, call wire.Call) (bid wire.Bid, decline *wire.Reason, err error) {
	r, err := a.ask(ctx, call)
	return r.Bid, r.Decline, err
}

// Close ends the software.
func (a Asker) Close() { a.close() }

// Progress follows up to which event everything is done, telling handled.
type Progress struct{ progress }

// NewProgress begins with nothing heard.
func NewProgress(handled func(seq int64)) *Progress {
	return &Progress{progress{handled: handled}}
}

// Begin notes that an event was heard.
func (p *Progress) Begin(seq int64) (done func()) { return p.begin(seq) }

// Reset forgets what was begun.
func (p *Progress) Reset() { p.reset() }
