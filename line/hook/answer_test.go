package hook_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"outcry"
)

func TestAnswer_IsTheShops(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		for name, c := range map[string]struct {
			status int
			body   string
			took   string // what the market took
			fault  string
		}{
			"an offer":              {200, `{"price": {"amount": 450, "currency": "GBP"}, "message": "warm"}`, "offers 450 GBP to call_", ""},
			"with space around":     {200, "\n {\"price\": {\"amount\": 1, \"currency\": \"GBP\"}}\r\n", "offers 1 GBP to call_", ""},
			"created":               {201, `{"price": {"amount": 2, "currency": "GBP"}}`, "offers 2 GBP to call_", ""},
			"a decline":             {200, `{"decline": {"reason": "sold out"}}`, "declines call_", ""},
			"a decline with no why": {200, `{"decline": {}}`, "declines call_", ""},
			"nothing":               {204, "", "", ""},
			"an empty body":         {200, "", "", ""},
			"blanks":                {200, " \n", "", ""},
			"a word":                {200, "ok", "", "the reply is no offer: it is not JSON, at its beginning"},
			"unknown members":       {200, `{"price": {"amount": 1, "currency": "GBP"}, "cost": 1}`, "", "the reply is no offer: look at /cost"},
			"twice":                 {200, `{"price": {"amount": 1, "currency": "GBP", "amount": 2}}`, "", "the reply is no offer: it is not JSON, at /price/amount"},
			"a number as text":      {200, `{"price": {"amount": "1", "currency": "GBP"}}`, "", "the reply is no offer: look at /price/amount"},
			"too long":              {200, strings.Repeat(" ", 64<<10) + "{}", "", "the reply is longer than 64 KiB and was not read"},
		} {
			w := o.hook(func(hit) reply { return reply{status: c.status, body: c.body} })
			o.call(w)
			o.pass(time.Second)
			took := strings.Join(o.taken(), ", ")
			if d := o.only(w); d.State != outcry.DeliveryDelivered || d.Error != c.fault || !strings.Contains(took, c.took) || (took == "") != (c.took == "") ||
				took != "" && !strings.HasPrefix(took, w.Shop+" ") {
				t.Errorf("%s: the market took %q, the delivery is %+v", name, took, d)
			}
		}
	})
}

func TestAnswer_OnlyToCalls(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		w := o.hook(func(hit) reply { return reply{status: 200, body: `{"price": {"amount": 1, "currency": "GBP"}}`} })
		o.write(w)
		o.pass(time.Second)
		if d, taken := o.only(w), o.taken(); len(taken) != 0 || d.Error != "" {
			t.Errorf("the market took %v, the delivery is %+v", taken, d)
		}
	})
}

func TestAnswer_RefusedIsToldInTheDelivery(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		bid := func(hit) reply {
			return reply{status: 200, body: `{"price": {"amount": 1, "currency": "GBP"}}`}
		}
		o.refuse = &outcry.Error{Kind: outcry.Closed, Code: "call_closed", Msg: "the request closed at noon", Err: http.ErrBodyNotAllowed}
		w := o.hook(bid)
		o.call(w)
		o.pass(time.Minute)
		if d := o.only(w); d.State != outcry.DeliveryDelivered || d.Attempts != 1 || d.Error != "the reply was refused: call_closed: the request closed at noon" {
			t.Errorf("the delivery is %+v", d)
		}
		o.set(func() { o.refuse = &outcry.Error{Kind: outcry.Unavailable, Code: "overloaded", Msg: "too many writes"} })
		w = o.hook(bid)
		o.call(w)
		o.pass(time.Second / 4)
		o.set(func() { o.refuse = nil })
		o.pass(time.Minute)
		if d, taken := o.only(w), o.taken(); d.State != outcry.DeliveryDelivered || d.Attempts != 2 || d.Error != "" || len(taken) != 1 {
			t.Errorf("after the market was busy the delivery is %+v, taken %v", d, taken)
		}
	})
}

// The server ends while an offer is being taken: the call is sent again.
func TestAnswer_NotLostWhenTheServerEnds(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		w := o.hook(func(hit) reply { return reply{status: 200, body: `{"price": {"amount": 1, "currency": "GBP"}}`} })
		o.set(func() { o.stuck = true })
		o.call(w)
		o.pass(time.Second)
		o.stop()
		o.set(func() { o.stuck = false })
		o.start()
		o.pass(time.Second)
		if d, taken := o.only(w), o.taken(); d.State != outcry.DeliveryDelivered || d.Error != "" || len(taken) != 1 || len(o.came(w)) != 2 {
			t.Errorf("taken %v, the delivery is %+v", taken, d)
		}
	})
}
