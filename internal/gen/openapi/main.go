// Command openapi writes the two pages of the docs that the HTTP interface
// tells of itself: docs/openapi.json, the description of every call, and
// docs/errors.md, the table of error codes out of api/errors.tsv. Run it from
// the root of the repository:
//
//	go run ./internal/gen/openapi
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"outcry/api"
)

func main() {
	out := flag.String("out", "docs", "the folder to write openapi.json and errors.md into")
	flag.Parse()
	if err := generate(*out); err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}

// generate writes both pages.
func generate(out string) error {
	for name, write := range map[string]func() ([]byte, error){"openapi.json": api.Describe, "errors.md": api.ErrorsPage} {
		text, err := write()
		if err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(out, name), text, 0o644); err != nil { //nolint:gosec // part of the source tree: everybody may read it
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}
