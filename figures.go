package outcry

// Delays are the times after a call, in seconds, for which the chance of an
// offer is kept. What comes later than the last counts as having come by then.
var Delays = [8]float64{0.5, 1, 2, 5, 10, 20, 30, 60}

// Curve is the chance that a shop has offered by each of Delays after a call;
// it never falls from one to the next.
type Curve [len(Delays)]float32

// By is the chance that the shop has offered by so many seconds after a call:
// on a straight line between two delays, from 0 at the call itself, and
// constant after the last.
func (c Curve) By(seconds float64) float64 {
	if !(seconds > 0) {
		return 0
	}
	before, at := 0.0, 0.0
	for i, d := range Delays {
		chance := float64(c[i])
		if seconds < d {
			return before + (chance-before)*(seconds-at)/(d-at)
		}
		before, at = chance, d
	}
	return before
}

// Later is the chance that an offer still comes by so many seconds after the
// call, where after silent seconds none had come: (By(by) - By(silent)) / (1 -
// By(silent)), by Bayes' rule.
func (c Curve) Later(silent, by float64) float64 {
	was := c.By(silent)
	if was >= 1 {
		return 0
	}
	return max(0, c.By(by)-was) / (1 - was)
}

// Figures are what a shop's past says of it, ready for selecting.
type Figures struct {
	// Offers is the chance of an offer, by the time after the call.
	Offers Curve
	// Calls is how many calls that was learned from, of which older ones count
	// less: few for a newcomer.
	Calls float64
	// Kept is the share of accepted offers that the shop stood by, 0 to 1.
	Kept float64
	// Price is what the shop asks against the others, 1 for the same, where
	// nothing else is known.
	Price float64
	// Prices are the same for codes of its book.
	Prices []CodePrice
}

// CodePrice is what a shop asks for a code against the others: 0.9 is a tenth
// cheaper.
type CodePrice struct {
	Code  Code
	Price float64
}

// For is the shop's price for a code of its book.
func (f *Figures) For(code Code) float64 {
	for i := range f.Prices {
		if f.Prices[i].Code == code {
			return f.Prices[i].Price
		}
	}
	return f.Price
}

// Learned is one kept row of what was learned: of a shop, or of a class of shops
// or a code, whatever its subject says. Seq is the last event of the log that
// it was learned from.
type Learned struct {
	Subject string
	Seq     int64
	Body    []byte // JSON
}
