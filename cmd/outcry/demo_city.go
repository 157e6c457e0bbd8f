package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"outcry"
	"outcry/intake"
	"outcry/line"
	"outcry/onboarding"
	"outcry/server"
	"outcry/sim"
)

// The members of a demo.
const (
	demoOperator = "operator@demo.example"
	demoShop     = "shop@demo.example"
	demoBuyer    = "buyer@demo.example"
)

// demoBuyers is how many members of the made-up city ask, in turn.
const demoBuyers = 12

// demoHands is how many things the made-up people of a city do at once.
const demoHands = 8

// city is a market with made-up people in it.
type city struct {
	*server.Server
	plan     *demoCommand
	centre   outcry.Place
	password string
	operator outcry.Actor
	owner    outcry.Actor // of the shop that the visitor may play
	own      outcry.Shop
	pairing  string
	shops    []outcry.Listing
	report   onboarding.Report
}

// trade opens the market, fills it and runs it until ctx ends.
func (c *demoCommand) trade(ctx context.Context, d *desk, with opened, centre outcry.Place) error {
	market, err := server.New(ctx, server.Config{Database: with.database, Log: with.log})
	if err != nil {
		return errors.Join(err, with.listener.Close())
	}
	defer market.Close() //nolint:errcheck // what is acknowledged is on the disk
	town := &city{Server: market, plan: c, centre: centre, password: demoPassword(with.listener.Addr())}
	if err := town.settle(ctx); err != nil {
		return errors.Join(err, with.listener.Close())
	}
	sellers, buyers, err := town.people(ctx, with)
	if err != nil {
		return errors.Join(err, with.listener.Close())
	}
	wake, rung := line.Bell()
	ear := market.Tail.Listen(line.Topic{}, 4096, wake)
	defer ear.Close()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return market.Serve(ctx, with.listener) })
	g.Go(func() error { return sellers.Run(ctx) })
	g.Go(func() error { return buyers.Run(ctx) })
	g.Go(func() error { tellPeople(ctx, ear, rung, sellers.Hear, buyers.Hear); return nil })
	if err := town.welcome(d, "http://"+reachable(with.listener.Addr().String())); err != nil {
		return err
	}
	return g.Wait()
}

// tellPeople hands events on until ctx ends. Made-up people may miss some.
func tellPeople(ctx context.Context, ear *line.Ear, rung <-chan struct{}, hear ...func([]outcry.Event)) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-rung:
			news, _ := ear.Take()
			for _, n := range news {
				for _, h := range hear {
					h([]outcry.Event{n.Event})
				}
			}
		}
	}
}

// demoPassword is a known one where only this machine can sign in, else one by
// chance.
func demoPassword(at net.Addr) string {
	if tcp, ok := at.(*net.TCPAddr); ok && tcp.IP.IsLoopback() {
		return "outcry-demo"
	}
	return strings.ToLower(rand.Text()[:16])
}

// settle makes the members and the shops of the city, or finds them where they
// are.
func (c *city) settle(ctx context.Context) error {
	if err := c.Intake.EnsureOperator(ctx, demoOperator, c.password); err != nil {
		return fmt.Errorf("make the operator: %w", err)
	}
	for email, name := range map[string]string{demoShop: "Demo shop", demoBuyer: "Demo buyer"} {
		_, err := c.Intake.Join(ctx, intake.Joining{Email: email, Password: c.password, Name: name, Locale: "en"})
		if err != nil && outcry.CodeOf(err) != "email_taken" {
			return fmt.Errorf("make %s: %w", email, err)
		}
	}
	var err error
	if c.operator, err = c.signIn(ctx, demoOperator); err != nil {
		return err
	}
	if c.owner, err = c.signIn(ctx, demoShop); err != nil {
		return err
	}
	if err := c.build(ctx); err != nil {
		return err
	}
	return c.give(ctx)
}

func (c *city) signIn(ctx context.Context, email string) (outcry.Actor, error) {
	secret, _, err := c.Intake.SignIn(ctx, email, c.password)
	if err != nil {
		return outcry.Actor{}, fmt.Errorf("sign in %s: %w; a demo that is kept in --data keeps its password", email, err)
	}
	return c.Intake.Who(ctx, secret)
}

// build fills the market with the shops of a file, or with a made-up city.
func (c *city) build(ctx context.Context) (err error) {
	if c.plan.Shops != "" {
		err = reading(c.plan.Shops, func(r io.Reader) error {
			c.report, err = c.Onboarding.Import(ctx, c.operator, r, onboarding.Plan{TimeZone: c.plan.TimeZone})
			return err
		})
	} else {
		_, err = c.Store.ImportShops(ctx, c.operator.Member, sim.City(c.plan.Seed, c.plan.ShopsCount, c.centre, nil))
	}
	if err != nil {
		return fmt.Errorf("fill the city: %w", err)
	}
	return c.Store.EachListing(ctx, func(l outcry.Listing) error {
		c.shops = append(c.shops, l)
		return c.Shops.Put(l)
	})
}

// give makes a shop that nobody answers for but the visitor: a bakery at the
// centre, always open.
func (c *city) give(ctx context.Context) error {
	mine, _, err := c.Onboarding.Shops(ctx, c.owner, true, "", outcry.Page{Limit: 1})
	if err != nil {
		return fmt.Errorf("look for the demo's shop: %w", err)
	}
	if len(mine) == 0 {
		if mine, err = c.open(ctx); err != nil {
			return fmt.Errorf("open the demo's shop: %w", err)
		}
	}
	c.own = mine[0]
	owner, err := c.signIn(ctx, demoShop) // as one who works at the shop
	if err != nil {
		return err
	}
	c.owner = owner
	c.pairing, _, err = c.Onboarding.NewPairing(ctx, owner, c.own.ID)
	return err
}

