package store

import (
	"context"
	"slices"
	"time"

	"outcry"
)

var bookCodeTable = newTable("book_codes", "code, shop_id", " ON CONFLICT DO NOTHING")

func scanBook(r row) (b outcry.Book, err error) {
	var codes string
	var updated int64
	if err := r.Scan(&b.Shop, &b.Version, &b.Acknowledged, &updated, &codes); err != nil {
		return b, err
	}
	b.Updated = fromMS(updated)
	return b, fromJSON(codes, &b.Codes)
}

// Book gives a shop's book, sorted by code; version 0 before the first. It is
// NotFound where there is no such shop.
func (s *Store) Book(ctx context.Context, shop string) (outcry.Book, error) {
	return bookOf(ctx, s.read, shop)
}

func bookOf(ctx context.Context, q querier, shop string) (outcry.Book, error) {
	b, found, err := find(ctx, q, scanBook, `SELECT s.id, COALESCE(b.version, 0), COALESCE(b.acknowledged, 0),
		COALESCE(b.updated, 0), COALESCE(b.codes, '') FROM shops s LEFT JOIN books b ON b.shop_id = s.id WHERE s.id = $1`, shop)
	if err == nil && !found {
		return b, outcry.Missing("shop")
	}
	return b, wrap("read book", err)
}

// changed is a book and the event of its new version.
type changed struct {
	book  outcry.Book
	event outcry.Event
}

// PutBook makes codes the shop's book: the next version, and an EventBook in
// the log. The codes that it holds already, in whatever order, make no new
// version and a zero Event. More than outcry.MaxBook codes are Invalid.
func (s *Store) PutBook(ctx context.Context, shop string, codes []outcry.Code, at time.Time) (outcry.Book, outcry.Event, error) {
	codes = tidy(codes)
	if len(codes) > outcry.MaxBook {
		return outcry.Book{}, outcry.Event{}, outcry.BadField("codes", "a book holds at most %d codes", outcry.MaxBook)
	}
	c, err := write(ctx, s, "", func(ctx context.Context, t *tx) (changed, error) {
		c, err := t.putBook(ctx, shop, codes, at)
		return c, wrap("put book", err)
	})
	return c.book, c.event, err
}

// tidy is codes sorted, each once.
func tidy(codes []outcry.Code) []outcry.Code {
	codes = slices.Clone(codes)
	slices.Sort(codes)
	return slices.Compact(codes)
}

func (t *tx) putBook(ctx context.Context, shop string, codes []outcry.Code, at time.Time) (c changed, err error) {
	was, err := bookOf(ctx, t, shop)
	if err != nil || slices.Equal(was.Codes, codes) && (was.Version > 0 || len(codes) == 0) {
		return changed{book: was}, err
	}
	c.book = outcry.Book{Shop: shop, Version: was.Version + 1, Codes: codes, Acknowledged: was.Acknowledged, Updated: whole(at)}
	if err := t.writeBook(ctx, c.book, was.Codes); err != nil {
		return c, err
	}
	events := []outcry.Event{{
		At: at, Kind: outcry.EventBook, Shop: shop,
		Book: &outcry.BookChange{Version: c.book.Version, Codes: codes},
	}}
	bodies, err := encode(events)
	if err == nil {
		events, err = t.appendLog("", events, bodies)
	}
	if err == nil {
		c.event = events[0]
	}
	return c, err
}

// writeBook writes b, which holds was so far, both ways round.
func (t *tx) writeBook(ctx context.Context, b outcry.Book, was []outcry.Code) error {
	_, err := t.exec(ctx, `INSERT INTO books (shop_id, version, acknowledged, updated, codes) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (shop_id) DO UPDATE SET version = excluded.version, updated = excluded.updated, codes = excluded.codes`,
		b.Shop, int64(b.Version), int64(b.Acknowledged), ms(b.Updated), listJSON(b.Codes))
	if err != nil {
		return err
	}
	return t.writeCodes(ctx, b, was)
}

// writeCodes writes who holds the codes of b, which holds was so far.
func (t *tx) writeCodes(ctx context.Context, b outcry.Book, was []outcry.Code) error {
	for _, code := range was {
		if _, kept := slices.BinarySearch(b.Codes, code); kept {
			continue
		}
		if _, err := t.exec(ctx, "DELETE FROM book_codes WHERE code = $1 AND shop_id = $2", string(code), b.Shop); err != nil {
			return err
		}
	}
	var rows []any
	for _, code := range b.Codes {
		if _, had := slices.BinarySearch(was, code); !had {
			rows = append(rows, string(code), b.Shop)
		}
	}
	return t.insert(ctx, bookCodeTable, rows)
}

// AcknowledgeBook notes which version the shop server holds. An earlier one than
// it has acknowledged changes nothing; one that there is not yet is Invalid.
func (s *Store) AcknowledgeBook(ctx context.Context, shop string, version int) (outcry.Book, error) {
	return write(ctx, s, "", func(ctx context.Context, t *tx) (outcry.Book, error) {
		b, err := bookOf(ctx, t, shop)
		if err != nil || version <= b.Acknowledged {
			return b, wrap("acknowledge book", err)
		}
		if version > b.Version {
			return b, outcry.BadField("version", "the book's version is %d; acknowledge that or an earlier one", b.Version)
		}
		b.Acknowledged = version
		_, err = t.exec(ctx, "UPDATE books SET acknowledged = $1 WHERE shop_id = $2", int64(version), shop)
		return b, wrap("acknowledge book", err)
	})
}

var holders = newIn("SELECT DISTINCT shop_id FROM book_codes WHERE code IN (")

// BooksWith gives the shops whose books hold any of the codes, sorted.
func (s *Store) BooksWith(ctx context.Context, codes []outcry.Code) ([]string, error) {
	values := make([]any, 0, len(codes))
	for _, c := range codes {
		values = append(values, string(c))
	}
	var shops []string
	for part := range holders.parts(values) {
		some, err := list(ctx, s.read, scanText, holders.text(len(part)), part...)
		if err != nil {
			return nil, wrap("look for holders", err)
		}
		shops = append(shops, some...)
	}
	slices.Sort(shops)
	return slices.Compact(shops), nil
}
