package store

import (
	"context"
	"database/sql"
	"fmt"

	"outcry"
)

// reader reads what is committed.
type reader struct {
	back  *backend
	stmts *statements
}

func newReader(back *backend) *reader {
	return &reader{back: back, stmts: newStatements(back.readDB, back.keeps)}
}

func (r *reader) close() error { return r.stmts.close() }

// query runs a statement that gives rows; list and find close them.
func (r *reader) query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if r.back.short {
		ctx = context.WithoutCancel(ctx)
	}
	stmt := r.stmts.kept(text) //nolint:sqlclosecheck // it is kept
	if stmt == nil && r.back.keeps {
		r.stmts.prepare(ctx)
		stmt = r.stmts.kept(text) //nolint:sqlclosecheck // it is kept
	}
	if stmt != nil {
		return stmt.QueryContext(ctx, args...)
	}
	return r.back.readDB.QueryContext(ctx, text, args...)
}

// broke needs to do nothing: a read leaves nothing behind.
func (*reader) broke(error) {}

// limitOf is how many items a page has: from 1 to outcry.MaxPage,
// outcry.DefaultPage where p does not say.
func limitOf(p outcry.Page) int {
	if p.Limit <= 0 {
		return outcry.DefaultPage
	}
	return min(p.Limit, outcry.MaxPage)
}

// filter builds a list's statement: conditions, each with one value, in the
// order of their parameters.
type filter struct {
	text string
	args []any
}

// and adds a condition that ends with its operator, such as "id <".
func (f *filter) and(condition string, value any) {
	word := " WHERE "
	if len(f.args) > 0 {
		word = " AND "
	}
	f.args = append(f.args, value)
	f.text += fmt.Sprintf("%s%s $%d", word, condition, len(f.args))
}

// order ends the statement: sorted by key, upwards or downwards, behind the
// page's cursor, one row more than the page has.
func (f *filter) order(key string, down bool, p outcry.Page) {
	than, way := " >", ""
	if down {
		than, way = " <", " DESC"
	}
	if p.After != "" {
		f.and(key+than, p.After)
	}
	f.args = append(f.args, limitOf(p)+1)
	f.text += fmt.Sprintf(" ORDER BY %s%s LIMIT $%d", key, way, len(f.args))
}

// page gives one page of a list, and the cursor of the next one: the key of the
// page's last item, "" where nothing comes after it.
func page[T any](ctx context.Context, q querier, f *filter, p outcry.Page, read reading[T]) ([]T, string, error) {
	items, err := list(ctx, q, read.scan, f.text, f.args...)
	if err != nil {
		return nil, "", err
	}
	n := limitOf(p)
	if len(items) <= n {
		return items, "", nil
	}
	return items[:n], read.key(items[n-1]), nil
}

// reading is how rows become items, and what an item is sorted by.
type reading[T any] struct {
	scan func(row) (T, error)
	key  func(T) string
}
