package gauge_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"outcry"
	"outcry/cmd/outcry/gauge"
	"outcry/matching/selection"
	"outcry/policy"
	"outcry/sim/crowd"
)

// slow is an index of which each query takes so long that something can be done
// beside a few of them.
type slow struct{ *selection.Index }

func (s slow) Select(q *selection.Query, most int, into []selection.Candidate) ([]selection.Candidate, selection.Tally) {
	for start := time.Now(); time.Since(start) < 50*time.Microsecond; {
	}
	return s.Index.Select(q, most, into)
}

// fake is an index whose costs are known. It finds nothing but a shop where it
// stands.
type fake struct {
	takes time.Duration // a query, at least
	shows time.Duration // until a change shows
	stays time.Duration // until a shop that has moved is gone from where it stood
	makes int           // allocations a query
	holds int           // bytes a shop

	mu                     sync.Mutex
	at                     map[outcry.Place]string
	place                  map[string]outcry.Place
	changed                time.Time
	left                   outcry.Place // where the shop that changed last stood before
	last                   string       // that shop
	held                   [][]byte
	waste                  *int
	built, opened, learned int
}

func newFake() *fake { return &fake{at: map[outcry.Place]string{}, place: map[string]outcry.Place{}} }

func (f *fake) Put(l outcry.Listing) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.holds > 0 {
		f.held = append(f.held, make([]byte, f.holds))
		return nil
	}
	f.left = f.place[l.ID]
	delete(f.at, f.left)
	f.at[l.Place], f.place[l.ID] = l.ID, l.Place
	f.changed, f.last = time.Now(), l.ID
	return nil
}

