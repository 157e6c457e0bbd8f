package calling_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"outcry"
	"outcry/matching/calling"
	"outcry/policy"
)

// noSugar is a form that refuses attributes with sugar.
type noSugar struct{}

func (noSugar) CheckOffer(code outcry.Code, attributes []byte, location string) error {
	if strings.Contains(string(attributes), "sugar") {
		return outcry.BadField(location+".sugar", "%s has none", code)
	}
	return nil
}

func (d desk) at(seconds float64) calling.Desk {
	return calling.Desk{Board: d.Board, Now: after(seconds), Forms: noSugar{}, Rules: policy.Default().Offers}
}

func pence(n int64) outcry.Bid { return outcry.Bid{Price: outcry.Money{Amount: n, Currency: "GBP"}} }

// fields are the parts that an error complains about.
func fields(err error) (found []string) {
	if e, ok := errors.AsType[*outcry.Error](err); ok {
		for _, f := range e.Fields {
			found = append(found, f.Location)
		}
	}
	return found
}

func TestOffer_IsTakenWithWhatWasLeftOpenFilledIn(t *testing.T) {
	t.Parallel()
	d := asked().calls(3, noon)
	o, e, err := d.at(5).Offer(d.Call(2), pence(250))
	if err != nil || e == nil {
		t.Fatalf("%v, %v", e, err)
	}
	if o.ID != outcry.OfferID(d.Request.ID, 2) || o.Call != 2 || o.Version != 1 || !o.At.Equal(after(5)) || !o.First.Equal(after(5)) {
		t.Errorf("the offer is %+v", o)
	}
	if want := after(30 + 900); !o.ValidUntil.Equal(want) {
		t.Errorf("it stands until %v, want 900 s after the deadline", o.ValidUntil)
	}
	if e.Kind != outcry.EventOffer || e.Shop != "shop_2" || e.Request != d.Request.ID || e.Offer.Version != 1 {
		t.Errorf("its event is %+v", e)
	}
}

func TestOffer_TheSameAgainIsTheSameAndAnotherIsRefused(t *testing.T) {
	t.Parallel()
	d := asked().calls(1, noon)
	soon := after(60)
	bid := pence(250)
	bid.Message, bid.AvailableAt, bid.Attributes = "still warm", &soon, json.RawMessage(`{"seeds": true}`)
	first, e, err := d.at(5).Offer(d.Call(0), bid)
	if err != nil {
		t.Fatal(err)
	}
	d.Apply(*e)
	bid.Attributes = json.RawMessage(" {\"seeds\": true}\n")
	for _, seconds := range []float64{6, 100} { // after the deadline too
		again, e, err := d.at(seconds).Offer(d.Call(0), bid)
		if err != nil || e != nil || again.Version != first.Version || !again.At.Equal(first.At) {
			t.Errorf("the same after %v s: %+v, %v, %v", seconds, again, e, err)
		}
	}
	for name, change := range map[string]func(*outcry.Bid){
		"price":     func(b *outcry.Bid) { b.Price.Amount++ },
		"message":   func(b *outcry.Bid) { b.Message = "cold" },
		"time":      func(b *outcry.Bid) { b.AvailableAt = nil },
		"attribute": func(b *outcry.Bid) { b.Attributes = json.RawMessage(`{}`) },
		"validity":  func(b *outcry.Bid) { b.ValidUntil = after(7) },
	} {
		other := bid
		change(&other)
		if _, e, err := d.at(6).Offer(d.Call(0), other); e != nil || outcry.CodeOf(err) != "already_offered" {
			t.Errorf("with another %s: %v, want already_offered", name, err)
		}
		if _, e, err := d.at(30).Offer(d.Call(0), other); e != nil || outcry.CodeOf(err) != "call_closed" {
			t.Errorf("with another %s when closed: %v, want call_closed", name, err)
		}
	}
}

