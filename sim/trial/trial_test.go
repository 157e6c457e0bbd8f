package trial_test

import (
	"context"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"outcry/policy"
	"outcry/sim/trial"
)

// small is a city for tests.
var small = trial.Setting{Name: "small", Shops: 600, Load: 2, WarmUp: time.Hour, Day: 90 * time.Minute}

// try is what contenders come to in a setting with one seed.
func try(t *testing.T, s trial.Setting, seed uint64, contenders ...trial.Contender) []trial.Figures {
	t.Helper()
	rows, err := trial.Run(t.Context(), []trial.Field{{Setting: s, Contenders: contenders}}, []uint64{seed}, func(trial.Step) {})
	if err != nil {
		t.Fatal(err)
	}
	var all []trial.Figures
	for _, r := range rows {
		all = append(all, r.Seeds[0])
	}
	return all
}

func TestRun_TheSameSeedGivesTheSameFigures(t *testing.T) {
	t.Parallel()
	contenders := []trial.Contender{
		trial.Everybody(policy.Default()), trial.Ours(policy.Default()), trial.Oracle(policy.Default()),
	}
	first, again := try(t, small, 7, contenders...), try(t, small, 7, contenders...)
	if d := cmp.Diff(first, again); d != "" {
		t.Errorf("the same seed gave other figures (-first +again):\n%s", d)
	}
	if other := try(t, small, 8, contenders...); cmp.Equal(first, other) {
		t.Error("another seed gave the same figures")
	}
}

func TestRun_OursAsksForLessAndKeepsTheLimits(t *testing.T) {
	t.Parallel()
	p := policy.Default()
	got := try(t, small, 7, trial.Everybody(p), trial.Ours(p))
	everybody, ours := got[0], got[1]
	if everybody.Of50 != 1 || everybody.Of12 != 1 {
		t.Errorf("everybody calls %v and %v of those that may be called; want all", everybody.Of50, everybody.Of12)
	}
	if everybody.Beyond == 0 {
		t.Error("calling everybody breaks no limit: the load says nothing")
	}
	if ours.Beyond != 0 {
		t.Errorf("ours breaks the limits with %v of its calls", ours.Beyond)
	}
	if ours.Calls > everybody.Calls/2 {
		t.Errorf("ours makes %.1f calls a request, everybody %.1f; want less than half", ours.Calls, everybody.Calls)
	}
	if ours.Got < 0.98 {
		t.Errorf("ours got K in %v of the requests", ours.Got)
	}
}

func TestRun_OffersSentAgainAreNoNewOnes(t *testing.T) {
	t.Parallel()
	got := try(t, small, 7, trial.Everybody(policy.Default()))[0]
	if got.Repeats < 100 || got.Repeated != 0 {
		t.Errorf("%v offers were sent again and %v taken for new ones; want many and none", got.Repeats, got.Repeated)
	}
}

func TestRun_ABadPolicyIsSeen(t *testing.T) {
	t.Parallel()
	ours := policy.Default()
	for name, c := range map[string]struct {
		harm  func(*policy.Policy)
		worse func(bad, good trial.Figures) bool
	}{
		"too few calls": {
			func(p *policy.Policy) { p.Waves.MostCalls = 3 },
			func(bad, good trial.Figures) bool { return bad.Got < 0.7*good.Got },
		},
		"the dearest first": {
			func(p *policy.Policy) { p.Score.Base, p.Score.PerStar = 0, 0; p.Score.Answers = 4 },
			func(bad, good trial.Figures) bool { return bad.Price > good.Price+0.01 },
		},
		"no limits": {
			func(p *policy.Policy) { p.Limits.Person = policy.ShopLimit{} },
			func(bad, good trial.Figures) bool { return bad.Beyond > 0 && good.Beyond == 0 },
		},
		"no exploring": {
			func(p *policy.Policy) { p.Exploring.Share = 0 },
			func(bad, good trial.Figures) bool { return bad.Forgotten > good.Forgotten },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			harmed := policy.Default()
			c.harm(&harmed)
			got := try(t, small, 7, trial.Ours(harmed), trial.Ours(ours))
			if !c.worse(got[0], got[1]) {
				t.Errorf("it is not seen:\nbad  %+v\ngood %+v", got[0], got[1])
			}
		})
	}
}

func TestRun_BaitIsFoundOut(t *testing.T) {
	t.Parallel()
	s := small
	s.Bait = 0.3
	got := try(t, s, 7, trial.Ungated(policy.Default()), trial.Ours(policy.Default()))
	if ungated, gated := got[0].Broken, got[1].Broken; ungated < 0.4 || gated > 0.7*ungated {
		t.Errorf("%v of the deals break without the gate and %v with it", ungated, gated)
	}
}

func TestRun_EndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := trial.Run(ctx, trial.QuickFields(policy.Default()), []uint64{1}, func(trial.Step) {})
	if err == nil {
		t.Error("it ran although nobody waits")
	}
}

func TestMeasures_AreAllFigures(t *testing.T) {
	t.Parallel()
	var f trial.Figures
	for i, m := range trial.Measures() {
		*m.Of(&f) = float64(i + 1)
	}
	v := reflect.ValueOf(f)
	if n := len(trial.Measures()); n != v.NumField() {
		t.Errorf("there are %d measures of %d figures", n, v.NumField())
	}
	for i := range v.NumField() {
		if v.Field(i).Float() == 0 {
			t.Errorf("%s is not measured", v.Type().Field(i).Name)
		}
	}
}

func TestRow_MeansAndIntervals(t *testing.T) {
	t.Parallel()
	r := trial.Row{Seeds: []trial.Figures{{Calls: 10}, {Calls: 12}, {Calls: 14}}}
	if got := r.Mean().Calls; got != 12 {
		t.Errorf("the mean is %v, want 12", got)
	}
	// t(0.975, 2) = 4.303, s = 2, n = 3
	if got, want := r.Half().Calls, 4.303*2/math.Sqrt(3); math.Abs(got-want) > 1e-9 {
		t.Errorf("half the interval is %v, want %v", got, want)
	}
	if mean, half := trial.Interval([]float64{5}); mean != 5 || half != 0 {
		t.Errorf("of one seed: %v ± %v, want 5 ± 0", mean, half)
	}
}
