package main

import (
	"context"

	"outcry/policy"
	"outcry/sim/trial"
)

type benchMarketCommand struct {
	Seeds  []uint64 `default:"101,102,103,104,105" help:"What the cities are drawn from, one city a seed. Constants were chosen on 1 to 5." placeholder:"N,..."`
	Quick  bool     `help:"A city of 1,000 shops and the first seed only, without the other settings: some seconds."`
	Policy string   `help:"File of a policy to measure in the place of the default one." placeholder:"FILE" type:"path"`
}

// Help shows an example.
func (benchMarketCommand) Help() string {
	return `Lets a made-up city of 5,000 shops trade for two days in virtual time through the
real matching, and compares policies: to call everybody, the nearest 20, the best 20
by what is known when a shop registers, the default policy, and the same where
selecting knows the truth about each shop. It measures a normal day, ten times as
many requests, and a city where 30 of 100 shops do not stand by what they offer.
Figures are means over the seeds with their 95 % intervals; the same seeds give the
same figures. docs/matching.md tells what they mean and what is assumed.

The whole takes some minutes.

Example:
  outcry bench market
  outcry bench market --quick --json
  outcry bench market --policy policy.yaml --seeds 1,2,3`
}

// mostSeeds is how many cities one run makes.
const mostSeeds = 100

// Validate checks what no single flag can.
func (c *benchMarketCommand) Validate() error {
	if len(c.Seeds) < 1 || len(c.Seeds) > mostSeeds {
		return misused("name 1 to %d seeds with --seeds", mostSeeds)
	}
	return nil
}

// Run measures and prints.
func (c *benchMarketCommand) Run(ctx context.Context, d *desk) error {
	tried := policy.Default()
	if c.Policy != "" {
		f, err := readPolicy(d, c.Policy)
		if err != nil {
			return err
		}
		tried = f.Policy
	}
	fields, seeds := trial.Fields(tried), c.Seeds
	if c.Quick {
		fields, seeds = trial.QuickFields(tried), c.Seeds[:1]
	}
	rows, err := trial.Run(ctx, fields, seeds, func(s trial.Step) {
		d.note("%d of %d: %s, %s, seed %d", s.Done, s.Of, s.Setting, s.Policy, s.Seed)
	})
	if err != nil {
		return err
	}
	goals := trial.Goals(rows)
	if d.JSON {
		return tellMarket(d, seeds, rows, goals)
	}
	showMarket(d, rows)
	showGoals(d, goals)
	return nil
}
