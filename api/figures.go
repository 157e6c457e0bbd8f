package api

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"time"

	"outcry"
	"outcry/matching/learning"
	"outcry/policy"
	"outcry/wire"
)

// Records tells what was learned of a shop.
type Records interface {
	Tell(shop string, s outcry.Shop) learning.Record
}

// Desks tells what a shop has on its hands: calls that wait for its answer, and
// those of the last hour.
type Desks interface {
	Busy(shop string, now time.Time) (open int, hour float64)
}

func (a *api) figuresRoutes() {
	serve(a, route{
		method: http.MethodGet, path: "/v1/shops/{id}/figures", name: "get-shop-figures", tag: tagShops,
		summary: "See what was learned of a shop, by which it is called: its staff and the operator",
	}, a.getFigures)
}

func (a *api) getFigures(ctx context.Context, in *struct{ ByID }) (*reply[wire.ShopFigures], error) {
	if actor := actorOf(ctx); !actor.Serves(in.ID) && !actor.Operates() {
		return nil, outcry.Missing("shop")
	}
	s, err := a.Parties.Shop(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	rules := a.Policy.Now().Policy()
	f := figuresOf(a.Records.Tell(s.ID, s), rules)
	f.ShopID = s.ID
	open, hour := a.Desks.Busy(s.ID, a.now())
	most := rules.Limits.Of(s.Answers, s.MostOpen, s.MostHourly)
	f.OpenCalls = bounded(float64(open), most.Open, "call waits for its answer", "calls wait for its answer")
	f.HourlyCalls = bounded(math.Round(hour), most.Hourly, "call in the last hour", "calls in the last hour")
	return as(f), nil
}

// figuresOf puts a record into words.
func figuresOf(r learning.Record, rules *policy.Policy) wire.ShopFigures {
	f := wire.ShopFigures{
		Calls:    wire.Figure{Value: rounded(r.Calls), Words: sayCalls(r.Calls, rules.Exploring.Newcomer)},
		Offers:   wire.Figure{Value: rounded(r.Offers), Words: sayOffers(r.Offers)},
		Answered: wire.Figure{Value: rounded(r.Answered), Words: fmt.Sprintf("it is expected to offer to %.0f of 100 calls", 100*r.Answered)},
		Soon:     wire.Figure{Value: rounded(r.Soon), Words: fmt.Sprintf("to %.0f of 100 calls within 2 seconds", 100*r.Soon)},
		MedianS:  wire.Figure{Value: rounded(r.MedianS), Words: sayMedian(r)},
		Price:    wire.Figure{Value: rounded(r.Price), Words: sayAgainst(r.Price)},
		Prices:   []wire.CodeFigure{},
		Kept:     wire.Figure{Value: float64(r.Kept), Words: "it fulfilled " + many(float64(r.Kept), "order", "orders")},
		Broken:   wire.Figure{Value: float64(r.Broken), Words: "it refused or cancelled " + many(float64(r.Broken), "order", "orders")},
		Stands:   wire.Figure{Value: rounded(r.Stands), Words: sayStands(r.Stands, &rules.Promises)},
	}
	for _, p := range r.Prices {
		f.Prices = append(f.Prices, wire.CodeFigure{Code: string(p.Code), Value: rounded(p.Price), Words: sayAgainst(p.Price)})
	}
	return f
}

// sayCalls tells how much the other figures are to be trusted.
func sayCalls(calls, newcomer float64) string {
	switch {
	case calls == 0:
		return "it was never called; it is taken to be like other shops"
	case calls < newcomer:
		return fmt.Sprintf("learned from about %s calls; it is new, and called by chance now and then to become known", count(calls))
	}
	return fmt.Sprintf("learned from about %s calls; older ones count less", count(calls))
}

// sayOffers tells how many of the calls were offered to.
func sayOffers(offers float64) string {
	if offers == 0 {
		return "it has made no offer yet"
	}
	return fmt.Sprintf("it offered to about %s of them", count(offers))
}

// sayMedian tells how fast offers come.
func sayMedian(r learning.Record) string {
	if r.Offers == 0 {
		return "it has made no offer yet"
	}
	return fmt.Sprintf("half of its offers come within %.1f seconds", r.MedianS)
}

// sayAgainst tells a price against the others.
func sayAgainst(price float64) string {
	switch part := math.Round(100 * (price - 1)); {
	case part > 0:
		return fmt.Sprintf("it asks %.0f %% more than others", part)
	case part < 0:
		return fmt.Sprintf("it asks %.0f %% less than others", -part)
	}
	return "it asks what others do"
}

// sayStands tells the share of promises kept and what comes of it.
func sayStands(share float64, p *policy.Promises) string {
	words := fmt.Sprintf("it is taken to stand by %.0f of 100 accepted offers", 100*share)
	switch {
	case share >= p.Floor:
		return words
	case p.Calling && p.Showing:
		return words + fmt.Sprintf("; below %.0f it is called last and shown last", 100*p.Floor)
	case p.Calling:
		return words + fmt.Sprintf("; below %.0f it is called last", 100*p.Floor)
	case p.Showing:
		return words + fmt.Sprintf("; below %.0f it is shown last", 100*p.Floor)
	}
	return words
}

// bounded is a number of calls with its limit.
func bounded(n float64, most int, one, more string) wire.BoundFigure {
	words := many(n, one, more)
	if most > 0 {
		words += fmt.Sprintf(", at most %d may", most)
	}
	return wire.BoundFigure{Value: n, Most: most, Words: words}
}

// many is a whole number with the words for one or for more.
func many(n float64, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%.0f %s", n, more)
}

// count is a number of calls, of which older ones count less.
func count(n float64) string {
	if n < 10 {
		return fmt.Sprintf("%.1f", n)
	}
	return fmt.Sprintf("%.0f", n)
}

func rounded(x float64) float64 { return math.Round(x*1000) / 1000 }
