package main

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"outcry/cmd/outcry/column"
	"outcry/directory"
)

type benchCommand struct {
	Signals benchSignalsCommand `cmd:"" help:"How often words find the right code."`
}

type benchSignalsCommand struct {
	Queries  string `help:"CSV file of real queries with the columns query and query_class." placeholder:"FILE"`
	Taxonomy string `help:"Shopify's taxonomy, in which the classes of the queries are found; may end in .gz." placeholder:"FILE"`
	Data     string `help:"Folder that has both, as queries/*.csv and signals/shopify-*.txt.gz." placeholder:"DIR"`
}

// Help shows an example.
func (benchSignalsCommand) Help() string {
	return `Asks for each synonym of the default table with that synonym left out of the
index, in each language, and for real queries where they are given. It shows the
share of queries whose best hit is right (hit@1) and of those with a right one among
the best five (hit@5), beside plain BM25 over the names of the path and how many
times that ours is, and beside BM25 over the other synonyms too (+syn). "tuning" is
the half on which constants were chosen, "report" the other.

Example:
  outcry bench signals
  outcry bench signals --data ../shared/data --json`
}

// Validate checks what no single flag can.
func (c *benchSignalsCommand) Validate() error {
	if (c.Queries == "") != (c.Taxonomy == "") {
		return errors.New("give both --queries and --taxonomy, or neither")
	}
	return nil
}

// rateRow is a row as --json prints it.
type rateRow struct {
	Set     string  `json:"set"`
	Part    string  `json:"part"`
	Queries int     `json:"queries"`
	Ours1   float64 `json:"ours_hit1"`
	Ours5   float64 `json:"ours_hit5"`
	Plain1  float64 `json:"bm25_hit1"`
	Plain5  float64 `json:"bm25_hit5"`
	Rich1   float64 `json:"bm25_synonyms_hit1"`
	Rich5   float64 `json:"bm25_synonyms_hit5"`
}

// Run measures and prints.
func (c *benchSignalsCommand) Run(d *desk) error {
	rows, err := directory.MeasureSynonyms()
	if err != nil {
		return err
	}
	more, err := c.queries()
	if err != nil {
		return err
	}
	rows = append(rows, more...)
	if d.JSON {
		return tellRates(d, rows)
	}
	var cells [][]string
	for _, r := range rows {
		cells = append(cells, []string{
			r.Set, r.Part, fmt.Sprint(r.Queries), rate(r.Ours.At1), rate(r.Ours.At5),
			rate(r.Plain.At1), rate(r.Plain.At5), times(r.Ours.At1, r.Plain.At1), times(r.Ours.At5, r.Plain.At5),
			rate(r.Rich.At1), rate(r.Rich.At5),
		})
	}
	for _, line := range column.Lines([]column.Column{
		{Head: "Set"}, {Head: "Part"}, {Head: "Queries", Right: true}, {Head: "hit@1", Right: true}, {Head: "hit@5", Right: true},
		{Head: "BM25@1", Right: true}, {Head: "BM25@5", Right: true}, {Head: "times@1", Right: true}, {Head: "times@5", Right: true},
		{Head: "+syn@1", Right: true}, {Head: "+syn@5", Right: true},
	}, cells, max(100, d.width())) {
		d.say("%s", line)
	}
	return nil
}

// queries measures the real queries; none where no file was given.
func (c *benchSignalsCommand) queries() ([]directory.Row, error) {
	queries, taxonomy, err := c.files()
	if err != nil || queries == "" {
		return nil, err
	}
	var tree *directory.Tree
	err = reading(taxonomy, func(r io.Reader) error {
		signals, _, err := directory.LoadShopify(r)
		if err != nil {
			return err
		}
		tree, err = directory.NewTree(signals)
		return err
	})
	if err != nil {
		return nil, err
	}
	var rows []directory.Row
	err = reading(queries, func(r io.Reader) error {
		rows, err = directory.MeasureQueries(tree, r)
		return err
	})
	return rows, err
}

// files are where the queries and the taxonomy are.
func (c *benchSignalsCommand) files() (queries, taxonomy string, err error) {
	if c.Data == "" {
		return c.Queries, c.Taxonomy, nil
	}
	found := make([]string, 2)
	for i, pattern := range []string{filepath.Join(c.Data, "queries", "*.csv"), filepath.Join(c.Data, "signals", "shopify-*.txt.gz")} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			return "", "", misused("there is no %s; name another folder with --data DIR", pattern)
		}
		found[i] = files[len(files)-1]
	}
	return found[0], found[1], nil
}

// reading reads a file, unpacked where its name ends in .gz.
func reading(path string, read func(io.Reader) error) error {
	f, err := os.Open(path)
	if err != nil {
		return misuse{error: err}
	}
	defer f.Close() //nolint:errcheck // only read
	if !strings.HasSuffix(path, ".gz") {
		return read(f)
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("unpack %s: %w", path, err)
	}
	return read(z)
}

// tellRates prints one object: the rows.
func tellRates(d *desk, rows []directory.Row) error {
	out := make([]rateRow, len(rows))
	for i, r := range rows {
		out[i] = rateRow{r.Set, r.Part, r.Queries, r.Ours.At1, r.Ours.At5, r.Plain.At1, r.Plain.At5, r.Rich.At1, r.Rich.At5}
	}
	return d.tell(map[string]any{"signals": out})
}

// rate is a share with three digits; "-" where nothing was found, or nothing
// measured.
func rate(share float64) string {
	if share == 0 {
		return "-"
	}
	return fmt.Sprintf("%.3f", share)
}

// times is how many times plain ours is.
func times(ours, plain float64) string {
	if plain == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", ours/plain)
}
