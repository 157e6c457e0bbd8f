// Package gauge measures selecting on a crowd: how long it takes to find the best
// shops, to build what they are found by and to change it, how much memory that
// takes, and how long other programs take for a part of the same work.
package gauge

import (
	"context"
	"time"

	"outcry"
	"outcry/matching/selection"
	"outcry/policy"
	"outcry/sim/crowd"
)

// Index is what is measured; selection.Index is one. Changes come after Build,
// while Run runs.
type Index interface {
	Put(l outcry.Listing) error
	Figure(id string, f outcry.Figures)
	Expect(person, software outcry.Figures)
	Seen(id string, at time.Time)
	Connect(id string, by int, at time.Time)
	Select(q *selection.Query, most int, into []selection.Candidate) ([]selection.Candidate, selection.Tally)
	Build()
	// Bytes is what the index takes up, and what else is known of shops.
	Bytes() (index, roster int)
	Run(ctx context.Context) error
}

// Plan says what is measured.
type Plan struct {
	Seed    uint64
	Shops   int
	Queries int
	// New makes an index without shops.
	New func() Index
	// Note tells how far the work is, a line at a time.
	Note func(format string, args ...any)
}

// Figures are what was measured at one number of shops. Times of queries are of
// each single one, by a warm index that knows all shops.
type Figures struct {
	Shops int `json:"shops"`
	Codes int `json:"codes"`
	// Held is how many codes all books hold together.
	Held    int `json:"held"`
	Queries int `json:"queries"`
	// Found is how many shops a query finds on average, of the 20 it is for.
	Found  float64 `json:"found"`
	P50US  float64 `json:"p50_us"`
	P99US  float64 `json:"p99_us"`
	MeanUS float64 `json:"mean_us"`
	// Quiet99US is P99US of the queries' medians of several rounds: what else the
	// machine does is left out.
	Quiet99US float64 `json:"quiet_p99_us"`
	Groups    []Group `json:"groups"`
	Allocs    float64 `json:"allocs"` // a query

	// BytesPerShop is the heap that the index holds on to, and HeapPerShop with
	// what lies idle between.
	BytesPerShop float64 `json:"bytes_per_shop"`
	HeapPerShop  float64 `json:"heap_per_shop"`
	// IndexBytes is what of it is the index itself: postings, trees and how shops
	// work; PlainBytes is that with ids, names, places and lines, but without what
	// was learned.
	IndexBytes float64 `json:"index_bytes_per_shop"`
	PlainBytes float64 `json:"plain_bytes_per_shop"`

	// BuildS is how long it takes to put in all shops with their books, PutS, and to
	// build the trees, TreesS. LearnS comes between: to tell their learned figures
	// and the lines that are open.
	BuildS float64 `json:"build_s"`
	PutS   float64 `json:"put_s"`
	LearnS float64 `json:"learn_s"`
	TreesS float64 `json:"trees_s"`

	// FlipNS is a line opened or closed, each of another shop, so that memory is
	// cold; FlipHotNS of a thousand shops again and again. LearnNS is new figures
	// for a shop, each another one.
	FlipNS    float64 `json:"flip_ns"`
	FlipHotNS float64 `json:"flip_hot_ns"`
	LearnNS   float64 `json:"figure_ns"`

	// Flipping is how many times as long the median query takes while lines are
	// opened and closed, Flips a second; Changing the same while shops change.
	Flipping float64 `json:"flipping_ratio"`
	Flips    float64 `json:"flips_per_s"`
	Changing float64 `json:"changing_ratio"`
	Changes  float64 `json:"changes_per_s"`
	// Visible is how long after it begins a change of a shop shows in a query.
	VisibleP50US float64 `json:"visible_p50_us"`
	VisibleP99US float64 `json:"visible_p99_us"`
	VisibleMaxMS float64 `json:"visible_max_ms"`
}

// Group are some of the queries: those for codes of one level of the tree ("root",
// "branch", "leaf"), or those that find as many shops as they are for ("full").
// Times are the queries' medians.
type Group struct {
	Group   string  `json:"group"`
	Queries int     `json:"queries"`
	Codes   float64 `json:"codes"` // that a query means, on average
	P50US   float64 `json:"p50_us"`
	P99US   float64 `json:"p99_us"`
}

// gauge is one measuring at work.
type gauge struct {
	Plan
	crowd  *crowd.Crowd
	policy policy.Policy
	index  Index
	// queries are asked again and again, and their answers written to into.
	queries []selection.Query
	into    []selection.Candidate
	got     Figures
}

// Measure measures an index that holds all shops of the plan.
func (p Plan) Measure(ctx context.Context) (Figures, error) {
	g := p.begin()
	for _, step := range []func(context.Context) error{g.fill, g.ask, g.flip, g.change} {
		if err := step(ctx); err != nil {
			return g.got, err
		}
	}
	return g.got, nil
}

// begin is a gauge with an index that has no shops yet.
func (p Plan) begin() *gauge {
	return &gauge{
		Plan: p, crowd: crowd.New(p.Seed, p.Shops), policy: policy.Default(), index: p.New(),
		into: make([]selection.Candidate, 0, crowd.Wanted),
	}
}
