package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"outcry"
	"outcry/buyer"
	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/input"
	"outcry/cmd/outcry/live"
	"outcry/cmd/outcry/pricelist"
	"outcry/shop"
	"outcry/wire"
	"outcry/wire/dial"
)

type shopRunCommand struct {
	Prices  string `help:"CSV file of prices: code,price,currency,message,lead_minutes; calls for these codes are answered." placeholder:"FILE"`
	Shop    string `help:"The shop, where several are paired here." placeholder:"ID"`
	Confirm bool   `help:"Confirm orders as they come."`
}

// Help shows an example.
func (shopRunCommand) Help() string {
	return `Connects as the shop server, acknowledges the shop's book, prints calls as they
come, and answers those whose code, or a code above it, stands in the price list.
A price is for one; an offer is for the quantity that is asked for. It runs until
it is stopped, and goes on by itself where the line breaks.

Example:
  cat prices.csv
    code,price,currency,message,lead_minutes
    osm:shop=bakery,2.40,GBP,Still warm,0
  outcry shop run --prices prices.csv --confirm`
}

// Run answers calls until ctx ends.
func (c *shopRunCommand) Run(ctx context.Context, d *desk) error {
	list, err := c.list()
	if err != nil {
		return err
	}
	client, err := pairedShop(d, c.Shop)
	if err != nil {
		return err
	}
	counter := &counter{
		desk: d, run: c, list: list, Client: client, served: map[string]bool{}, above: map[string]pricelist.Line{},
		signals: buyer.New(buyer.Config{Server: d.Server, Token: client.Key()}),
	}
	err = counter.watch(ctx)
	if ctx.Err() != nil {
		return nil // told to stop
	}
	return err
}

