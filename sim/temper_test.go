package sim_test

import (
	"math"
	"testing"
	"time"

	"outcry"
	"outcry/sim"
)

// What Offers and By say of a temper is what its plans come to.
func TestTemper_PlansAsItSays(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 11, 10, 0, 0, 0, time.UTC)
	var said, offers, in2, by2, answers float64
	for i := range 400 {
		by := outcry.BySoftware
		if i%5 < 3 {
			by = outcry.ByPerson
		}
		temper := sim.TemperOf(3, outcry.Shop{ID: outcry.NewID(outcry.ShopPrefix, at, zeros(i)), Answers: by})
		share, ends := temper.Offers(at)
		if !ends.After(at) || ends.Sub(at) > sim.SpellLength {
			t.Fatalf("the spell at %s ends at %s", at, ends)
		}
		if again, _ := temper.Offers(ends.Add(-1)); again != share {
			t.Fatalf("in one spell it offers to %v and to %v of its calls", share, again)
		}
		for n := range 200 {
			said += share
			p, ok := temper.Plan(n, at)
			if !ok {
				continue
			}
			answers++
			by2 += temper.By(2)
			if !p.Declines {
				offers++
			}
			if p.After <= 2*time.Second {
				in2++
			}
		}
	}
	if math.Abs(said-offers)/offers > 0.02 {
		t.Errorf("%.0f offers came of calls that let %.0f expect", offers, said)
	}
	if math.Abs(by2-in2)/answers > 0.02 {
		t.Errorf("%.3f of the answers came within 2 s, %.3f were said to", in2/answers, by2/answers)
	}
}

// zeros gives the bytes of a number.
type zeros int

func (z zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(int(z) >> (8 * (i % 2)))
	}
	return len(p), nil
}
