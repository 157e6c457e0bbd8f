package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"

	"outcry"
)

// migrations are the steps by which a database's tables came to be, in order. A
// step that was released never changes.
//
//go:embed migrations/*.sql
var migrations embed.FS

// dialects says what differs between the databases in the text of migrations:
// SQLite's own row number must be called INTEGER PRIMARY KEY; PostgreSQL knows no
// WITHOUT ROWID, and sorts text by a language's rules unless told to go by
// bytes as SQLite does.
var dialects = map[string]struct {
	goose goose.Dialect
	words *strings.Replacer
}{
	SQLite:   {goose.DialectSQLite3, strings.NewReplacer("BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY")},
	Postgres: {goose.DialectPostgres, strings.NewReplacer(" WITHOUT ROWID", "", " TEXT", ` TEXT COLLATE "C"`)},
}

// migrate brings the tables up to date.
func (b *backend) migrate(ctx context.Context) error {
	release, err := b.migrating(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer release()
	provider, err := b.steps()
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	for range migrators {
		if err = up(ctx, provider); err == nil || outcry.CodeOf(err) == "newer_database" {
			return err
		}
	}
	return fmt.Errorf("migrate: %w", err)
}

// steps knows which steps there are and which the database has taken.
func (b *backend) steps() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	d := dialects[b.dialect]
	return goose.NewProvider(d.goose, b.writeDB, translated{files, d.words}, goose.WithDisableGlobalRegistry(true))
}

// migrators is how many processes may open a new SQLite file at once. Of those
// that see the same step to be done one does it, and the others' fails whole:
// they look again.
const migrators = 8

// up takes the steps that are left.
func up(ctx context.Context, provider *goose.Provider) error {
	has, knows, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if has > knows {
		return &outcry.Error{Op: "open database", Kind: outcry.Invalid, Code: "newer_database", Msg: fmt.Sprintf(
			"the database is at version %d and this program knows %d; start a newer program, or restore a backup", has, knows)}
	}
	_, err = provider.Up(ctx)
	return err
}

// migrating lets one node at a time migrate, where several may start at once.
func (b *backend) migrating(ctx context.Context) (release func(), err error) {
	if b.dialect != Postgres {
		return func() {}, nil
	}
	conn, err := b.readDB.Conn(ctx)
	if err != nil {
		return nil, err
	}
	lock := strings.Replace(b.lock, "pg_advisory_xact_lock", "pg_advisory_lock", 1)
	if _, err := conn.ExecContext(ctx, lock); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return func() {
		// A session that cannot unlock is gone, and its lock with it.
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), strings.Replace(lock, "pg_advisory_lock", "pg_advisory_unlock", 1))
		_ = conn.Close()
	}, nil
}

// translated is a folder of texts in which some words are replaced.
type translated struct {
	fs.FS
	words *strings.Replacer
}

// Open gives the file with its words replaced.
func (t translated) Open(name string) (fs.File, error) {
	f, err := t.FS.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return f, err
	}
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	return &translatedFile{File: f, Reader: strings.NewReader(t.words.Replace(string(text)))}, nil
}

// translatedFile is a file whose text is another.
type translatedFile struct {
	fs.File
	*strings.Reader
}

// Read reads the other text.
func (f *translatedFile) Read(p []byte) (int, error) { return f.Reader.Read(p) }
