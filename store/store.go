// Package store keeps the market's truth in SQL: members, shops, books,
// signals, requests, the log of all that happens to them, and orders. What a
// method acknowledged is on the disk. One SQL text serves SQLite (a file, or
// memory) and PostgreSQL; storetest has the promises that each of them keeps.
//
// The package is the adapter under every step: units say what they need of it
// by interfaces of their own, and decide. It knows no rules but those that
// races would break elsewhere: the order of the log, one writer a request's
// state, as many orders as a request accepts, one member an address.
//
// Writes are put into one queue and committed in groups (see writer). A write
// whose context ends while it waits may or may not be done; its error then is
// Unavailable with the code "maybe", as after a failed commit: ask again, with
// the same ids. Times are kept in whole milliseconds, UTC. Text is UTF-8
// without NUL characters.
package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"outcry"
)

// The databases that a Store may be kept in, as Dialect names them.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Store is an open database. Its methods may be called by many goroutines.
type Store struct {
	back *backend
	read *reader
	w    *writer
}

// Open opens the database at url, brings its tables up to date and starts its
// writer. A url is "postgres://user:password@host/database", "sqlite:PATH",
// ":memory:" as for OpenMemory, or a path alone; a SQLite file that is missing is made, its folder is not. The
// caller closes the Store. A database that a newer program has written is
// refused with the code "newer_database".
func Open(ctx context.Context, url string) (*Store, error) {
	scheme, rest, found := strings.Cut(url, ":")
	switch {
	case url == "":
		return nil, outcry.BadField("database", "write a file's path or a postgres:// address")
	case found && (scheme == "postgres" || scheme == "postgresql"):
		return start(ctx, func() (*backend, error) { return openPostgres(ctx, url) })
	case found && scheme == SQLite:
		url = strings.TrimPrefix(rest, "//")
	case found && strings.HasPrefix(rest, "//"):
		return nil, outcry.BadField("database", "write a file's path or a postgres:// address; %s:// is not one", scheme)
	}
	return start(ctx, func() (*backend, error) { return openSQLite(ctx, url) })
}

// OpenMemory opens an empty database in memory: SQLite again, so that what
// holds there holds on the disk. It is gone when the Store is closed.
func OpenMemory(ctx context.Context) (*Store, error) {
	return start(ctx, func() (*backend, error) { return openMemory() })
}

// start migrates what open gives and starts its writer.
func start(ctx context.Context, open func() (*backend, error)) (*Store, error) {
	back, err := open()
	if err != nil {
		return nil, err
	}
	if err := back.migrate(ctx); err != nil {
		return nil, errors.Join(err, back.close())
	}
	s := &Store{back: back, read: newReader(back), w: newWriter(back)}
	go s.w.run(context.WithoutCancel(ctx))
	return s, nil
}

// Close writes what is queued, answers it and closes the database. Writes that
// come later are Unavailable. A second Close does nothing.
func (s *Store) Close() error {
	if !s.w.stop() {
		return nil
	}
	if err := errors.Join(s.w.close(), s.read.close(), s.back.close()); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}

// Ping says whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.back.readDB.PingContext(ctx); err != nil {
		return fmt.Errorf("ping store: %w", err)
	}
	return nil
}

// Dialect is SQLite or Postgres.
func (s *Store) Dialect() string { return s.back.dialect }