func TestOffer_EachFaultIsNamed(t *testing.T) {
	t.Parallel()
	d := asked().calls(1, noon)
	d.Request.Budget = &outcry.Money{Amount: 500, Currency: "GBP"}
	day := 24 * time.Hour
	at := func(d time.Duration) *time.Time { x := after(5).Add(d); return &x }
	for name, c := range map[string]struct {
		change func(*outcry.Bid)
		want   []string
	}{
		"at the budget":               {func(b *outcry.Bid) { b.Price.Amount = 500 }, nil},
		"over the budget":             {func(b *outcry.Bid) { b.Price.Amount = 501 }, []string{"body.price.amount"}},
		"another currency":            {func(b *outcry.Bid) { b.Price.Currency = "EUR" }, []string{"body.price.currency"}},
		"no price":                    {func(b *outcry.Bid) { b.Price = outcry.Money{Amount: -1} }, []string{"body.price.amount", "body.price.currency"}},
		"free":                        {func(b *outcry.Bid) { b.Price.Amount = 0 }, nil},
		"the longest message":         {func(b *outcry.Bid) { b.Message = strings.Repeat("빵", outcry.MaxMessage) }, nil},
		"a longer one":                {func(b *outcry.Bid) { b.Message = strings.Repeat("빵", outcry.MaxMessage+1) }, []string{"body.message"}},
		"available a moment ago":      {func(b *outcry.Bid) { b.AvailableAt = at(-time.Minute) }, nil},
		"available long ago":          {func(b *outcry.Bid) { b.AvailableAt = at(-time.Minute - 1) }, []string{"body.available_at"}},
		"available in 400 days":       {func(b *outcry.Bid) { b.AvailableAt = at(400 * day) }, nil},
		"available later":             {func(b *outcry.Bid) { b.AvailableAt = at(400*day + 1) }, []string{"body.available_at"}},
		"valid until now":             {func(b *outcry.Bid) { b.ValidUntil = after(5) }, []string{"body.valid_until"}},
		"valid a moment":              {func(b *outcry.Bid) { b.ValidUntil = after(5).Add(1) }, nil},
		"valid too long":              {func(b *outcry.Bid) { b.ValidUntil = after(5).Add(400*day + 1) }, []string{"body.valid_until"}},
		"against the form":            {func(b *outcry.Bid) { b.Attributes = json.RawMessage(`{"sugar":1}`) }, []string{"body.attributes.sugar"}},
		"several, all told at once":   {func(b *outcry.Bid) { b.Price.Amount = 900; b.ValidUntil = noon }, []string{"body.price.amount", "body.valid_until"}},
		"the price is bounded anyhow": {func(b *outcry.Bid) { b.Price.Amount = outcry.MaxAmount + 1 }, []string{"body.price.amount"}},
	} {
		bid := pence(250)
		c.change(&bid)
		_, e, err := d.at(5).Offer(d.Call(0), bid)
		if got := fields(err); !slices.Equal(got, c.want) || (err == nil) != (c.want == nil) || (e != nil) != (err == nil) {
			t.Errorf("%s: %v about %v, want %v", name, err, got, c.want)
		}
	}
}

func TestDesk_SaysWhenAndWhyACallIsClosed(t *testing.T) {
	t.Parallel()
	for reason, words := range map[outcry.ClosedReason]string{
		outcry.ClosedEnough:    "closed at 2026-11-23T12:00:03.000Z: enough offers were in. Yours was not taken.",
		outcry.ClosedWithdrawn: "closed at 2026-11-23T12:00:03.000Z: the buyer withdrew the request. Yours was not taken.",
		outcry.ClosedAccepted:  "closed at 2026-11-23T12:00:03.000Z: the buyer accepted another offer. Yours was not taken.",
		outcry.ClosedDeadline:  "closed at 2026-11-23T12:00:03.000Z: time was up. Yours was not taken.",
		outcry.ClosedNobody:    "closed at 2026-11-23T12:00:03.000Z: time was up. Yours was not taken.",
	} {
		d := asked().calls(1, noon).closed(reason, after(3))
		_, _, offer := d.at(5).Offer(d.Call(0), pence(1))
		_, decline := d.at(5).Decline(d.Call(0), "")
		for _, err := range []error{offer, decline} {
			var e *outcry.Error
			if !errors.As(err, &e) || e.Kind != outcry.Closed || e.Code != "call_closed" || e.Msg != words {
				t.Errorf("%s: %v, want %q", reason, err, words)
			}
		}
	}
	d := asked().calls(1, noon)
	if _, _, err := d.at(29.999).Offer(d.Call(0), pence(1)); err != nil {
		t.Errorf("a millisecond before the deadline: %v", err)
	}
	if _, _, err := d.at(30).Offer(d.Call(0), pence(1)); outcry.CodeOf(err) != "call_closed" || !strings.Contains(err.Error(), "12:00:30.000Z: time was up") {
		t.Errorf("at the deadline, before the closing is in the log: %v", err)
	}
}

func TestRevise_MakesTheNextVersionAlsoAfterClosing(t *testing.T) {
	t.Parallel()
	d := asked().calls(1, noon)
	if _, _, err := d.at(1).Revise(d.Call(0), 0, pence(1)); outcry.KindOf(err) != outcry.NotFound {
		t.Errorf("without an offer: %v, want not_found", err)
	}
	_, e, err := d.at(1).Offer(d.Call(0), pence(250))
	if err != nil {
		t.Fatal(err)
	}
	d.Apply(*e)
	o, e, err := d.at(2).Revise(d.Call(0), 1, pence(240))
	if err != nil || o.Version != 2 || o.Price.Amount != 240 || !o.At.Equal(after(2)) || !o.First.Equal(after(1)) || e.Kind != outcry.EventOfferRevised {
		t.Fatalf("%+v, %v", o, err)
	}
	d.Apply(*e)
	if _, e, err := d.at(3).Revise(d.Call(0), 1, pence(230)); e != nil || outcry.CodeOf(err) != "offer_changed" {
		t.Errorf("on the old version: %v, want offer_changed", err)
	}
	if _, e, err := d.at(3).Revise(d.Call(0), 0, pence(-1)); e != nil || !slices.Equal(fields(err), []string{"body.price.amount"}) {
		t.Errorf("with a bad price: %v", err)
	}
	d.closed(outcry.ClosedDeadline, after(30))
	o, e, err = d.at(40).Revise(d.Call(0), 0, pence(220))
	if err != nil || e == nil || o.Version != 3 || !o.ValidUntil.Equal(after(940)) {
		t.Errorf("of any version after closing: %+v, %v; want version 3 for 900 s from now", o, err)
	}
}

