package main

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"outcry/directory"
)

type benchCommand struct {
	Signals benchSignalsCommand `cmd:"" help:"How often words find the right code."`
	Select  benchSelectCommand  `cmd:"" help:"How fast shops are selected, and what that costs."`
	Match   benchMatchCommand   `cmd:"" help:"How many requests a server takes at once, and what that costs."`
	Market  benchMarketCommand  `cmd:"" help:"How good the market is that a policy makes."`
	Side    benchSideCommand    `cmd:"" hidden:""`
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
times that ours is, beside BM25 over the other synonyms too (+syn), without the words
written by hand (bare) and after the picks of the tuning half (taught). "tuning" is
the half on which constants were chosen, "report" the other. Below it: what the index
costs on this machine.

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

// Run measures and prints.
func (c *benchSignalsCommand) Run(d *desk) error {
	figures, err := c.measure()
	if err != nil {
		return err
	}
	if d.JSON {
		return tellFigures(d, figures)
	}
	showRates(d, figures.Rows)
	d.say("")
	showIndexes(d, figures.Indexes)
	return nil
}

// measure measures the default table, and the real queries where files were
// given.
func (c *benchSignalsCommand) measure() (f directory.Figures, err error) {
	queries, taxonomy, err := c.files()
	if err != nil || queries == "" {
		if err == nil {
			f, err = directory.Measure(directory.MeasureInput{})
		}
		return f, err
	}
	err = reading(taxonomy, func(products io.Reader) error {
		return reading(queries, func(asked io.Reader) error {
			f, err = directory.Measure(directory.MeasureInput{Shopify: products, Queries: asked})
			return err
		})
	})
	return f, err
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
