package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"outcry"
)

// busyMS is how long a connection waits for another process's lock.
const busyMS = "5000"

// openSQLite opens the file at path, and makes it, readable by its owner only,
// where it is missing.
func openSQLite(ctx context.Context, path string) (*backend, error) {
	if path == ":memory:" {
		return openMemory()
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // a program opens what its user names
	if err != nil {
		return nil, noDatabase(err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	// The commit waits for the data alone, not for the file's dates; a
	// platform without the call goes on with the slower one.
	_, _ = sqlite.Fdatasync(true)
	back := &backend{dialect: SQLite, keeps: true, short: true, fault: sqliteFault}
	if back.writeDB, err = sqlitePool(path, "_txlock=immediate&_journal_mode=WAL&_synchronous=FULL", 1); err != nil {
		return nil, err
	}
	if back.readDB, err = sqlitePool(path, "_query_only=1", max(4, 2*runtime.GOMAXPROCS(0))); err != nil {
		return nil, errors.Join(err, back.writeDB.Close())
	}
	if err := connect(ctx, back.writeDB); err != nil {
		return nil, errors.Join(noDatabase(err), back.close())
	}
	return back, nil
}

// connect makes the first connection, which makes the file a database. SQLite
// does not wait there for another process that is about to do the same.
func connect(ctx context.Context, db *sql.DB) (err error) {
	const tries = 50
	for range tries {
		if err = db.PingContext(ctx); sqliteFault(err) != faultAgain {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return err
}

// noDatabase is the answer to a path that leads to none.
func noDatabase(err error) error {
	if sqliteFault(err) == faultAgain {
		return &outcry.Error{Op: "open database", Kind: outcry.Unavailable, Code: "no_database", Retry: 1, Err: err,
			Msg: "another process holds the database file; end it, or try again"}
	}
	return &outcry.Error{Op: "open database", Kind: outcry.Invalid, Code: "no_database", Err: err,
		Msg: "the database file cannot be opened or made, or is none; check its folder, its rights and what it is"}
}

// sqlitePool is a pool of at most n connections to the file at path. A commit
// is on the disk when it returns: the write-ahead log is synced each time (FULL).
func sqlitePool(path, option string, n int) (*sql.DB, error) {
	name := (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String() +
		"?_busy_timeout=" + busyMS + "&_foreign_keys=1&_error_rc=1&_dqs=0&" + option +
		"&_pragma=cache_size(-16000)&_pragma=temp_store(memory)&_pragma=wal_autocheckpoint(4000)&_pragma=journal_size_limit(67108864)"
	return fixedPool("sqlite", name, n)
}

// openMemory opens a database of one connection: nobody waits for a lock, so
// that time in a test's bubble stands still while something is written.
func openMemory() (*backend, error) {
	db, err := fixedPool("sqlite", ":memory:?_foreign_keys=1&_dqs=0&_txlock=immediate", 1)
	if err != nil {
		return nil, err
	}
	return &backend{dialect: SQLite, writeDB: db, readDB: db, keeps: true, short: true, fault: sqliteFault}, nil
}

// fixedPool is a pool of at most n connections that stay open.
func fixedPool(driver, name string, n int) (*sql.DB, error) {
	db, err := sql.Open(driver, name)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

// sqliteFault reads SQLite's result codes, https://www.sqlite.org/rescode.html.
func sqliteFault(err error) fault {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return faultOf(err)
	}
	switch e.Code() {
	case codes.SQLITE_CONSTRAINT_UNIQUE, codes.SQLITE_CONSTRAINT_PRIMARYKEY:
		return faultTwice
	case codes.SQLITE_CONSTRAINT_FOREIGNKEY:
		return faultDangling
	}
	switch e.Code() & 0xff {
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		return faultAgain
	case codes.SQLITE_IOERR, codes.SQLITE_FULL, codes.SQLITE_NOMEM, codes.SQLITE_CANTOPEN,
		codes.SQLITE_READONLY, codes.SQLITE_CORRUPT, codes.SQLITE_NOTADB, codes.SQLITE_PROTOCOL:
		return faultDisk
	}
	return faultStatement
}
