package server_test

import (
	"os"
	"path/filepath"
	"testing"
)

// database is a kind of store that a test runs on.
type database struct {
	name string
	open func(t *testing.T) string // a new, empty one
}

// databases are all the stores that can be had here: in memory, a file, and
// PostgreSQL where OUTCRY_TEST_POSTGRES names one.
func databases(t *testing.T) []database {
	t.Helper()
	all := []database{
		{"memory", func(*testing.T) string { return ":memory:" }},
		{"sqlite", func(t *testing.T) string { return filepath.Join(t.TempDir(), "outcry.db") }},
	}
	if url := os.Getenv("OUTCRY_TEST_POSTGRES"); url != "" {
		all = append(all, database{"postgres", func(t *testing.T) string { return schema(t, url) }})
	}
	return all
}
