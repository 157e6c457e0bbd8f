package onboarding

import (
	"context"
	"hash/maphash"
	"time"

	"outcry"
)

// listed tells one state of a listing from another: each change of a shop gives
// it another time or state, each change of its book other codes.
type listed struct {
	updated time.Time
	state   outcry.ShopState
	answers outcry.Answering
	codes   uint64
}

// list hands the shops of the import to those who select, as they are in the
// store. It reads again until nothing has changed meanwhile, since whoever
// changes a shop hands it over too, perhaps before this does with what it read
// earlier.
func (m *importing) list(ctx context.Context) error {
	seed := maphash.MakeSeed()
	put := make(map[string]listed, len(m.rows))
	for changed := true; changed; {
		changed = false
		err := m.o.Books.EachListing(ctx, func(l outcry.Listing) error {
			if _, ours := m.rows[l.Source]; !ours || l.Source == "" {
				return nil
			}
			now := listed{l.Updated, l.State, l.Answers, maphash.Comparable(seed, joined(l.Codes))}
			if was, ok := put[l.ID]; ok && was == now {
				return nil
			}
			put[l.ID], changed = now, true
			return m.o.Listings.Put(l)
		})
		if err != nil {
			return wrapped("list imported shops", err)
		}
	}
	return nil
}

// joined is codes as one text.
func joined(codes []outcry.Code) string {
	var text []byte
	for _, c := range codes {
		text = append(append(text, c...), ' ')
	}
	return string(text)
}
