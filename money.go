package outcry

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Money is an amount in the minor units of an ISO 4217 currency: 8000 GBP is
// eighty pounds, 8000 KRW eight thousand won.
type Money struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
}

// MaxAmount bounds every amount, in minor units: beyond it floating point, in
// which other programs read JSON, would lose units.
const MaxAmount = 1<<53 - 1

// currencies are the codes of ISO 4217 in use that buy things (funds, metals
// and test codes left out); those whose minor unit is not a hundredth stand in
// minorDigits.
const currencies = ` AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD
BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP
GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP
LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK
PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND
TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG `

var minorDigits = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0,
	"VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}

var currencySigns = map[string]string{"GBP": "£", "EUR": "€", "USD": "$", "KRW": "₩", "JPY": "¥", "INR": "₹"}

// KnownCurrency says whether code is an ISO 4217 code that Outcry trades in.
func KnownCurrency(code string) bool {
	if len(code) != 3 {
		return false
	}
	for _, c := range []byte(code) {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	at := strings.Index(currencies, code)
	return at > 0 && (currencies[at-1] == ' ' || currencies[at-1] == '\n')
}

// MinorDigits is how many decimal digits the currency's minor unit has.
func MinorDigits(code string) int {
	if n, ok := minorDigits[code]; ok {
		return n
	}
	return 2
}

// Check notes in c what is wrong with the money that stands at location.
func (m Money) Check(c *Complaints, location string) {
	if m.Amount < 0 || m.Amount > MaxAmount {
		c.Add(location+".amount", "write a whole number of minor units from 0 to %d, for example 8000", int64(MaxAmount))
	}
	if !KnownCurrency(m.Currency) {
		c.Add(location+".currency", "write an ISO 4217 code, for example GBP or KRW")
	}
}

// String writes the amount for people: "£78", "£7.50", "₩80,000", "CHF 12",
// "-£0.50".
func (m Money) String() string {
	d := MinorDigits(m.Currency)
	unit := uint64(math.Pow10(d))
	minus, amount := "", uint64(m.Amount)
	if m.Amount < 0 {
		minus, amount = "-", -amount
	}
	s := grouped(amount / unit)
	if part := amount % unit; part != 0 {
		s += fmt.Sprintf(".%0*d", d, part)
	}
	if sign, ok := currencySigns[m.Currency]; ok {
		return minus + sign + s
	}
	return minus + m.Currency + " " + s
}

// grouped writes n with a comma between thousands.
func grouped(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for at := len(s) - 3; at > 0; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}
