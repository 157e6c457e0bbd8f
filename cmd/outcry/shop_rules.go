package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"outcry"
	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/counter"
	"outcry/cmd/outcry/counter/shelf"
	"outcry/shop"
	"outcry/wire"
)

type shopRulesCommand struct {
	Check   shopRulesCheckCommand   `cmd:"" help:"Check how a shop answers, in a file, without a server."`
	Try     shopRulesTryCommand     `cmd:"" help:"Say what would be answered to a sample or to past calls, and why."`
	Example shopRulesExampleCommand `cmd:"" help:"Print a file that shows and explains all that there is."`
}

type shopRulesExampleCommand struct{}

// Help shows an example.
func (shopRulesExampleCommand) Help() string {
	return "Example:\n  outcry shop rules example >shop.yaml"
}

// Run prints the example.
func (shopRulesExampleCommand) Run(d *desk) error {
	if d.JSON {
		return d.tell(map[string]string{"example": counter.Example})
	}
	_, err := fmt.Fprint(d.Out, counter.Example)
	return err
}

// filesOf are the files of a shop by one of them: a CSV file is a price list by
// itself.
func filesOf(file string) counter.Files {
	if strings.EqualFold(filepath.Ext(file), ".csv") {
		return counter.Files{Prices: file}
	}
	return counter.Files{Rules: file}
}

type shopRulesCheckCommand struct {
	File string `arg:"" help:"File of how a shop answers, in YAML, or a price list in CSV."`
}

// Help shows an example.
func (shopRulesCheckCommand) Help() string {
	return `Checks all of it, the expressions and the price list too, and prints what is wrong
as FILE:LINE:COLUMN: MESSAGE. The exit code is 2 where anything is.

Example:
  outcry shop rules check shop.yaml`
}

// Run checks the file.
func (c *shopRulesCheckCommand) Run(d *desk) error {
	set, err := loadSetting(d, filesOf(c.File))
	if err != nil {
		return err
	}
	if d.JSON {
		return d.tell(map[string]any{"ok": true, "prices": len(set.Prices.Lines()), "rules": len(set.Rules)})
	}
	d.say("%s can be used: %s.", c.File, set)
	return nil
}

type shopRulesTryCommand struct {
	File string `arg:"" help:"File of how a shop answers, in YAML, or a price list in CSV."`

	Call       string `help:"A call in a file, as JSON; - is standard input." placeholder:"FILE" xor:"what"`
	Code       string `help:"A call for this signal code." placeholder:"CODE" xor:"what"`
	Quantity   int    `help:"How many, with --code." default:"1" placeholder:"N"`
	Attributes string `help:"Attributes as a JSON object, with --code." placeholder:"JSON"`
	Last       int    `help:"The shop's last calls; without another choice the last ten." placeholder:"N" xor:"what"`
	Ask        bool   `help:"Have the shop's software answer too; it is not told that it is a try."`
	Shop       string `help:"The shop, where several are paired here." placeholder:"ID"`
	State      string `help:"Folder of the shop server (default: beside the keys)." placeholder:"DIR"`
}

// Help shows examples.
func (shopRulesTryCommand) Help() string {
	return `Says what would be answered now, and why. Nothing is answered and no stock is held.

Example:
  outcry shop rules try shop.yaml --code osm:shop=bakery --quantity 12
  outcry shop rules try shop.yaml --last 20
  outcry shop rules try shop.yaml --call call.json --json`
}

// tried is a call and what would be answered.
type tried struct {
	Call   wire.Call      `json:"call"`
	Answer counter.Answer `json:"answer"`
	// Problem says why it cannot be told, where it cannot.
	Problem string `json:"problem,omitempty"`
}

// Run tries the file.
func (c *shopRulesTryCommand) Run(ctx context.Context, d *desk) error {
	set, err := loadSetting(d, filesOf(c.File))
	if err != nil {
		return err
	}
	client, err := pairedShop(d, c.Shop)
	if err != nil && (c.Call == "" && c.Code == "" || c.Shop != "") {
		return err
	}
	at, err := c.counter(ctx, d, client)
	if err != nil {
		return err
	}
	at.Use(set)
	n := 0
	for call, err := range c.calls(ctx, d, client) {
		if err != nil {
			return err
		}
		n++
		t := tried{Call: call}
		t.Answer, err = at.Decide(ctx, call)
		if err == nil && c.Ask && t.Answer.By == counter.BySoftware && t.Answer.Bid == nil && t.Answer.Decline == nil {
			err = c.ask(ctx, d, set, &t)
		}
		if err != nil {
			t.Problem = problemWords(err)
		}
		if err := t.print(d, set); err != nil {
			return err
		}
	}
	if n == 0 {
		d.say("The shop was not called yet; try a sample: outcry shop rules try %s --code CODE", c.File)
	}
	return nil
}

// ask has the software answer, for a moment.
func (c *shopRulesTryCommand) ask(ctx context.Context, d *desk, set *counter.Setting, t *tried) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return set.Ask(ctx, t.Call, &t.Answer, func(words string) { d.note("software: %s", column.Clean(words)) })
}

