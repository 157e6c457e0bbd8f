package server_test

import (
	"cmp"
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

// checkWhy compares why a shop was or was not called: why SHOP called|RULE [of
// NAME].
func (s *tale) checkWhy(where string, w []string) error {
	x, err := s.server.Market.Explain(s.t.Context(), s.operator, s.request(where, w), s.shops[w[0]])
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

// checkScore compares what two shops score for a request by what is known of
// them now: score A below|above|as B [of NAME].
func (s *tale) checkScore(where string, w []string) error {
	request, scores := s.request(where, w), [2]float64{}
	for i, name := range []string{w[0], w[2]} {
		x, err := s.server.Market.Explain(s.t.Context(), s.operator, request, s.shops[name])
		s.must(where, err)
		if scores[i] = x.Verdict.Candidate.Score; scores[i] == 0 {
			return fmt.Errorf("%s has no score: %s", name, x.Verdict.Why)
		}
	}
	got := map[int]string{-1: "below", 0: "as", 1: "above"}[cmp.Compare(scores[0], scores[1])]
	if got != w[1] {
		return fmt.Errorf("%s scores %f, %s %f", w[0], scores[0], w[2], scores[1])
	}
	return nil
}

// checkReasons looks for a part among the reasons of a shop's offer: reasons
// SHOP say PART [of NAME]; the part must have words.
func (s *tale) checkReasons(where string, w []string) error {
	v, err := s.server.Market.Board(s.t.Context(), s.operator, s.request(where, w), "")
	s.must(where, err)
	for _, slip := range v.Slips {
		if slip.Shop.Name != w[0] {
			continue
		}
		for _, p := range slip.Parts {
			if p.Name == w[2] && p.Words != "" {
				return nil
			}
		}
		return fmt.Errorf("the reasons of %s are %+v", w[0], slip.Parts)
	}
	return fmt.Errorf("%s has made no offer", w[0])
}
