package main

import (
	"context"
	"slices"

	"outcry/cmd/outcry/gauge"
	"outcry/matching/selection"
)

type benchSelectCommand struct {
	Shops   []int  `default:"10000,100000,1000000" help:"How many shops there are, several numbers with commas." placeholder:"N,..."`
	Queries int    `default:"20000" help:"How many different queries are timed." placeholder:"N"`
	Seed    uint64 `default:"1" help:"What the shops and queries are drawn from." placeholder:"N"`
	SQLite  bool   `name:"sqlite" help:"Also write the largest number of shops to a SQLite file and start from it; the file is removed."`
	Peers   bool   `help:"Also ask PostGIS and Redis, where they are named, with at most 1,000,000 shops."`
	PostGIS string `name:"postgis" help:"A PostgreSQL database that has PostGIS, for --peers." placeholder:"URL"`
	Redis   string `help:"A Redis server without keys, for --peers: HOST:PORT, or the path of its socket." placeholder:"ADDR"`
}

// Help shows an example.
func (benchSelectCommand) Help() string {
	return `Measures how shops are selected: on a made-up crowd of shops in cities, with 4,800
codes and 40 % connected, it times single queries for the best 20 shops, on an index
that has just been built and holds all shops, and what it costs to build and change
that. docs/performance.md tells what the figures mean and how the crowd is made.

1,000,000 shops need about 1 GB of memory and half a minute; 5,000,000 need 5 GB and
some minutes, and are measured only when they are named. With --sqlite the file is as
large as 1 kB a shop.

--peers asks PostGIS and Redis for a part of the same work: who holds one of the codes
within the radius, the nearest 20. scripts/peers runs a command with both of them.

Example:
  outcry bench select
  outcry bench select --shops 5000000 --sqlite --json
  scripts/peers bin/outcry bench select --shops 1000000 --peers`
}

// The bounds of a bench: what a machine can hold, and what is of use.
const (
	fewestShops, mostShops     = 1000, 20_000_000
	fewestQueries, mostQueries = 100, 1_000_000
	mostSizes                  = 10
	// mostPeerShops is how many shops peers take in.
	mostPeerShops = 1_000_000
)

// Validate checks what no single flag can.
func (c *benchSelectCommand) Validate() error {
	if len(c.Shops) < 1 || len(c.Shops) > mostSizes {
		return misused("name 1 to %d numbers of shops with --shops", mostSizes)
	}
	for _, n := range c.Shops {
		if n < fewestShops || n > mostShops {
			return misused("--shops takes numbers from %d to %d, not %d", fewestShops, mostShops, n)
		}
	}
	if c.Queries < fewestQueries || c.Queries > mostQueries {
		return misused("--queries takes a number from %d to %d, not %d", fewestQueries, mostQueries, c.Queries)
	}
	return nil
}

// Run measures and prints.
func (c *benchSelectCommand) Run(ctx context.Context, d *desk) error {
	r, err := c.measure(ctx, d)
	if err != nil {
		return err
	}
	if d.JSON {
		return d.tell(r)
	}
	r.show(d)
	return nil
}

// measure measures each number of shops, from the smallest.
func (c *benchSelectCommand) measure(ctx context.Context, d *desk) (r selectReport, err error) {
	r.Machine, r.Seed = gauge.ThisMachine(), c.Seed
	sizes := slices.Compact(slices.Sorted(slices.Values(c.Shops)))
	for _, n := range sizes {
		f, err := c.plan(n, d).Measure(ctx)
		if err != nil {
			return r, err
		}
		r.Sizes = append(r.Sizes, f)
	}
	r.Figures = r.Sizes[len(r.Sizes)-1]
	r.Growth = r.P50US / max(r.Sizes[0].P50US, 0.001)
	if r.Rules, err = gauge.MeasureRules(c.Seed); err != nil {
		return r, err
	}
	if c.SQLite {
		s, err := c.plan(r.Shops, d).Start(ctx)
		if err != nil {
			return r, err
		}
		r.Start = &s
	}
	if c.Peers {
		r.Peers, err = c.plan(min(r.Shops, mostPeerShops), d).Compare(ctx, []gauge.PeerPlan{
			{Name: "PostGIS", Address: c.PostGIS, Open: gauge.PostGIS},
			{Name: "Redis", Address: c.Redis, Open: gauge.Redis},
		})
	}
	return r, err
}

// plan is what is measured at one number of shops.
func (c *benchSelectCommand) plan(shops int, d *desk) gauge.Plan {
	return gauge.Plan{
		Seed: c.Seed, Shops: shops, Queries: c.Queries, Note: d.note,
		New: func() gauge.Index { return selection.NewIndex() },
	}
}
