package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"outcry"
)

// Key is one thing that a policy says: where it stands, what it may be, and what
// it does. All there are stand in docs/policy.md.
type Key struct {
	Name string // such as "waves.margin"
	Unit string // "" for a figure without one
	// Low and High are the bounds of a number; 0 and 0 for anything else.
	Low, High float64
	Meaning   string // in words

	value reflect.Type
}

// Keys are all keys of a policy, in the order of the file. What stands in a list
// of rules is not among them: see Requirement and Addition.
func Keys() []Key { return slices.Clone(keys) }

// The units of keys.
const (
	seconds  = "seconds"
	shares   = "share, 0 to 1"
	calls    = "calls"
	stars    = "stars"
	points   = "points"
	requests = "requests"
	shops    = "shops"
)

var keys = typed([]Key{
	{Name: "selecting.seen_within_s", Unit: seconds, High: 86400, Meaning: "a shop without a live line counts as reachable for so long after it last spoke to the server"},
	{Name: "selecting.patience_s", Unit: seconds, High: 30 * 86400, Meaning: "a request with at least so much time left also calls shops that are not reachable now"},
	{Name: "selecting.least_rating", Unit: stars, High: 5, Meaning: "shops rated lower are not called; 0: all may be"},
	{Name: "selecting.budget_slack", Unit: "times the budget", High: 1000, Meaning: "shops that are expected to ask more are not called; 0: all may be"},
	{Name: "selecting.require", Meaning: "rules of your own that a shop must meet to be called"},

	{Name: "score.answers", Unit: "power", High: 4, Meaning: "how much the chance of an offer in time counts; 0: not at all"},
	{Name: "score.base", Unit: "value", High: 10, Meaning: "the value from which price and distance are taken off"},
	{Name: "score.per_km", Unit: "value a km", High: 10, Meaning: "what each kilometre takes off"},
	{Name: "score.per_star", Unit: "value a star", High: 1, Meaning: "what each star above 4 adds, and each below takes off"},
	{Name: "score.exponent", Unit: "power", High: 16, Meaning: "how much the value counts; higher: the best shops are called more often"},
	{Name: "score.spread", Unit: "calls", High: 1e6, Meaning: "so many calls in the last hour halve the score; 0: calls do not count"},
	{Name: "score.add", Meaning: "parts of your own that are added to the value"},
	{Name: "score.consider", Unit: shops, Low: 1, High: outcry.MaxCalls, Meaning: "how many of the best are looked at with your own rules and parts"},

	{Name: "learning.person.offers", Unit: shares, Low: 0.01, High: 1, Meaning: "the share of calls that people are taken to offer to before any is known"},
	{Name: "learning.person.median_s", Unit: seconds, Low: 0.01, High: 86400, Meaning: "after so long half of people's offers are taken to be in"},
	{Name: "learning.person.weight", Unit: calls, Low: 0.1, High: 1e6, Meaning: "what is taken of people counts as so many calls of a shop's own"},
	{Name: "learning.person.half_life", Unit: calls, Low: 1, High: 1e6, Meaning: "after so many further calls a call counts half"},
	{Name: "learning.software.offers", Unit: shares, Low: 0.01, High: 1, Meaning: "as learning.person.offers, where software answers"},
	{Name: "learning.software.median_s", Unit: seconds, Low: 0.01, High: 86400, Meaning: "as learning.person.median_s, where software answers"},
	{Name: "learning.software.weight", Unit: calls, Low: 0.1, High: 1e6, Meaning: "as learning.person.weight, where software answers"},
	{Name: "learning.software.half_life", Unit: calls, Low: 1, High: 1e6, Meaning: "as learning.person.half_life, where software answers"},
	{Name: "learning.price_half_life", Unit: "offers", Low: 1, High: 1e6, Meaning: "after so many further offers the price of an offer counts half"},
	{Name: "learning.price_weight", Unit: "offers", High: 1e6, Meaning: "the price that a shop's level lets expect counts as so many offers of its own"},
	{Name: "learning.per_level", Unit: "share of the price", High: 1, Meaning: "how much dearer each price level above 2 is taken to be"},

	{Name: "promises.prior", Unit: "orders", High: 1e6, Meaning: "so many of the orders that are taken for granted were kept; at most the weight"},
	{Name: "promises.weight", Unit: "orders", Low: 0.1, High: 1e6, Meaning: "so many orders are taken for granted of each shop"},
	{Name: "promises.floor", Unit: shares, High: 1, Meaning: "a shop that keeps less than this share of its orders is put far behind"},
	{Name: "promises.below", Unit: shares, High: 1, Meaning: "what is left of such a shop's score"},
	{Name: "promises.calling", Meaning: "whether promises count when shops are called"},
	{Name: "promises.showing", Meaning: "whether promises count when offers are ranked"},

	{Name: "waves.ends", Unit: "shares of the time", Meaning: "when each wave ends, from the request to its deadline; growing, the last one 1, at most 20"},
	{Name: "waves.margin", Unit: "times the offers wanted", Low: 0.1, High: 1e6, Meaning: "a wave calls shops until so many offers are expected"},
	{Name: "waves.trigger", Unit: "times the offers wanted", High: 1e6, Meaning: "more shops are called when fewer than so many offers are expected"},
	{Name: "waves.load_margin", Unit: "times the offers wanted", High: 1e6, Meaning: "what margin and trigger fall to where few shops are left to call"},
	{Name: "waves.load_from", Unit: "share of the shops", High: 1, Meaning: "they begin to fall when so many of those that could be called are at their limits, or were called for the request already"},
	{Name: "waves.load_full", Unit: "share of the shops", High: 1, Meaning: "they have fallen when so many are or were; at least load_from"},
	{Name: "waves.tick_s", Unit: seconds, Low: 0.1, High: 3600, Meaning: "how often the trigger is looked at"},
	{Name: "waves.stop_s", Unit: seconds, High: 3600, Meaning: "nobody is called so shortly before the deadline"},
	{Name: "waves.most_calls", Unit: shops, Low: 1, High: outcry.MaxCalls, Meaning: "how many shops one request may call"},
	{Name: "waves.stop_at_enough", Meaning: "whether a request closes when as many offers as wanted are in; else it collects to the deadline"},
	{Name: "waves.rest", Unit: "offers", High: 1000, Meaning: "a request that has enough waits while so many more offers are to be expected of the shops that were called; 0: it waits for none"},

	{Name: "exploring.share", Unit: "share of the calls", High: 1, Meaning: "so many calls go to newcomers, or to any shop where there are none"},
	{Name: "exploring.newcomer", Unit: calls, High: 1000, Meaning: "a shop with fewer is a newcomer"},

	{Name: "ranking.price", Unit: points, High: 100, Meaning: "what the best price gives on the board; the four add up to 100"},
	{Name: "ranking.near", Unit: points, High: 100, Meaning: "what the nearest shop gets"},
	{Name: "ranking.rating", Unit: points, High: 100, Meaning: "what five stars give"},
	{Name: "ranking.soon", Unit: points, High: 100, Meaning: "what the earliest offer gets"},

	{Name: "offers.valid_for_s", Unit: seconds, Low: 1, High: 86400, Meaning: "an offer stands so long after the request's deadline when the shop does not say"},

	{Name: "limits.open_requests", Unit: requests, Low: 1, High: 1e6, Meaning: "how many a member may have open"},
	{Name: "limits.open_guest_requests", Unit: requests, High: 1e6, Meaning: "how many a guest may have open"},
	{Name: "limits.person.open", Unit: calls, High: 1000, Meaning: "how many may wait for the answer of a shop that people answer for; 0: any number"},
	{Name: "limits.person.hourly", Unit: calls, High: 1e6, Meaning: "how many such a shop gets in any hour; 0: any number"},
	{Name: "limits.software.open", Unit: calls, High: 1000, Meaning: "how many may wait for the answer of a shop that software answers for; 0: any number"},
	{Name: "limits.software.hourly", Unit: calls, High: 1e6, Meaning: "how many such a shop gets in any hour; 0: any number"},
})

