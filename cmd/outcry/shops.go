package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/input"
	"outcry/wire"
	"outcry/wire/dial"
)

type shopsCommand struct {
	List   shopsListCommand   `cmd:"" help:"List shops."`
	Pair   shopsPairCommand   `cmd:"" help:"Get a code by which a shop server joins a shop."`
	Import shopsImportCommand `cmd:"" help:"Bring shops into the market from a file."`
}

type shopsImportCommand struct {
	File       string            `arg:"" help:"CSV or GeoJSON file; may end in .gz."`
	Map        map[string]string `mapsep:"," help:"Our field and their column, where the headings do not tell, such as name=title,lat=y; or repeat it." placeholder:"FIELD=COLUMN"`
	DryRun     bool              `help:"Only report what would be taken."`
	TimeZone   string            `help:"Time zone of the opening hours, such as Europe/London; without it they go by each shop's longitude." placeholder:"ZONE"`
	Source     string            `help:"Where the ids come from, to keep files apart." placeholder:"NAME"`
	Kind       string            `help:"The kind of shops of which the file tells none." placeholder:"CODE"`
	Language   []string          `help:"What the shops speak." placeholder:"TAG"`
	Radius     *input.Distance   `help:"How far the shops serve." placeholder:"DISTANCE"`
	PriceLevel int               `help:"Price level of the shops, 1 to 4." placeholder:"N"`
	Capability []string          `help:"What all the shops can do: deliver, pickup, visit, reserve." placeholder:"WORD"`
	Show       int               `default:"20" help:"How many of the skipped rows to print; 0 prints all." placeholder:"N"`
}

// Help shows an example.
func (shopsImportCommand) Help() string {
	return `Brings shops into the market and tells which rows were not taken and why. The same
file again changes the shops that it brought. Only the operator may.

Example:
  outcry shops import shops.csv.gz --time-zone Europe/London --dry-run
  outcry shops import members.csv --time-zone Asia/Seoul --map name=title,hours=opening`
}

// Run imports.
func (c *shopsImportCommand) Run(ctx context.Context, d *desk) error {
	data, err := readUpload(c.File)
	if err != nil {
		return err
	}
	caller, err := d.caller()
	if err != nil {
		return err
	}
	var report wire.Imported
	err = patient(caller).Do(ctx, dial.Call{
		Method: http.MethodPost, Path: "/v1/shops/import", Query: c.query(), Body: dial.Upload{Type: mediaType(c.File), Data: data},
	}, &report)
	if err != nil {
		return err
	}
	return showImport(d, "shops", report, c.Show)
}

// query is how the file is to be read.
func (c *shopsImportCommand) query() url.Values {
	q := url.Values{}
	if c.TimeZone != "" {
		q.Set("time_zone", c.TimeZone)
	}
	if c.DryRun {
		q.Set("dry_run", "true")
	}
	if len(c.Map) > 0 {
		columns, err := json.Marshal(c.Map)
		if err != nil { // texts are always JSON
			panic("outcry: " + err.Error())
		}
		q.Set("columns", string(columns))
	}
	for name, value := range map[string]string{"source": c.Source, "kind": c.Kind} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if c.Radius != nil {
		q.Set("service_radius_m", strconv.Itoa(int(*c.Radius)))
	}
	if c.PriceLevel != 0 {
		q.Set("price_level", strconv.Itoa(c.PriceLevel))
	}
	for name, values := range map[string][]string{"languages": c.Language, "capabilities": c.Capability} {
		if len(values) > 0 {
			q.Set(name, strings.Join(values, ","))
		}
	}
	return q
}

// mediaType is what a file is by its name.
func mediaType(file string) string {
	switch filepath.Ext(strings.ToLower(file)) {
	case ".gz":
		return "application/gzip"
	case ".json", ".geojson":
		return "application/geo+json"
	}
	return "text/csv"
}

// maxUpload bounds the bytes of a file that is sent.
const maxUpload = 50 << 20

// readUpload reads a file that is to be sent as it stands.
func readUpload(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, misuse{error: err}
	}
	defer f.Close() //nolint:errcheck // only read
	data, err := io.ReadAll(io.LimitReader(f, maxUpload+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", file, err)
	case len(data) > maxUpload:
		return nil, misused("%s has more than 50 MiB; divide it", file)
	}
	return data, nil
}

// importTime bounds an import, which may take longer than other calls.
const importTime = 10 * time.Minute

// patient is a caller that waits for an import.
func patient(c dial.Caller) dial.Caller {
	c.HTTP = &http.Client{Timeout: importTime}
	return c
}

// showImport prints what became of a file's rows, and at most most of those
// that were not taken; 0 is all.
func showImport(d *desk, noun string, r wire.Imported, most int) error {
	if d.JSON {
		return d.tell(r)
	}
	if most <= 0 {
		most = len(r.Skips)
	}
	for _, s := range r.Skips[:min(most, len(r.Skips))] {
		d.say("row %d%s skipped: %s", s.Row, named(s.Name), column.Clean(s.Reason))
	}
	if more := r.Skipped - most; more > 0 && len(r.Skips) > 0 {
		d.say("... and %d more rows; --show 0 prints all", more)
	}
	if n := len(r.Notes); n > 0 {
		d.say("%d rows were taken otherwise than they were written, such as: %s", n, column.Clean(r.Notes[0]))
	}
	verb := "Took"
	if r.DryRun {
		verb = "Would take"
	}
	share := ""
	if r.Rows > 0 {
		share = fmt.Sprintf(" (%.1f %%)", 100*float64(r.Taken)/float64(r.Rows))
	}
	d.say("%s %d of %d rows as %s%s, %d new and %d changed; skipped %d.",
		verb, r.Taken, r.Rows, noun, share, r.Added, r.Updated, r.Skipped)
	return nil
}

// named is a name beside a row; "" where there is none.
func named(name string) string {
	if name = column.Clean(name); name == "" {
		return ""
	}
	return " (" + name + ")"
}
