package store

import (
	"context"
	"slices"
	"time"

	"outcry"
)

const (
	// tellAtOnce is how many shops one transaction tells of a change of the
	// tree, and tellCodes how many codes their books have: other writes wait no
	// longer than that.
	tellAtOnce = 200
	tellCodes  = 20_000
	// forgetAtOnce is how many rows of a former change one transaction removes.
	forgetAtOnce = 2000
)

var (
	distributedTable = newTable("distributed_codes", "code, n, becomes", " ON CONFLICT DO NOTHING")
	tellingTable     = newTable("tellings", "n, shop_id, version", "")
	retoldTable      = newTable("books", "shop_id, version, acknowledged, updated, codes",
		" ON CONFLICT (shop_id) DO UPDATE SET version = excluded.version, updated = excluded.updated, codes = excluded.codes")
	booksOf = newIn("SELECT shop_id, version, acknowledged, updated, codes FROM books WHERE shop_id IN (")
)

// addDistribution adds codes to the change numbered n; 0 begins the next one.
// No codes add nothing.
func (t *tx) addDistribution(ctx context.Context, n int64, by string, codes []outcry.Redefined) (int64, error) {
	if len(codes) == 0 {
		return n, nil
	}
	if n == 0 {
		last, _, err := find(ctx, t, scanNumber, "SELECT COALESCE(MAX(n), 0) FROM distributions")
		if err != nil {
			return 0, err
		}
		n = last + 1
		if _, err := t.exec(ctx, "INSERT INTO distributions (n, member_id, done) VALUES ($1, $2, 0)", n, by); err != nil {
			return 0, err
		}
	}
	rows := make([]any, 0, len(codes)*distributedTable.columns)
	for _, r := range codes {
		rows = append(rows, string(r.Code), n, listJSON(r.Becomes))
	}
	return n, t.insert(ctx, distributedTable, rows)
}

// NextDistribution gives the first change of the tree that not all shops
// concerned are told yet; found is false where there is none.
func (s *Store) NextDistribution(ctx context.Context) (d outcry.Distribution, found bool, err error) {
	d, found, err = find(ctx, s.read, func(r row) (d outcry.Distribution, err error) {
		err = r.Scan(&d.N, &d.By)
		return d, err
	}, "SELECT n, member_id FROM distributions WHERE done = 0 ORDER BY n LIMIT 1")
	if err != nil || !found {
		return d, false, wrap("read distribution", err)
	}
	d.Codes, err = list(ctx, s.read, func(r row) (c outcry.Redefined, err error) {
		var becomes string
		if err := r.Scan(&c.Code, &becomes); err != nil {
			return c, err
		}
		c.Becomes, err = listFrom[outcry.Code](becomes)
		return c, err
	}, "SELECT code, becomes FROM distributed_codes WHERE n = $1 ORDER BY code", d.N)
	return d, err == nil, wrap("read distribution", err)
}

// TellBooks gives the first of shops, sorted, whose books hold codes of d the
// next version of them, with an EventBook that names those codes, and puts what
// takes their place into the books. A shop that was told of d before, or holds
// none of its codes any more, is left out. rest are the shops that remain for
// another call: a call takes some hundred at most, all or nothing. With an error
// they are those that this call did not try.
func (s *Store) TellBooks(ctx context.Context, d outcry.Distribution, shops []string, at time.Time) (events []outcry.Event, rest []string, err error) {
	becomes := make(map[outcry.Code][]outcry.Code, len(d.Codes))
	for _, r := range d.Codes {
		becomes[r.Code] = r.Becomes
	}
	type told struct {
		events []outcry.Event
		n      int
	}
	now := shops[:min(tellAtOnce, len(shops))]
	if len(now) == 0 {
		return nil, nil, nil
	}
	done, err := write(ctx, s, "", func(ctx context.Context, t *tx) (told, error) {
		p := &telling{n: d.N, at: at, becomes: becomes}
		n, err := p.read(ctx, t, now)
		if err == nil {
			p.events, err = p.write(ctx, t)
		}
		return told{p.events, n}, wrap("tell books", err)
	})
	if err != nil {
		return nil, shops[len(now):], err
	}
	return done.events, shops[done.n:], nil
}

// telling is a page of shops that are told of the change numbered n.
type telling struct {
	n       int64
	at      time.Time
	becomes map[outcry.Code][]outcry.Code

	books  []outcry.Book // as they will be
	was    [][]outcry.Code
	events []outcry.Event
}

// read takes up the books of the shops that are to be told, and says of how
// many shops it has looked at.
func (p *telling) read(ctx context.Context, t *tx, shops []string) (int, error) {
	told, err := list(ctx, t, scanText, "SELECT shop_id FROM tellings WHERE n = $1 AND shop_id >= $2 AND shop_id <= $3",
		p.n, shops[0], shops[len(shops)-1])
	if err != nil {
		return 0, err
	}
	knows := make(map[string]bool, len(told))
	for _, shop := range told {
		knows[shop] = true
	}
	values := make([]any, len(shops))
	for i, shop := range shops {
		values[i] = shop
	}
	books := make(map[string]outcry.Book, len(shops))
	for part := range booksOf.parts(values) {
		some, err := list(ctx, t, scanBook, booksOf.text(len(part)), part...)
		if err != nil {
			return 0, err
		}
		for _, b := range some {
			books[b.Shop] = b
		}
	}
	codes := 0
	for i, shop := range shops {
		b := books[shop]
		if codes += len(b.Codes); codes > tellCodes && i > 0 {
			return i, nil
		}
		if !knows[shop] {
			p.take(b)
		}
	}
	return len(shops), nil
}

