package learning

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"outcry"
)

// version is that of the bodies.
const version = 1

// The bodies as JSON: v is the version, r and o the calls that reached each
// stretch and those offered to in it, k and b the promises kept and broken, p
// the prices by code (c) as a sum of logarithms (s) of n offers, m how many offers
// there were in all.
type (
	shopBody struct {
		V       int                `json:"v"`
		Reached [stretches]float32 `json:"r"`
		Offered [stretches]float32 `json:"o"`
		Kept    uint32             `json:"k,omitempty"`
		Broken  uint32             `json:"b,omitempty"`
		Prices  []priceBody        `json:"p,omitempty"`
	}
	priceBody struct {
		Code   outcry.Code `json:"c"`
		Logs   float32     `json:"s"`
		Offers float32     `json:"n"`
	}
	classBody struct {
		V       int                `json:"v"`
		Reached [stretches]float32 `json:"r"`
		Offered [stretches]float32 `json:"o"`
	}
	usualBody struct {
		V      int     `json:"v"`
		Logs   float64 `json:"s"`
		Offers float64 `json:"n"`
		Count  uint32  `json:"m"`
	}
)

func (r *record) body() any {
	b := shopBody{V: version, Reached: r.waits.reached, Offered: r.waits.offered, Kept: r.kept, Broken: r.broken}
	for _, p := range r.prices {
		b.Prices = append(b.Prices, priceBody{p.code, p.logs, p.offers})
	}
	return b
}

func (c *class) body() any {
	return classBody{V: version, Reached: c.waits.reached, Offered: c.waits.offered}
}

func (u *usual) body() any {
	return usualBody{V: version, Logs: u.logs, Offers: u.offers, Count: u.count}
}

func (r *record) read(text []byte) error {
	b, ok := plain(text)
	if !ok {
		b = shopBody{}
		if err := decode(text, &b, &b.V); err != nil {
			return err
		}
	}
	w := waits{reached: b.Reached, offered: b.Offered}
	if err := w.check(); err != nil {
		return err
	}
	if len(b.Prices) > maxCodes {
		return fmt.Errorf("it has prices of %d codes, more than %d", len(b.Prices), maxCodes)
	}
	var all prices
	if len(b.Prices) > 0 {
		all = make(prices, 0, len(b.Prices))
	}
	for _, p := range b.Prices {
		one := priced{p.Code, p.Logs, p.Offers}
		if err := one.check(); err != nil {
			return err
		}
		all = append(all, one)
	}
	r.waits, r.prices, r.kept, r.broken = w, all, b.Kept, b.Broken
	return nil
}

func (r *record) adopt(from subject) {
	if f, ok := from.(*record); ok {
		r.waits, r.prices, r.kept, r.broken = f.waits, f.prices, f.kept, f.broken
	}
}

func (c *class) read(text []byte) error {
	var b classBody
	if err := decode(text, &b, &b.V); err != nil {
		return err
	}
	w := waits{reached: b.Reached, offered: b.Offered}
	if err := w.check(); err != nil {
		return err
	}
	c.waits = w
	return nil
}

func (c *class) adopt(from subject) {
	if f, ok := from.(*class); ok {
		c.waits = f.waits
	}
}

func (u *usual) read(text []byte) error {
	var b usualBody
	if err := decode(text, &b, &b.V); err != nil {
		return err
	}
	if !(b.Offers >= 0 && b.Offers < heaviest) || b.Count > 0 && b.Offers == 0 || math.Abs(b.Logs) > highest*b.Offers {
		return errors.New("its prices are not what offers can add up to")
	}
	u.logs, u.offers, u.count = b.Logs, b.Offers, b.Count
	return nil
}

func (u *usual) adopt(from subject) {
	if f, ok := from.(*usual); ok {
		u.logs, u.offers, u.count = f.logs, f.offers, f.count
	}
}

// decode reads a body of this version, whose members are all known.
func decode(text []byte, into any, v *int) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows its end")
	}
	if *v != version {
		return fmt.Errorf("it is of version %d, and this program reads version %d", *v, version)
	}
	return nil
}

const (
	// heaviest is more calls or offers than any half-life lets add up.
	heaviest = 1e9
	// highest is above the logarithm of every amount.
	highest = 50
	// rounding is by how much sums may be off that were made in another order.
	rounding = 1.001
)

// check says whether calls can have come to such a table.
func (w *waits) check() error {
	for i := range stretches {
		reached, offered := w.reached[i], w.offered[i]
		if !(reached >= 0 && reached < heaviest && offered >= 0 && offered <= reached*rounding) {
			return fmt.Errorf("of %v calls that reached stretch %d it has %v offered to", reached, i, offered)
		}
	}
	return nil
}

// check says whether offers can have come to such a price.
func (o priced) check() error {
	if o.code == "" || !(o.offers > 0 && o.offers < heaviest) || math.Abs(float64(o.logs)) > math.Log(dearest)*rounding*float64(o.offers) {
		return fmt.Errorf("its price of %q, %v of %v offers, is not what offers can add up to", o.code, o.logs, o.offers)
	}
	return nil
}
