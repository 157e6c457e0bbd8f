package store_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"outcry"
	"outcry/store"
	"outcry/store/storetest"
)

func TestOpen_RefusesWhatIsNoDatabase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	letter := filepath.Join(dir, "letter.txt")
	if err := os.WriteFile(letter, []byte(strings.Repeat("Dear reader, this is no database. ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		url  string
		kind outcry.Kind
		code string
	}{
		{"", outcry.Invalid, "invalid"},
		{"mysql://localhost/x", outcry.Invalid, "invalid"},
		{dir, outcry.Invalid, "no_database"},
		{filepath.Join(dir, "none", "market.db"), outcry.Invalid, "no_database"},
		{letter, outcry.Invalid, "no_database"},
		{"postgres://me:secret@127.0.0.1:1/none?connect_timeout=2", outcry.Unavailable, "no_database"},
		{"postgres://me:secret@[bad/none", outcry.Invalid, "invalid"},
		{"postgres://me:secret@127.0.0.1:1/none?sslmode=unheard", outcry.Unavailable, "no_database"},
	} {
		s, err := store.Open(context.Background(), c.url)
		if err == nil {
			t.Errorf("%q was opened: %v", c.url, s.Close())
			continue
		}
		if outcry.KindOf(err) != c.kind || outcry.CodeOf(err) != c.code {
			t.Errorf("%q: %v, want %s %s", c.url, err, c.kind, c.code)
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the error shows the password: %v", c.url, err)
		}
	}
}

func TestOpen_FileIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a #strange? 100% name.db")
	s := storetest.Open(t, file)
	if err := s.AddMember(context.Background(), outcry.Member{ID: "mem_1"}, "hash"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{file, file + "-wal"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != fs.FileMode(0o600) {
			t.Errorf("%s has the mode %v, want 0600", filepath.Base(name), info.Mode())
		}
	}
}

func TestOpen_RefusesADatabaseOfANewerProgram(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "market.db")
	if err := storetest.Open(t, file).Close(); err != nil {
		t.Fatal(err)
	}
	db := rawly(t, file)
	if _, err := db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)"); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(context.Background(), file)
	var e *outcry.Error
	if !errors.As(err, &e) || e.Code != "newer_database" || !strings.Contains(e.Msg, "99999") {
		t.Fatalf("error %v, want newer_database", err)
	}
}

func TestOpen_ManyAtOnce(t *testing.T) {
	t.Parallel()
	for _, kind := range storetest.Kinds[1:] {
		t.Run(kind.Name, func(t *testing.T) {
			t.Parallel()
			address := kind.New(t)
			errs := make(chan error)
			for range 8 {
				go func() {
					s, err := store.Open(context.Background(), address)
					if err == nil {
						err = s.Close()
					}
					errs <- err
				}()
			}
			for range 8 {
				if err := <-errs; err != nil {
					t.Error(err)
				}
			}
		})
	}
}
