package learning_test

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"outcry"
	"outcry/matching/learning"
	"outcry/policy"
)

// busy is a city in which much has happened.
func busy(seed uint64) *city {
	c, r := newCity(), dice(seed)
	for i := range 20 {
		by := outcry.ByPerson
		if i%3 == 0 {
			by = outcry.BySoftware
		}
		id := fmt.Sprint("shop_", i)
		c.shops[id] = outcry.Shop{ID: id, Answers: by, PriceLevel: 1 + i%4}
	}
	for range 200 {
		q := asks
		q.code = outcry.Code(fmt.Sprint("x:", r.IntN(40)))
		q.closed = 3 * r.ExpFloat64()
		var answers []answer
		for _, i := range r.Perm(20)[:8] {
			after := []float64{never, no, r.ExpFloat64(), 0.2}[r.IntN(4)]
			answers = append(answers, answer{shop: fmt.Sprint("shop_", i), after: after, price: 500 + r.Int64N(1000), taken: r.IntN(9) == 0})
		}
		c.teach(q, answers...)
		c.seq++
		state := []outcry.OrderState{outcry.OrderFulfilled, outcry.OrderRefused}[r.IntN(2)]
		c.Order(fmt.Sprint("shop_", r.IntN(20)), outcry.OrderStep{State: state, By: outcry.PartyShop}, c.seq)
	}
	return c
}

// rows are all that changed.
func (c *city) rows(t *testing.T) []outcry.Learned {
	t.Helper()
	rows := c.Dirty(math.MaxInt)
	if again := c.Dirty(math.MaxInt); again != nil {
		t.Fatalf("%d rows are given twice", len(again))
	}
	slices.SortFunc(rows, func(a, b outcry.Learned) int { return strings.Compare(a.Subject, b.Subject) })
	return rows
}

// restored is a city that knows what rows say.
func (c *city) restored(t *testing.T, rows []outcry.Learned) *city {
	t.Helper()
	next := newCity()
	next.shops, next.seq = c.shops, c.seq
	for _, r := range rows {
		if err := next.Restore(r); err != nil {
			t.Fatal(err)
		}
	}
	return next
}

// all is everything that a ledger says.
func (c *city) all() map[string]any {
	person, software := c.Expect()
	all := map[string]any{"person": person, "software": software}
	for id, s := range c.shops {
		all[id], all["record of "+id] = c.Figures(id, s), c.Tell(id, s)
	}
	for n := range 41 {
		code := outcry.Code(fmt.Sprint("x:", n))
		perUnit, ok := c.Usual(code, "GBP")
		all[string(code)] = fmt.Sprint(perUnit, ok)
	}
	return all
}

func TestRestore_GivesBackAllThatWasKept(t *testing.T) {
	t.Parallel()
	c := busy(1)
	rows := c.rows(t)
	next := c.restored(t, rows)
	if diff := cmp.Diff(c.all(), next.all()); diff != "" {
		t.Fatalf("(-before +after):\n%s", diff)
	}
	if len(next.Dirty(10)) > 0 {
		t.Error("what was restored waits to be kept")
	}
	before, after := c.Shops(), next.Shops()
	slices.Sort(before)
	slices.Sort(after)
	if diff := cmp.Diff(before, after); diff != "" || len(before) != 20 {
		t.Errorf("shops (-before +after):\n%s", diff)
	}
	next.Redo(rows) // all of it, as it is written now
	if diff := cmp.Diff(rows, next.rows(t)); diff != "" {
		t.Errorf("rows (-before +after):\n%s", diff)
	}
	size := 0
	for _, r := range rows {
		size += len(r.Body)
	}
	t.Logf("%d rows of %d bytes on average", len(rows), size/len(rows))
	c.teach(asks, answer{shop: "shop_1", after: 2, price: 700}, answer{shop: "shop_2", after: 3, price: 800})
	next.teach(asks, answer{shop: "shop_1", after: 2, price: 700}, answer{shop: "shop_2", after: 3, price: 800})
	if diff := cmp.Diff(c.all(), next.all()); diff != "" {
		t.Fatalf("after one more lesson (-before +after):\n%s", diff)
	}
}

