package selection_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"outcry"
	"outcry/matching/selection"
	"outcry/policy"
)

// madeCall is a call of a naive list of them.
type madeCall struct {
	at      time.Time
	counted bool // under no hourly limit: then the product only counts it
}

// busiest is the most calls that 60 minutes with the moment in them have, the
// moment itself counted in.
func busiest(calls []madeCall, at time.Time) int {
	all, most := append(slices.Clone(calls), madeCall{at: at}), 0
	for _, first := range all {
		n, inside := 0, false
		for _, c := range all {
			if d := c.at.Sub(first.at); d >= 0 && d < time.Hour {
				n, inside = n+1, inside || c.at.Equal(at)
			}
		}
		if inside {
			most = max(most, n)
		}
	}
	return most
}

// lately is the calls of the hour up to a moment.
func lately(calls []madeCall, at time.Time) (n int) {
	for _, c := range calls {
		if d := at.Sub(c.at); d >= 0 && d < time.Hour {
			n++
		}
	}
	return n
}

// oneLimit is a policy's limits where each shop has the same.
func oneLimit(open, hourly int) *policy.Limits {
	limit := policy.ShopLimit{Open: open, Hourly: hourly}
	return &policy.Limits{Person: limit, Software: limit}
}

// ledger is a shop's load beside a naive list of its calls.
type ledger struct {
	index *selection.Index
	now   time.Time
	open  int
	calls []madeCall
}

// blurred says whether calls were counted lately, so that the product may be
// stricter than the list.
func (l *ledger) blurred() bool {
	return slices.ContainsFunc(l.calls, func(c madeCall) bool { return c.counted && l.now.Sub(c.at) < 150*time.Minute })
}

func (l *ledger) hold(t *rapid.T) {
	at := l.now.Add(-time.Duration(rapid.SampledFrom([]int{0, 0, 0, 1, 299, 300, 600}).Draw(t, "late")) * time.Second)
	limits := oneLimit(rapid.SampledFrom([]int{0, 0, 1, 3}).Draw(t, "open"), rapid.SampledFrom([]int{0, 1, 2, 2, 3, 3, 5, 8}).Draw(t, "hourly"))
	limit := limits.Person
	mayOpen := limit.Open == 0 || l.open < limit.Open
	mayCall := limit.Hourly == 0 || busiest(l.calls, at) <= limit.Hourly
	q := ask()
	q.Now, q.When, q.Deadline, q.Policy.Limits = at, at, at.Add(time.Hour), *limits
	v, _ := l.index.Why(q, "shop_a")
	held := l.index.Hold("shop_a", at, limits)
	if held && !(mayOpen && mayCall) {
		t.Fatalf("held at %v under %+v with %d open and %v", at, limit, l.open, l.calls)
	}
	if !held && mayOpen && mayCall && !l.blurred() {
		t.Fatalf("refused at %v under %+v with %d open and %v", at, limit, l.open, l.calls)
	}
	if v.OK != held || v.Rule == selection.RuleOpen != (!mayOpen) {
		t.Fatalf("Why says %+v, held %v", v, held)
	}
	if held {
		l.open++
		l.calls = append(l.calls, madeCall{at, limit.Hourly == 0})
	}
}

func (l *ledger) note(t *rapid.T) {
	at := l.now.Add(-time.Duration(rapid.IntRange(0, 3700).Draw(t, "noted before")) * time.Second)
	l.index.Note("shop_a", at)
	l.calls = append(l.calls, madeCall{at: at})
}

func (l *ledger) undo(t *rapid.T) {
	if len(l.calls) == 0 {
		return
	}
	i := rapid.IntRange(0, len(l.calls)-1).Draw(t, "undone")
	if l.now.Sub(l.calls[i].at) > time.Hour {
		return
	}
	l.index.Undo("shop_a", l.calls[i].at)
	l.open = max(0, l.open-1)
	// Calls of one moment are alike, but for those that are only counted.
	at := l.calls[i].at
	if k := slices.IndexFunc(l.calls, func(c madeCall) bool { return c.at.Equal(at) && !c.counted }); k >= 0 {
		i = k
	}
	l.calls = slices.Delete(l.calls, i, i+1)
}

