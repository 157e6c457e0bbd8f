package learning_test

import (
	"fmt"
	"math"
	"sync"
	"testing"

	"outcry"
)

// Lessons, figures and rows go on side by side; in the end no lesson is lost.
func TestLedger_ManyAtOnce(t *testing.T) {
	t.Parallel()
	c := newCity()
	c.rules.Learning.Person.HalfLife = 1e6
	const teachers, each = 4, 50
	var teaching, watching sync.WaitGroup
	for n := range teachers {
		teaching.Go(func() {
			for i := range each {
				seq := int64(1 + n + teachers*2*i)
				b := asks.board(answer{shop: "shop_a", after: 1, price: 900}, answer{shop: fmt.Sprint("shop_", n, i), after: never})
				c.Close(b, seq, c.shop, held)
				c.Order("shop_a", outcry.OrderStep{State: outcry.OrderFulfilled}, seq+teachers)
			}
		})
	}
	done := make(chan struct{})
	kept := map[string]outcry.Learned{}
	for n := range 2 {
		watching.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if n == 0 {
					for _, r := range c.Dirty(7) {
						kept[r.Subject] = r
					}
					continue
				}
				if f := c.figures("shop_a"); !sound(f) {
					t.Errorf("figures %+v", f)
				}
				c.Tell("shop_a", outcry.Shop{})
				c.Usual(bread, "GBP")
				c.Shops()
				if c.Moved() {
					c.Expect()
				}
			}
		})
	}
	teaching.Wait()
	close(done)
	watching.Wait()
	for _, r := range c.Dirty(math.MaxInt) {
		kept[r.Subject] = r
	}
	next := newCity()
	for _, r := range kept {
		if err := next.Restore(r); err != nil {
			t.Fatal(err)
		}
	}
	got := next.Tell("shop_a", outcry.Shop{})
	near(t, "calls", got.Calls, teachers*each, 0.1)
	if got.Kept != teachers*each || len(next.Shops()) != teachers*each+1 {
		t.Errorf("%d promises of %d shops, want %d of %d", got.Kept, len(next.Shops()), teachers*each, teachers*each+1)
	}
}

func TestClose_SaysWhoseFiguresChanged(t *testing.T) {
	t.Parallel()
	c := newCity()
	open := outcry.NewBoard(outcry.Request{State: outcry.RequestOpen})
	if got := c.Close(open, 1, c.shop, held); got != nil {
		t.Errorf("a request that is open changes %v", got)
	}
	got := c.teach(asks, answer{shop: "shop_b", after: never}, answer{shop: "shop_a", after: 1, price: 5})
	if fmt.Sprint(got) != "[shop_b shop_a]" {
		t.Errorf("changed are %v", got)
	}
	c.seq++
	b := asks.board(answer{shop: "shop_gone", after: 1, price: 5}, answer{shop: "shop_a", after: never})
	got = c.Close(b, c.seq, func(id string) (outcry.Shop, bool) { return outcry.Shop{ID: id}, id != "shop_gone" }, held)
	if fmt.Sprint(got) != "[shop_a]" || len(c.Shops()) != 2 {
		t.Errorf("changed are %v, known %v", got, c.Shops())
	}
}

// twelve is a board of 12 calls, 7 of them offered to.
func twelve(n int) *outcry.Board {
	q := asks
	q.closed, q.reason = 1.2, outcry.ClosedEnough
	var answers []answer
	for i := range 12 {
		a := answer{shop: fmt.Sprint("shop_", (n*5+i)%200), after: never}
		if i%5 < 3 {
			a.after, a.price = 0.1*float64(1+i), int64(900+i)
		}
		answers = append(answers, a)
	}
	return q.board(answers...)
}

// BenchmarkClose takes the lesson of a request with 12 calls.
func BenchmarkClose(b *testing.B) {
	c := newCity()
	boards := make([]*outcry.Board, 200)
	for i := range boards {
		boards[i] = twelve(i)
	}
	b.ReportAllocs()
	for b.Loop() {
		c.seq++
		c.Close(boards[c.seq%200], c.seq, c.shop, held)
		if c.seq%1000 == 0 {
			c.Dirty(math.MaxInt)
		}
	}
}

// BenchmarkCloseAtOnce does so on all processors, one lock between them.
func BenchmarkCloseAtOnce(b *testing.B) {
	c := newCity()
	boards := make([]*outcry.Board, 200)
	for i := range boards {
		boards[i] = twelve(i)
	}
	var mu sync.Mutex
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			mu.Lock()
			c.seq++
			seq := c.seq
			mu.Unlock()
			c.Close(boards[seq%200], seq, c.shop, held)
			if seq%1000 == 0 {
				c.Dirty(math.MaxInt)
			}
		}
	})
}

// BenchmarkFigures makes the figures of a shop with a price for 32 codes.
func BenchmarkFigures(b *testing.B) {
	c := newCity()
	for n := range 64 {
		q := asks
		q.code = outcry.Code(fmt.Sprint("x:", n%32))
		c.teach(q, answer{shop: "shop_a", after: 1, price: 900}, answer{shop: "shop_b", after: 1, price: 900})
	}
	shop, _ := c.shop("shop_a")
	b.ReportAllocs()
	for b.Loop() {
		c.Figures("shop_a", shop)
	}
}

// BenchmarkDirty writes the row of a shop.
func BenchmarkDirty(b *testing.B) {
	c := busy(1)
	rows := c.Dirty(math.MaxInt)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		c.Redo(rows)
		b.StartTimer()
		c.Dirty(math.MaxInt)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(rows)), "ns/row")
}
