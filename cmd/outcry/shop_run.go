package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"outcry"
	"outcry/buyer"
	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/counter"
	"outcry/cmd/outcry/counter/shelf"
	"outcry/cmd/outcry/keyring"
	"outcry/shop"
)

type shopRunCommand struct {
	Prices  string `help:"CSV file of prices; calls for its codes are answered." placeholder:"FILE"`
	Rules   string `help:"YAML file of how the shop answers: price list, rules, software, who answers for what." placeholder:"FILE"`
	Shop    string `help:"The shop, where several are paired here." placeholder:"ID"`
	Confirm bool   `help:"Confirm orders as they come."`
	State   string `help:"Folder for what must survive a restart (default: beside the keys)." placeholder:"DIR"`
}

// Help shows examples.
func (shopRunCommand) Help() string {
	return `Connects as the shop server, keeps and acknowledges the shop's book, prints calls
as they come, and answers those whose code, or a code above it, stands in the price
list. A price is for one; an offer is for the quantity that is asked for. It runs
until it is stopped, goes on by itself where the line breaks, and after a restart
where it was. The files are read again when they change.

Example:
  cat prices.csv
    code,price,currency,message,lead_minutes,stock
    osm:shop=bakery,2.40,GBP,Still warm,0,40
  outcry shop run --prices prices.csv --confirm
  outcry shop rules example >shop.yaml
  outcry shop run --rules shop.yaml`
}

// Run answers calls until ctx ends.
func (c *shopRunCommand) Run(ctx context.Context, d *desk) error {
	files := counter.Files{Rules: c.Rules, Prices: c.Prices}
	set, err := loadSetting(d, files)
	if err != nil {
		return err
	}
	client, err := pairedShop(d, c.Shop)
	if err != nil {
		return err
	}
	dir, err := stateFolder(c.State, client)
	if err != nil {
		return err
	}
	kept, err := shelf.Open(dir)
	if err != nil {
		return err
	}
	at := &counter.Counter{Shelf: kept, Tree: signalsOf(d, client), Clock: time.Now}
	at.Use(set)
	p := &printer{desk: d}
	server := &counter.Server{
		Shop: client, Counter: at, Files: files, Confirm: c.Confirm, Say: p.say, Tell: p.event,
	}
	return errors.Join(stopped(ctx, server.Run(ctx)), kept.Close())
}

// stopped leaves out the error of a command that was told to stop.
func stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// printer prints what a shop server does, from many at once.
type printer struct {
	*desk
	mu sync.Mutex
}

// say prints a line with the time; problems go beside the output.
func (p *printer) say(what, words string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	line := fmt.Sprintf("%s  %-8s %s", time.Now().Format("15:04:05"), what, words)
	switch {
	case what == "":
		p.desk.say("%s", words)
	case what != "problem" && what != "ERROR":
		p.desk.say("%s", line)
	case p.JSON:
		_ = p.tellEvent("problem", 0, map[string]string{"message": words}) // nobody is left to tell
	default:
		p.note("%s", line)
	}
}

// event prints an event for programs.
func (p *printer) event(event string, seq int64, data any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.JSON {
		_ = p.tellEvent(event, seq, data) // nobody is left to tell
	}
}

// loadSetting reads a shop's files; their faults are noted, one a line.
func loadSetting(d *desk, files counter.Files) (*counter.Setting, error) {
	set, err := files.Load()
	if b := (*counter.Broken)(nil); errors.As(err, &b) {
		if e := (*outcry.Error)(nil); errors.As(b.Err, &e) {
			return nil, faultsOf(d, b.File, b.Err)
		}
		return nil, misuse{error: err}
	}
	return set, err
}

// stateFolder is where a shop server keeps what must survive a restart: the
// folder that is given, or the shop's own beside the keys.
func stateFolder(given string, client *shop.Client) (string, error) {
	if given != "" {
		return given, nil
	}
	ring, err := keyring.Default()
	if err != nil {
		return "", err
	}
	return filepath.Join(filepath.Dir(ring.File()), "shops", filepath.Base(client.Shop())), nil
}

// signalsOf asks the market about codes as the shop.
func signalsOf(d *desk, client *shop.Client) counter.Tree {
	return buyer.New(buyer.Config{Server: d.Server, Token: client.Key()})
}

type shopBookCommand struct {
	Shop  string `help:"The shop, where several are paired here." placeholder:"ID"`
	State string `help:"Folder of the shop server (default: beside the keys)." placeholder:"DIR"`
}

// Help shows examples.
func (shopBookCommand) Help() string {
	return `Shows the book as the shop server holds it on this machine: the codes that the
shop is called for. The market need not be reached.

Example:
  outcry shop book
  outcry shop book --json`
}

// Run shows the book.
func (c *shopBookCommand) Run(d *desk) error {
	client, err := pairedShop(d, c.Shop)
	if err != nil {
		return err
	}
	dir, err := stateFolder(c.State, client)
	if err != nil {
		return err
	}
	kept, err := shelf.Look(dir)
	if err != nil {
		return err
	}
	book := kept.Book()
	if d.JSON {
		return d.tell(book)
	}
	if book.Version == 0 {
		d.say("No book is kept for %s yet; outcry shop run fetches it.", client.Shop())
		return nil
	}
	d.say("Version %d of the book of %s, %d codes:", book.Version, client.Shop(), len(book.Codes))
	for _, code := range book.Codes {
		d.say("%s", column.Clean(code))
	}
	return nil
}

// problemWords are an error in one line, with the parts of the input that it
// names.
func problemWords(err error) string { return counter.Problem(err) }