func TestHold_EqualsAListOfAllCalls(t *testing.T) {
	t.Parallel()
	starts := []time.Time{{}, time.Unix(0, 0), time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), noon, noon.Add(59*time.Minute + 999)}
	rapid.Check(t, func(t *rapid.T) {
		l := &ledger{index: selection.NewIndex(), now: rapid.SampledFrom(starts).Draw(t, "start")}
		if err := l.index.Put(sells("shop_a")); err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			l.now = l.now.Add(time.Duration(rapid.SampledFrom([]int{0, 0, 1, 300, 600, 1200, 1799, 3600, 9000}).Draw(t, "passes")) * time.Second)
			switch rapid.IntRange(0, 9).Draw(t, "step") {
			case 0:
				l.note(t)
			case 1:
				l.undo(t)
			case 2, 3:
				l.index.Release("shop_a")
				l.open = max(0, l.open-1)
			default:
				l.hold(t)
			}
			q := ask()
			q.Now, q.When, q.Deadline, q.Policy.Limits = l.now, l.now, l.now.Add(time.Hour), *oneLimit(0, 0)
			if got := best(l.index, q)[0].Hour; !l.blurred() && got != float64(lately(l.calls, l.now)) {
				t.Fatalf("%v calls in the hour to %v, want those of %v", got, l.now, l.calls)
			}
		}
	})
}

func TestHold_NoHourHasMoreThanItsLimitUnderARace(t *testing.T) {
	t.Parallel()
	const workers, tries, rounds, mostOpen, hourly = 8, 40, 300, 4, 7
	s := indexOf(t, sells("shop_a"))
	limits := oneLimit(mostOpen, hourly)
	var open, worst atomic.Int64
	var mu sync.Mutex
	var made []time.Time
	call := func(now time.Time, undo bool) {
		if !s.Hold("shop_a", now, limits) {
			return
		}
		for n := open.Add(1); ; {
			if was := worst.Load(); n <= was || worst.CompareAndSwap(was, n) {
				break
			}
		}
		best(s, ask())
		if open.Add(-1); undo {
			s.Undo("shop_a", now)
			return
		}
		s.Release("shop_a")
		mu.Lock()
		made = append(made, now)
		mu.Unlock()
	}
	for m := range rounds { // of 4 minutes, so that holds come at most 10 minutes behind each other
		var all sync.WaitGroup
		start := make(chan struct{})
		for w := range workers {
			all.Go(func() {
				r := rand.New(rand.NewPCG(uint64(m), uint64(w)))
				<-start
				for range tries {
					call(noon.Add(time.Duration(240*m-r.IntN(360))*time.Second), r.IntN(2) == 0)
				}
			})
		}
		close(start)
		all.Wait()
	}
	slices.SortFunc(made, time.Time.Compare)
	for i := hourly; i < len(made); i++ {
		if span := made[i].Sub(made[i-hourly]); span < time.Hour {
			t.Errorf("%d calls within %v, at most %d in an hour", hourly+1, span, hourly)
		}
	}
	if worst.Load() > mostOpen {
		t.Errorf("%d open at once, at most %d may", worst.Load(), mostOpen)
	}
	if hours := rounds * 4 / 60; len(made) < hours*hourly*3/4 {
		t.Errorf("only %d calls in %d hours of %d", len(made), hours, hourly)
	}
}

func TestHold_LimitsThatChange(t *testing.T) {
	t.Parallel()
	s := indexOf(t, sells("shop_a"))
	after := func(m int) time.Time { return noon.Add(time.Duration(m) * time.Minute) }
	for i, c := range []struct {
		minute, hourly int
		want           bool
	}{
		{0, 3, true}, {1, 3, true}, {2, 3, true},
		{3, 3, false}, {3, 5, true}, // raised
		{4, 2, false}, {59, 2, false}, {60, 2, false}, {61, 3, true}, // lowered, then between: 2, 3 and 61
		{62, 2, false}, {63, 2, true}, // 61 and 63
	} {
		if got := s.Hold("shop_a", after(c.minute), oneLimit(0, c.hourly)); got != c.want {
			t.Errorf("row %d, at minute %d under %d an hour: held %v, want %v", i, c.minute, c.hourly, got, c.want)
		}
	}
}

