package deal_test

import (
	"slices"
	"strings"
	"testing"

	"outcry"
	"outcry/matching/deal"
)

func TestRate_OnceByEachPartyAfterCompletion(t *testing.T) {
	t.Parallel()
	done := placed
	done.State = outcry.OrderCompleted
	byBuyer, byShop := done, done
	byBuyer.BuyerRated, byShop.ShopRated = 5, 1
	for name, c := range map[string]struct {
		order outcry.Order
		by    outcry.Party
		code  string
	}{
		"the buyer":                 {done, outcry.PartyBuyer, ""},
		"the shop":                  {done, outcry.PartyShop, ""},
		"the buyer after the shop":  {byShop, outcry.PartyBuyer, ""},
		"the shop after the buyer":  {byBuyer, outcry.PartyShop, ""},
		"the buyer again":           {byBuyer, outcry.PartyBuyer, "already_rated"},
		"the shop again":            {byShop, outcry.PartyShop, "already_rated"},
		"the buyer before it is":    {placed, outcry.PartyBuyer, "wrong_state"},
		"the shop when it will not": {outcry.Order{State: outcry.OrderRefused}, outcry.PartyShop, "wrong_state"},
	} {
		r, err := deal.Rate(c.order, c.by, 4, "good")
		if outcry.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", name, err, c.code)
		}
		want := outcry.OrderRating{Order: "ord_1", Shop: "shop_1", By: c.by, Stars: 4, Text: "good"}
		if c.code != "" {
			want = outcry.OrderRating{}
		}
		if r != want {
			t.Errorf("%s: %+v, want %+v", name, r, want)
		}
	}
}

func TestRate_StarsAndTextAreBounded(t *testing.T) {
	t.Parallel()
	done := placed
	done.State = outcry.OrderCompleted
	for stars, ok := range map[int]bool{-1: false, 0: false, 1: true, 5: true, 6: false} {
		_, err := deal.Rate(done, outcry.PartyBuyer, stars, "")
		if got := fields(err); ok != (err == nil) || !ok && !slices.Equal(got, []string{"body.stars"}) {
			t.Errorf("%d stars: %v", stars, err)
		}
	}
	if _, err := deal.Rate(done, outcry.PartyBuyer, 3, strings.Repeat("é", outcry.MaxMessage)); err != nil {
		t.Errorf("the longest text: %v", err)
	}
	_, err := deal.Rate(done, outcry.PartyBuyer, 3, strings.Repeat("é", outcry.MaxMessage+1))
	if got := fields(err); !slices.Equal(got, []string{"body.text"}) {
		t.Errorf("a longer text: %v", err)
	}
}