func TestRevise_AndWithdrawOnlyWhatStands(t *testing.T) {
	t.Parallel()
	valid := after(100)
	for name, c := range map[string]struct {
		desk desk
		code string
	}{
		"live":                         {asked().calls(2, noon).offers(0, valid), ""},
		"expired":                      {asked().calls(2, noon).offers(0, after(1)), ""},
		"accepted":                     {asked().calls(2, noon).offers(0, valid).orders(0, outcry.OrderPlaced), "offer_accepted"},
		"lost to another":              {asked().calls(2, noon).offers(0, valid).offers(1, valid).orders(1, outcry.OrderPlaced), "offer_lost"},
		"its request withdrawn":        {asked().calls(2, noon).offers(0, valid).closed(outcry.ClosedWithdrawn, after(3)), "offer_lost"},
		"its order called off":         {asked().calls(2, noon).offers(0, valid).orders(0, outcry.OrderPlaced).orders(0, outcry.OrderCancelled), "offer_lost"},
		"the deal with another is off": {asked().calls(2, noon).offers(0, valid).offers(1, valid).orders(1, outcry.OrderPlaced).orders(1, outcry.OrderRefused), ""},
	} {
		_, e, err := c.desk.at(5).Revise(c.desk.Call(0), 1, pence(200))
		if outcry.CodeOf(err) != c.code || (e == nil) != (c.code != "") {
			t.Errorf("%s: revising gives %v, want %q", name, err, c.code)
		}
		_, e, err = c.desk.at(5).Withdraw(c.desk.Call(0), 1)
		if outcry.CodeOf(err) != c.code || (e == nil) != (c.code != "") {
			t.Errorf("%s: withdrawing gives %v, want %q", name, err, c.code)
		}
	}
}

func TestWithdraw_IsTheLastVersionUntilANewOffer(t *testing.T) {
	t.Parallel()
	d := asked().calls(1, noon).offers(0, after(1000))
	if _, _, err := d.at(5).Withdraw(d.Call(0), 7); outcry.CodeOf(err) != "offer_changed" {
		t.Errorf("of a version that is not there: %v, want offer_changed", err)
	}
	o, e, err := d.at(5).Withdraw(d.Call(0), 1)
	if err != nil || o.Version != 2 || e.Kind != outcry.EventOfferWithdrawn {
		t.Fatalf("%+v, %v", o, err)
	}
	d.Apply(*e)
	if again, e, err := d.at(6).Withdraw(d.Call(0), 1); err != nil || e != nil || again.Version != 2 {
		t.Errorf("again: %+v, %v, %v; want no change", again, e, err)
	}
	if _, _, err := d.at(6).Revise(d.Call(0), 0, pence(1)); outcry.CodeOf(err) != "offer_withdrawn" {
		t.Errorf("revising it: %v, want offer_withdrawn", err)
	}
	if o, e, err = d.at(7).Offer(d.Call(0), pence(199)); err != nil || o.Version != 3 || e.Kind != outcry.EventOffer {
		t.Errorf("a new offer to the call: %+v, %v; want version 3", o, err)
	}
	if _, _, err := d.at(30).Offer(d.Call(0), pence(199)); outcry.CodeOf(err) != "call_closed" {
		t.Errorf("a new offer at the deadline: %v, want call_closed", err)
	}
}

func TestDecline_OnceAndNotOverAnOffer(t *testing.T) {
	t.Parallel()
	d := asked().calls(2, noon).offers(1, after(1000))
	if _, err := d.at(5).Decline(d.Call(1), ""); outcry.CodeOf(err) != "already_offered" {
		t.Errorf("with an offer: %v, want already_offered", err)
	}
	if _, err := d.at(5).Decline(d.Call(0), strings.Repeat("é", outcry.MaxReason+1)); !slices.Equal(fields(err), []string{"body.reason"}) {
		t.Errorf("with a long reason: %v", err)
	}
	e, err := d.at(5).Decline(d.Call(0), strings.Repeat("é", outcry.MaxReason))
	if err != nil || e.Kind != outcry.EventDeclined || e.Shop != "shop_0" || e.Decline.Call != 0 {
		t.Fatalf("%+v, %v", e, err)
	}
	d.Apply(*e)
	for _, seconds := range []float64{6, 60} {
		if e, err := d.at(seconds).Decline(d.Call(0), "other words"); e != nil || err != nil {
			t.Errorf("again after %v s: %v, %v; want no change", seconds, e, err)
		}
	}
	if _, e, err := d.at(7).Offer(d.Call(0), pence(100)); err != nil || e == nil {
		t.Errorf("an offer after all: %v", err)
	}
}