func TestHold_ALimitAfterNone(t *testing.T) {
	t.Parallel()
	s := indexOf(t, sells("shop_a"))
	for i := range 5 {
		if !s.Hold("shop_a", noon.Add(time.Duration(i)*time.Minute), oneLimit(0, 0)) {
			t.Fatal("refused without a limit")
		}
	}
	q := ask()
	q.Now = noon.Add(5 * time.Minute)
	q.Policy.Limits = *oneLimit(0, 5)
	if v, _ := s.Why(q, "shop_a"); v.Rule != selection.RuleHourly || v.Why != "5 calls in the last hour, at most 5 may" {
		t.Errorf("%+v, want the 5 calls made under no limit to count", v)
	}
	if s.Hold("shop_a", q.Now, oneLimit(0, 5)) || !s.Hold("shop_a", q.Now, oneLimit(0, 6)) {
		t.Error("calls under no limit do not count under one")
	}
	if !s.Hold("shop_a", noon.Add(75*time.Minute), oneLimit(0, 1)) {
		t.Error("refused more than 70 minutes after the last")
	}
}

func TestHold_AClockThatWasSetBack(t *testing.T) {
	t.Parallel()
	s := indexOf(t, sells("shop_a"))
	limits := oneLimit(0, 2)
	for _, at := range []time.Time{noon, noon.Add(time.Minute), noon.AddDate(-4, 0, 0), noon.AddDate(-4, 0, 0)} {
		if !s.Hold("shop_a", at, limits) {
			t.Errorf("refused at %v", at)
		}
	}
	if s.Hold("shop_a", noon.AddDate(-4, 0, 0), limits) {
		t.Error("the limit does not hold after the clock was set back")
	}
	s = indexOf(t, sells("shop_a"))
	for _, at := range []time.Time{noon, noon.Add(-time.Hour), noon.Add(-2 * time.Hour)} {
		if !s.Hold("shop_a", at, oneLimit(0, 1)) {
			t.Errorf("refused at %v, an hour before the last", at)
		}
	}
}

func TestHold_AnHourIsHalfOpen(t *testing.T) {
	t.Parallel()
	s, limits := indexOf(t, sells("shop_a")), oneLimit(0, 2)
	for i, c := range []struct {
		after time.Duration
		want  bool
	}{
		{0, true}, {time.Hour, true}, // no hour has both
		{time.Hour - time.Second, true}, // out of order: an hour has it and the first, another it and the second
		{time.Hour - 2*time.Second, false}, {time.Hour, false}, {2*time.Hour - time.Second - 1, false},
		{2*time.Hour - time.Second, true},
	} {
		if got := s.Hold("shop_a", noon.Add(c.after), limits); got != c.want {
			t.Errorf("row %d, %v after the first: held %v, want %v", i, c.after, got, c.want)
		}
	}
}

func TestHold_LosesNoCallUnderARace(t *testing.T) {
	t.Parallel()
	const workers, each = 8, 400
	for name, limits := range map[string]*policy.Limits{"one by one": oneLimit(0, 1e6), "counted": oneLimit(0, 0)} {
		s := indexOf(t, sells("shop_a"))
		var all sync.WaitGroup
		start := make(chan struct{})
		for w := range workers {
			all.Go(func() {
				<-start
				for i := range each {
					at := noon.Add(-time.Duration(i*workers+w) * time.Microsecond)
					s.Hold("shop_a", at, limits)
					if i%2 == 0 {
						s.Undo("shop_a", at)
					}
				}
			})
		}
		close(start)
		all.Wait()
		q := ask()
		q.Policy.Limits = *oneLimit(0, 0)
		if got := best(s, q)[0].Hour; got != workers*each/2 {
			t.Errorf("%s: %v calls, want %d", name, got, workers*each/2)
		}
		q.Policy.Limits = *oneLimit(1, 0)
		if v, _ := s.Why(q, "shop_a"); v.Why != fmt.Sprintf("%d calls wait for its answer, at most 1 may", workers*each/2) {
			t.Errorf("%s: %q, want %d open", name, v.Why, workers*each/2)
		}
	}
}

