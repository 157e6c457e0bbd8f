package selection_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"outcry"
	"outcry/matching/selection"
	"outcry/sim/crowd"
)

var zzSink byte

func TestZZFlip(t *testing.T) {
	if os.Getenv("ZZ") == "" {
		t.Skip()
	}
	n := 1_000_000
	c := crowd.New(1, n)
	x := selection.NewIndex()
	for i := range n {
		l := sells(c.ID(i))
		l.Codes = []outcry.Code{outcry.Code(fmt.Sprintf("osm:shop=%d", i%4800))}
		if err := x.Put(l); err != nil {
			t.Fatal(err)
		}
	}
	x.Build()
	var ids []string
	for k := range 100_000 {
		i := int(uint64(k) * 2_654_435_761 % uint64(n))
		if !c.Lined(i) {
			ids = append(ids, c.ID(i))
		}
	}
	flip := func(ids []string, turns int) float64 {
		start := time.Now()
		for range turns {
			for _, by := range []int{1, -1} {
				for _, id := range ids {
					x.Connect(id, by, crowd.Now)
				}
			}
		}
		return float64(time.Since(start).Nanoseconds()) / float64(2*turns*len(ids))
	}
	junk := make([]byte, 128<<20)
	for range 8 {
		for i := 0; i < len(junk); i += 64 {
			junk[i]++
			zzSink += junk[i]
		}
		cold := flip(ids, 1)
		hot := flip(ids[:1000], 50)
		t.Logf("cold %.1f hot %.1f", cold, hot)
	}
}
