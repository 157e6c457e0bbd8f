package counter

import (
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"outcry"
	"outcry/wire"
)

// maxText bounds a text that an expression is told, in bytes; more is cut off.
const maxText = 256

// Fact is one name that the expressions of rules know.
type Fact struct {
	Name    string
	Type    string // number, text, true or false
	Meaning string

	of func(*scene) ref.Val
}

// Facts are all names that expressions know.
func Facts() []Fact { return append([]Fact(nil), facts...) }

// scene is what the rules see: a call, what is offered so far, and how the shop
// stands.
type scene struct {
	call     wire.Call
	asked    map[string]any // the attributes of the request
	draft    *draft         // nil where the price list has nothing for the call
	now      time.Time      // in the shop's zone
	lastHour int
	open     int // offers that stand
}

// draft is the offer for one as the rules have left it so far.
type draft struct {
	price    float64 // in units of the currency
	currency string
	lead     float64 // minutes
	message  string
	stock    int // left, where it is counted
	counted  bool
}

var facts = []Fact{
	{"request.code", "text", "the signal code that is asked", func(s *scene) ref.Val { return text(s.call.Request.Code) }},
	{"request.quantity", "number", "how many are asked for", func(s *scene) ref.Val { return types.Double(max(1, s.call.Request.Quantity)) }},
	{"request.distance_km", "number", "from the shop to the middle of the buyer's cell", func(s *scene) ref.Val { return types.Double(s.call.Request.DistanceM) / 1000 }},
	{"request.note", "text", "what the buyer wrote beside it", func(s *scene) ref.Val { return text(s.call.Request.Note) }},
	{"request.locale", "text", "the buyer's language, such as \"ko\"", func(s *scene) ref.Val { return text(s.call.Request.Locale) }},
	{"request.has_budget", "true or false", "whether it says what it may cost", func(s *scene) ref.Val { return types.Bool(s.call.Request.Budget != nil) }},
	{"request.budget", "number", "what all of it may cost, in units of its currency; 0 where it does not say", func(s *scene) ref.Val { return types.Double(units(s.call.Request.Budget.Money())) }},
	{"request.budget_currency", "text", "such as \"GBP\"; \"\" where it does not say", func(s *scene) ref.Val { return text(currencyOf(s.call.Request.Budget.Money())) }},
	{"request.deadline_s", "number", "seconds that are left to answer", func(s *scene) ref.Val { return types.Double(time.Time(s.call.Deadline).Sub(s.now).Seconds()) }},
	{"request.in_minutes", "number", "minutes until it is needed; 0 is at once", func(s *scene) ref.Val { return types.Double(max(0, s.needed().Sub(s.now).Minutes())) }},
	{"offer.listed", "true or false", "whether the price list has it; the other facts of the offer need that", func(s *scene) ref.Val { return types.Bool(s.draft != nil) }},
	{"offer.price", "number", "for one, in units of the currency, as the rules above have left it", func(s *scene) ref.Val { return types.Double(s.draft.price) }},
	{"offer.total", "number", "the same for the quantity that is asked", func(s *scene) ref.Val {
		return types.Double(s.draft.price) * types.Double(max(1, s.call.Request.Quantity))
	}},
	{"offer.currency", "text", "such as \"GBP\"", func(s *scene) ref.Val { return text(s.draft.currency) }},
	{"offer.lead_minutes", "number", "how long it takes", func(s *scene) ref.Val { return types.Double(s.draft.lead) }},
	{"offer.counted", "true or false", "whether the price list tells a stock", func(s *scene) ref.Val { return types.Bool(s.draft.counted) }},
	{"offer.stock", "number", "how many are left; 0 where they are not counted", func(s *scene) ref.Val { return types.Double(s.draft.stock) }},
	{"shop.calls_last_hour", "number", "calls that came in the last hour, this one among them", func(s *scene) ref.Val { return types.Double(s.lastHour) }},
	{"shop.open_offers", "number", "offers of counted goods that wait for their buyers", func(s *scene) ref.Val { return types.Double(s.open) }},
	{"shop.hour", "number", "of the day at the shop, 0 to 23", func(s *scene) ref.Val { return types.Double(s.now.Hour()) }},
	{"shop.weekday", "text", "at the shop: Mo, Tu, We, Th, Fr, Sa or Su", func(s *scene) ref.Val { return text(s.now.Weekday().String()[:2]) }},
}

// factOf finds a fact by its name.
var factOf = func() map[string]*Fact {
	by := make(map[string]*Fact, len(facts))
	for i := range facts {
		by[facts[i].Name] = &facts[i]
	}
	return by
}()

var factTypes = map[string]*cel.Type{"number": cel.DoubleType, "text": cel.StringType, "true or false": cel.BoolType}

// The names of what expressions use without writing it.
const (
	askedName  = "@asked"
	nowName    = "@now"
	neededName = "@needed"
)

var _ cel.Activation = (*scene)(nil)

// ResolveName gives the fact of a name.
func (s *scene) ResolveName(name string) (any, bool) {
	switch name {
	case askedName:
		return types.DefaultTypeAdapter.NativeToValue(s.asked), true
	case nowName:
		return types.Timestamp{Time: s.now}, true
	case neededName:
		return types.Timestamp{Time: s.needed()}, true
	}
	f, ok := factOf[name]
	if !ok {
		return nil, false
	}
	return f.of(s), true
}

// Parent is nobody: there are no names but these.
func (s *scene) Parent() cel.Activation { return nil }

// needed is when it is needed, in the shop's zone.
func (s *scene) needed() time.Time {
	if at := s.call.Request.NeededAt.Std(); at != nil {
		return at.In(s.now.Location())
	}
	return s.now
}

func text(s string) ref.Val { return types.String(s[:min(len(s), maxText)]) }

// units is an amount in units of its currency.
func units(m *outcry.Money) float64 {
	if m == nil {
		return 0
	}
	return float64(m.Amount) / scale(m.Currency)
}

func currencyOf(m *outcry.Money) string {
	if m == nil {
		return ""
	}
	return m.Currency
}

// scale is how many minor units a unit of a currency has.
func scale(currency string) float64 {
	x := 1.0
	for range outcry.MinorDigits(currency) {
		x *= 10
	}
	return x
}
