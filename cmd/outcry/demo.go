package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"outcry"
	"outcry/cmd/outcry/input"
)

type demoCommand struct {
	Listen     string      `default:"127.0.0.1:7480" help:"Address to listen on." placeholder:"ADDR"`
	LogLevel   string      `default:"warn" enum:"debug,info,warn,error" help:"What is logged: ${enum}." placeholder:"LEVEL"`
	Shops      string      `help:"CSV or GeoJSON file of real shops, instead of a made-up city; may end in .gz." placeholder:"FILE"`
	ShopsCount int         `default:"600" help:"How many shops the made-up city has." placeholder:"N"`
	Near       input.Place `default:"55.95,-3.19" help:"Where the city is." placeholder:"LAT,LON"`
	TimeZone   string      `default:"Europe/London" help:"The time zone of the real shops." placeholder:"ZONE"`
	Seed       uint64      `default:"1" help:"The same seed makes the same city and the same trade." placeholder:"N"`
	PerMinute  float64     `default:"12" help:"How many requests the buyers of the city make in a minute." placeholder:"N"`
	Data       string      `help:"Folder to keep the market in (default: one that is removed at the end)." placeholder:"DIR"`
}

// Help shows an example.
func (demoCommand) Help() string {
	return `Runs a market with a city of shops that answer and buyers who ask, and prints how
to take part. Stop it with Ctrl-C.

Example:
  outcry demo
  outcry demo --shops shops.csv.gz --time-zone Europe/London`
}

// Validate checks what no single flag can.
func (c *demoCommand) Validate() error {
	if c.ShopsCount < 1 || c.ShopsCount > 100_000 {
		return errors.New("--shops-count: write a number from 1 to 100000")
	}
	return nil
}

// Run runs the demo until ctx ends.
func (c *demoCommand) Run(ctx context.Context, d *desk) error {
	dir := c.Data
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "outcry-demo-*"); err != nil {
			return fmt.Errorf("make a folder for the demo: %w", err)
		}
		defer os.RemoveAll(dir) //nolint:errcheck // what is left over harms nobody
	}
	with, err := d.open(ctx, dataFlags{Data: dir}, c.Listen, c.LogLevel)
	if err != nil {
		return err
	}
	return c.trade(ctx, d, with, outcry.Place(c.Near))
}
