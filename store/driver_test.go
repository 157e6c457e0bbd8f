package store_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"modernc.org/sqlite"

	"outcry/store"
)

// watched is SQLite's driver with somebody who watches it, and may let it fail.
type watched struct {
	sqlite driver.Driver
	file   string

	mu     sync.Mutex            // guards what follows
	texts  []string              // every statement that was prepared or run
	begin  func() error          // asked before a transaction begins
	commit func(driver.Tx) error // does the commit, or not
	pragma string                // run on each new connection
}

var drivers atomic.Int64

// openWatched opens a store of a file through a driver that w watches.
func openWatched(t *testing.T, w *watched) *store.Store {
	t.Helper()
	w.sqlite = &sqlite.Driver{}
	name := fmt.Sprintf("watched %d", drivers.Add(1))
	sql.Register(name, w)
	w.file = filepath.Join(t.TempDir(), "market.db")
	s, err := store.OpenThrough(context.Background(), name, "file:"+w.file+"?_journal_mode=WAL&_foreign_keys=1&_dqs=0&_txlock=immediate&_error_rc=1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// set changes what w does from now on.
func (w *watched) set(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change()
}

func (w *watched) saw(text string) {
	w.set(func() { w.texts = append(w.texts, text) })
}

// Open opens a connection.
func (w *watched) Open(name string) (driver.Conn, error) {
	c, err := w.sqlite.Open(name)
	if err != nil {
		return nil, err
	}
	if w.pragma != "" {
		if _, err := as[driver.ExecerContext](c).ExecContext(context.Background(), "PRAGMA "+w.pragma, nil); err != nil {
			return nil, err
		}
	}
	return &watchedConn{c, w}, nil
}

// as is what a connection of SQLite's driver also is.
func as[T any](c driver.Conn) T {
	t, ok := c.(T)
	if !ok {
		panic(fmt.Sprintf("%T is no %T", c, t))
	}
	return t
}

// watchedConn is one connection.
type watchedConn struct {
	driver.Conn
	w *watched
}

// BeginTx begins a transaction, unless w is against it.
func (c *watchedConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	c.w.mu.Lock()
	begin := c.w.begin
	c.w.mu.Unlock()
	if begin != nil {
		if err := begin(); err != nil {
			return nil, err
		}
	}
	tx, err := as[driver.ConnBeginTx](c.Conn).BeginTx(ctx, o)
	return &watchedTx{tx, c.w}, err
}

// PrepareContext prepares a statement.
func (c *watchedConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	c.w.saw(text)
	return as[driver.ConnPrepareContext](c.Conn).PrepareContext(ctx, text)
}

// ExecContext runs a statement.
func (c *watchedConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	c.w.saw(text)
	return as[driver.ExecerContext](c.Conn).ExecContext(ctx, text, args)
}

// QueryContext runs a statement that gives rows.
func (c *watchedConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	c.w.saw(text)
	return as[driver.QueryerContext](c.Conn).QueryContext(ctx, text, args)
}

// watchedTx is one transaction.
type watchedTx struct {
	driver.Tx
	w *watched
}

// Commit commits, in w's way.
func (t *watchedTx) Commit() error {
	t.w.mu.Lock()
	commit := t.w.commit
	t.w.mu.Unlock()
	if commit != nil {
		return commit(t.Tx)
	}
	return t.Tx.Commit()
}

// rawly opens a SQLite file by one connection, without a store.
func rawly(t *testing.T, file string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// plan is how SQLite runs a statement: the steps of its query plan.
func plan(t *testing.T, db *sql.DB, text string) (steps []string) {
	t.Helper()
	rows, err := db.Query("EXPLAIN QUERY PLAN " + text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}
