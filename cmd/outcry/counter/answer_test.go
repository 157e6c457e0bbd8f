package counter_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"outcry"
	"outcry/cmd/outcry/counter"
	"outcry/cmd/outcry/counter/shelf"
	"outcry/wire"
)

// monday is ten in the morning in London, in winter.
var monday = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// tree is a market that knows what is above codes; asked counts how often it is
// asked, and down says that it cannot be.
type tree struct {
	above map[string]string
	asked int
	down  bool
}

func (t *tree) Signal(_ context.Context, code string) (wire.Signal, error) {
	t.asked++
	if t.down {
		return wire.Signal{}, &outcry.Error{Kind: outcry.Unavailable, Code: "unreachable", Msg: "the market cannot be reached"}
	}
	parent, ok := t.above[code]
	if !ok {
		return wire.Signal{}, outcry.Missing("code")
	}
	return wire.Signal{Code: code, Parent: parent}, nil
}

var shops = map[string]string{"osm:shop=bakery": "osm:shop", "osm:shop=florist": "osm:shop", "osm:shop": "", "osm:craft=caterer": "osm:craft", "osm:craft": ""}

// place writes files into a folder and gives that of the rules.
func place(t *testing.T, rules, prices string) counter.Files {
	t.Helper()
	dir := t.TempDir()
	f := counter.Files{Rules: filepath.Join(dir, "shop.yaml")}
	write(t, f.Rules, rules)
	if prices != "" {
		write(t, filepath.Join(dir, "prices.csv"), prices)
	}
	return f
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// decider is a counter with these files.
func decider(t *testing.T, above counter.Tree, rules, prices string) *counter.Counter {
	t.Helper()
	set, err := place(t, rules, prices).Load()
	if err != nil {
		t.Fatal(err)
	}
	c := &counter.Counter{Shelf: shelf.Empty(), Tree: above, Clock: func() time.Time { return monday }}
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	c.In(london)
	c.Use(set)
	return c
}

func callFor(code string, quantity int, attributes string) wire.Call {
	c := wire.Call{ID: "call_1", State: outcry.CallWaiting, Deadline: wire.Time(monday.Add(20 * time.Second)), Request: wire.Need{Code: code, Quantity: quantity}}
	if attributes != "" {
		c.Request.Attributes = []byte(attributes)
	}
	return c
}

// said is an answer in short: "240", "no: sold out", or who it is left to.
func said(a counter.Answer, err error) string {
	switch {
	case err != nil:
		return "error: " + err.Error()
	case a.Bid != nil:
		return a.Bid.Price.String() + " " + a.Bid.Message
	case a.Decline != nil:
		return "no: " + a.Decline.Reason
	}
	return string(a.By)
}

func TestDecide_TheNearestCodeSaysWhoAnswers(t *testing.T) {
	t.Parallel()
	const prices = "code,price,currency\nosm:shop,2,GBP\n"
	for rules, want := range map[string]map[string]string{
		"prices: prices.csv": {"osm:shop=bakery": "£2 ", "osm:craft=caterer": "person"},
		"prices: prices.csv\nsoftware: http://127.0.0.1:1/": {"osm:shop=bakery": "£2 ", "osm:craft=caterer": "software"},
		"software: http://127.0.0.1:1/":                     {"osm:shop=bakery": "software"},
		"{}":                                                {"osm:shop=bakery": "person"},
		"prices: prices.csv\nsoftware: [a]\nanswer: [{code: osm:shop=bakery, by: prices}, {code: osm:shop, by: software}, {code: '*', by: person}]": {
			"osm:shop=bakery": "£2 ", "osm:shop=florist": "software", "osm:craft=caterer": "person", "osm:shop": "software", "x:unknown": "person"},
		"prices: prices.csv\nanswer: [{code: osm:craft, by: prices}]": {"osm:shop=bakery": "person", "osm:craft=caterer": "person"},
	} {
		c := decider(t, &tree{above: shops}, rules, prices)
		for code, want := range want {
			if got := said(c.Decide(t.Context(), callFor(code, 1, ""))); got != want {
				t.Errorf("%s\n%s is answered %q, not %q", rules, code, got, want)
			}
		}
	}
}

func TestDecide_RulesInTheirOrder(t *testing.T) {
	t.Parallel()
	const head = "prices: prices.csv\nrules:\n"
	const prices = "code,price,currency,stock,lead_minutes,message\nosm:shop=bakery,2.40,GBP,40,5,Warm\n"
	for rules, want := range map[string]string{
		"- {name: many, when: request.quantity > 3, then: {decline: 'At most 3, not {request.quantity}'}}":                                     "no: At most 3, not 4",
		"- {name: few, when: request.quantity > 4, then: {decline: never}}":                                                                    "£9.60 Warm",
		"- {name: a, then: {price: offer.price * 0.9}}\n- {name: b, then: {price: 'max(offer.price, 2.20)'}}":                                  "£8.80 Warm",
		"- {name: b, then: {price: 'max(offer.price, 2.20)'}}\n- {name: a, then: {price: offer.price * 0.9}}":                                  "£8.64 Warm",
		"- {name: a, then: {message: 'Still {offer.stock} for {offer.total} {{now}}'}}":                                                        "£9.60 Still 40 for 9.6 {now}",
		"- {name: a, code: osm:shop, then: {decline: below}}":                                                                                  "no: below",
		"- {name: a, code: osm:craft, then: {decline: other}}":                                                                                 "£9.60 Warm",
		"- {name: a, when: 'open(\"Mo 09:00-11:00\")', then: {decline: open}}":                                                                 "no: open",
		"- {name: a, when: 'open(\"Tu-Su\")', then: {decline: open}}":                                                                          "£9.60 Warm",
		"- {name: a, when: 'shop.weekday in [\"Mo\"] && shop.hour == 10', then: {decline: hour}}":                                              "no: hour",
		"- {name: a, when: 'attribute(\"colour\") == \"red\" && number(\"size\") >= 42 && attribute(\"none\") == \"\"', then: {decline: red}}": "no: red",
		"- {name: a, when: offer.total > 9, then: {by: person}}\n- {name: b, then: {decline: not reached}}":                                    "person",
		"- {name: a, then: {price: 1 / (offer.stock - 40)}}":                                                                                   "error: rule a: it gives no number",
		"- {name: a, then: {price: 0 - 1}}":                                                                                                    "error: rule a: it gives the price -1",
		"- {name: a, when: shop.calls_last_hour == 0, then: {decline: quiet}}":                                                                 "no: quiet",
	} {
		c := decider(t, &tree{above: shops}, head+rules, prices)
		if got := said(c.Decide(t.Context(), callFor("osm:shop=bakery", 4, `{"colour":"red","size":42}`))); got != want {
			t.Errorf("%s\nis answered %q, not %q", rules, got, want)
		}
	}
}

func TestDecide_LeadMinutesAndWhenItIsNeeded(t *testing.T) {
	t.Parallel()
	c := decider(t, &tree{above: shops}, "prices: prices.csv\nrules:\n- {name: a, when: 'open(\"Tu\") && !open_now(\"Tu\") && request.in_minutes > 60', then: {lead_minutes: offer.lead_minutes + 10}}",
		"code,price,currency,lead_minutes\nosm:shop=bakery,2.40,GBP,5\n")
	call := callFor("osm:shop=bakery", 1, "")
	tomorrow := wire.Time(monday.Add(24 * time.Hour))
	call.Request.NeededAt = &tomorrow
	a, err := c.Decide(t.Context(), call)
	if err != nil || a.Bid == nil || !time.Time(*a.Bid.AvailableAt).Equal(monday.Add(15*time.Minute)) {
		t.Errorf("the answer is %+v, %v", a, err)
	}
}

func TestDecide_RulesOfTheOfferNeedOne(t *testing.T) {
	t.Parallel()
	const rules = "prices: prices.csv\nrules:\n- {name: cheap, when: offer.price < 5, then: {decline: cheap}}\n- {name: none, when: '!offer.listed && request.quantity > 3', then: {decline: not here}}"
	c := decider(t, &tree{above: shops}, rules, "code,price,currency\nosm:craft,2,GBP\n")
	if got := said(c.Decide(t.Context(), callFor("osm:shop=bakery", 1, ""))); got != "person" {
		t.Errorf("a rule that asks about an offer held without one: %s", got)
	}
	if got := said(c.Decide(t.Context(), callFor("osm:shop=bakery", 4, ""))); got != "no: not here" {
		t.Errorf("it is %s", got)
	}
}

func TestDecide_TooFewLeftIsADecline(t *testing.T) {
	t.Parallel()
	c := decider(t, &tree{above: shops}, "prices: prices.csv", "code,price,currency,stock,match\nosm:shop=bakery,2.40,GBP,3,\n"+`osm:shop=bakery,3.40,GBP,0,"{""gluten"":false}"`+"\n")
	for want, call := range map[string]wire.Call{
		"£7.20 ": callFor("osm:shop=bakery", 3, ""), "no: only 3 left": callFor("osm:shop=bakery", 4, ""),
		"no: sold out": callFor("osm:shop=bakery", 1, `{"gluten":false}`),
	} {
		if got := said(c.Decide(t.Context(), call)); got != want {
			t.Errorf("it is %q, not %q", got, want)
		}
	}
}

func TestDecide_TheTreeIsAskedOnceAndServesWithoutTheMarket(t *testing.T) {
	t.Parallel()
	above := &tree{above: shops}
	c := decider(t, above, "prices: prices.csv", "code,price,currency\nosm:shop,2,GBP\n")
	now := monday
	c.Clock = func() time.Time { return now }
	for range 3 {
		if got := said(c.Decide(t.Context(), callFor("osm:shop=bakery", 1, ""))); got != "£2 " {
			t.Fatal(got)
		}
	}
	if above.asked != 2 {
		t.Errorf("the market was asked %d times for two codes", above.asked)
	}
	now, above.down = monday.Add(72*time.Hour), true
	if got := said(c.Decide(t.Context(), callFor("osm:shop=bakery", 1, ""))); got != "£2 " {
		t.Errorf("without the market it is %s", got)
	}
	if a, err := c.Decide(t.Context(), callFor("osm:shop=florist", 1, "")); outcry.CodeOf(err) != "unreachable" || a.By != counter.ByPerson {
		t.Errorf("what is not known was answered: %+v, %v", a, err)
	}
}

func TestLoad_FaultsNameTheirFile(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]counter.Files{
		"prices.csv:2:17: price: ":     place(t, "prices: prices.csv", "code,price,currency\nosm:shop=bakery,x,GBP\n"),
		"no such file":                 place(t, "prices: prices.csv", ""),
		"shop.yaml:1:1: there is no":   place(t, "a: b", ""),
		"there is none; write prices:": place(t, "answer: [{code: '*', by: prices}]", ""),
	} {
		_, err := f.Load()
		b := (*counter.Broken)(nil)
		if !errors.As(err, &b) || !strings.Contains(strings.Join(b.Lines(), "\n"), want) {
			t.Errorf("%v; want %s", err, want)
		}
	}
}
