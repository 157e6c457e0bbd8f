package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"outcry"
	"outcry/buyer"
	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/pricelist"
	"outcry/cmd/outcry/watch"
	"outcry/shop"
)

type shopWatchCommand struct {
	Prices   string `help:"CSV file of prices: code,price,currency,message,lead_minutes; the key t offers them." placeholder:"FILE"`
	Currency string `help:"Currency of typed prices where neither the budget nor the price list says one." placeholder:"CODE"`
	Shop     string `help:"The shop, where several are paired here." placeholder:"ID"`
	Bell     bool   `help:"Ring when a new call comes."`
	Plain    bool   `help:"Print what happens line by line, and answer nothing."`
}

// Help shows examples and the keys.
func (shopWatchCommand) Help() string {
	return `Shows the calls that wait, live, and lets a person answer them: digits type a
price and Enter offers it; t offers the price of the list, or the last one for the
same code; d declines; u takes the last offer back; c confirms an order and x
refuses it; m writes to the buyer; ? explains all keys; q leaves, and offers stand.
Where the output is no terminal, or with --json, it prints what happens.

Example:
  outcry shop watch --prices prices.csv
  outcry shop watch --currency GBP --bell`
}

// Run shows the calls until the person leaves.
func (c *shopWatchCommand) Run(ctx context.Context, d *desk) error {
	c.Currency = strings.ToUpper(c.Currency)
	if c.Currency != "" && !outcry.KnownCurrency(c.Currency) {
		return misused("--currency: %q is no currency; write three letters, for example GBP", c.Currency)
	}
	list, err := readPrices(c.Prices)
	if err != nil {
		return err
	}
	client, err := pairedShop(d, c.Shop)
	if err != nil {
		return err
	}
	if c.Plain || d.JSON || !d.interactive() {
		return c.print(ctx, d, client)
	}
	locale, _, _ := strings.Cut(spoken(), "-")
	last, err := watch.Run(ctx, watch.Screen{
		In: d.In, Out: d.Out, List: list, Currency: c.Currency, Bell: c.Bell,
		Codes: watch.Codes{Signals: buyer.New(buyer.Config{Server: d.Server, Token: client.Key()}), Locale: locale},
	}, client)
	if ctx.Err() != nil {
		return nil // told to stop
	}
	if calls, orders := last.Waiting(time.Now()); err == nil && calls+orders > 0 {
		d.say("%d calls still wait for an answer, %d orders for a confirmation.", calls, orders)
	}
	return err
}

// print tells what the shop hears, line by line, and answers nothing but that it
// holds its book.
func (*shopWatchCommand) print(ctx context.Context, d *desk, client *shop.Client) error {
	for e, err := range client.Watch(ctx, 0) {
		if err != nil {
			if ctx.Err() != nil {
				return nil // told to stop
			}
			return err
		}
		if d.JSON {
			if e.Data != nil {
				err = d.tellEvent(e.Kind, e.Seq, json.RawMessage(e.Data))
			}
		} else if what, words := watch.Words(e, time.Now()); words != "" {
			d.say("%s  %-8s %s", time.Now().Format("15:04:05"), what, words)
		}
		if err != nil {
			return err
		}
		version := 0
		switch {
		case e.Hello != nil:
			version = e.Hello.Book.Version
		case e.Book != nil:
			version = e.Book.Version
		}
		if version > 0 {
			if _, err := client.Acknowledge(ctx, version); err != nil && ctx.Err() == nil {
				d.note("acknowledge the book: %s", column.Clean(err.Error()))
			}
		}
	}
	return nil
}

// readPrices reads a price list; without a file it is empty.
func readPrices(file string) (pricelist.List, error) {
	if file == "" {
		return nil, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, misuse{error: fmt.Errorf("open the price list: %w", err)}
	}
	defer f.Close() //nolint:errcheck // only read
	list, err := pricelist.Read(f)
	if err != nil {
		return nil, misuse{error: err}
	}
	return list, nil
}
