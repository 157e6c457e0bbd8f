package outcry_test

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"outcry"
)

func TestMoney_IsWrittenForPeople(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		amount   int64
		currency string
		want     string
	}{
		{7800, "GBP", "£78"},
		{750, "GBP", "£7.50"},
		{5, "GBP", "£0.05"},
		{0, "EUR", "€0"},
		{80000, "KRW", "₩80,000"},
		{1, "JPY", "¥1"},
		{1234567, "JPY", "¥1,234,567"},
		{1200, "CHF", "CHF 12"},
		{1234567, "BHD", "BHD 1,234.567"},
		{1005, "BHD", "BHD 1.005"},
		{99999999, "USD", "$999,999.99"},
		{100000000, "INR", "₹1,000,000"},
		{-750, "GBP", "-£7.50"},
		{-50, "GBP", "-£0.50"},
		{-100000, "JPY", "-¥100,000"},
		{-1, "BHD", "-BHD 0.001"},
		{outcry.MaxAmount, "KRW", "₩9,007,199,254,740,991"},
		{math.MinInt64, "KRW", "-₩9,223,372,036,854,775,808"},
	} {
		if got := (outcry.Money{Amount: c.amount, Currency: c.currency}).String(); got != c.want {
			t.Errorf("%d %s is written %q, want %q", c.amount, c.currency, got, c.want)
		}
	}
}

func TestMoney_TextSaysTheExactAmount(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := outcry.Money{
			Amount:   rapid.Int64().Draw(t, "amount"),
			Currency: rapid.SampledFrom([]string{"KRW", "CHF", "BHD"}).Draw(t, "currency"),
		}
		// Read back: the digits without commas, the fraction filled up.
		text := strings.ReplaceAll(m.String(), ",", "")
		minus := strings.HasPrefix(text, "-")
		text = strings.TrimLeft(text, "-₩CHFBD ")
		whole, part, _ := strings.Cut(text, ".")
		part += strings.Repeat("0", outcry.MinorDigits(m.Currency)-len(part))
		if minus {
			whole = "-" + whole
		}
		if back, err := strconv.ParseInt(whole+part, 10, 64); err != nil || back != m.Amount {
			t.Fatalf("%d %s is written %s, which reads %d (%v)", m.Amount, m.Currency, m, back, err)
		}
	})
}

func TestMoney_IsBounded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		amount   int64
		currency string
		bad      []string
	}{
		{0, "GBP", nil},
		{outcry.MaxAmount, "JPY", nil},
		{outcry.MaxAmount + 1, "JPY", []string{"body.price.amount"}},
		{-1, "BHD", []string{"body.price.amount"}},
		{1, "gbp", []string{"body.price.currency"}},
		{1, "ZZZ", []string{"body.price.currency"}},
		{1, "", []string{"body.price.currency"}},
		{1, "AED AFN", []string{"body.price.currency"}},
		{1, "ED ", []string{"body.price.currency"}},
		{-1, "£", []string{"body.price.amount", "body.price.currency"}},
	} {
		var bad outcry.Complaints
		outcry.Money{Amount: c.amount, Currency: c.currency}.Check(&bad, "body.price")
		if got := locations(bad); !slices.Equal(got, c.bad) {
			t.Errorf("%d %q: complaints about %v, want %v", c.amount, c.currency, got, c.bad)
		}
	}
}

func TestKnownCurrency_IsAWholeCode(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"AED": true, "ZWG": true, "KRW": true, "BTN": true, "EUR": true, "PHP": true,
		"EDA": false, "WGZ": false, "krw": false, "KR": false, "KRWX": false, " KR": false, "\nBT": false, "€": false,
	} {
		if got := outcry.KnownCurrency(code); got != want {
			t.Errorf("%q is known: %v, want %v", code, got, want)
		}
	}
	for code, want := range map[string]int{"JPY": 0, "KRW": 0, "GBP": 2, "BHD": 3, "TND": 3} {
		if got := outcry.MinorDigits(code); got != want {
			t.Errorf("%s has %d minor digits, want %d", code, got, want)
		}
	}
}

// locations are the parts that are complained about.
func locations(bad outcry.Complaints) (found []string) {
	for _, f := range bad {
		found = append(found, f.Location)
	}
	return found
}
