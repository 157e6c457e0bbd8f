package sim

import (
	"encoding/json"
	"math"
	"math/rand/v2"

	"outcry"
)

// perPenny is what is paid, in minor units, where a pound's penny is paid in
// Britain: made-up round figures near the exchange rates of recent years.
var perPenny = map[string]float64{
	"GBP": 1, "EUR": 1.15, "USD": 1.25, "CHF": 1.3, "CAD": 1.7, "AUD": 1.9, "NZD": 2, "SGD": 1.7, "AED": 4.6,
	"DKK": 8.6, "NOK": 13, "SEK": 13, "CZK": 28, "PLN": 5, "HUF": 400, "TRY": 40, "UAH": 45, "ILS": 4.7,
	"KRW": 17.5, "JPY": 1.9, "CNY": 7, "HKD": 9, "TWD": 32, "THB": 35, "VND": 250, "IDR": 16000, "PHP": 60, "INR": 80,
	"EGP": 50, "NGN": 1500, "KES": 130, "ZAR": 20, "MXN": 20, "COP": 4500, "PEN": 4, "CLP": 11, "ARS": 1300, "BRL": 6,
}

// levels is how dear the four price levels are.
var levels = [...]float64{1: 0.75, 2: 1, 3: 1.35, 4: 1.9}

const (
	// priceNoise is the spread of a shop's prices from call to call, as a
	// standard deviation of the logarithm.
	priceNoise = 0.06
	// yielding is how far above the budget a shop's price may lie for it to go
	// down to the budget.
	yielding = 1.2
)

// multiples are the attributes by whose number a price is multiplied, by the
// group of the trade. Prices are for all of it.
var multiples = map[string][]string{
	"room":    {"nights", "rooms"},
	"meal":    {"people"},
	"drinks":  {"people"},
	"cafe":    {"people"},
	"bicycle": {"bicycles", "days"},
	"service": {"days"},
	"clothes": {"pieces"},
	"laundry": {"pieces"},
	"health":  {"amount"},
}

// wish is what a price depends on in a request.
type wish struct {
	trade      trade
	attributes json.RawMessage
	quantity   int
	budget     *outcry.Money
}

// units is how many times the trade's price the request costs.
func (w wish) units() float64 {
	units := float64(max(1, w.quantity))
	var said map[string]any
	if len(w.attributes) == 0 || json.Unmarshal(w.attributes, &said) != nil {
		return units
	}
	for _, name := range multiples[w.trade.group] {
		if n, ok := said[name].(float64); ok && n >= 1 && n <= 1000 {
			units *= n
		}
	}
	return units
}

// typical is the usual price in a currency, in minor units: that of the trade
// times the units. Where the currency is none of perPenny it is counted in
// hundred times its main unit's smallest price, that is as pence.
func (w wish) typical(currency string) float64 {
	rate, ok := perPenny[currency]
	if !ok {
		rate = 1
	}
	return max(1, float64(w.trade.price)*rate*w.units())
}

// price draws what a shop asks, in the buyer's currency where the request has a
// budget, else in its own. ok is false where the shop would have to go too far
// below its price.
func (w wish) price(r *rand.Rand, by *seller) (asked outcry.Money, ok bool) {
	asked.Currency = by.currency
	if w.budget != nil {
		asked.Currency = w.budget.Currency
	}
	level := by.shop.PriceLevel
	if level < 1 || level >= len(levels) {
		level = 2
	}
	exact := w.typical(asked.Currency) * levels[level] * by.temper.dear * math.Exp(priceNoise*r.NormFloat64())
	asked.Amount = rounded(exact)
	if w.budget == nil || asked.Amount <= w.budget.Amount {
		return asked, true
	}
	if exact > yielding*float64(w.budget.Amount) {
		return asked, false
	}
	asked.Amount = w.budget.Amount
	return asked, true
}

// cheaper is a price that is lower by a share of it.
func cheaper(m outcry.Money, share float64) outcry.Money {
	m.Amount = min(m.Amount, rounded(float64(m.Amount)*(1-share)))
	return m
}

// rounded is an amount as shops write it: to steps of 1, 5, 10, 50 and so on
// that are at most a fiftieth of it; at least 1.
func rounded(exact float64) int64 {
	exact = max(1, min(outcry.MaxAmount/2, exact))
	step := 1.0
	for grow := 5.0; step*grow <= exact/50; grow = 10 / grow {
		step *= grow
	}
	return int64(math.Round(exact/step) * step)
}
