package gauge

import (
	"context"
	"errors"
	"fmt"
	"time"

	"outcry"
	"outcry/matching/selection"
	"outcry/sim/crowd"
)

const (
	// joiners is how many shops join and then move while it is looked for when
	// that shows.
	joiners = 500
	// tooLong is when a change that does not show is given up.
	tooLong = 10 * time.Second
)

// change measures how soon a change of a shop shows in queries, and what queries
// take while many change; the index runs its background work meanwhile.
func (g *gauge) change(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	ran := make(chan error, 1)
	go func() { ran <- g.index.Run(ctx) }()
	err := g.changes(ctx)
	stop()
	if runErr := <-ran; runErr != nil && !errors.Is(runErr, context.Canceled) {
		return fmt.Errorf("run the index: %w", runErr)
	}
	return err
}

func (g *gauge) changes(ctx context.Context) error {
	g.Note("changing shops")
	seen := make(times, 0, 2*joiners)
	for k := range joiners {
		l := g.joiner(k)
		for range 2 { // it joins, then moves
			took, err := g.show(ctx, l)
			if err != nil {
				return err
			}
			seen = append(seen, took)
			l.Place.Lon++
		}
	}
	g.got.VisibleP50US, g.got.VisibleP99US = micros(seen.at(0.5)), micros(seen.at(0.99))
	g.got.VisibleMaxMS = micros(seen.at(1)) / 1e3
	g.Note("asking while %s shops a second change", Grouped(changesPerS))
	moved := make([]outcry.Listing, min(g.Shops, 5000))
	for k := range moved {
		moved[k] = g.crowd.Listing(g.pick(k))
		moved[k].Place.Lat += 1e-4
	}
	g.got.Changing, g.got.Changes = g.beside(ctx, changesPerS, func(k int) {
		l := moved[k%len(moved)]
		l.Place.Lat -= 2e-4 * float64(k/len(moved)%2) // there and back
		_ = g.index.Put(l)                            // it was taken before
	})
	return ctx.Err()
}

// joiner is a shop that stands alone in the Southern Ocean and may be called at
// any time.
func (g *gauge) joiner(k int) outcry.Listing {
	l := g.crowd.Listing(g.Shops + k)
	l.Place = outcry.Place{Lat: -55 - float64(k)*1e-3, Lon: 100}
	l.State, l.Reason, l.Hours, l.QuietHours, l.PausedUntil = outcry.ShopActive, "", "", "", time.Time{}
	return l
}

// show puts a shop in and asks until it is found where it stands now, and, if it
// has moved, no longer where it stood.
func (g *gauge) show(ctx context.Context, l outcry.Listing) (time.Duration, error) {
	here := selection.Query{
		Codes: l.Codes[:1], Place: l.Place, RadiusM: 1, When: crowd.Now, Now: crowd.Now, Deadline: crowd.Now.Add(time.Hour), Policy: &g.policy,
	}
	before := here
	before.Place.Lon--
	start := time.Now()
	if err := g.index.Put(l); err != nil {
		return 0, fmt.Errorf("put in shop %s: %w", l.ID, err)
	}
	for !g.finds(&here, l.ID) || g.finds(&before, l.ID) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		if time.Since(start) > tooLong {
			return 0, fmt.Errorf("a changed shop does not show within %s", tooLong)
		}
	}
	return time.Since(start), nil
}

// finds says whether a query finds a shop.
func (g *gauge) finds(q *selection.Query, id string) bool {
	g.into, _ = g.index.Select(q, crowd.Wanted, g.into[:0])
	for i := range g.into {
		if g.into[i].Shop == id {
			return true
		}
	}
	return false
}