// counter is one that decides as the shop server does now; without a paired shop
// it knows neither its stock nor the codes above others.
func (c *shopRulesTryCommand) counter(ctx context.Context, d *desk, client *shop.Client) (*counter.Counter, error) {
	at := &counter.Counter{Shelf: shelf.Empty(), Tree: nobody{}, Clock: time.Now}
	dir, err := c.State, error(nil)
	if client == nil {
		d.note("No shop is paired here: the codes above others are not known, and the stock is that of the price list.")
	} else {
		at.Tree = signalsOf(d, client)
		if dir, err = stateFolder(c.State, client); err != nil {
			return nil, err
		}
		if shown, err := client.Show(ctx); err == nil {
			if zone, err := time.LoadLocation(shown.TimeZone); err == nil {
				at.In(zone)
			}
		}
	}
	if dir != "" {
		at.Shelf, err = shelf.Look(dir)
	}
	return at, err
}

// nobody knows no codes: to it each stands by itself.
type nobody struct{}

// Signal is a code with nothing above.
func (nobody) Signal(_ context.Context, code string) (wire.Signal, error) {
	return wire.Signal{Code: code}, nil
}

// calls are those to be tried, the oldest first.
func (c *shopRulesTryCommand) calls(ctx context.Context, d *desk, client *shop.Client) func(func(wire.Call, error) bool) {
	return func(yield func(wire.Call, error) bool) {
		if c.Call != "" || c.Code != "" {
			yield(c.sample(d))
			return
		}
		most := c.Last
		if most == 0 {
			most = 10
		}
		var last []wire.Call
		for call, err := range client.Calls(ctx) {
			if err != nil {
				yield(call, err)
				return
			}
			if last = append(last, call); len(last) >= most {
				break
			}
		}
		for _, call := range slices.Backward(last) {
			if !yield(call, nil) {
				return
			}
		}
	}
}

// sample is the call that is given; what it leaves out is as usual.
func (c *shopRulesTryCommand) sample(d *desk) (wire.Call, error) {
	call := wire.Call{ID: "call_sample", State: outcry.CallWaiting}
	if c.Code != "" {
		call.Request = wire.Need{Code: c.Code, Quantity: c.Quantity}
		if c.Attributes != "" {
			if json.Unmarshal([]byte(c.Attributes), &map[string]any{}) != nil {
				return call, misused(`--attributes: write a JSON object, for example {"size":42}`)
			}
			call.Request.Attributes = json.RawMessage(c.Attributes)
		}
	} else if err := c.read(d, &call); err != nil {
		return call, err
	}
	if _, err := outcry.ParseCode(call.Request.Code); err != nil {
		return call, misused("%q is no signal code; write it as scheme:id, for example osm:shop=bakery", call.Request.Code)
	}
	if call.Request.Quantity < 1 {
		call.Request.Quantity = 1
	}
	if call.Deadline.IsZero() {
		call.Deadline = wire.Time(time.Now().Add(time.Minute))
	}
	return call, nil
}

func (c *shopRulesTryCommand) read(d *desk, call *wire.Call) error {
	in := d.In
	if c.Call != "-" {
		f, err := os.Open(c.Call)
		if err != nil {
			return misuse{error: fmt.Errorf("read the call: %w", err)}
		}
		defer f.Close() //nolint:errcheck // only read
		in = f
	}
	var text bytes.Buffer
	if _, err := text.ReadFrom(in); err != nil {
		return misuse{error: fmt.Errorf("read the call: %w", err)}
	}
	out := json.NewDecoder(&text)
	out.DisallowUnknownFields()
	if err := out.Decode(call); err != nil {
		return misuse{error: fmt.Errorf("read the call: %w; write one as GET /v1/calls/{id} gives it, for example {\"request\":{\"code\":\"osm:shop=bakery\",\"quantity\":2}}", err)}
	}
	return nil
}

// print says what would be answered.
func (t *tried) print(d *desk, set *counter.Setting) error {
	if d.JSON {
		return d.tell(t)
	}
	r := t.Call.Request
	d.say("%s for %d of %s%s", column.Clean(t.Call.ID), max(1, r.Quantity), column.Clean(r.Code), attributesOf(r))
	switch a := t.Answer; {
	case t.Problem != "":
		d.say("  would be left to a person: %s", t.Problem)
	case a.Bid != nil:
		d.say("  would be offered %s, can be had %s", a.Bid.Price, lead(a.Bid))
		if a.Bid.Message != "" {
			d.say("  saying %q", column.Clean(a.Bid.Message))
		}
	case a.Decline != nil:
		d.say("  would be declined: %q", column.Clean(a.Decline.Reason))
	case a.By == counter.BySoftware:
		d.say("  would be asked of the software %s (--ask asks it)", column.Clean(set.Software.String()))
	default:
		d.say("  would be left to a person")
	}
	if t.Answer.Way != "" {
		d.say("    %s", column.Clean(t.Answer.Way))
	}
	for _, why := range t.Answer.Why {
		d.say("    %s", column.Clean(why))
	}
	return nil
}

func attributesOf(r wire.Need) string {
	if len(r.Attributes) == 0 {
		return ""
	}
	return " " + column.Clean(string(r.Attributes))
}

// lead says when an offer could be had.
func lead(b *wire.Bid) string {
	if b.AvailableAt == nil {
		return "at once"
	}
	left := time.Until(time.Time(*b.AvailableAt)).Round(time.Minute)
	return "in " + strings.TrimSuffix(left.String(), "0s")
}
