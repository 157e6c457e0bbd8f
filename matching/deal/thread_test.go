package deal_test

import (
	"slices"
	"strings"
	"testing"

	"outcry"
	"outcry/matching/deal"
)

func TestSay_ChecksTheTextAndMakesItsEvent(t *testing.T) {
	t.Parallel()
	m := outcry.Message{ID: "msg_1", Request: "req_1", Shop: "shop_1", From: outcry.PartyBuyer, Text: "Any seeds?", At: noon}
	e, err := deal.Say(m, 0)
	if err != nil || e.Kind != outcry.EventMessage || e.Request != "req_1" || e.Shop != "shop_1" || !e.At.Equal(noon) || *e.Message != m {
		t.Errorf("%+v, %v", e, err)
	}
	for text, ok := range map[string]bool{
		"": false, "x": true, strings.Repeat("빵", outcry.MaxMessage): true, strings.Repeat("빵", outcry.MaxMessage+1): false,
	} {
		m.Text = text
		_, err := deal.Say(m, 0)
		if got := fields(err); ok != (err == nil) || !ok && !slices.Equal(got, []string{"body.text"}) {
			t.Errorf("%d bytes: %v, want taken: %v", len(text), err, ok)
		}
	}
}

func TestSay_AThreadIsBounded(t *testing.T) {
	t.Parallel()
	m := outcry.Message{Text: "one more"}
	if _, err := deal.Say(m, deal.MaxThread-1); err != nil {
		t.Errorf("the last that fits: %v", err)
	}
	if _, err := deal.Say(m, deal.MaxThread); outcry.CodeOf(err) != "thread_full" || outcry.KindOf(err) != outcry.Conflict {
		t.Errorf("one too many: %v, want thread_full", err)
	}
}
