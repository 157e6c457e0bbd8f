package sim_test

import (
	"testing"

	"outcry"
	"outcry/directory"
	"outcry/sim"
)

func TestEveryday_IsInTheDefaultTable(t *testing.T) {
	t.Parallel()
	known := map[outcry.Code]bool{}
	for _, s := range directory.DefaultSignals() {
		known[s.Code] = true
	}
	for _, l := range sim.City(1, 500, edinburgh, nil) {
		for _, c := range l.Codes {
			if !known[c] {
				t.Errorf("the default table has no %s", c)
			}
		}
	}
	if n := len(sim.Everyday()); n < 40 {
		t.Errorf("only %d everyday kinds", n)
	}
}
