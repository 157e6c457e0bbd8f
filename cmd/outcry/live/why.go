package live

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"outcry"
	"outcry/cmd/outcry/column"
	"outcry/wire"
)

// claims are what an offer can be the best in.
var claims = []struct {
	words   string
	compare func(a, b wire.BoardOffer) int
}{
	{"lowest price", func(a, b wire.BoardOffer) int { return cmp.Compare(a.Price.Amount, b.Price.Amount) }},
	{"nearest", func(a, b wire.BoardOffer) int { return cmp.Compare(a.Shop.DistanceM, b.Shop.DistanceM) }},
	{"best rated", func(a, b wire.BoardOffer) int { return cmp.Compare(b.Shop.Rating, a.Shop.Rating) }},
	{"soonest", func(a, b wire.BoardOffer) int { return available(a).Compare(available(b)) }},
}

// available is when an offer can be had; the zero time is at once.
func available(o wire.BoardOffer) time.Time {
	if o.AvailableAt == nil {
		return time.Time{}
	}
	return time.Time(*o.AvailableAt)
}

// Why says in a few words what speaks for an offer among the live ones, or how
// far its price is from the lowest.
func Why(o wire.BoardOffer, live []wire.BoardOffer) string {
	if len(live) < 2 {
		return "The first offer"
	}
	var best []string
	for _, c := range claims {
		beats, beaten := false, false
		for _, other := range live {
			order := c.compare(o, other)
			beats, beaten = beats || order < 0, beaten || order > 0
		}
		if beats && !beaten {
			best = append(best, c.words)
		}
	}
	if len(best) > 0 {
		return capital(strings.Join(best, ", "))
	}
	lowest := slices.MinFunc(live, claims[0].compare).Price
	if above := o.Price.Amount - lowest.Amount; above > 0 && o.Price.Currency == lowest.Currency {
		return outcry.Money{Amount: above, Currency: lowest.Currency}.String() + " above the lowest"
	}
	return "As good as others"
}

func capital(text string) string {
	r := []rune(text)
	if len(r) > 0 {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}

// Attributes are the members of a flat JSON object as "name value", by name.
func Attributes(object json.RawMessage) []string {
	var members map[string]any
	if json.Unmarshal(object, &members) != nil {
		return nil
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(members)) {
		said := fmt.Sprint(members[name])
		switch v := members[name].(type) {
		case bool:
			said = map[bool]string{true: "yes", false: "no"}[v]
		case []any:
			said = strings.Trim(said, "[]")
		}
		out = append(out, column.Clean(strings.ReplaceAll(name, "_", " ")+" "+said))
	}
	return out
}
