package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"outcry"
	"outcry/buyer"
	"outcry/cmd/outcry/input"
	"outcry/cmd/outcry/live"
	"outcry/wire"
)

type askCommand struct {
	Words string `arg:"" optional:"" help:"What you need, in your own words."`
	Code  string `help:"Signal code instead of words, such as osm:shop=bakery." placeholder:"CODE"`

	Near   input.Place    `required:"" help:"Where you are, in degrees." placeholder:"LAT,LON"`
	Within input.Distance `default:"3km" help:"How far away a shop may be." placeholder:"DISTANCE"`
	For    input.Span     `default:"60s" help:"How long shops have to answer." placeholder:"TIME"`
	Wanted int            `default:"3" help:"How many offers you want." placeholder:"N"`

	Attribute  map[string]string `help:"What the code's form asks, such as nights=2; repeat it for more." placeholder:"NAME=VALUE"`
	Quantity   int               `default:"1" help:"How many of it." placeholder:"N"`
	Budget     *input.Money      `help:"The most it may cost, such as 20GBP." placeholder:"AMOUNT"`
	Needed     *input.Moment     `help:"When you need it, such as 18:30 or 2h; now unless said." placeholder:"TIME"`
	Note       string            `help:"A note for the shops." placeholder:"TEXT"`
	Language   []string          `help:"Languages that the shop may speak, any one of them." placeholder:"TAG"`
	Capability []string          `help:"What the shop must do: ${enum}." enum:"deliver,pickup,visit,reserve"`
	Rating     float64           `help:"The least rating of a shop in stars, 1 to 5; 0 for no matter." placeholder:"STARS"`
	Rank       string            `default:"best" enum:"best,price,near,rating,soon" help:"What comes first: ${enum}."`
	Locale     string            `help:"Language of your words, such as en or ko." placeholder:"TAG"`

	Accept   string `default:"none" enum:"none,first,best" help:"Accept by itself: the first offer that comes, the best one at the end, or none."`
	YesFirst bool   `help:"The same as --accept first."`
	Contact  string `help:"How the shop whose offer you accept reaches you." placeholder:"TEXT"`
	Plain    bool   `help:"Print lines instead of the live board."`
	Preview  bool   `help:"Only say how many shops could be asked."`
}

// Help shows examples.
func (askCommand) Help() string {
	return `Calls out a need and shows the offers as they come. In a terminal the board is
live: pick an offer with the arrows, accept it with Enter. Elsewhere, and with
--plain, it prints a line an event and the table of offers at the end; with --json,
an object an event and the board at the end.

Example:
  outcry ask "fresh bread" --near 55.95,-3.19 --within 3km --for 20s
  outcry ask "room for two" --near 37.55,126.92 --attribute nights=2 --budget 80000KRW
  outcry ask --code osm:craft=plumber --near 55.95,-3.19 --rating 4 --accept best --json`
}

// Validate checks what no single flag can.
func (c *askCommand) Validate() error {
	switch {
	case c.Words == "" && c.Code == "":
		return errors.New(`say what you need, for example: outcry ask "fresh bread" --near 55.95,-3.19`)
	case c.Contact != "" && len([]rune(c.Contact)) > 300:
		return errors.New("--contact: write at most 300 characters")
	case c.Rating != 0 && !(c.Rating >= 1 && c.Rating <= 5):
		return errors.New("--rating: write stars from 1 to 5, for example 4.5, or 0 where it does not matter")
	}
	return nil
}

// Run asks.
func (c *askCommand) Run(ctx context.Context, d *desk) error {
	if c.YesFirst {
		c.Accept = "first"
	}
	client, err := d.buyer(ctx, c.Locale)
	if err != nil {
		return err
	}
	body := c.body()
	if c.Preview {
		return c.preview(ctx, d, client, body)
	}
	request, err := client.Ask(ctx, body)
	if outcry.KindOf(err) == outcry.Unauthorized && d.Token == "" {
		// What was remembered is no longer known: go on as a new guest.
		if client, err = d.newGuest(ctx, c.Locale); err != nil {
			return err
		}
		request, err = client.Ask(ctx, body)
	}
	if err != nil {
		return err
	}
	a := &asking{desk: d, ask: c, client: client, request: request, name: nameOf(ctx, client, request, c.Locale)}
	if c.Accept == "none" && !c.Plain && !d.JSON && d.interactive() {
		return a.live(ctx)
	}
	return a.follow(ctx)
}

