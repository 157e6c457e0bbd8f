// Command signals writes the default table of signal codes from the tagging
// schema of OpenStreetMap's iD editor: directory/table.tsv, the kinds of shop,
// craft, amenity, office, leisure, tourism and healthcare with names and
// synonyms in five languages, and directory/former.tsv, the tags that those
// kinds had in former times. Run it from the root of the repository:
//
//	go run ./internal/gen/signals
//
// It fetches one pinned version of the schema with npm, so the same command
// always writes the same bytes.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	out := flag.String("out", "directory", "the folder to write table.tsv and former.tsv into")
	from := flag.String("from", "", "read the schema from this unpacked package instead of fetching it")
	flag.Parse()
	if err := generate(*out, *from); err != nil {
		fmt.Fprintln(os.Stderr, "signals:", err)
		os.Exit(1)
	}
}

// generate reads the schema and writes both tables. from is the folder of an
// unpacked package; where it is "" the package is fetched into a temporary
// folder.
func generate(out, from string) error {
	if from == "" {
		temp, err := os.MkdirTemp("", "signals")
		if err != nil {
			return fmt.Errorf("make a temporary folder: %w", err)
		}
		defer func() { _ = os.RemoveAll(temp) }()
		if from, err = fetchPackage(temp); err != nil {
			return err
		}
	}
	s, err := readSchema(from)
	if err != nil {
		return err
	}
	rows := s.rows()
	var table, former bytes.Buffer
	writeTable(&table, s, rows)
	writeFormer(&former, s, s.former(rows))
	for name, text := range map[string][]byte{"table.tsv": table.Bytes(), "former.tsv": former.Bytes()} {
		if err := os.WriteFile(filepath.Join(out, name), text, 0o644); err != nil { //nolint:gosec // part of the source tree: everybody may read it
			return fmt.Errorf("write the table: %w", err)
		}
	}
	fmt.Printf("%s %s: %d codes\n", schemaPackage, s.version, len(rows))
	return nil
}
