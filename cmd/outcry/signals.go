package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"outcry/buyer"
	"outcry/cmd/outcry/column"
	"outcry/wire"
	"outcry/wire/dial"
)

type signalsCommand struct {
	Search signalsSearchCommand `cmd:"" help:"Find the codes that words mean, or show a code."`
	Import signalsImportCommand `cmd:"" help:"Bring a tree of codes into the market."`
}

type signalsSearchCommand struct {
	Words  string `arg:"" help:"Words, or a signal code."`
	Locale string `help:"Language of the names, such as en or ko." placeholder:"TAG"`
	Limit  int    `default:"5" help:"How many codes at most." placeholder:"N"`
}

// Help shows an example.
func (signalsSearchCommand) Help() string {
	return `Example:
  outcry signals search "fresh bread"
  outcry signals search 빵 --locale ko
  outcry signals search osm:shop=bakery --json`
}

// Run searches.
func (c *signalsSearchCommand) Run(ctx context.Context, d *desk) error {
	caller, err := d.caller()
	if err != nil {
		return err
	}
	client := buyer.New(buyer.Config{Server: d.Server, Token: caller.Token})
	if scheme, id, ok := strings.Cut(c.Words, ":"); ok && !strings.ContainsAny(c.Words, " ") && scheme != "" && id != "" {
		return c.show(ctx, d, client)
	}
	locale := c.Locale
	if locale == "" {
		locale, _, _ = strings.Cut(spoken(), "-")
	}
	hits, err := client.Signals(ctx, c.Words, locale, c.Limit)
	if err != nil {
		return err
	}
	if d.JSON {
		return d.tell(wire.Items[wire.Hit]{Items: hits})
	}
	if len(hits) == 0 {
		return errors.New("no code was found; try other words")
	}
	rows := make([][]string, len(hits))
	for i, h := range hits {
		rows[i] = []string{h.Code, column.Clean(h.Name), fmt.Sprintf("%.2f", h.Score), column.Clean(strings.Join(h.Path, " > "))}
	}
	for _, line := range column.Lines([]column.Column{
		{Head: "Code"}, {Head: "Name", Min: 12}, {Head: "Score", Right: true}, {Head: "Path", Min: 16, Drop: 1},
	}, rows, d.width()) {
		d.say("%s", line)
	}
	return nil
}

// show shows one code.
func (c *signalsSearchCommand) show(ctx context.Context, d *desk, client *buyer.Client) error {
	s, err := client.Signal(ctx, c.Words)
	if err != nil {
		return err
	}
	if d.JSON {
		return d.tell(s)
	}
	d.say("%s  %s", s.Code, column.Clean(s.Name))
	d.say("path      %s", column.Clean(strings.Join(s.Path, " > ")))
	for _, child := range s.Children {
		d.say("below     %s  %s", child.Code, column.Clean(child.Name))
	}
	for _, f := range []struct{ name, schema string }{{"request", string(s.Forms.Request)}, {"offer", string(s.Forms.Offer)}} {
		if f.schema != "" {
			d.say("%-9s %s", f.name, f.schema)
		}
	}
	if s.Retired {
		d.say("retired   use %s", dash(s.ReplacedBy))
	}
	return nil
}

type signalsImportCommand struct {
	File   string `arg:"" help:"File of the tree; may end in .gz."`
	Format string `help:"What the file is, where it does not show: shopify or google." placeholder:"NAME"`
	DryRun bool   `help:"Only report what would be taken."`
}

// Help shows an example.
func (signalsImportCommand) Help() string {
	return `Brings a tree of product codes into the market, out of Shopify's categories or
Google's taxonomy with ids; codes that are there are changed. Only the operator may.

Example:
  outcry signals import categories.txt.gz`
}

// Run imports.
func (c *signalsImportCommand) Run(ctx context.Context, d *desk) error {
	data, err := readUpload(c.File)
	if err != nil {
		return err
	}
	caller, err := d.caller()
	if err != nil {
		return err
	}
	query := url.Values{}
	if c.Format != "" {
		query.Set("format", c.Format)
	}
	if c.DryRun {
		query.Set("dry_run", "true")
	}
	kind := "text/plain"
	if strings.HasSuffix(c.File, ".gz") {
		kind = "application/gzip"
	}
	var report wire.Imported
	err = patient(caller).Do(ctx, dial.Call{
		Method: http.MethodPost, Path: "/v1/signals/import", Query: query, Body: dial.Upload{Type: kind, Data: data},
	}, &report)
	if err != nil {
		return err
	}
	return showImport(d, "codes", report, 20)
}
