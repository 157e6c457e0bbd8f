package store

import (
	"context"
	"slices"

	"outcry"
)

// imported is how many listings one transaction takes: other writes wait
// no longer than that.
const imported = 250

var bookTable = newTable("books", "shop_id, version, acknowledged, updated, codes", "")

const listingColumns = shopColumns + ", COALESCE(b.codes, '') FROM shops s LEFT JOIN books b ON b.shop_id = s.id"

var (
	bySource = newIn("SELECT " + listingColumns + " WHERE s.source IN (")
	byID     = newIn("SELECT " + listingColumns + " WHERE s.id IN (")
)

// ImportShops adds shops with their books; owner becomes their owner and staff.
// A listing whose Source an earlier import brought, or without a Source whose
// ID is there, updates that shop: its fields and its book (with an EventBook),
// but not its state, who answers, its quiet hours, pause and limits, or its
// rating. Of several listings with one Source the last one counts; one that says
// nothing new changes nothing. Listings are taken some hundred at a time, each
// some all or nothing: after an error the same import again does the rest. added
// is how many shops are new.
func (s *Store) ImportShops(ctx context.Context, owner string, listings []outcry.Listing) (added int, err error) {
	for part := range slices.Chunk(lastOfEach(owner, listings), imported) {
		n, err := write(ctx, s, "", func(ctx context.Context, t *tx) (int, error) {
			n, err := t.importShops(ctx, part)
			return n, wrap("import shops", err)
		})
		added += n
		if err != nil {
			return added, err
		}
	}
	return added, nil
}

// importKey is by what an import knows a shop: its source, or its id where it
// has none.
type importKey struct{ source, id string }

func keyOf(s outcry.Shop) importKey {
	if s.Source != "" {
		return importKey{source: s.Source}
	}
	return importKey{id: s.ID}
}

// lastOfEach gives the listings to owner, the last one of each key.
func lastOfEach(owner string, listings []outcry.Listing) []outcry.Listing {
	at := make(map[importKey]int, len(listings))
	out := make([]outcry.Listing, 0, len(listings))
	for _, l := range listings {
		l.Owner, l.Codes = owner, tidy(l.Codes)
		if i, twice := at[keyOf(l.Shop)]; twice {
			out[i] = l
			continue
		}
		at[keyOf(l.Shop)] = len(out)
		out = append(out, l)
	}
	return out
}

func (t *tx) importShops(ctx context.Context, listings []outcry.Listing) (added int, err error) {
	known, err := t.knownShops(ctx, listings)
	if err != nil {
		return 0, err
	}
	var shops, staff, books, codes []any
	for _, l := range listings {
		if was, found := known[keyOf(l.Shop)]; found {
			if err := t.reimport(ctx, was, l); err != nil {
				return 0, err
			}
			continue
		}
		added++
		shops, staff = append(shops, shopValues(l.Shop)...), append(staff, l.Owner, l.ID)
		if len(l.Codes) > 0 {
			books = append(books, l.ID, int64(1), int64(0), ms(l.Updated), listJSON(l.Codes))
		}
		for _, c := range l.Codes {
			codes = append(codes, string(c), l.ID)
		}
	}
	for _, batch := range []struct {
		to   *table
		rows []any
	}{{shopTable, shops}, {staffTable, staff}, {bookTable, books}, {bookCodeTable, codes}} {
		if err := t.insert(ctx, batch.to, batch.rows); err != nil {
			return 0, err
		}
	}
	return added, t.rateNew(ctx, listings, known)
}

// rateNew gives new shops the ratings that they come with.
func (t *tx) rateNew(ctx context.Context, listings []outcry.Listing, known map[importKey]outcry.Listing) error {
	for _, l := range listings {
		if _, found := known[keyOf(l.Shop)]; found || l.Rating.Count == 0 {
			continue
		}
		if _, err := t.exec(ctx, "UPDATE shops SET stars = $1, ratings = $2 WHERE id = $3",
			int64(l.Rating.Stars), int64(l.Rating.Count), l.ID); err != nil {
			return err
		}
	}
	return nil
}

// knownShops gives the shops of an import that are there already, with their
// codes.
func (t *tx) knownShops(ctx context.Context, listings []outcry.Listing) (map[importKey]outcry.Listing, error) {
	var sources, ids []any
	for _, l := range listings {
		if l.Source != "" {
			sources = append(sources, l.Source)
		} else {
			ids = append(ids, l.ID)
		}
	}
	known := make(map[importKey]outcry.Listing)
	for _, ask := range []struct {
		query  *in
		values []any
		key    func(outcry.Shop) importKey
	}{{bySource, sources, keyOf}, {byID, ids, func(s outcry.Shop) importKey { return importKey{id: s.ID} }}} {
		for part := range ask.query.parts(ask.values) {
			found, err := list(ctx, t, newListingRow().scan, ask.query.text(len(part)), part...)
			if err != nil {
				return nil, err
			}
			for _, l := range found {
				known[ask.key(l.Shop)] = l
			}
		}
	}
	return known, nil
}

// reimport updates what there was from l, where that says something new.
func (t *tx) reimport(ctx context.Context, was, l outcry.Listing) error {
	next := l.Shop
	next.ID, next.Owner, next.Source, next.Created, next.Updated = was.ID, was.Owner, was.Source, was.Created, was.Updated
	next.Answers, next.State, next.Reason = was.Answers, was.State, was.Reason
	next.QuietHours, next.PausedUntil = was.QuietHours, was.PausedUntil
	next.MostOpen, next.MostHourly = was.MostOpen, was.MostHourly
	if !slices.Equal(shopValues(next), shopValues(was.Shop)) {
		next.Updated = l.Updated
		if err := t.updateShop(ctx, next); err != nil {
			return err
		}
	}
	if slices.Equal(l.Codes, was.Codes) {
		return nil
	}
	_, err := t.putBook(ctx, was.ID, l.Codes, l.Updated)
	return err
}

// listingRow is where the columns of a listing are read to, one row after
// another.
type listingRow struct {
	*shopRow
	codes string
}

func newListingRow() *listingRow {
	r := &listingRow{}
	r.shopRow = newShopRow(&r.codes)
	return r
}

func (r *listingRow) scan(from row) (l outcry.Listing, err error) {
	if l.Shop, err = r.shopRow.scan(from); err != nil {
		return l, err
	}
	l.Codes, err = listFrom[outcry.Code](r.codes)
	return l, err
}

// EachListing calls do with every shop, of whatever state, and the codes of its
// book, in the order of their ids. It reads some at a time, a little ahead:
// shops that change meanwhile are given as they were or as they are. The first
// error ends it.
func (s *Store) EachListing(ctx context.Context, do func(outcry.Listing) error) error {
	return each(ctx, s.read, every[outcry.Listing]{
		of: "listings", text: "SELECT " + listingColumns + " WHERE s.id > $1 ORDER BY s.id LIMIT $2",
		scan: newListingRow().scan, key: func(l outcry.Listing) string { return l.ID },
	}, do)
}
