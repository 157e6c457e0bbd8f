package api_test

import (
	"net/http"
	"slices"
	"testing"

	"outcry/api"
)

func TestPresence_AShopThatSpeaksIsSeen(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	operator, staff := m.operate(), m.join("staff@example.org")
	shop, second := m.trade(staff, operator, "Crumb"), m.trade(staff, operator, "Crust")
	buyer := m.join("buyer@example.org")
	request := dig(buyer.must(http.StatusCreated, "POST", "/v1/requests", need()), "id")
	call, other := staff.called(shop), staff.called(second)

	seen := &presence{}
	m = m.over(func(c *api.Config) { c.Presence = seen })
	staff.market, buyer.market, operator.market = m, m, m
	offer := ""
	for _, step := range []struct {
		name string
		do   func()
		want []string
	}{
		{"reading its calls", func() { staff.must(200, "GET", "/v1/shops/"+shop+"/calls", nil) }, []string{shop}},
		{"offering", func() {
			offer = dig(staff.must(201, "POST", "/v1/calls/"+call+"/offer", roleBid), "id")
		}, []string{shop}},
		{"revising", func() { staff.must(200, "PUT", "/v1/offers/"+offer, roleBid) }, []string{shop}},
		{"withdrawing", func() { staff.must(200, "DELETE", "/v1/offers/"+offer, nil) }, []string{shop}},
		{"declining", func() { staff.must(200, "POST", "/v1/calls/"+other+"/decline", nil) }, []string{second}},
		{"writing", func() { staff.must(201, "POST", "/v1/calls/"+call+"/messages", `{"text": "x"}`) }, []string{shop}},
		{"changing its book", func() { staff.must(200, "PUT", "/v1/shops/"+shop+"/book", `{"codes": []}`) }, []string{shop}},
		{"changing itself", func() { staff.must(200, "PATCH", "/v1/shops/"+shop, `{"hours": "24/7"}`) }, []string{shop}},
		{"listing its orders", func() { staff.must(200, "GET", "/v1/orders?shop_id="+shop, nil) }, []string{shop}},
		{"the operator's change", func() { operator.must(200, "POST", "/v1/shops/"+shop+"/suspend", `{"reason": "x"}`) }, nil},
		{"the buyer's look", func() { buyer.must(200, "GET", "/v1/requests/"+request+"/board", nil) }, nil},
		{"the buyer's message", func() {
			buyer.must(201, "POST", "/v1/requests/"+request+"/threads/"+shop+"/messages", `{"text": "x"}`)
		}, nil},
		{"a call that fails", func() { staff.send("POST", "/v1/calls/"+call+"/offer", `{}`) }, nil},
	} {
		step.do()
		if got := seen.taken(); !slices.Equal(got, step.want) {
			t.Errorf("%s: seen %v, want %v", step.name, got, step.want)
		}
	}
	registered := dig(staff.must(http.StatusCreated, "POST", "/v1/shops", bakery("New")), "id")
	if got := seen.taken(); !slices.Equal(got, []string{registered}) {
		t.Errorf("registering: seen %v", got)
	}
}