func (f *fake) Select(q *selection.Query, _ int, into []selection.Candidate) ([]selection.Candidate, selection.Tally) {
	for start := time.Now(); time.Since(start) < f.takes; {
	}
	for range f.makes {
		f.waste = new(int)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	id, ok := f.at[q.Place]
	if q.Place == f.left && time.Since(f.changed) < f.stays {
		id, ok = f.last, true
	}
	if ok && time.Since(f.changed) >= f.shows {
		into = append(into, selection.Candidate{Shop: id})
	}
	return into, selection.Tally{}
}

func (f *fake) Run(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func (f *fake) Connect(_ string, by int, _ time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.opened += by
}

func (f *fake) Figure(string, outcry.Figures)         { f.learned++ }
func (f *fake) Expect(outcry.Figures, outcry.Figures) {}
func (f *fake) Seen(string, time.Time)                {}
func (f *fake) Build()                                { f.built++ }
func (f *fake) Bytes() (index, roster int)            { return 7000, 0 }

func plan(t *testing.T, shops int, x gauge.Index) gauge.Plan {
	t.Helper()
	return gauge.Plan{Seed: 1, Shops: shops, Queries: 300, New: func() gauge.Index { return x }, Note: t.Logf}
}

// These two are not parallel: the memory that they measure is the process's.

func TestMeasure_CountsAllocations(t *testing.T) { //nolint:paralleltest // see above
	f := newFake()
	f.makes = 3
	got, err := plan(t, 500, f).Measure(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got.Allocs < 3 || got.Allocs > 3.2 {
		t.Errorf("%.2f allocations a query, not 3", got.Allocs)
	}
}

func TestMeasure_CountsTheMemoryThatAnIndexHoldsOnTo(t *testing.T) { //nolint:paralleltest // see above
	f := newFake()
	f.holds = 1024
	ctx, stop := context.WithCancel(t.Context())
	p := plan(t, 20_000, f)
	p.Note = func(format string, args ...any) {
		if len(f.held) == p.Shops { // it never finds a shop: what comes then is not looked at
			stop()
		}
	}
	got, err := p.Measure(ctx)
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if got.BytesPerShop < 1024 || got.BytesPerShop > 1250 { // and its place in a list
		t.Errorf("%.0f bytes a shop, not 1,024 and a few", got.BytesPerShop)
	}
}

func TestMeasure_TimesEachQueryAndEachChange(t *testing.T) {
	t.Parallel()
	f := newFake()
	f.takes, f.shows = 20*time.Microsecond, 300*time.Microsecond
	got, err := plan(t, 500, f).Measure(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, us := range map[string]float64{"p50": got.P50US, "p99": got.P99US, "mean": got.MeanUS, "quiet p99": got.Quiet99US} {
		if us < 20 || us > 20_000 {
			t.Errorf("%s is %.1f us, where a query takes 20", name, us)
		}
	}
	if got.VisibleP50US < 300 || got.VisibleMaxMS*1000 < got.VisibleP99US {
		t.Errorf("a change shows after %.0f us, at most %.1f ms, where it takes 300 us", got.VisibleP50US, got.VisibleMaxMS)
	}
	if f.built != 1 || f.learned == 0 || f.opened == 0 {
		t.Errorf("built %d times, %d lessons, %d lines", f.built, f.learned, f.opened)
	}
}

func TestMeasure_AShopThatMovesIsGoneFromWhereItStood(t *testing.T) {
	t.Parallel()
	f := newFake()
	f.stays = 300 * time.Microsecond
	got, err := plan(t, 500, f).Measure(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got.VisibleP99US < 300 {
		t.Errorf("a move shows after %.0f us, where the shop is found at its old place for 300", got.VisibleP99US)
	}
}

func TestMeasure_EveryFigureIsThere(t *testing.T) {
	t.Parallel()
	got, err := plan(t, 2000, slow{selection.NewIndex()}).Measure(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	queries := 0
	for _, g := range got.Groups[:3] {
		queries += g.Queries
	}
	if got.Shops != 2000 || got.Codes != 4800 || got.Queries != 300 || queries != 300 || got.Held < 5000 || got.Held > 7000 {
		t.Errorf("%+v", got)
	}
	if want := found(t, 2000, 300); got.Found != want || want <= 0 || want > crowd.Wanted {
		t.Errorf("a query finds %v shops, looked at one by one it is %v", got.Found, want)
	}
	if got.P50US <= 0 || got.P99US < got.P50US || got.BuildS <= 0 || got.FlipNS <= 0 || got.LearnNS <= 0 {
		t.Errorf("%+v", got)
	}
	if got.Flipping <= 0 || got.Changing <= 0 || got.Flips <= 0 || got.Flips > 11_000 || got.Changes <= 0 || got.Changes > 1100 {
		t.Errorf("%.0f flips, %.0f changes a second: %.2f and %.2f times as long", got.Flips, got.Changes, got.Flipping, got.Changing)
	}
}

// found is how many shops queries of a crowd are to find on average: each shop
// is asked about by itself, of an index where nothing is looked for.
func found(t *testing.T, shops, queries int) float64 {
	t.Helper()
	c, x, rules := crowd.New(1, shops), selection.NewIndex(), policy.Default()
	x.Expect(crowd.Expected(outcry.ByPerson), crowd.Expected(outcry.BySoftware))
	for i := range shops {
		l := c.Listing(i)
		if err := x.Put(l); err != nil {
			t.Fatal(err)
		}
		if f, known := c.Figures(i, &l); known {
			x.Figure(l.ID, f)
		}
		if c.Lined(i) {
			x.Connect(l.ID, 1, crowd.Now)
		}
		if at, just := c.Spoke(i); just {
			x.Seen(l.ID, at)
		}
	}
	sum := 0
	for i := range queries {
		q := c.Query(i, &rules)
		n := 0
		for k := range shops {
			if v, _ := x.Why(&q, c.ID(k)); v.OK {
				n++
			}
		}
		sum += min(n, crowd.Wanted)
	}
	return float64(sum) / float64(queries)
}

func TestMeasure_EndsWithItsContext(t *testing.T) {
	t.Parallel()
	f := newFake()
	f.shows = time.Hour // no change ever shows
	ctx, stop := context.WithTimeout(t.Context(), time.Second)
	defer stop()
	if _, err := plan(t, 500, f).Measure(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it ends with %v", err)
	}
}

func TestStart_ReadsWhatItWrote(t *testing.T) {
	t.Parallel()
	x := selection.NewIndex()
	p := plan(t, 600, x)
	got, err := p.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got.Shops != p.Shops || got.FileB < 100_000 || got.ReadS <= 0 || got.TotalS < got.ReadS || got.MakeS <= 0 {
		t.Errorf("%+v", got)
	}
	c := crowd.New(p.Seed, p.Shops)
	for i := range p.Shops {
		want := c.Listing(i)
		if is, ok := x.Shop(want.ID); !ok || is.Name != want.Name || is.Place != want.Place {
			t.Fatalf("of %+v the index has %+v", want, is)
		}
		if code, ok := x.Held(want.ID, want.Codes); !ok || code != want.Codes[0] {
			t.Fatalf("of the book %v the index has %q", want.Codes, code)
		}
	}
}