// list is the price list; without a file it is empty.
func (c *shopRunCommand) list() (pricelist.List, error) {
	if c.Prices == "" {
		return nil, nil
	}
	f, err := os.Open(c.Prices)
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

// counter is where a shop server answers.
type counter struct {
	*desk
	*shop.Client
	run     *shopRunCommand
	list    pricelist.List
	signals *buyer.Client
	served  map[string]bool           // calls that were answered or passed over
	above   map[string]pricelist.Line // lines that hold for codes below theirs
}

// watch hears the shop's events and does what they ask for.
func (c *counter) watch(ctx context.Context) error {
	for e, err := range c.Watch(ctx, 0) {
		if err != nil {
			return err
		}
		if c.JSON && e.Data != nil {
			if err := c.tellEvent(e.Kind, e.Seq, json.RawMessage(e.Data)); err != nil {
				return err
			}
		}
		if err := c.hear(ctx, e); err != nil {
			c.note("%s", problemWords(err))
		}
	}
	return nil
}

// hear does what an event asks for.
func (c *counter) hear(ctx context.Context, e shop.Event) error {
	switch {
	case e.Hello != nil:
		c.say("On the line for %s (%s). Stop with Ctrl-C.", column.Clean(e.Hello.Name), e.Hello.ShopID)
		return errors.Join(c.hold(ctx, e.Hello.Book.Version, len(e.Hello.Book.Codes)), c.catchUp(ctx))
	case e.Book != nil:
		return c.hold(ctx, e.Book.Version, len(e.Book.Codes))
	case e.Call != nil:
		return c.answer(ctx, *e.Call)
	case e.Closed != nil:
		delete(c.served, e.Closed.ID)
		c.line("closed", "%s: %s", e.Closed.State, e.Closed.Reason)
	case e.Message != nil && e.Message.From == outcry.PartyBuyer:
		c.line("message", "%s", column.Clean(e.Message.Text))
	case e.Order != nil:
		return c.order(ctx, *e.Order)
	case e.Kind == dial.Lost:
		c.line("lost", "no connection, trying again: %s", column.Clean(e.Err.Error()))
	case e.Kind == dial.Back:
		c.line("back", "on the line again")
	}
	return nil
}

// line prints what happened, with the time.
func (c *counter) line(what, format string, args ...any) {
	c.say("%s  %-8s %s", time.Now().Format("15:04:05"), what, fmt.Sprintf(format, args...))
}

// hold acknowledges a version of the book.
func (c *counter) hold(ctx context.Context, version, codes int) error {
	if version == 0 {
		c.line("book", "empty: the shop is not called until its staff puts codes into it")
		return nil
	}
	if _, err := c.Acknowledge(ctx, version); err != nil {
		return fmt.Errorf("acknowledge the book: %w", err)
	}
	c.line("book", "version %d, %d codes", version, codes)
	return nil
}

// answer offers where the price list has the code; a call is answered once.
func (c *counter) answer(ctx context.Context, call wire.Call) error {
	if call.State != outcry.CallWaiting || c.served[call.ID] {
		return nil
	}
	c.served[call.ID] = true
	c.line("call", "%s", need(call))
	line, ok, err := c.price(ctx, call.Request.Code)
	if err != nil || !ok {
		if err == nil && c.list != nil {
			c.line("", "not in the price list: %s", call.Request.Code)
		}
		return err
	}
	bid := line.Bid(call, time.Now())
	offer, err := c.Offer(ctx, call.ID, bid)
	if err != nil {
		return fmt.Errorf("offer %s: %w", bid.Price, err)
	}
	if c.JSON {
		return c.tellEvent("offered", 0, offer)
	}
	c.line("offer", "%s, can be had %s", offer.Price, live.When(offer.AvailableAt, time.Now()))
	return nil
}

// need says a call for people.
func need(call wire.Call) string {
	r := call.Request
	words := []string{r.Code}
	if r.Quantity > 1 {
		words = append(words, fmt.Sprintf("quantity %d", r.Quantity))
	}
	if len(r.Attributes) > 0 {
		words = append(words, string(r.Attributes))
	}
	if r.Budget != nil {
		words = append(words, "up to "+r.Budget.Max.String())
	}
	words = append(words, input.Distance(max(1, r.DistanceM)).String()+" away",
		live.Clock(time.Until(time.Time(call.Deadline)))+" to answer")
	if r.Note != "" {
		words = append(words, `"`+r.Note+`"`)
	}
	return column.Clean(strings.Join(words, ", "))
}

// price is the line for a code: its own, or that of the nearest code above.
func (c *counter) price(ctx context.Context, code string) (pricelist.Line, bool, error) {
	if len(c.list) == 0 {
		return pricelist.Line{}, false, nil
	}
	if line, ok := c.above[code]; ok {
		return line, line.Code != "", nil
	}
	var found pricelist.Line
	for at, depth := code, 0; at != "" && depth < 32; depth++ {
		if line, ok := c.list[outcry.Code(at)]; ok {
			found = line
			break
		}
		signal, err := c.signals.Signal(ctx, at)
		if err != nil {
			return pricelist.Line{}, false, fmt.Errorf("look up %s: %w", at, err)
		}
		at = signal.Parent
	}
	c.above[code] = found
	return found, found.Code != "", nil
}

// catchUp confirms the orders that were placed while the shop server was away,
// where that was wanted.
func (c *counter) catchUp(ctx context.Context) error {
	if !c.run.Confirm {
		return nil
	}
	for o, err := range c.Orders(ctx) {
		if err != nil {
			return fmt.Errorf("look for orders: %w", err)
		}
		if o.State == outcry.OrderPlaced {
			if err := c.order(ctx, wire.OrderNews{ID: o.ID, State: o.State}); err != nil {
				return err
			}
		}
	}
	return nil
}

// order tells where an order stands, and confirms a new one where that was
// wanted.
func (c *counter) order(ctx context.Context, news wire.OrderNews) error {
	c.line("order", "%s is %s", news.ID, news.State)
	if news.State != outcry.OrderPlaced || !c.run.Confirm {
		return nil
	}
	if _, err := c.Confirm(ctx, news.ID); err != nil {
		return fmt.Errorf("confirm order %s: %w", news.ID, err)
	}
	return nil
}

// problemWords are an error in one line, with the parts of the input that it
// names.
func problemWords(err error) string {
	e, ok := errors.AsType[*outcry.Error](err)
	if !ok {
		return column.Clean(err.Error())
	}
	text := []string{e.Msg}
	for _, f := range e.Fields {
		text = append(text, f.Location+": "+f.Message)
	}
	return column.Clean(strings.Join(text, "; "))
}
