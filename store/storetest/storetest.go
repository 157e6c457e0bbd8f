// Package storetest has the promises that a store keeps on every database, and
// makes empty databases for tests. Tests of any package may use it; the program
// does not.
package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"outcry/store"
)

// Kind is one kind of database.
type Kind struct {
	Name string
	// New makes an empty database that lasts as long as the test, and gives the
	// address at which Open opens it: "" for one in memory, which each Open
	// makes anew.
	New func(t testing.TB) string
}

// Kinds are all kinds there are, in the order memory, SQLite, PostgreSQL.
var Kinds = []Kind{{"memory", Memory}, {"sqlite", SQLite}, {"postgres", Postgres}}

// Memory is the address of a database in memory.
func Memory(testing.TB) string { return "" }

// SQLite makes a file in a folder of the test's own.
func SQLite(t testing.TB) string {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), "market.db")
}

// Postgres makes a schema on the server that OUTCRY_TEST_POSTGRES names, and
// drops it when the test ends. It skips the test where that is not set.
func Postgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv("OUTCRY_TEST_POSTGRES")
	if server == "" {
		t.Skip("OUTCRY_TEST_POSTGRES is not set: `make test` starts a server and sets it, or set it to the URL of one")
	}
	// Names of schemas are short, and a test's name may be long.
	schema := fmt.Sprintf("t%d_%d", os.Getpid(), time.Now().UnixNano())
	admin(t, server, "CREATE SCHEMA "+schema)
	t.Cleanup(func() { admin(t, server, "DROP SCHEMA "+schema+" CASCADE") })
	address, err := url.Parse(server)
	if err != nil {
		t.Fatal("OUTCRY_TEST_POSTGRES is not a URL")
	}
	query := address.Query()
	query.Set("search_path", schema)
	address.RawQuery = strings.ReplaceAll(query.Encode(), "+", "%20") // a plus stands for itself there
	return address.String()
}

// admin runs a statement on a connection of its own.
func admin(t testing.TB, server, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", server)
	if err == nil {
		_, err = db.ExecContext(context.Background(), statement)
	}
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		t.Fatalf("%s: %v", strings.ToLower(statement), err)
	}
}

// Open opens the database at address, as a Kind gave it, and closes it when the
// test ends.
func Open(t testing.TB, address string) *store.Store {
	t.Helper()
	s, err := open(context.Background(), address)
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	return s
}

func open(ctx context.Context, address string) (*store.Store, error) {
	if address == "" {
		return store.OpenMemory(ctx)
	}
	return store.Open(ctx, address)
}

// promise is one thing that every store keeps.
type promise struct {
	name string
	kept func(m *market)
}

// Run checks every promise, each on an empty database of its own.
func Run(t *testing.T, newDatabase func(t testing.TB) string) {
	t.Helper()
	for _, some := range [][]promise{
		members, tokens, shops, pairings, books, listings, signals, distributions, requests,
		logs, cursors, orders, races, groups, onces, policies, lessons, webhooks, lives,
	} {
		for _, p := range some {
			t.Run(p.name, func(t *testing.T) {
				t.Parallel()
				p.kept(newMarket(t, newDatabase(t)))
			})
		}
	}
}
