package counter

import (
	"context"
	"fmt"
	"time"

	"outcry"
	"outcry/cmd/outcry/counter/shelf"
	"outcry/wire"
)

// Tree tells which code is above a code.
type Tree interface {
	Signal(ctx context.Context, code string) (wire.Signal, error)
}

const (
	// fresh is for how long the code above a code is not asked for again.
	fresh = 24 * time.Hour
	// askWithin bounds asking again for what is known.
	askWithin = 2 * time.Second
	// maxPath bounds how deep a tree may be.
	maxPath = 32
)

// path is a code and those above it, the nearest first. What the market told once
// is kept on disk, and counts on while the market cannot be asked.
func (c *Counter) path(ctx context.Context, code string) ([]outcry.Code, error) {
	var path []outcry.Code
	learned := map[string]shelf.Parent{}
	for at := code; at != "" && len(path) < maxPath; {
		path = append(path, outcry.Code(at))
		above, err := c.above(ctx, at, learned)
		if err != nil {
			return path, fmt.Errorf("look up what is above %s: %w", at, err)
		}
		at = above
	}
	if len(learned) == 0 {
		return path, nil
	}
	return path, c.Shelf.PutParents(learned)
}

// above is the code above a code; "" for a root.
func (c *Counter) above(ctx context.Context, code string, learned map[string]shelf.Parent) (string, error) {
	now := c.Clock()
	known, ok := c.Shelf.Parent(code)
	if ok && now.Sub(known.At) < fresh {
		return known.Code, nil
	}
	if ok {
		within, cancel := context.WithTimeout(ctx, askWithin)
		defer cancel()
		ctx = within
	}
	signal, err := c.Tree.Signal(ctx, code)
	switch {
	case outcry.KindOf(err) == outcry.NotFound: // a code of nobody's is above and below nothing
	case err != nil && !ok:
		return "", err
	case err != nil:
		// Else each call would wait for it again while the market cannot be asked.
		learned[code] = shelf.Parent{Code: known.Code, At: now.Add(-fresh + time.Minute)}
		return known.Code, nil
	}
	learned[code] = shelf.Parent{Code: signal.Parent, At: now}
	return signal.Parent, nil
}
