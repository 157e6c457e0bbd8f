package store

import "context"

// OpenThrough opens SQLite through another driver, by one connection.
func OpenThrough(ctx context.Context, driver, name string) (*Store, error) {
	return start(ctx, func() (*backend, error) {
		db, err := fixedPool(driver, name, 1)
		return &backend{dialect: SQLite, writeDB: db, readDB: db, keeps: true, short: true, fault: sqliteFault}, err
	})
}

// InOrder is what a statement is prepared as for SQLite.
var InOrder = inOrder

// Parts splits n values as a query about any of them does.
func Parts(n int) (sizes []int) {
	for part := range holders.parts(make([]any, n)) {
		sizes = append(sizes, len(part))
	}
	return sizes
}

// Queued is how many writes wait.
func Queued(s *Store) int { return len(s.w.queue) }
