package store

import (
	"context"
	"errors"
	"strings"
)

// OpenThrough opens SQLite through another driver, by one connection.
func OpenThrough(ctx context.Context, driver, name string) (*Store, error) {
	return start(ctx, func() (*backend, error) {
		db, err := fixedPool(driver, name, 1)
		return &backend{dialect: SQLite, writeDB: db, readDB: db, keeps: true, short: true, fault: sqliteFault}, err
	})
}

// InOrder is what a statement is prepared as for SQLite.
var InOrder = inOrder

// ListFrom reads a list of strings from the text of a column, FromJSON whatever
// is there.
var (
	ListFrom = listFrom[string]
	FromJSON = fromJSON
)

// Parts splits n values as a query about any of them does.
func Parts(n int) (sizes []int) {
	for part := range holders.parts(make([]any, n)) {
		sizes = append(sizes, len(part))
	}
	return sizes
}

// Queued is how many writes wait.
func Queued(s *Store) int { return len(s.w.queue) }

// MakeOld makes a new database as the program left it whose last migration had
// that number.
func MakeOld(ctx context.Context, address string, version int64) error {
	back, err := openPostgres(ctx, address)
	if path, is := strings.CutPrefix(address, "sqlite:"); is {
		back, err = openSQLite(ctx, path)
	}
	if err != nil {
		return err
	}
	steps, err := back.steps()
	if err == nil {
		_, err = steps.UpTo(ctx, version)
	}
	return errors.Join(err, back.close())
}