// What is read while a clock goes back and forth only shows under -race.
func TestHold_ReadsWhileTheClockIsSetBack(t *testing.T) {
	t.Parallel()
	s, q, limits := indexOf(t, sells("shop_a")), ask(), oneLimit(0, 2)
	q.Policy.Limits = *oneLimit(0, 0)
	var all sync.WaitGroup
	done := make(chan struct{})
	all.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			if v, _ := s.Why(q, "shop_a"); v.Candidate.Hour > 2 {
				t.Errorf("%v calls in an hour that had 2 at most", v.Candidate.Hour)
			}
		}
	})
	for i := range 2000 {
		day := noon.Add(time.Duration(3*i) * time.Hour)
		for _, after := range []time.Duration{0, 65 * time.Minute, 4 * time.Minute} {
			if at := day.Add(after); !s.Hold("shop_a", at, limits) {
				t.Errorf("refused at %v", at)
			}
		}
	}
	close(done)
	all.Wait()
}

// It is not parallel: others would allocate meanwhile.
func TestHold_ForgetsOldCalls(t *testing.T) {
	s, limits := indexOf(t, sells("shop_a")), oneLimit(0, 20)
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	for i := range 50_000 {
		if !s.Hold("shop_a", noon.Add(time.Duration(i)*10*time.Minute), limits) {
			t.Fatalf("call %d was refused", i)
		}
		s.Release("shop_a")
	}
	if grown := int64(heap()) - int64(before); grown > 100_000 {
		t.Errorf("%d bytes are kept of 50000 calls, of which 6 are of the last hour", grown)
	}
	runtime.KeepAlive(s)
}

func TestHold_EstimatesTheHourOfCallsThatAreOnlyCounted(t *testing.T) {
	t.Parallel()
	s, q := indexOf(t, sells("shop_a")), ask()
	q.Policy.Limits, q.Policy.Selecting.PatienceS = *oneLimit(0, 0), 0
	hour := func(at time.Time) float64 {
		q.Now, q.When, q.Deadline = at, at, at.Add(time.Minute)
		return best(s, q)[0].Hour
	}
	for i := range 360 { // 6 hours, a call a minute
		at := noon.Add(time.Duration(i) * time.Minute)
		s.Hold("shop_a", at, oneLimit(0, 0))
		want, off := float64(min(i+1, 60)), 2.0
		if i < 90 { // of a stretch that began before the calls did, too few are taken to be late
			off = 20
		}
		if got := hour(at); math.Abs(got-want) > off {
			t.Errorf("%v calls in the hour up to minute %d, want about %v", got, i, want)
		}
		if got := hour(at.Add(-10 * time.Minute)); got < want-10-off || got > want+2 {
			t.Errorf("%v calls in the hour up to 10 minutes before minute %d, want about %v", got, i, want)
		}
	}
	last := noon.Add(359 * time.Minute)
	for after, want := range map[time.Duration]float64{30 * time.Minute: 30, 50 * time.Minute: 10, 130 * time.Minute: 0, 9000 * time.Hour: 0, -9000 * time.Hour: 0} {
		if got := hour(last.Add(after)); math.Abs(got-want) > 13 || want == 0 && got != 0 {
			t.Errorf("%v calls in the hour %v after the last, want about %v", got, after, want)
		}
	}
}

func TestHold_ALimitAfterNoneOutOfOrder(t *testing.T) {
	t.Parallel()
	for m := range 140 { // wherever the stretches begin that calls are counted by
		s, at := indexOf(t, sells("shop_a")), noon.Add(time.Duration(m)*time.Minute)
		for _, d := range []time.Duration{-2 * time.Minute, time.Minute, -time.Second} {
			s.Hold("shop_a", at.Add(d), oneLimit(0, 0))
		}
		if s.Hold("shop_a", at.Add(-time.Minute), oneLimit(0, 3)) {
			t.Errorf("minute %d: a fourth call within 3 minutes, at most 3 may", m)
		}
		if !s.Hold("shop_a", at.Add(-time.Minute), oneLimit(0, 4)) {
			t.Errorf("minute %d: 3 calls count as more", m)
		}
	}
}

// It is not parallel: others would allocate meanwhile.
func TestHold_WithoutAnHourlyLimitKeepsNoList(t *testing.T) {
	s, now := indexOf(t, sells("shop_a")), noon
	hold := func(limits *policy.Limits) float64 {
		return testing.AllocsPerRun(1000, func() {
			now = now.Add(time.Second)
			s.Hold("shop_a", now, limits)
		})
	}
	if n := hold(oneLimit(0, 0)); n != 0 {
		t.Errorf("%v allocations a call without a limit", n)
	}
	if n := hold(oneLimit(0, 1e6)); n == 0 {
		t.Error("no allocations under a limit: this test no longer sees the list")
	}
}

