package deal_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"outcry"
	"outcry/matching/deal"
)

var placed = outcry.Order{
	ID: "ord_1", Request: "req_1", Offer: "off_1", Shop: "shop_1", Buyer: "mem_a", State: outcry.OrderPlaced,
	Created: noon, Updated: noon,
}

func TestStep_KeepsTheReasonOfAnEndAndNothingElse(t *testing.T) {
	t.Parallel()
	at := noon.Add(time.Hour)
	for _, c := range []struct {
		verb   outcry.OrderVerb
		by     outcry.Party
		state  outcry.OrderState
		reason string
	}{
		{outcry.Confirm, outcry.PartyShop, outcry.OrderConfirmed, ""},
		{outcry.Refuse, outcry.PartyShop, outcry.OrderRefused, "because"},
		{outcry.Cancel, outcry.PartyBuyer, outcry.OrderCancelled, "because"},
	} {
		o, moved, err := deal.Step(placed, c.verb, c.by, "because", at)
		if err != nil || !moved || o.State != c.state || o.Reason != c.reason || !o.Updated.Equal(at) || !o.Created.Equal(noon) {
			t.Fatalf("%s: %+v, %v, %v", c.verb, o, moved, err)
		}
		again, moved, err := deal.Step(o, c.verb, c.by, "another reason", at.Add(time.Hour))
		if err != nil || moved || again.Reason != c.reason || !again.Updated.Equal(at) {
			t.Errorf("%s again: %+v, %v, %v; want no change", c.verb, again, moved, err)
		}
		e := deal.Moved(o, c.by)
		want := outcry.OrderStep{Order: "ord_1", Offer: "off_1", State: c.state, By: c.by, Reason: c.reason}
		if e.Kind != outcry.EventOrder || e.Request != "req_1" || e.Shop != "shop_1" || !e.At.Equal(at) || *e.Order != want {
			t.Errorf("%s: its event is %+v of %+v", c.verb, e, e.Order)
		}
	}
}

func TestStep_LeavesAnOrderThatMayNotMove(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", outcry.MaxReason+1)
	for code, c := range map[string]struct {
		verb   outcry.OrderVerb
		by     outcry.Party
		reason string
	}{
		"wrong_state": {outcry.Fulfil, outcry.PartyShop, ""},
		"wrong_party": {outcry.Confirm, outcry.PartyBuyer, ""},
		"invalid":     {outcry.Cancel, outcry.PartyBuyer, long},
	} {
		o, moved, err := deal.Step(placed, c.verb, c.by, c.reason, noon.Add(time.Hour))
		if outcry.CodeOf(err) != code || moved || o.State != outcry.OrderPlaced || o.Reason != "" || !o.Updated.Equal(noon) {
			t.Errorf("%s: %+v, %v, %v", code, o, moved, err)
		}
	}
	_, _, err := deal.Step(placed, outcry.Cancel, outcry.PartyBuyer, long, noon)
	if got := fields(err); !slices.Equal(got, []string{"body.reason"}) {
		t.Errorf("a long reason: %v", err)
	}
	if _, _, err := deal.Step(placed, outcry.Cancel, outcry.PartyBuyer, long[:2*outcry.MaxReason], noon); err != nil {
		t.Errorf("the longest reason: %v", err)
	}
}

func TestPlaced_IsAMoveByTheBuyer(t *testing.T) {
	t.Parallel()
	e := deal.Placed(placed)
	if want := (outcry.OrderStep{Order: "ord_1", Offer: "off_1", State: outcry.OrderPlaced, By: outcry.PartyBuyer}); *e.Order != want {
		t.Errorf("%+v, want %+v", e.Order, want)
	}
}