// typed fills in what the structs say of the keys.
func typed(keys []Key) []Key {
	for i := range keys {
		keys[i].value = at(reflect.ValueOf(Policy{}), keys[i].Name).Type()
	}
	return keys
}

// keyOf finds a key by its name; nil where there is none.
func keyOf(name string) *Key {
	if i := slices.IndexFunc(keys, func(k Key) bool { return k.Name == name }); i >= 0 {
		return &keys[i]
	}
	return nil
}

// Type says what a key's value is, in words.
func (k *Key) Type() string {
	switch k.value {
	case reflect.TypeFor[int]():
		return "whole number"
	case reflect.TypeFor[float64]():
		return "number"
	case reflect.TypeFor[bool]():
		return "true or false"
	case reflect.TypeFor[[]float64]():
		return "list of numbers"
	}
	return "list of rules"
}

// Default is the key's value in the default policy, as it is written in a file.
func (k *Key) Default() string {
	p := Default()
	switch v := at(reflect.ValueOf(p), k.Name).Interface().(type) {
	case float64:
		return plain(v)
	case []float64:
		words := make([]string, len(v))
		for i, x := range v {
			words[i] = plain(x)
		}
		return "[" + strings.Join(words, ", ") + "]"
	case int, bool:
		return fmt.Sprint(v)
	}
	return "[]"
}

// InBranches says whether the key may stand in a branch.
func (k *Key) InBranches() bool {
	part, _, _ := strings.Cut(k.Name, ".")
	_, ok := member(reflect.TypeFor[Branch](), part)
	return ok
}

// remedy says what to write for the key.
func (k *Key) remedy() string {
	switch t := k.Type(); t {
	case "number", "whole number":
		return fmt.Sprintf("write a %s from %s to %s", t, plain(k.Low), plain(k.High))
	case "true or false":
		return "write true or false"
	case "list of numbers":
		return "write 1 to 20 growing shares, the last one 1, for example [0.34, 0.67, 1]"
	}
	return "write a list of rules, each behind a dash, or []"
}

// plain writes a number for people: without an exponent, a third as a fraction.
func plain(x float64) string {
	for _, third := range []float64{1, 2} {
		if x == third/3 {
			return strconv.FormatFloat(third, 'f', -1, 64) + "/3"
		}
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// member finds a struct's field by its name in JSON.
func member(t reflect.Type, name string) (reflect.StructField, bool) {
	for f := range t.Fields() {
		if f.IsExported() && nameOf(f) == name {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

// members are the names of a struct's fields in JSON.
func members(t reflect.Type) (names []string) {
	for f := range t.Fields() {
		if f.IsExported() {
			names = append(names, nameOf(f))
		}
	}
	return names
}

func nameOf(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// at is the value that stands at a path of names in a struct; the zero Value
// where there is none.
func at(v reflect.Value, path string) reflect.Value {
	for name := range strings.SplitSeq(path, ".") {
		f, ok := member(v.Type(), name)
		if !ok {
			return reflect.Value{}
		}
		v = v.FieldByIndex(f.Index)
	}
	return v
}
