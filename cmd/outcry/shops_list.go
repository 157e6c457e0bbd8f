package main

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"outcry/cmd/outcry/column"
	"outcry/wire"
	"outcry/wire/dial"
)

type shopsListCommand struct {
	Mine  bool   `help:"Only the shops where you work."`
	State string `help:"Only shops in this state: pending, active or suspended." placeholder:"STATE"`
	Most  int    `default:"50" help:"How many at most; 0 is all." placeholder:"N"`
}

// Help shows an example.
func (shopsListCommand) Help() string {
	return "Example:\n  outcry shops list --state pending\n  outcry shops list --mine --json"
}

// Run lists shops.
func (c *shopsListCommand) Run(ctx context.Context, d *desk) error {
	caller, err := d.caller()
	if err != nil {
		return err
	}
	query := url.Values{}
	if c.Mine {
		query.Set("mine", "true")
	}
	if c.State != "" {
		query.Set("state", c.State)
	}
	var rows [][]string
	n := 0
	for s, err := range dial.Pages[wire.Shop](ctx, caller, "/v1/shops", query) {
		if err != nil {
			return err
		}
		if n++; c.Most > 0 && n > c.Most {
			break
		}
		if d.JSON {
			if err := d.tell(s); err != nil {
				return err
			}
		}
		rows = append(rows, []string{s.ID, column.Clean(s.Name), string(s.State), dash(column.Clean(s.Hours)), column.Clean(s.Source)})
	}
	for _, line := range column.Lines([]column.Column{
		{Head: "Id"}, {Head: "Name", Min: 16}, {Head: "State"}, {Head: "Hours", Min: 10, Drop: 2}, {Head: "Source", Drop: 1},
	}, rows, d.width()) {
		d.say("%s", line)
	}
	return nil
}

type shopsPairCommand struct {
	Shop string `arg:"" help:"The shop's id."`
}

// Help shows an example.
func (shopsPairCommand) Help() string {
	return `Prints a code that works once, for ten minutes. The shop's staff and the operator
may get one.

Example:
  outcry shops pair shop_01jd`
}

// Run gets a pairing code.
func (c *shopsPairCommand) Run(ctx context.Context, d *desk) error {
	caller, err := d.caller()
	if err != nil {
		return err
	}
	var p wire.Pairing
	if err := caller.Do(ctx, dial.Call{Method: http.MethodPost, Path: dial.Path("v1", "shops", c.Shop, "pairings")}, &p); err != nil {
		return err
	}
	if d.JSON {
		return d.tell(p)
	}
	d.say("%s\nAt the shop, until %s: outcry shop join %s --server %s",
		p.Code, time.Time(p.ExpiresAt).Local().Format("15:04"), p.Code, d.Server)
	return nil
}
