package main

import (
	"context"
	"time"

	"outcry"
	"outcry/cmd/outcry/column"
	"outcry/cmd/outcry/input"
	"outcry/onboarding"
	"outcry/shop"
	"outcry/wire"
)

type shopPauseCommand struct {
	For   *input.Span   `xor:"until" help:"For how long." placeholder:"TIME"`
	Until *input.Moment `xor:"until" help:"Until when." placeholder:"TIME"`
	Shop  string        `help:"The shop, where several are paired here." placeholder:"ID"`
}

// Help shows examples.
func (shopPauseCommand) Help() string {
	return `Stops the calls to the shop: for a while, until a time, or, where neither is
given, until outcry shop resume. Calls that wait for an answer stay open.

Example:
  outcry shop pause --for 2h
  outcry shop pause --until 18:30
  outcry shop pause`
}

// Run pauses the shop.
func (c *shopPauseCommand) Run(ctx context.Context, d *desk) error {
	client, err := pairedShop(d, c.Shop)
	if err != nil {
		return err
	}
	var p wire.Pause
	if c.For != nil {
		seconds := time.Duration(*c.For).Seconds()
		p.ForS = &seconds
	}
	if c.Until != nil {
		t := wire.Time(time.Time(*c.Until).UTC())
		p.Until = &t
	}
	s, err := client.Pause(ctx, p)
	if err != nil {
		return err
	}
	if d.JSON {
		return d.tell(s)
	}
	d.say("%s (%s) is not called %s.", column.Clean(s.Name), s.ID, pausedUntil(s, time.Now()))
	return nil
}

type shopResumeCommand struct {
	Shop string `help:"The shop, where several are paired here." placeholder:"ID"`
}

// Help shows an example.
func (shopResumeCommand) Help() string {
	return `Ends the shop's pause, so that it is called again.

Example:
  outcry shop resume`
}

// Run ends the pause.
func (c *shopResumeCommand) Run(ctx context.Context, d *desk) error {
	client, err := pairedShop(d, c.Shop)
	if err != nil {
		return err
	}
	s, err := client.Resume(ctx)
	if err != nil {
		return err
	}
	switch {
	case d.JSON:
		return d.tell(s)
	case s.State != outcry.ShopActive:
		d.say("%s (%s) is paused no more; it is called once the operator lets it: it is %s.", column.Clean(s.Name), s.ID, s.State)
	default:
		d.say("%s (%s) is called again.", column.Clean(s.Name), s.ID)
	}
	return nil
}

// pairedShop is the client of the one shop that is paired here, or of the one
// that is named.
func pairedShop(d *desk, only string) (*shop.Client, error) {
	clients, err := pairedShops(d, only)
	if err != nil {
		return nil, err
	}
	if len(clients) > 1 {
		return nil, misused("%d shops are paired here; name one with --shop ID, see: outcry shop status", len(clients))
	}
	return clients[0], nil
}

// pausedUntil says the end of a shop's pause, as seen at the time now, in its
// zone.
func pausedUntil(s wire.Shop, now time.Time) string {
	until := time.Time(s.PausedUntil)
	switch {
	case !until.Before(onboarding.UntilToldOtherwise):
		return "until told otherwise"
	case until.Sub(now) < 300*24*time.Hour:
		return "until " + until.In(now.Location()).Format("Mon 2 Jan 15:04")
	}
	return "until " + until.In(now.Location()).Format("2 Jan 2006 15:04")
}
