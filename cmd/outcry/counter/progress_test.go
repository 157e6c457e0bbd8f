package counter_test

import (
	"slices"
	"testing"

	"outcry/cmd/outcry/counter"
)

func TestProgress_NeverPastWhatIsNotDone(t *testing.T) {
	t.Parallel()
	var handled []int64
	p := counter.NewProgress(func(seq int64) { handled = append(handled, seq) })
	third, fourth, fourthToo := p.Begin(3), p.Begin(4), p.Begin(4)
	sixth := p.Begin(6)
	p.Begin(0)() // moves nothing
	sixth()
	fourth()
	if len(handled) != 0 {
		t.Errorf("the cursor is at %v while event 3 is not done", handled)
	}
	third()
	fourthToo()
	if !slices.Equal(handled, []int64{3, 6}) {
		t.Errorf("the cursor went to %v", handled)
	}
	late := p.Begin(7)
	p.Reset()
	late()
	p.Begin(90)()
	if !slices.Equal(handled, []int64{3, 6, 90}) {
		t.Errorf("after a reset the cursor went to %v", handled)
	}
}
