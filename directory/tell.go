package directory

import (
	"context"
	"fmt"
	"slices"
	"time"

	"outcry"
)

// Holders are the shops by the codes that their books hold.
type Holders interface {
	// BooksWith gives the shops whose books hold any of the codes, sorted.
	BooksWith(ctx context.Context, codes []outcry.Code) ([]string, error)
	// Distributed says how far the last change of a code is told.
	Distributed(ctx context.Context, code outcry.Code) (outcry.Distributed, error)
}

// Tellings keep which shops were told of a change of the tree.
type Tellings interface {
	Holders
	// TellBooks gives the first of shops a new version of their books, once for
	// a change; rest are those that remain.
	TellBooks(ctx context.Context, change outcry.Distribution, shops []string, at time.Time) (told []outcry.Event, rest []string, err error)
	// FinishDistribution notes that all are told.
	FinishDistribution(ctx context.Context, n int64, at time.Time) error
	// ForgetDistribution removes some of what is kept of the oldest change,
	// where more than keep came after it; more says that there is more of it.
	ForgetDistribution(ctx context.Context, keep int) (more bool, err error)
}

const (
	// keptChanges is of how many changes of the tree it is kept who was told.
	keptChanges = 50
	// againAfter is how long a failed telling waits.
	againAfter = time.Second
	// restAtMost bounds the rest between two pages of shops, which is as long as
	// the page took: the other half of the time is for other writes.
	restAtMost = 100 * time.Millisecond
)

// Run tells shops of changes of the tree, one change after another, until ctx
// ends: first of those that an earlier run had begun. Each shop whose book holds
// a code of the change hears of it once, by a new version of its book; shops
// that hold none hear nothing.
func (b *Books) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		found, err := b.TellNext(ctx)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			b.Log.Error("shops could not be told of a change of the signals; it is tried again", "error", err)
			pause(ctx, againAfter)
		case !found:
			select {
			case <-ctx.Done():
			case <-b.Codes.Changes():
			}
		}
	}
	return nil
}

// TellNext tells all shops concerned of the first change of the tree that they
// are not told of yet; found is false where there is none.
func (b *Books) TellNext(ctx context.Context) (found bool, err error) {
	change, found, err := b.Codes.Next(ctx)
	if err != nil || !found {
		return false, err
	}
	b.putting.Lock()   // books that were checked against the tree before are written now
	b.putting.Unlock() //nolint:staticcheck // to have waited is all that is wanted
	codes := make([]outcry.Code, len(change.Codes))
	for i, c := range change.Codes {
		codes[i] = c.Code
	}
	left, err := b.Tellings.BooksWith(ctx, codes)
	if err != nil {
		return true, fmt.Errorf("look for the shops concerned: %w", err)
	}
	n := len(left)
	for len(left) > 0 {
		began := b.Clock()
		if left, err = b.tell(ctx, change, left); err != nil {
			return true, err
		}
		pause(ctx, min(b.Clock().Sub(began), restAtMost))
	}
	if err := b.Tellings.FinishDistribution(ctx, change.N, b.now()); err != nil {
		return true, fmt.Errorf("finish telling: %w", err)
	}
	b.Log.Info("shops were told of a change of the signals", "change", change.N, "codes", len(codes), "shops", n)
	return true, b.forget(ctx)
}

// tell tells the first of shops, and gives those that are left. Shops whose
// codes were replaced are listed anew: also where nobody knows whether their
// books were written, since they are then told already and not found again.
func (b *Books) tell(ctx context.Context, change outcry.Distribution, shops []string) (left []string, err error) {
	events, left, err := b.Tellings.TellBooks(ctx, change, shops, b.now())
	replaces := map[outcry.Code]bool{}
	for _, c := range change.Codes {
		if len(c.Becomes) > 0 {
			replaces[c.Code] = true
		}
	}
	if err != nil {
		if len(replaces) > 0 {
			for _, shop := range shops[:len(shops)-len(left)] {
				b.listSurely(ctx, shop)
			}
		}
		return shops, fmt.Errorf("tell shops: %w", err)
	}
	if len(events) > 0 {
		b.Bell.Ring(events)
	}
	for _, e := range events {
		if slices.ContainsFunc(e.Book.Changed, func(c outcry.Code) bool { return replaces[c] }) {
			b.listSurely(ctx, e.Shop)
		}
	}
	return left, nil
}

// listSurely lists a shop, again and again where that fails, until ctx ends: a
// start reads what is kept.
func (b *Books) listSurely(ctx context.Context, shop string) {
	for {
		err := b.list(ctx, shop)
		if err == nil || ctx.Err() != nil {
			return
		}
		b.Log.Error("a shop whose book was changed could not be listed; it is tried again", "shop", shop, "error", err)
		pause(ctx, againAfter)
	}
}

// forget removes what is kept of changes long ago.
func (b *Books) forget(ctx context.Context) error {
	for {
		more, err := b.Tellings.ForgetDistribution(ctx, keptChanges)
		if err != nil {
			return fmt.Errorf("forget changes of long ago: %w", err)
		}
		if !more {
			return nil
		}
	}
}

// pause waits until d is over or ctx ends.
func pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// Distributed says, to the operator, how far the shops concerned are told of the
// last change of a code.
func (b *Books) Distributed(ctx context.Context, actor outcry.Actor, code outcry.Code) (outcry.Distributed, error) {
	if err := mayChange(actor); err != nil {
		return outcry.Distributed{}, err
	}
	if _, ok := b.Codes.Get(code); !ok {
		return outcry.Distributed{}, outcry.Missing("signal")
	}
	d, err := b.Tellings.Distributed(ctx, code)
	if err != nil {
		return d, fmt.Errorf("read how far shops are told: %w", err)
	}
	return d, nil
}
