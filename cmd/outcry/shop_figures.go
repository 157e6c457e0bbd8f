package main

import (
	"context"
	"fmt"

	"outcry/cmd/outcry/column"
	"outcry/wire"
)

type shopFiguresCommand struct {
	Shop string `help:"The shop, where several are paired here." placeholder:"ID"`
}

// Help shows examples.
func (shopFiguresCommand) Help() string {
	return `Shows what the market has learned of the shop from its calls, offers and orders:
the figures by which it is called. Share and price are 1 for all and the same.

Example:
  outcry shop figures
  outcry shop figures --json`
}

// Run shows the figures.
func (c *shopFiguresCommand) Run(ctx context.Context, d *desk) error {
	client, err := pairedShop(d, c.Shop)
	if err != nil {
		return err
	}
	f, err := client.Figures(ctx)
	if err != nil {
		return err
	}
	if d.JSON {
		return d.tell(f)
	}
	for _, line := range column.Lines([]column.Column{
		{Head: "Figure", Min: 10}, {Head: "Value", Right: true}, {Head: "In words", Min: 20},
	}, figureRows(f), d.width()) {
		d.say("%s", line)
	}
	return nil
}

// figureRows are the figures as a table.
func figureRows(f wire.ShopFigures) [][]string {
	var rows [][]string
	add := func(name string, value float64, words string) {
		rows = append(rows, []string{column.Clean(name), fmt.Sprintf("%.4g", value), column.Clean(words)})
	}
	for _, x := range []struct {
		name string
		wire.Figure
	}{
		{"calls", f.Calls}, {"offers", f.Offers}, {"answered", f.Answered}, {"soon", f.Soon}, {"median_s", f.MedianS},
		{"price", f.Price},
	} {
		add(x.name, x.Value, x.Words)
	}
	for _, p := range f.Prices {
		add("  "+p.Code, p.Value, p.Words)
	}
	add("kept", f.Kept.Value, f.Kept.Words)
	add("broken", f.Broken.Value, f.Broken.Words)
	add("stands", f.Stands.Value, f.Stands.Words)
	add("open calls", f.OpenCalls.Value, f.OpenCalls.Words)
	add("hourly calls", f.HourlyCalls.Value, f.HourlyCalls.Words)
	return rows
}