// open registers and approves the visitor's shop, and gives it its book.
func (c *city) open(ctx context.Context) ([]outcry.Shop, error) {
	place, radius, level := c.centre, 10_000, 2
	shop, err := c.Onboarding.Register(ctx, c.owner, onboarding.Registration{
		Name: "Your Bakery", Place: &place, ServiceRadiusM: &radius, Hours: "24/7", TimeZone: c.plan.TimeZone,
		Languages: []string{"en"}, PriceLevel: &level, Capabilities: []string{"pickup"}, Contact: demoShop,
	})
	if err != nil {
		return nil, err
	}
	if shop, err = c.Onboarding.Approve(ctx, c.operator, shop.ID); err != nil {
		return nil, err
	}
	owner, err := c.signIn(ctx, demoShop)
	if err != nil {
		return nil, err
	}
	_, err = c.Books.PutBook(ctx, owner, shop.ID, []string{"osm:shop=bakery"})
	return []outcry.Shop{shop}, err
}

// people makes those who sell and buy in the city.
func (c *city) people(ctx context.Context, with opened) (*sim.Sellers, *sim.Buyers, error) {
	sellers := sim.NewSellers(sim.SellersConfig{
		Seed: c.plan.Seed, Shops: c.Market, Calls: c.Market, Orders: c.Market, Threads: c.Market, Signals: c.Directory,
		Lines: c.Shops, Member: c.operator.Member, Clock: time.Now, Hands: demoHands, Log: with.log,
	})
	for _, l := range c.shops {
		if l.ID != c.own.ID && l.State == outcry.ShopActive {
			sellers.Drive(l.Shop)
		}
	}
	var actors []outcry.Actor
	for range demoBuyers {
		_, secret, err := c.Intake.JoinAsGuest(ctx, "", "en")
		if err != nil {
			return nil, nil, fmt.Errorf("make a buyer: %w", err)
		}
		actor, err := c.Intake.Who(ctx, secret)
		if err != nil {
			return nil, nil, fmt.Errorf("make a buyer: %w", err)
		}
		actors = append(actors, actor)
	}
	buyers := sim.NewBuyers(sim.BuyersConfig{
		Seed: c.plan.Seed, Requests: c.Intake, Boards: c.Market, Deals: c.Market, Orders: c.Market, Threads: c.Market,
		Signals: c.Directory, Actors: actors, Centre: c.centre, PerMinute: c.plan.PerMinute, Clock: time.Now,
		Hands: demoHands, Log: with.log,
	})
	return sellers, buyers, nil
}

// welcome says what the city has and how to take part.
func (c *city) welcome(d *desk, address string) error {
	if d.JSON {
		return d.tell(map[string]any{
			"event": "started", "address": address, "shops": len(c.shops), "skipped": len(c.report.Skipped), "password": c.password,
			"operator": demoOperator, "buyer": demoBuyer, "shop": demoShop, "shop_id": c.own.ID, "pairing_code": c.pairing,
		})
	}
	to := ""
	if address != "http://127.0.0.1:7480" {
		to = " --server " + address
	}
	name := func(code outcry.Code) string {
		signal, ok := c.Directory.Get(code)
		if !ok {
			return string(code)
		}
		return signal.Name("en")
	}
	d.say("The market is open at %s\n", address)
	for _, l := range sim.SummaryOf(c.shops).Lines(name, 12, 76) {
		d.say("  %s", l)
	}
	c.skips(d)
	d.say(`
Sign in as %[2]s, %[3]s or %[4]s
with the password %[5]s. Nobody needs to: ask as a guest in another terminal:

  %[1]s ask "fresh bread" --near %[6]g,%[7]g --within 3km --for 20s%[8]s

Answer as a shop, %[9]q:

  %[1]s shop join %[10]s%[8]s
  %[1]s shop run --prices FILE%[8]s

Stop with Ctrl-C.`, program(), demoBuyer, demoShop, demoOperator, c.password,
		c.centre.Lat, c.centre.Lon, to, c.own.Name, c.pairing)
	return nil
}

// program is how this program was called: what to type to call it again.
func program() string {
	if name := os.Args[0]; filepath.Base(name) != name {
		return name
	}
	return "outcry"
}

// particulars are what a reason says of its own row only.
var particulars = regexp.MustCompile(` (\([^)]*\)|"[^"]*")`)

// skips tells how many rows of a file were not taken for each reason, without
// what is particular to a row.
func (c *city) skips(d *desk) {
	r := c.report
	if r.Rows == 0 {
		return
	}
	d.say("  %d of %d rows of %s were taken", r.Taken, r.Rows, c.plan.Shops)
	count := map[string]int{}
	for _, s := range r.Skipped {
		count[particulars.ReplaceAllString(s.Reason, "")]++
	}
	for _, reason := range slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		return cmp.Or(count[b]-count[a], strings.Compare(a, b))
	}) {
		d.say("  %5d skipped: %s", count[reason], reason)
	}
	if len(r.Skipped) > 0 {
		d.say("  each of them: %[1]s login %[2]s, then %[1]s shops import FILE --dry-run --show 0 --time-zone %[3]s",
			program(), demoOperator, c.plan.TimeZone)
	}
}