// take makes the next version of a book, if it holds a code of the change.
func (p *telling) take(b outcry.Book) {
	var changed, after []outcry.Code
	for _, code := range b.Codes {
		instead, concerned := p.becomes[code]
		if concerned {
			changed = append(changed, code)
		}
		if len(instead) > 0 {
			after = append(after, instead...)
		} else {
			after = append(after, code)
		}
	}
	if len(changed) == 0 {
		return
	}
	if after = tidy(after); len(after) > outcry.MaxBook {
		after = p.narrow(b.Codes)
	}
	p.was = append(p.was, b.Codes)
	b.Codes, b.Version, b.Updated = after, b.Version+1, whole(p.at)
	p.books = append(p.books, b)
	p.events = append(p.events, outcry.Event{
		At: p.at, Kind: outcry.EventBook, Shop: b.Shop,
		Book: &outcry.BookChange{Version: b.Version, Codes: after, Changed: changed},
	})
}

// narrow is a book of codes with one code at most in the place of each.
func (p *telling) narrow(codes []outcry.Code) []outcry.Code {
	after := slices.Clone(codes)
	for i, code := range after {
		if instead := p.becomes[code]; len(instead) > 0 {
			after[i] = instead[0]
		}
	}
	return tidy(after)
}

// write writes the books, the events and that the shops were told.
func (p *telling) write(ctx context.Context, t *tx) ([]outcry.Event, error) {
	bodies, err := encode(p.events)
	if err != nil {
		return nil, err
	}
	var rows, told []any
	for _, b := range p.books {
		rows = append(rows, b.Shop, int64(b.Version), int64(b.Acknowledged), ms(b.Updated), listJSON(b.Codes))
		told = append(told, p.n, b.Shop, int64(b.Version))
	}
	if err := t.insert(ctx, retoldTable, rows); err != nil {
		return nil, err
	}
	if err := t.insert(ctx, tellingTable, told); err != nil {
		return nil, err
	}
	for i, b := range p.books {
		if err := t.writeCodes(ctx, b, p.was[i]); err != nil {
			return nil, err
		}
	}
	return t.appendLog("", p.events, bodies)
}

// FinishDistribution notes that all shops concerned are told of the change
// numbered n.
func (s *Store) FinishDistribution(ctx context.Context, n int64, at time.Time) error {
	_, err := write(ctx, s, "", func(ctx context.Context, t *tx) (none struct{}, err error) {
		_, err = t.exec(ctx, "UPDATE distributions SET done = $1 WHERE n = $2 AND done = 0", ms(at), n)
		return none, wrap("finish distribution", err)
	})
	return err
}

// former are the tables that are emptied of a former change, and what is removed
// at last. Some thousand rows go at a time, so that no other write waits long.
var former = []string{
	"DELETE FROM tellings WHERE n = $1 AND shop_id IN (SELECT shop_id FROM tellings WHERE n = $2 ORDER BY shop_id LIMIT $3)",
	"DELETE FROM distributed_codes WHERE n = $1 AND code IN (SELECT code FROM distributed_codes WHERE n = $2 ORDER BY code LIMIT $3)",
}

// ForgetDistribution removes what is kept of the oldest change of the tree that
// all shops are told, where more than keep changes came after it: some of it at
// a time. more says that there is more to remove.
func (s *Store) ForgetDistribution(ctx context.Context, keep int) (more bool, err error) {
	return write(ctx, s, "", func(ctx context.Context, t *tx) (bool, error) {
		more, err := t.forgetDistribution(ctx, int64(keep))
		return more, wrap("forget distribution", err)
	})
}

func (t *tx) forgetDistribution(ctx context.Context, keep int64) (more bool, err error) {
	n, found, err := find(ctx, t, scanNumber, `SELECT n FROM distributions WHERE done <> 0
		AND n < (SELECT MAX(n) FROM distributions) - $1 ORDER BY n LIMIT 1`, keep)
	if err != nil || !found {
		return false, err
	}
	for _, text := range former {
		gone, err := t.exec(ctx, text, n, n, int64(forgetAtOnce))
		if err != nil || gone == forgetAtOnce {
			return true, err
		}
	}
	_, err = t.exec(ctx, "DELETE FROM distributions WHERE n = $1", n)
	return true, err
}

// Distributed says how far the shops are told of the last change of a code.
func (s *Store) Distributed(ctx context.Context, code outcry.Code) (outcry.Distributed, error) {
	holding, _, err := find(ctx, s.read, scanNumber, "SELECT COUNT(*) FROM book_codes WHERE code = $1", string(code))
	if err != nil {
		return outcry.Distributed{}, wrap("read distribution", err)
	}
	d, found, err := find(ctx, s.read, func(r row) (d outcry.Distributed, err error) {
		var done int64
		err = r.Scan(&d.N, &d.By, &done)
		d.Done = fromMS(done)
		return d, err
	}, `SELECT n, member_id, done FROM distributions
		WHERE n = (SELECT MAX(n) FROM distributed_codes WHERE code = $1)`, string(code))
	d.Holding = int(holding)
	if err != nil || !found {
		return d, wrap("read distribution", err)
	}
	_, _, err = find(ctx, s.read, func(r row) (none struct{}, err error) {
		return none, r.Scan(&d.Told, &d.Acknowledged)
	}, `SELECT COUNT(*), COALESCE(SUM(CASE WHEN b.acknowledged >= t.version THEN 1 ELSE 0 END), 0)
		FROM tellings t JOIN books b ON b.shop_id = t.shop_id WHERE t.n = $1`, d.N)
	return d, wrap("read distribution", err)
}
