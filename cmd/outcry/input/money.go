package input

import (
	"errors"
	"math/big"
	"strings"

	"outcry"
)

// Money is an amount written "20GBP", "£7.50", "80,000 KRW" or "12 CHF".
type Money outcry.Money

// signs are the currencies that people write with a sign.
var signs = map[string]string{"£": "GBP", "€": "EUR", "$": "USD", "₩": "KRW", "¥": "JPY", "₹": "INR"}

var errMoney = errors.New("write an amount and its currency, for example 20GBP or 80000KRW")

// UnmarshalText reads an amount in units of the currency, with no more decimals
// than it has.
func (m *Money) UnmarshalText(text []byte) error {
	s := strings.ToUpper(strings.TrimSpace(string(text)))
	currency := ""
	for sign, code := range signs {
		if rest, ok := strings.CutPrefix(s, sign); ok {
			s, currency = rest, code
		} else if rest, ok := strings.CutSuffix(s, sign); ok {
			s, currency = rest, code
		}
	}
	if currency == "" && len(s) > 3 {
		if tail := s[len(s)-3:]; outcry.KnownCurrency(tail) {
			s, currency = s[:len(s)-3], tail
		} else if head := s[:3]; outcry.KnownCurrency(head) {
			s, currency = s[3:], head
		}
	}
	amount, err := Minor(s, currency)
	if err != nil {
		return err
	}
	*m = Money{Amount: amount, Currency: currency}
	return nil
}

// Minor reads an amount written in units of a currency, such as "7.50", as its
// minor units. Commas between thousands may stand.
func Minor(text, currency string) (int64, error) {
	if !outcry.KnownCurrency(currency) {
		return 0, errMoney
	}
	text = strings.TrimSpace(strings.ReplaceAll(text, ",", ""))
	x, ok := new(big.Rat).SetString(text)
	if !ok || len(text) > 24 || strings.Trim(text, "0123456789.") != "" {
		return 0, errMoney
	}
	digits := outcry.MinorDigits(currency)
	x.Mul(x, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)))
	switch {
	case !x.IsInt() && digits == 0:
		return 0, errors.New(currency + " has no decimals: write a whole number, for example 80000")
	case !x.IsInt():
		return 0, errors.New(currency + " has no such fractions: write at most " + string(rune('0'+digits)) + " decimals, for example 7.50")
	case !x.Num().IsInt64() || x.Num().Int64() > outcry.MaxAmount:
		return 0, errors.New("the amount is too large")
	}
	return x.Num().Int64(), nil
}
