package server_test

import (
	"fmt"
	"slices"
	"strings"

	"outcry"
)

// checkBoard compares the board with what a line says: board [of NAME] STATE
// [REASON] [SHOP PRICE [STATE]]... with the offers in their rank.
func (s *tale) checkBoard(where string, w []string) error {
	request := s.request(where, w)
	if w[0] == "of" {
		w = w[2:]
	}
	v, err := s.server.Market.Board(s.t.Context(), s.operator, request, "")
	s.must(where, err)
	got := []string{string(v.Request.State)}
	if v.Request.Reason != "" {
		got = append(got, string(v.Request.Reason))
	}
	for _, slip := range v.Slips {
		got = append(got, slip.Shop.Name, fmt.Sprintf("%.2f", float64(slip.Offer.Price.Amount)/100))
		if slip.State != outcry.OfferLive {
			got = append(got, string(slip.State))
		}
	}
	if g, want := strings.Join(got, " "), strings.Join(w, " "); g != want {
		return fmt.Errorf("the board is %q, want %q", g, want)
	}
	return nil
}

// checkCalled compares the shops called so far: called [of NAME] SHOP... in any
// order, or "called nobody".
func (s *tale) checkCalled(where string, w []string) error {
	request := s.request(where, w)
	if len(w) > 1 && w[0] == "of" {
		w = w[2:]
	}
	sel, err := s.server.Market.Selection(s.t.Context(), s.operator, request)
	s.must(where, err)
	got := []string{}
	for _, c := range sel.Calls {
		shop, _ := s.server.Shops.Shop(c.Shop)
		got = append(got, shop.Name+after(w, "state", ""))
	}
	if len(got) == 0 {
		got = []string{"nobody"}
	}
	slices.Sort(got)
	slices.Sort(w)
	if !slices.Equal(got, w) {
		return fmt.Errorf("called %v, want %v", got, w)
	}
	return nil
}

// checkWhy compares why a shop was or was not called: why SHOP called|RULE.
func (s *tale) checkWhy(where string, w []string) error {
	x, err := s.server.Market.Explain(s.t.Context(), s.operator, s.request(where, nil), s.shops[w[0]])
	s.must(where, err)
	got := string(x.Verdict.Rule)
	if x.Called != nil {
		got = "called"
	}
	if got != w[1] {
		return fmt.Errorf("%s: %s (%s), want %s", w[0], got, x.Verdict.Why, w[1])
	}
	return nil
}