func TestNote_CountsForTheHourAlone(t *testing.T) {
	t.Parallel()
	s := indexOf(t, sells("shop_a"))
	for i := range 300 { // newest first, and more than are kept one by one
		s.Note("shop_a", noon.Add(-time.Duration(i)*time.Second))
	}
	s.Note("shop_gone", noon)
	q := ask()
	q.Policy.Limits = *oneLimit(1, 300)
	if v, _ := s.Why(q, "shop_a"); v.Rule != selection.RuleHourly {
		t.Errorf("%+v, want 300 calls of the hour and none open", v)
	}
	if s.Hold("shop_a", noon, oneLimit(0, 300)) || !s.Hold("shop_a", noon, oneLimit(0, 301)) {
		t.Error("300 calls noted do not count as 300")
	}
	if got := fmt.Sprint(s.Hold("shop_gone", noon, oneLimit(0, 0))); got != "false" {
		t.Errorf("held for a shop that is not there: %s", got)
	}
	s.Release("shop_gone")
	s.Undo("shop_gone", noon)
	if _, ok := s.Shop("shop_gone"); ok {
		t.Error("a shop came into being by a call")
	}
}

func TestHold_NotWhileTheShopMayNotBeCalled(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*outcry.Listing)
		want   bool
	}{
		"active":              {func(*outcry.Listing) {}, true},
		"pending":             {func(l *outcry.Listing) { l.State = outcry.ShopPending }, false},
		"suspended":           {func(l *outcry.Listing) { l.State = outcry.ShopSuspended }, false},
		"paused":              {func(l *outcry.Listing) { l.PausedUntil = noon.Add(1) }, false},
		"paused until now":    {func(l *outcry.Listing) { l.PausedUntil = noon }, true},
		"quiet":               {func(l *outcry.Listing) { l.QuietHours, l.TimeZone = "21:00-22:00", "Asia/Seoul" }, false},
		"quiet at other time": {func(l *outcry.Listing) { l.QuietHours = "21:00-22:00" }, true},
		"closed":              {func(l *outcry.Listing) { l.Hours = "off" }, true}, // it may be needed later
		"its own limits":      {func(l *outcry.Listing) { l.MostOpen, l.MostHourly = 1, 1 }, true},
	} {
		l := sells("shop_a")
		c.change(&l)
		s := indexOf(t, l)
		if got := s.Hold("shop_a", noon, &policy.Limits{}); got != c.want {
			t.Errorf("%s: held %v, want %v", name, got, c.want)
		}
		again := s.Hold("shop_a", noon, &policy.Limits{})
		if own := l.MostOpen == 0; again != (c.want && own) {
			t.Errorf("%s: held again %v", name, again)
		}
	}
}

func TestHold_ReleaseAndUndoGiveBack(t *testing.T) {
	t.Parallel()
	s := indexOf(t, sells("shop_a"))
	open, hourly := oneLimit(1, 0), oneLimit(0, 2)
	if !s.Hold("shop_a", noon, open) || s.Hold("shop_a", noon, open) {
		t.Fatal("want one open and no more")
	}
	put(t, s, sells("shop_a")) // a change of the shop keeps its calls
	if s.Hold("shop_a", noon, open) {
		t.Error("a change of the shop gave a call back")
	}
	s.Release("shop_a")
	s.Release("shop_a") // once too often
	if !s.Hold("shop_a", noon, open) || s.Hold("shop_a", noon, open) {
		t.Error("a call released is not given back once")
	}
	if s.Hold("shop_a", noon, hourly) {
		t.Error("a release gives nothing back of the hour")
	}
	s.Undo("shop_a", noon)
	if !s.Hold("shop_a", noon.Add(1), hourly) || s.Hold("shop_a", noon.Add(1), hourly) {
		t.Error("undo does not give one call of the hour back")
	}
	s.Undo("shop_a", noon.Add(1))
	if !s.Hold("shop_a", noon.Add(1), oneLimit(1, 2)) {
		t.Error("undo does not give back what is open")
	}
}
