package api

import (
	"context"
	"net/http"

	"outcry/matching"
	"outcry/wire"
)

func (a *api) selectionRoutes() {
	serve(a, route{
		method: http.MethodGet, path: "/v1/requests/{id}/selection", name: "get-selection", tag: tagSelecting,
		summary: "See which shops a request called: its buyer in outline, the operator with scores",
	}, a.getSelection)
	serve(a, route{
		method: http.MethodGet, path: "/v1/requests/{id}/selection/{shop_id}", name: "explain-selection", tag: tagSelecting,
		summary: "See why a request called a shop, or the first rule that leaves it out",
	}, a.explainSelection)
}

func (a *api) getSelection(ctx context.Context, in *struct{ ByID }) (*reply[wire.Selection], error) {
	s, err := a.Market.Selection(ctx, actorOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	out := wire.Selection{RequestID: in.ID, Called: len(s.Calls), Waves: []wire.SelectedWave{}}
	for _, c := range s.Calls {
		last := len(out.Waves) - 1
		if last < 0 || out.Waves[last].Wave != c.Wave {
			out.Waves = append(out.Waves, wire.SelectedWave{Wave: c.Wave, At: wire.Time(c.At)})
			last++
		}
		out.Waves[last].Shops = append(out.Waves[last].Shops, a.chosen(c))
	}
	return as(out), nil
}

// chosen is one called shop.
func (a *api) chosen(c matching.Chosen) wire.SelectedShop {
	return wire.SelectedShop{
		CallID: c.ID, Shop: a.shopName(c.Shop), DistanceM: c.DistanceM, State: c.State, Score: c.Score, Parts: c.Parts,
	}
}

func (a *api) explainSelection(ctx context.Context, in *struct {
	ByID
	Shop string `path:"shop_id"`
}) (*reply[wire.Verdict], error) {
	x, err := a.Market.Explain(ctx, actorOf(ctx), in.ID, in.Shop)
	if err != nil {
		return nil, err
	}
	v := wire.Verdict{Shop: a.shopName(in.Shop), Eligible: x.Verdict.OK, Rule: string(x.Verdict.Rule), Why: x.Verdict.Why, Notes: x.Notes}
	if x.Called != nil {
		called := a.chosen(*x.Called)
		v.Called, v.Wave = &called, x.Called.Wave
	}
	if x.Parts != nil {
		c := x.Verdict.Candidate
		v.DistanceM, v.Score, v.Parts = int(c.DistanceM), c.Score, x.Parts
	}
	return as(v), nil
}
