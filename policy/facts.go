package policy

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// The bounds of what an expression is told; more is cut off.
const (
	maxFactList = 20  // items of a list
	maxFactText = 128 // bytes of a text
)

// ShopFacts are what an expression may know of a shop.
type ShopFacts struct {
	ID            string
	DistanceKm    float64
	Rating        float64 // stars
	Ratings       int
	PriceLevel    int
	Price         float64 // against the others, 1 for the same
	Chance        float64 // that it offers before the deadline
	Kept          float64 // share of promises
	CallsLastHour float64
	Calls         float64 // that its figures were learned from
	Software      bool
	Languages     []string
	Capabilities  []string
}

// RequestFacts are what an expression may know of a request.
type RequestFacts struct {
	Code      string
	RadiusKm  float64
	Quantity  int
	Wanted    int     // offers
	DeadlineS float64 // seconds from the request to its deadline
	HasBudget bool
	Locale    string
	Hour      int // of the day, 0 to 23, UTC, when it is needed
}

// Fact is one name that expressions know.
type Fact struct {
	Name    string
	Type    string // number, text, true or false, list of texts
	Unit    string // "" without one
	Meaning string

	of func(*view) ref.Val
}

// Facts are all names that expressions know.
func Facts() []Fact { return append([]Fact(nil), facts...) }

var facts = []Fact{
	{"shop.id", "text", "", "its id", func(v *view) ref.Val { return text(v.shop.ID) }},
	{"shop.distance_km", "number", "kilometres", "how far it is from the place of the request", func(v *view) ref.Val { return types.Double(v.shop.DistanceKm) }},
	{"shop.rating", "number", "stars", "what buyers gave it, mixed with what is usual while they are few", func(v *view) ref.Val { return types.Double(v.shop.Rating) }},
	{"shop.ratings", "number", "", "how many buyers have rated it", func(v *view) ref.Val { return types.Double(v.shop.Ratings) }},
	{"shop.price_level", "number", "1 to 4", "what it says of itself; 1 is cheap", func(v *view) ref.Val { return types.Double(v.shop.PriceLevel) }},
	{"shop.price", "number", "times the usual", "what it asks for the code against the others; 0.9 is a tenth cheaper", func(v *view) ref.Val { return types.Double(v.shop.Price) }},
	{"shop.chance", "number", shares, "how likely it offers before the deadline", func(v *view) ref.Val { return types.Double(v.shop.Chance) }},
	{"shop.kept", "number", shares, "how many of its accepted offers it stood by", func(v *view) ref.Val { return types.Double(v.shop.Kept) }},
	{"shop.calls_last_hour", "number", calls, "how many it got in the last hour", func(v *view) ref.Val { return types.Double(v.shop.CallsLastHour) }},
	{"shop.calls", "number", calls, "how many its figures were learned from; few for a newcomer", func(v *view) ref.Val { return types.Double(v.shop.Calls) }},
	{"shop.software", "true or false", "", "whether software answers for it", func(v *view) ref.Val { return types.Bool(v.shop.Software) }},
	{"shop.languages", "list of texts", "", "what it speaks, such as \"ko\"", func(v *view) ref.Val { return list(v.shop.Languages) }},
	{"shop.capabilities", "list of texts", "", "what it can do, such as \"deliver\"", func(v *view) ref.Val { return list(v.shop.Capabilities) }},
	{"request.code", "text", "", "the signal code that is asked", func(v *view) ref.Val { return text(v.request.Code) }},
	{"request.radius_km", "number", "kilometres", "how far from its place shops may be", func(v *view) ref.Val { return types.Double(v.request.RadiusKm) }},
	{"request.quantity", "number", "", "how many are asked for", func(v *view) ref.Val { return types.Double(v.request.Quantity) }},
	{"request.wanted", "number", "", "how many offers are wanted", func(v *view) ref.Val { return types.Double(v.request.Wanted) }},
	{"request.deadline_s", "number", seconds, "from the request to its deadline", func(v *view) ref.Val { return types.Double(v.request.DeadlineS) }},
	{"request.has_budget", "true or false", "", "whether it says what it may cost", func(v *view) ref.Val { return types.Bool(v.request.HasBudget) }},
	{"request.locale", "text", "", "the buyer's language, such as \"ko-KR\"", func(v *view) ref.Val { return text(v.request.Locale) }},
	{"request.hour", "number", "0 to 23, UTC", "of the day at which it is needed", func(v *view) ref.Val { return types.Double(v.request.Hour) }},
}

// factOf finds a fact by its name.
var factOf = func() map[string]*Fact {
	by := make(map[string]*Fact, len(facts))
	for i := range facts {
		by[facts[i].Name] = &facts[i]
	}
	return by
}()

// types of facts, as CEL has them.
var factTypes = map[string]*cel.Type{
	"number": cel.DoubleType, "text": cel.StringType, "true or false": cel.BoolType, "list of texts": cel.ListType(cel.StringType),
}

// view lets an expression see a shop and a request.
type view struct {
	shop    *ShopFacts
	request *RequestFacts
}

var _ cel.Activation = (*view)(nil)

// ResolveName gives the fact of a name.
func (v *view) ResolveName(name string) (any, bool) {
	f, ok := factOf[name]
	if !ok {
		return nil, false
	}
	return f.of(v), true
}

// Parent is nobody: there are no names but these.
func (v *view) Parent() cel.Activation { return nil }

func text(s string) ref.Val { return types.String(s[:min(len(s), maxFactText)]) }

func list(items []string) ref.Val {
	return types.NewStringList(types.DefaultTypeAdapter, items[:min(len(items), maxFactList)])
}