// nameOf is what a request's code is called; its code where that is not known.
func nameOf(ctx context.Context, client *buyer.Client, r wire.Request, locale string) string {
	hits, err := client.Signal(ctx, r.Code)
	if err != nil {
		return ""
	}
	base, _, _ := strings.Cut(locale, "-")
	for _, l := range []string{locale, base} {
		if name := hits.Names[l]; name != "" {
			return name
		}
	}
	return hits.Name
}

// body is what is asked, as the server takes it.
func (c *askCommand) body() wire.NewRequest {
	place, radius, seconds := outcry.Place(c.Near), int(c.Within), time.Duration(c.For).Seconds()
	r := wire.NewRequest{
		Place: &place, RadiusM: &radius, DeadlineS: &seconds, Wanted: &c.Wanted, Quantity: &c.Quantity, Rank: &c.Rank,
		Note: c.Note, Languages: c.Language, Capabilities: c.Capability, Locale: c.Locale, Attributes: object(c.Attribute),
	}
	if c.Code != "" {
		r.Code = &c.Code
	}
	if c.Words != "" {
		r.Words = &c.Words
	}
	if c.Rating != 0 {
		r.LeastRating = &c.Rating
	}
	if c.Budget != nil {
		r.Budget = &wire.Budget{Max: outcry.Money(*c.Budget)}
	}
	if c.Needed != nil {
		t := wire.Time(time.Time(*c.Needed).UTC())
		r.NeededAt = &t
	}
	return r
}

// object makes a JSON object of what was written on the command line: numbers,
// true, false and lists in brackets as JSON has them, all else as text.
func object(written map[string]string) json.RawMessage {
	if len(written) == 0 {
		return nil
	}
	members := make(map[string]any, len(written))
	for name, text := range written {
		var v any
		if json.Unmarshal([]byte(text), &v) != nil {
			v = text
		}
		members[name] = v
	}
	data, err := json.Marshal(members)
	if err != nil { // texts and what was JSON before are JSON again
		panic("outcry: " + err.Error())
	}
	return data
}

// preview says how many shops could be asked.
func (c *askCommand) preview(ctx context.Context, d *desk, client *buyer.Client, body wire.NewRequest) error {
	p, err := client.Preview(ctx, body)
	if err != nil {
		return err
	}
	if d.JSON {
		return d.tell(p)
	}
	d.say("%d shops within %s could be asked for %s (%s).", p.MatchingShops, c.Within, p.Name, p.Code)
	return nil
}

// asking is a request on its way.
type asking struct {
	*desk
	ask     *askCommand
	client  *buyer.Client
	request wire.Request
	name    string
}

// live shows the board in the terminal until the buyer leaves.
func (a *asking) live(ctx context.Context) error {
	last, err := live.Run(ctx, live.Screen{
		In: a.In, Out: a.Out, Request: a.request, Name: a.name, Contact: a.ask.Contact,
	}, a.client)
	if last.Open() && last.Order == nil {
		a.leave(ctx)
	}
	if errors.Is(err, context.Canceled) {
		err = nil // told to stop: the picture is left, and the request withdrawn
	}
	return err
}

// leaveTime is how long a withdrawal on leaving may take.
const leaveTime = 3 * time.Second

// leave withdraws a request that nobody looks at any more, so that no shop
// answers in vain.
func (a *asking) leave(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveTime)
	defer cancel()
	if _, err := a.client.Withdraw(ctx, a.request.ID); err != nil {
		a.note("The request may still be open: %s", fmt.Sprint(err))
		return
	}
	a.note("Withdrew the request.")
}
