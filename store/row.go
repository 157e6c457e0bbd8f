package store

import (
	"context"
	"database/sql"
	"fmt"
)

// row is what a scan reads from.
type row interface{ Scan(dest ...any) error }

// querier asks the database: reader, or tx within a write.
type querier interface {
	query(ctx context.Context, text string, args ...any) (*sql.Rows, error)
	// broke is told of an error that came with the rows.
	broke(err error)
}

var (
	_ querier = (*reader)(nil)
	_ querier = (*tx)(nil)
)

// list gives the rows of a query. Text that the database could not hold is
// found nowhere.
func list[T any](ctx context.Context, q querier, scan func(row) (T, error), text string, args ...any) (all []T, err error) {
	err = take(ctx, q, func(r row) error {
		one, err := scan(r)
		all = append(all, one)
		return err
	}, text, args...)
	if err != nil {
		return nil, err
	}
	return all, nil
}

// take calls one with each row of a query, as list gives them.
func take(ctx context.Context, q querier, one func(row) error, text string, args ...any) error {
	if !storable(args...) {
		return nil
	}
	rows, err := q.query(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // Err tells what ended the rows
	for rows.Next() {
		if err := one(rows); err != nil {
			return fmt.Errorf("read a row: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		q.broke(err)
		return err
	}
	return nil
}

// find gives the one row of a query; found is false where there is none.
func find[T any](ctx context.Context, q querier, scan func(row) (T, error), text string, args ...any) (one T, found bool, err error) {
	all, err := list(ctx, q, scan, text, args...)
	if err != nil || len(all) == 0 {
		return one, false, err
	}
	return all[0], true, nil
}

func scanText(r row) (text string, err error) {
	err = r.Scan(&text)
	return text, err
}

func scanNumber(r row) (n int64, err error) {
	err = r.Scan(&n)
	return n, err
}
