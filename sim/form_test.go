package sim_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"outcry"
	"outcry/directory"
	"outcry/directory/form"
	"outcry/intake"
	"outcry/matching"
	"outcry/matching/calling"
	"outcry/matching/deal"
	"outcry/sim"
)

// oneForm is a tree in which every code asks offers for one form.
type oneForm string

func (f oneForm) Get(code outcry.Code) (outcry.Signal, bool) {
	return outcry.Signal{Code: code, Forms: outcry.Forms{Offer: json.RawMessage(f)}}, true
}

func TestSellers_FillInAnyForm(t *testing.T) {
	t.Parallel()
	members := map[string]string{
		"whole":        `{"type": "integer"}`,
		"bounded":      `{"type": "integer", "minimum": -7, "maximum": -5}`,
		"no more":      `{"type": "integer", "maximum": -100}`,
		"between":      `{"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}`,
		"steps":        `{"type": "number", "minimum": 0.3, "maximum": 9, "multipleOf": 0.25}`,
		"sevens":       `{"type": "integer", "minimum": 15, "maximum": 22, "multipleOf": 7}`,
		"choice":       `{"enum": ["red", 3, null, {"a": [1]}]}`,
		"only":         `{"const": "this"}`,
		"flag":         `{"type": "boolean"}`,
		"maybe":        `{"type": ["null", "string"], "maxLength": 4}`,
		"long":         `{"type": "string", "minLength": 100, "maxLength": 102}`,
		"clock":        `{"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}`,
		"plate":        `{"type": "string", "pattern": "^[A-Z]{2}-\\d{3,5}(x|yz)?[^a-z]+.$", "minLength": 8}`,
		"day":          `{"type": "string", "format": "date"}`,
		"moment":       `{"type": "string", "format": "date-time"}`,
		"hour":         `{"type": "string", "format": "time"}`,
		"lasting":      `{"type": "string", "format": "duration"}`,
		"mail":         `{"type": "string", "format": "email"}`,
		"page":         `{"type": "string", "format": "uri"}`,
		"list":         `{"type": "array", "items": {"enum": ["a", "b", "c"]}, "minItems": 3, "maxItems": 3, "uniqueItems": true}`,
		"empty":        `{"type": "array", "maxItems": 0}`,
		"nested":       `{"type": "object", "properties": {"x": {"type": "integer", "minimum": 5}, "y": {"type": "boolean"}}, "required": ["x"], "additionalProperties": false}`,
		"anything":     `true`,
		"usual":        `{"type": "integer", "default": 4, "minimum": 2}`,
		"price_is_for": `{"enum": ["night", "stay"]}`,
		"guests":       `{"type": "integer", "minimum": 1, "maximum": 3}`,
	}
	var names []string
	for name := range members {
		names = append(names, name)
	}
	schema := func(required []string) string {
		text, err := json.Marshal(map[string]any{"type": "object", "required": required, "additionalProperties": false})
		if err != nil {
			t.Fatal(err)
		}
		var properties []string
		for name, member := range members {
			properties = append(properties, `"`+name+`": `+member)
		}
		return strings.TrimSuffix(string(text), "}") + `, "properties": {` + strings.Join(properties, ", ") + "}}"
	}
	for _, text := range []string{schema(names), schema([]string{})} {
		checked, err := form.Compile([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		synctest.Test(t, func(t *testing.T) {
			c := &counter{signals: oneForm(text), need: func(string, string) calling.Need {
				return calling.Need{Code: "osm:tourism=hotel", Attributes: []byte(`{"guests": 2, "day": "a lie", "flag": true}`)}
			}}
			shops := bakeries(400, outcry.BySoftware)
			trading(t, 1, c, shops, func(x *caller) {
				x.call(shops)
				time.Sleep(5 * time.Minute)
				if n := x.sellers.Count(); n.Faults != 0 || n.Offers < 100 {
					t.Errorf("%+v", n)
				}
			})
			for _, a := range c.said() {
				if a.What != "offer" {
					continue
				}
				if bad := checked.Validate(a.Bid.Attributes, "attributes"); bad != nil {
					t.Fatalf("%s: %v", a.Bid.Attributes, bad.Err())
				}
				var filled map[string]any
				if err := json.Unmarshal(a.Bid.Attributes, &filled); err != nil {
					t.Fatal(err)
				}
				if filled["guests"] != 2. || filled["price_is_for"] != "stay" || filled["flag"] != any(true) {
					t.Fatalf("what was said or is known is not there: %s", a.Bid.Attributes)
				}
			}
		})
	}
}

func TestSellers_SayWhichFormTheyCannotFillIn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &counter{signals: oneForm(`{"type": "object", "required": ["x"], "properties": {"x": {"type": "integer", "minimum": 4, "maximum": 3}}}`)}
		shops := bakeries(50, outcry.BySoftware)
		trading(t, 1, c, shops, func(x *caller) {
			x.call(shops)
			time.Sleep(5 * time.Minute)
			if n := x.sellers.Count(); n.Faults == 0 || n.Offers != 0 {
				t.Errorf("%+v", n)
			}
		})
	})
}

