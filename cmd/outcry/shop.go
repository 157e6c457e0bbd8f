package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"outcry"
	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/keyring"
	"outcry/shop"
	"outcry/wire"
)

type shopCommand struct {
	Join   shopJoinCommand   `cmd:"" help:"Pair this machine with a shop."`
	Run    shopRunCommand    `cmd:"" help:"Hear the shop's calls and answer them."`
	Watch  shopWatchCommand  `cmd:"" help:"Show the shop's calls live, and answer them by hand."`
	Pause  shopPauseCommand  `cmd:"" help:"Stop the shop's calls for a while."`
	Resume shopResumeCommand `cmd:"" help:"Let the shop be called again."`
	Status shopStatusCommand `cmd:"" help:"Show the shops that are paired here, and the service."`

	Install   shopInstallCommand   `cmd:"" help:"Make the shop server a service of this machine."`
	Uninstall shopUninstallCommand `cmd:"" help:"Stop and remove the service."`
	Service   shopServiceCommand   `cmd:"" hidden:"" help:"Answer calls as a Windows service."`

	Rules   shopRulesCommand   `cmd:"" help:"Check and try how the shop answers."`
	Book    shopBookCommand    `cmd:"" help:"Show the book that the shop server holds."`
	Figures shopFiguresCommand `cmd:"" help:"Show what was learned of the shop, by which it is called."`
}

type shopJoinCommand struct {
	Code string `arg:"" help:"Pairing code, such as ABCD-EFGH, which works once for ten minutes."`
	Name string `help:"What this shop server is called (default: this machine's name)." placeholder:"NAME"`
}

// Help shows an example.
func (shopJoinCommand) Help() string {
	return `Makes this machine the shop server of a shop, and keeps its key in a file that
only you may read. The shop's staff gets the code from the market.

Example:
  outcry shop join --server https://market.example ABCD-EFGH`
}

// Run pairs.
func (c *shopJoinCommand) Run(ctx context.Context, d *desk) error {
	ring, err := keyring.Default()
	if err != nil {
		return err
	}
	if c.Name == "" {
		if c.Name, err = os.Hostname(); err != nil || c.Name == "" {
			c.Name = "shop server"
		}
	}
	client, err := shop.Pair(ctx, shop.Config{Server: d.Server}, c.Code, c.Name)
	if err != nil {
		return err
	}
	key := keyring.ShopKey{Shop: client.Shop(), Name: c.Name, Key: client.Key()}
	if err := ring.PutShop(d.Server, key); err != nil {
		return fmt.Errorf("the shop is paired, but its key is lost; pair it again: %w", err)
	}
	shown, err := client.Show(ctx)
	if err != nil {
		return err
	}
	if d.JSON {
		return d.tell(map[string]any{"shop": shown, "key_file": ring.File()})
	}
	d.say("Paired with %s (%s).\nThe key is in %s.\nNext: outcry shop run --prices FILE", column.Clean(shown.Name), shown.ID, ring.File())
	return nil
}

// pairedShops are the clients of the shops that are paired here, or of the one
// that is named.
func pairedShops(d *desk, only string) ([]*shop.Client, error) {
	if d.Token != "" {
		if only == "" {
			return nil, misused("with --token, name the shop: --shop ID")
		}
		return []*shop.Client{shop.New(shop.Config{Server: d.Server, Key: d.Token, Shop: only})}, nil
	}
	ring, err := keyring.Default()
	if err != nil {
		return nil, err
	}
	keys, err := ring.Shops(d.Server)
	if err != nil {
		return nil, err
	}
	var clients []*shop.Client
	for _, k := range keys {
		if only == "" || k.Shop == only {
			clients = append(clients, shop.New(shop.Config{Server: d.Server, Key: k.Key, Shop: k.Shop}))
		}
	}
	if len(clients) == 0 {
		return nil, misused("no such shop is paired with %s here; pair one with: outcry shop join CODE", d.Server)
	}
	return clients, nil
}

type shopStatusCommand struct {
	Shop string `help:"Only this shop." placeholder:"ID"`
	Name string `default:"outcry-shop" help:"What the service is called." placeholder:"NAME"`
}

// Help shows an example.
func (shopStatusCommand) Help() string {
	return "Example:\n  outcry shop status\n  outcry shop status --json"
}

// shopStatus is how a paired shop stands.
type shopStatus struct {
	Shop    wire.Shop `json:"shop"`
	Book    wire.Book `json:"book"`
	Waiting int       `json:"waiting_calls"`
	// Services are those installed under the name; none where the machine has none.
	Services []serviceState `json:"services"`
}

// Run shows how each paired shop stands, and the service, also where the market
// is not reached.
func (c *shopStatusCommand) Run(ctx context.Context, d *desk) error {
	clients, err := pairedShops(d, c.Shop)
	if err != nil {
		return err
	}
	found, why := services(c.Name)
	err = showShops(ctx, d, clients, found)
	for _, s := range found {
		d.say("Service %s (%s): %s. Log: %s", s.Name, s.Scope, s.State, s.Log)
	}
	if len(found) == 0 {
		d.say("Service %s: %s", c.Name, why)
	}
	return err
}

// showShops tells how shops stand.
func showShops(ctx context.Context, d *desk, clients []*shop.Client, found []serviceState) error {
	var rows [][]string
	for _, client := range clients {
		s, err := statusOf(ctx, client)
		if err != nil {
			return fmt.Errorf("ask about shop %s: %w", client.Shop(), err)
		}
		if s.Services = found; found == nil {
			s.Services = []serviceState{}
		}
		if d.JSON {
			if err := d.tell(s); err != nil {
				return err
			}
		}
		rows = append(rows, []string{
			column.Clean(s.Shop.Name), s.Shop.ID, standing(s.Shop, time.Now()), fmt.Sprint(len(s.Book.Codes)),
			fmt.Sprintf("%d of %d", s.Book.Acknowledged, s.Book.Version), fmt.Sprint(s.Waiting),
		})
	}
	for _, line := range column.Lines([]column.Column{
		{Head: "Shop", Min: 16}, {Head: "Id", Drop: 1}, {Head: "State"}, {Head: "Codes", Right: true},
		{Head: "Book", Right: true}, {Head: "Waiting", Right: true},
	}, rows, d.width()) {
		d.say("%s", line)
	}
	return nil
}

// standing is a shop's state, and its pause where it has one.
func standing(s wire.Shop, now time.Time) string {
	if s.PausedUntil.IsZero() {
		return string(s.State)
	}
	return string(s.State) + ", paused " + pausedUntil(s, now)
}

func statusOf(ctx context.Context, client *shop.Client) (s shopStatus, err error) {
	if s.Shop, err = client.Show(ctx); err != nil {
		return s, err
	}
	if s.Book, err = client.Book(ctx); err != nil {
		return s, err
	}
	for _, err := range client.Calls(ctx, outcry.CallWaiting) {
		if err != nil {
			return s, err
		}
		s.Waiting++
	}
	return s, nil
}