func TestDirty_GivesWhatWaitedLongestAndEachOnce(t *testing.T) {
	t.Parallel()
	c := newCity()
	c.teach(asks, answer{shop: "shop_b", after: never})
	c.teach(asks, answer{shop: "shop_a", after: never})
	c.teach(asks, answer{shop: "shop_b", after: never})
	subjects := func(rows []outcry.Learned) (all []string) {
		for _, r := range rows {
			all = append(all, fmt.Sprint(r.Subject, " ", r.Seq))
		}
		return all
	}
	first := c.Dirty(2)
	if got := subjects(first); !slices.Equal(got, []string{"class:person 3", "shop_b 3"}) {
		t.Errorf("first %v", got)
	}
	c.teach(asks, answer{shop: "shop_b", after: never})
	c.Redo(first) // could not be kept; b waits already
	if got := subjects(c.Dirty(9)); !slices.Equal(got, []string{"shop_a 2", "class:person 4", "shop_b 4"}) {
		t.Errorf("then %v", got)
	}
	if got := c.Dirty(9); got != nil {
		t.Errorf("at last %v", got)
	}
	if got := c.Dirty(-1); got != nil {
		t.Errorf("of none %v", got)
	}
}

func TestClose_TakesNoLessonTwice(t *testing.T) {
	t.Parallel()
	c := busy(2)
	want := c.all()
	b := asks.board(answer{shop: "shop_1", after: 2, price: 1}, answer{shop: "shop_2", after: never})
	for _, seq := range []int64{1, c.seq - 1, c.seq, 0, -5} {
		if changed := c.Close(b, seq, c.shop, held); changed != nil {
			t.Errorf("lesson %d again changes %v", seq, changed)
		}
		step := outcry.OrderStep{State: outcry.OrderRefused, By: outcry.PartyShop}
		if changed := c.Order("shop_1", step, seq); changed != nil {
			t.Errorf("order %d again changes %v", seq, changed)
		}
	}
	if diff := cmp.Diff(want, c.all()); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

// Requests that run side by side close in one order of the log, and teach in
// another.
func TestClose_TakesLessonsThatComeOutOfOrder(t *testing.T) {
	t.Parallel()
	c := newCity()
	for _, seq := range []int64{1005, 1003, 1004, 1001, 1003} {
		c.Close(asks.board(answer{shop: "shop_1", after: never}), seq, c.shop, held)
	}
	near(t, "calls", c.figures("shop_1").Calls, 4, 0.4)
	if rows := c.rows(t); len(rows) != 2 || rows[1].Seq != 1005 {
		t.Errorf("rows %+v, want those of a class and a shop, learned up to 1005", rows)
	}
	for seq := range int64(5000) { // so many that the first are forgotten
		c.Close(asks.board(), 2000+seq, c.shop, held)
	}
	if changed := c.Close(asks.board(answer{shop: "shop_1", after: never}), 1001, c.shop, held); changed != nil {
		t.Errorf("a lesson from long ago changes %v", changed)
	}
}

// After a crash the end of the log is given again: rows that had learned from
// it do not learn twice, and those that were not kept in time do learn.
func TestRestore_LetsTheEndOfTheLogBeGivenAgain(t *testing.T) {
	t.Parallel()
	c := newCity()
	for _, id := range []string{"shop_0", "shop_1", "shop_2", "shop_3", "shop_4", "shop_x"} {
		c.shops[id] = outcry.Shop{ID: id, PriceLevel: 2}
	}
	lessons := func(to *city, from int) {
		for i := from; i < 40; i++ {
			q := asks
			q.code = outcry.Code(fmt.Sprint("x:", i%3))
			to.Close(q.board(answer{shop: fmt.Sprint("shop_", i%5), after: 1, price: 800 + int64(i)}, answer{shop: "shop_x", after: 1, price: 900}),
				int64(10+i), to.shop, held)
			to.Order(fmt.Sprint("shop_", i%5), outcry.OrderStep{State: outcry.OrderFulfilled, By: outcry.PartyShop}, int64(1010+i))
		}
	}
	lessons(c, 0)
	kept := c.rows(t)
	again := c.restored(t, kept)
	lessons(again, 20)
	if diff := cmp.Diff(c.all(), again.all()); diff != "" {
		t.Errorf("all was kept (-before +after):\n%s", diff)
	}
	if rows := again.rows(t); rows != nil {
		t.Errorf("%d rows have changed", len(rows))
	}
	lost := c.restored(t, slices.DeleteFunc(slices.Clone(kept), func(r outcry.Learned) bool { return r.Subject == "shop_2" }))
	lessons(lost, 0)
	s, _ := c.shop("shop_2")
	got, want := lost.Tell("shop_2", s), c.Tell("shop_2", s)
	near(t, "calls of a shop that was not kept", got.Calls, want.Calls, 1e-3)
	if got.Kept != want.Kept || got.Kept != 8 {
		t.Errorf("%d promises of it are kept, want %d", got.Kept, want.Kept)
	}
	for _, r := range lost.rows(t) {
		if r.Subject != "shop_2" {
			t.Errorf("%s has learned twice", r.Subject)
		}
	}
}

func TestRestore_TakesTheRowThatKnowsMore(t *testing.T) {
	t.Parallel()
	c := newCity()
	c.teach(asks, answer{shop: "shop_1", after: 1, price: 5})
	old := c.rows(t)
	c.teach(asks, answer{shop: "shop_1", after: 1, price: 5})
	want := c.all()
	for _, r := range old {
		if err := c.Restore(r); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(want, c.all()); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

func TestRestore_RefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	const none = `[0,0,0,0,0,0,0,0]`
	for name, row := range map[string]outcry.Learned{
		"no subject":               {Subject: "", Body: []byte(`{"v":1,"r":` + none + `,"o":` + none + `}`)},
		"an unknown class":         {Subject: "class:robot", Body: []byte(`{"v":1,"r":` + none + `,"o":` + none + `}`)},
		"no currency":              {Subject: "usual:osm:shop=bakery", Body: []byte(`{"v":1,"s":1,"n":1,"m":1}`)},
		"an unknown currency":      {Subject: "usual:osm:shop=bakery ZZZ", Body: []byte(`{"v":1,"s":1,"n":1,"m":1}`)},
		"no code":                  {Subject: "usual: GBP", Body: []byte(`{"v":1,"s":1,"n":1,"m":1}`)},
		"no JSON":                  {Subject: "shop_1", Body: []byte(`v=1`)},
		"nothing":                  {Subject: "shop_1"},
		"a later version":          {Subject: "shop_1", Body: []byte(`{"v":2,"r":` + none + `,"o":` + none + `}`)},
		"an unknown member":        {Subject: "shop_1", Body: []byte(`{"v":1,"r":` + none + `,"o":` + none + `,"x":1}`)},
		"something behind it":      {Subject: "shop_1", Body: []byte(`{"v":1,"r":` + none + `,"o":` + none + `}{}`)},
		"more offers than calls":   {Subject: "shop_1", Body: []byte(`{"v":1,"r":[1,0,0,0,0,0,0,0],"o":[2,0,0,0,0,0,0,0]}`)},
		"fewer calls than none":    {Subject: "class:person", Body: []byte(`{"v":1,"r":[-1,0,0,0,0,0,0,0],"o":` + none + `}`)},
		"endless calls":            {Subject: "shop_1", Body: []byte(`{"v":1,"r":[1e99,0,0,0,0,0,0,0],"o":` + none + `}`)},
		"a price beyond its sum":   {Subject: "shop_1", Body: []byte(`{"v":1,"r":` + none + `,"o":` + none + `,"p":[{"c":"x:a","s":9,"n":1}]}`)},
		"a price of no offer":      {Subject: "shop_1", Body: []byte(`{"v":1,"r":` + none + `,"o":` + none + `,"p":[{"c":"x:a","s":0,"n":0}]}`)},
		"a price of nothing":       {Subject: "shop_1", Body: []byte(`{"v":1,"r":` + none + `,"o":` + none + `,"p":[{"c":"","s":0,"n":1}]}`)},
		"too many prices":          {Subject: "shop_1", Body: []byte(`{"v":1,"r":` + none + `,"o":` + none + `,"p":[` + strings.Repeat(`{"c":"x:a","s":0,"n":1},`, 32) + `{"c":"x:b","s":0,"n":1}]}`)},
		"usual of no offers":       {Subject: "usual:x:a GBP", Body: []byte(`{"v":1,"s":1,"n":0,"m":9}`)},
		"usual beyond all money":   {Subject: "usual:x:a GBP", Body: []byte(`{"v":1,"s":999,"n":1,"m":9}`)},
		"promises fewer than none": {Subject: "shop_1", Body: []byte(`{"v":1,"r":` + none + `,"o":` + none + `,"k":-1}`)},
	} {
		c := newCity()
		row.Seq = 7
		err := c.Restore(row)
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", row.Subject)) {
			t.Errorf("%s: error %v, want one that names %q", name, err, row.Subject)
		}
		if diff := cmp.Diff(newCity().all(), c.all()); diff != "" || len(c.Shops()) > 0 {
			t.Errorf("%s changed (-before +after):\n%s", name, diff)
		}
	}
}

func FuzzRestore(f *testing.F) {
	c := busy(3)
	for i, r := range c.Dirty(1000) {
		if i%7 == 0 || strings.HasPrefix(r.Subject, "class") {
			f.Add(r.Subject, r.Seq, r.Body)
		}
	}
	f.Fuzz(func(t *testing.T, subject string, seq int64, body []byte) {
		rules := policy.Default()
		l := learning.New(func() *policy.Policy { return &rules })
		row := outcry.Learned{Subject: subject, Seq: seq, Body: body}
		if l.Restore(row) != nil {
			return
		}
		for _, by := range []outcry.Answering{outcry.ByPerson, outcry.BySoftware} {
			figures := l.Figures(subject, outcry.Shop{Answers: by, PriceLevel: 2})
			if !sound(figures) {
				t.Fatalf("figures %+v", figures)
			}
		}
		if code, is := strings.CutPrefix(subject, "usual:"); is {
			code, currency, _ := strings.Cut(code, " ")
			if usual, _ := l.Usual(outcry.Code(code), currency); !(usual >= 0 && usual < math.Inf(1)) {
				t.Fatalf("usual price %v", usual)
			}
		}
		l.Redo([]outcry.Learned{row})
		if rows := l.Dirty(9); seq > 0 {
			other := learning.New(func() *policy.Policy { return &rules })
			if err := other.Restore(rows[0]); err != nil {
				t.Fatalf("what it writes it does not read: %v", err)
			}
			other.Redo(rows)
			if again := other.Dirty(9); !bytes.Equal(again[0].Body, rows[0].Body) || again[0].Subject != subject {
				t.Fatalf("wrote %s, then %s", rows[0].Body, again[0].Body)
			}
		}
	})
}

// sound says whether all figures are in their bounds.
func sound(f outcry.Figures) bool {
	before := float32(0)
	for _, chance := range f.Offers {
		if !(chance >= before-1e-6 && chance <= 1) {
			return false
		}
		before = chance
	}
	for _, p := range f.Prices {
		if !(p.Price > 0.1 && p.Price < 10) {
			return false
		}
	}
	return f.Calls >= 0 && f.Kept >= 0 && f.Kept <= 1 && f.Price > 0.1 && f.Price < 10
}