// asking keeps what buyers ask and gives them nothing.
type asking struct {
	mu     sync.Mutex
	drafts []intake.Draft
}

func (a *asking) Ask(_ context.Context, _ outcry.Actor, d intake.Draft) (outcry.Request, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.drafts = append(a.drafts, d)
	return outcry.Request{ID: requestID(len(a.drafts)), Ask: outcry.Ask{Deadline: time.Now().Add(time.Second), Wanted: 3}}, nil
}

func (*asking) Board(context.Context, outcry.Actor, string, outcry.Rank) (matching.View, error) {
	return matching.View{}, nil
}

func (*asking) Withdraw(context.Context, outcry.Actor, string) (outcry.Request, error) {
	return outcry.Request{Reason: outcry.ClosedWithdrawn}, nil
}

func (*asking) Accept(context.Context, outcry.Actor, string, deal.Acceptance) (outcry.Order, error) {
	return outcry.Order{}, nil
}

func (*asking) Rate(context.Context, outcry.Actor, string, int, string) (outcry.OrderRating, error) {
	return outcry.OrderRating{}, nil
}

// realForms is the default tree.
func realForms(t *testing.T) *directory.Tree {
	t.Helper()
	tree, err := directory.NewTree(directory.DefaultSignals())
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// compiled are the forms that tests have met.
var compiled = form.NewCache()

// fits checks attributes against a form.
func fits(t *testing.T, text, attributes []byte) outcry.Complaints {
	t.Helper()
	if len(text) == 0 {
		return form.Flat(attributes, "attributes")
	}
	f, err := compiled.Form(text)
	if err != nil {
		t.Fatal(err)
	}
	return f.Validate(attributes, "attributes")
}

func TestMarket_FillsInTheRealForms(t *testing.T) {
	t.Parallel()
	tree := realForms(t)
	var kinds []outcry.Code // that have forms
	for s := range tree.All() {
		if f := tree.Forms(s.Code); f.Request != nil && f.Offer != nil {
			kinds = append(kinds, s.Code)
		}
	}
	if len(kinds) < 10 {
		t.Fatalf("only %d codes have forms", len(kinds))
	}
	synctest.Test(t, func(t *testing.T) {
		a, c := &asking{}, &counter{}
		buyers := sim.NewBuyers(sim.BuyersConfig{
			Seed: 1, Requests: a, Boards: a, Deals: a, Orders: c, Threads: c, Signals: tree, Kinds: kinds,
			Actors: []outcry.Actor{outcry.NewActor(outcry.Member{ID: "mem_a"}, outcry.Token{}, nil)},
			Centre: edinburgh, PerMinute: 600, Clock: time.Now, Log: slog.New(slog.DiscardHandler),
		})
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
		defer cancel()
		if err := buyers.Run(ctx); err != nil || buyers.Count().Faults != 0 {
			t.Fatalf("%v: %+v", err, buyers.Count())
		}
		asked := map[outcry.Code]int{}
		for _, d := range a.drafts {
			code := outcry.Code(*d.Code)
			asked[code]++
			if bad := fits(t, tree.Forms(code).Request, d.Attributes); bad != nil {
				t.Errorf("%s: a request says %s: %v", code, d.Attributes, bad.Err())
			}
		}
		if len(asked) < len(kinds)*9/10 {
			t.Errorf("only %d of %d kinds were asked for", len(asked), len(kinds))
		}
		offersFit(t, tree, a.drafts)
	})
}

// offersFit has shops answer the drafts and checks what they say.
func offersFit(t *testing.T, tree *directory.Tree, drafts []intake.Draft) {
	t.Helper()
	shops := bakeries(len(drafts), outcry.BySoftware)
	draftOf := map[string]intake.Draft{}
	for i, s := range shops {
		draftOf[s.ID] = drafts[i]
	}
	c := &counter{signals: tree}
	c.need = func(shop, _ string) calling.Need {
		d := draftOf[shop]
		return calling.Need{Code: outcry.Code(*d.Code), Attributes: d.Attributes, Locale: d.Locale}
	}
	x := map[outcry.Code]int{}
	trading(t, 1, c, shops, func(x *caller) {
		for i := range shops { // each a request of its own
			x.call(shops[i : i+1])
		}
		time.Sleep(5 * time.Minute)
		if n := x.sellers.Count(); n.Faults != 0 {
			t.Errorf("%+v", n)
		}
	})
	for _, a := range c.said() {
		if a.What != "offer" {
			continue
		}
		code := outcry.Code(*draftOf[a.Shop].Code)
		x[code]++
		if bad := fits(t, tree.Forms(code).Offer, a.Bid.Attributes); bad != nil {
			t.Errorf("%s: an offer says %s: %v", code, a.Bid.Attributes, bad.Err())
		}
	}
	if len(x) < 10 {
		t.Errorf("offers for %d kinds only", len(x))
	}
}
