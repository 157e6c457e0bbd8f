package gauge

import (
	"context"
	"fmt"
	"iter"
	"time"

	"outcry"
	"outcry/sim/crowd"
)

// peerQueries is how many of the queries peers are asked at most.
const peerQueries = 2000

// peerTurn is how many queries each is asked before it is the other's turn.
const peerTurn = 200

// Peer is another program on a part of the same work: of the active shops that
// hold one of the codes and stand within the radius, it gives the nearest 20, or
// all, from which a program that knows hours and scores could choose. Service
// radii, hours, lines, needs, limits and scores it leaves out. It is asked over a
// connection, the index in the process: RoundTripUS is what a question without
// any work takes.
type Peer struct {
	Name        string  `json:"name"`
	Version     string  `json:"version,omitempty"`
	Shops       int     `json:"shops"`
	Queries     int     `json:"queries"`
	LoadS       float64 `json:"load_s"`
	RoundTripUS float64 `json:"round_trip_us"`
	Nearest     Lap     `json:"nearest"`
	All         Lap     `json:"all"`
	// Missing says why there are no figures.
	Missing string `json:"missing,omitempty"`
}

// Lap is what a peer takes for all queries, and the index for the same ones, some
// hundred of them in turns, so that whatever else the machine does meets both.
type Lap struct {
	Found      float64 `json:"found"` // shops a query, by the peer
	P50US      float64 `json:"p50_us"`
	P99US      float64 `json:"p99_us"`
	MeanUS     float64 `json:"mean_us"`
	OursP50US  float64 `json:"ours_p50_us"`
	OursMeanUS float64 `json:"ours_mean_us"`
	// Times is how many times as long as the index the peer takes by the median,
	// TimesMean by the mean.
	Times     float64 `json:"times"`
	TimesMean float64 `json:"times_mean"`
}

// Nearby is what peers are asked for.
type Nearby struct {
	Codes   []outcry.Code
	Place   outcry.Place
	RadiusM int
}

// A Finder is a peer at work.
type Finder interface {
	// Load takes in the active shops of the crowd.
	Load(ctx context.Context, c *crowd.Crowd, note func(format string, args ...any)) error
	// Ping asks for nothing.
	Ping(ctx context.Context) error
	// Nearest gives the ids of the shops that hold one of the codes within the
	// radius, the nearest first, at most most; 0 for all, in any order.
	Nearest(ctx context.Context, n Nearby, most int) ([]string, error)
	// Close takes away what Load made.
	Close(ctx context.Context) error
}

// PeerPlan says where a peer is.
type PeerPlan struct {
	Name, Address string
	Open          func(ctx context.Context, address string) (f Finder, version string, err error)
}

// Compare measures peers on the plan's shops and queries, beside an index that
// holds them.
func (p Plan) Compare(ctx context.Context, peers []PeerPlan) ([]Peer, error) {
	g := p.begin()
	if err := g.fill(ctx); err != nil {
		return nil, err
	}
	g.draw(min(g.Queries, peerQueries))
	list := make([]Peer, 0, len(peers))
	for _, plan := range peers {
		peer := Peer{Name: plan.Name}
		if plan.Address == "" {
			peer.Missing = "not installed here, or not named"
		} else if err := g.race(ctx, plan, &peer); err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			peer = Peer{Name: plan.Name, Version: peer.Version, Missing: err.Error()}
		}
		list = append(list, peer)
	}
	return list, nil
}

// race measures one peer.
func (g *gauge) race(ctx context.Context, plan PeerPlan, peer *Peer) (err error) {
	finder, version, err := plan.Open(ctx, plan.Address)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := finder.Close(context.WithoutCancel(ctx)); err == nil {
			err = closeErr
		}
	}()
	peer.Version, peer.Shops, peer.Queries = version, g.Shops, len(g.queries)
	start := time.Now()
	if err := finder.Load(ctx, g.crowd, g.Note); err != nil {
		return fmt.Errorf("load %s: %w", plan.Name, err)
	}
	peer.LoadS = time.Since(start).Seconds()
	pings := make(times, 1000)
	for i := range pings {
		start := time.Now()
		if err := finder.Ping(ctx); err != nil {
			return err
		}
		pings[i] = time.Since(start)
	}
	peer.RoundTripUS = micros(pings.at(0.5))
	for _, part := range []struct {
		most int
		into *Lap
	}{{crowd.Wanted, &peer.Nearest}, {0, &peer.All}} {
		if *part.into, err = g.lap(ctx, finder, part.most); err != nil {
			return fmt.Errorf("ask %s: %w", plan.Name, err)
		}
		g.Note("%s: %s queries", plan.Name, Grouped(2*len(g.queries)))
	}
	return nil
}

// lap asks all queries of the peer and of the index in turns, a first time to
// warm up; most is for how many shops the peer is asked, 0 for all.
func (g *gauge) lap(ctx context.Context, finder Finder, most int) (l Lap, err error) {
	var ours, theirs times
	found := 0
	for range 2 {
		ours, theirs, found = make(times, len(g.queries)), nil, 0
		for from := 0; from < len(g.queries); from += peerTurn {
			some := g.queries[from:min(len(g.queries), from+peerTurn)]
			g.time(some, ours[from:])
			for i := range some {
				q := &some[i]
				start := time.Now()
				shops, err := finder.Nearest(ctx, Nearby{q.Codes, q.Place, q.RadiusM}, most)
				if err != nil {
					return l, err
				}
				theirs = append(theirs, time.Since(start))
				found += len(shops)
			}
		}
	}
	l = Lap{
		Found: float64(found) / float64(len(g.queries)), P50US: micros(theirs.at(0.5)), P99US: micros(theirs.at(0.99)),
		MeanUS: micros(theirs.mean()), OursP50US: micros(ours.at(0.5)), OursMeanUS: micros(ours.mean()),
	}
	l.Times, l.TimesMean = l.P50US/max(l.OursP50US, 0.001), l.MeanUS/max(l.OursMeanUS, 0.001)
	return l, nil
}

// held are the codes that active shops hold, each with its shop.
func held(c *crowd.Crowd) iter.Seq2[outcry.Code, *outcry.Listing] {
	return func(yield func(outcry.Code, *outcry.Listing) bool) {
		for i := range c.Len() {
			l := c.Listing(i)
			if l.State != outcry.ShopActive {
				continue
			}
			for _, code := range l.Codes {
				if !yield(code, &l) {
					return
				}
			}
		}
	}
}
