package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

type backupCommand struct {
	To string `arg:"" help:"File to write; it must not be there yet."`
	dataFlags
}

// Help shows an example.
func (backupCommand) Help() string {
	return `Copies the database while the market runs: the copy is as the market stood at one
moment, complete and compact. PostgreSQL has tools of its own for that.

Example:
  outcry backup market-2026-11-23.db
  outcry backup --data /srv/market market.db`
}

// copied is the report of a backup or a restoration.
type copied struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Bytes int64  `json:"bytes"`
}

// Run makes the copy and checks it.
func (c *backupCommand) Run(ctx context.Context, d *desk) error {
	if c.onPostgres() {
		return misused("a PostgreSQL database is copied with its own tools: pg_dump --format=custom --file=%s '%s'", c.To, c.shown())
	}
	from, err := c.file()
	if err != nil {
		return err
	}
	if err := present(from); err != nil {
		return err
	}
	if err := claim(c.To); err != nil {
		return err
	}
	if err := vacuum(ctx, from, c.To); err != nil {
		_ = os.Remove(c.To) // half a copy is none
		return err
	}
	return report(d, copied{From: from, To: c.To})
}

// present says whether a market's database is at a path, and what to do where it
// is not.
func present(path string) error {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return misused("there is no market in %s; name its folder with --data DIR", filepath.Dir(path))
	}
	return err
}

// claim makes a file that was not there, for its owner only.
func claim(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return misused("%s is there already; name another file, or move it away", path)
	}
	if err != nil {
		return fmt.Errorf("make %s: %w", path, err)
	}
	return f.Close()
}

// openFile opens a SQLite database to look at it, without changing it.
func openFile(path string) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(abs), RawQuery: "mode=ro&_busy_timeout=5000"}
	return sql.Open("sqlite", name.String())
}

// vacuum writes a database as it stands at one moment into an empty file, and
// has it on the disk.
func vacuum(ctx context.Context, from, to string) error {
	db, err := openFile(from)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // only read
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", to); err != nil {
		return fmt.Errorf("copy %s: %w", from, err)
	}
	if err := sound(ctx, to); err != nil {
		return err
	}
	return settle(to)
}

// sound says whether a file is a market's database and undamaged.
func sound(ctx context.Context, path string) error {
	db, err := openFile(path)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // only read
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return fmt.Errorf("check %s: it is no SQLite database: %w", path, err)
	}
	if verdict != "ok" {
		return fmt.Errorf("check %s: it is damaged: %s", path, verdict)
	}
	if _, err := schema(ctx, db); err != nil {
		return fmt.Errorf("check %s: it is not a market's database: %w", path, err)
	}
	return nil
}

// schema is the number of the last migration of a market's database.
func schema(ctx context.Context, db *sql.DB) (version int, err error) {
	err = db.QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version").Scan(&version)
	return version, err
}

// settle has a file and its name on the disk.
func settle(path string) error {
	for _, name := range []string{path, filepath.Dir(path)} {
		f, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("sync %s: %w", name, err)
		}
		err = f.Sync()
		if err = errors.Join(err, f.Close()); err != nil && name == path {
			return fmt.Errorf("sync %s: %w", name, err)
		}
	}
	return nil
}

// report says what was copied.
func report(d *desk, c copied) error {
	info, err := os.Stat(c.To)
	if err != nil {
		return fmt.Errorf("look at the copy: %w", err)
	}
	c.Bytes = info.Size()
	if d.JSON {
		return d.tell(c)
	}
	d.say("Copied %s to %s (%s), and checked it.", c.From, c.To, bytesWords(c.Bytes))
	return nil
}

// bytesWords says a size for people: "820 kB", "1.4 GB".
func bytesWords(n int64) string {
	switch {
	case n < 1e6:
		return fmt.Sprintf("%.0f kB", float64(n)/1e3)
	case n < 1e9:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

type restoreCommand struct {
	From string `arg:"" help:"File that outcry backup wrote."`
	dataFlags
}

// Help shows an example.
func (restoreCommand) Help() string {
	return `Makes a market's database from a backup, in a folder that has none yet. It never
writes over a database.

Example:
  outcry restore market-2026-11-23.db --data /srv/market`
}

// Run makes the database.
func (c *restoreCommand) Run(ctx context.Context, d *desk) error {
	if c.onPostgres() {
		return misused("a PostgreSQL database is restored with its own tools: pg_restore --dbname='%s' FILE", c.shown())
	}
	if err := present(c.From); err != nil {
		return misused("there is no file %s", c.From)
	}
	if err := sound(ctx, c.From); err != nil {
		return err
	}
	to, err := c.file()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return fmt.Errorf("make the folder for data: %w", err)
	}
	if _, err := os.Stat(to + "-wal"); err == nil {
		return misused("%s-wal is there already; a market may run in this folder: name another with --data DIR", to)
	}
	if err := claim(to); err != nil {
		return err
	}
	if err := copyFile(c.From, to); err != nil {
		_ = os.Remove(to) // half a copy is none
		return err
	}
	return report(d, copied{From: c.From, To: to})
}

// copyFile copies a file into one that is empty, and has it on the disk.
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("read the backup: %w", err)
	}
	defer in.Close() //nolint:errcheck // only read
	out, err := os.OpenFile(to, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("write the database: %w", err)
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("copy the backup: %w", err)
	}
	return settle(to)
}
