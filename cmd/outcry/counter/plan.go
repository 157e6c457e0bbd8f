package counter

import (
	_ "embed"
	"time"

	"outcry"
)

// By says who answers calls.
type By string

// Who may answer.
const (
	ByPrices   By = "prices"   // the price list
	BySoftware By = "software" // the shop's own software
	ByPerson   By = "person"   // somebody at the shop
)

// Plan is how a shop answers, as its file says.
type Plan struct {
	// Prices is the file of the price list; "" is none.
	Prices   string
	Software Software
	// Confirm says that orders are confirmed as they come.
	Confirm bool
	// Zone is where the shop's clock hangs; nil is where the market says.
	Zone *time.Location
	// Ways are who answers for which codes; empty: the price list what it has,
	// the software the rest, where there is one.
	Ways  []Way
	Rules []Rule
}

// Software is the shop's own: a web address or a command, or neither.
type Software struct {
	URL     string
	Command []string
}

// None says whether there is no software.
func (s Software) None() bool { return s.URL == "" && len(s.Command) == 0 }

// String names the software.
func (s Software) String() string {
	if s.URL != "" || len(s.Command) == 0 {
		return s.URL
	}
	return s.Command[0]
}

// Way says who answers for a code and all below it, where no nearer code is
// named.
type Way struct {
	Code outcry.Code // "" is every code
	By   By
}

// Rule changes what is answered, where it holds.
type Rule struct {
	Name string
	// Code is for which code and all below it; "" for all.
	Code outcry.Code

	when    *expression // nil: always
	decline *template
	by      By // "" leaves it as it is
	price   *expression
	lead    *expression
	message *template
	offer   bool // it asks about the offer, or changes it
}

// Example is a plan that shows and explains all that there is.
//
//go:embed example.yaml
var Example string
