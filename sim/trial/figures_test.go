package trial_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"outcry"
	"outcry/sim/trial"
)

func TestGini_FromEqualToOneHasAll(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{nil, 0}, {[]float64{0, 0}, 0}, {[]float64{3, 3, 3}, 0}, {[]float64{0, 0, 0, 8}, 0.75}, {[]float64{3, 1}, 0.25},
	} {
		if got := trial.Gini(slices.Clone(c.values)); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("Gini of %v is %v, want %v", c.values, got, c.want)
		}
	}
}

func TestQuantile_IsOneOfTheValues(t *testing.T) {
	t.Parallel()
	values := []float64{9, 1, 5, 3, 7}
	for share, want := range map[float64]float64{0: 1, 0.5: 5, 0.9: 9, 1: 9} {
		if got := trial.Quantile(slices.Clone(values), share); got != want {
			t.Errorf("quantile %v is %v, want %v", share, got, want)
		}
	}
	if got := trial.Quantile(nil, 0.5); got != 0 {
		t.Errorf("of nothing it is %v, want 0", got)
	}
}

func TestGoals_JudgeOurs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		got, least, aim float64
		want            trial.Verdict
	}{
		{0.14, 0.25, 0.15, trial.Aimed}, {0.2, 0.25, 0.15, trial.Passed}, {0.26, 0.25, 0.15, trial.Short},
		{0.9995, 0.99, 0.999, trial.Aimed}, {0.995, 0.99, 0.999, trial.Passed}, {0.98, 0.99, 0.999, trial.Short},
		{0, 0, 0, trial.Aimed}, {0.001, 0, 0, trial.Short},
	} {
		if got := trial.Judge(c.got, c.least, c.aim); got != c.want {
			t.Errorf("%v of %v and %v is %q, want %q", c.got, c.least, c.aim, got, c.want)
		}
	}
}

func TestGoals_OfTheSettingsThatWereTried(t *testing.T) {
	t.Parallel()
	rows := []trial.Row{
		{Setting: "normal", Policy: "everybody", Seeds: []trial.Figures{{Worth: 0.9}, {Worth: 0.8}}},
		{Setting: "normal", Policy: "ours", Seeds: []trial.Figures{{Worth: 0.9, Beyond: 0.1}, {Worth: 0.72}}},
	}
	found := map[string]trial.Goal{}
	for _, g := range trial.Goals(rows) {
		if g.Setting != "normal" {
			t.Errorf("there is a goal for %s, which was not tried", g.Setting)
		}
		found[g.Figure] = g
	}
	if g := found["utility against everybody's"]; math.Abs(g.Got-0.95) > 1e-9 || g.Verdict != trial.Short {
		t.Errorf("the utility is %v (%s), want the mean of 1 and 0.9, short", g.Got, g.Verdict)
	}
	if g := found["limits broken"]; g.Got != 0.05 || g.Verdict != trial.Short {
		t.Errorf("limits broken is %v (%s), want 0.05, short", g.Got, g.Verdict)
	}
}

func TestAgenda_InTheOrderOfTimeThenOfPuttingDown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		after := rapid.SliceOf(rapid.IntRange(0, 20)).Draw(t, "after")
		times := make([]time.Time, len(after))
		want := make([]int, len(after))
		for i, s := range after {
			times[i], want[i] = trial.Opening.Add(time.Duration(s)*time.Second), i
		}
		slices.SortStableFunc(want, func(a, b int) int { return after[a] - after[b] })
		if got := trial.Order(t.Context(), times); !slices.Equal(got, want) {
			t.Fatalf("they came as %v, want %v", got, want)
		}
	})
}

func TestSetting_NobodyAsksAtNight(t *testing.T) {
	t.Parallel()
	s := trial.Normal
	evening := trial.Opening.Add(-14 * time.Hour)
	at, ok := s.Next(evening.Add(-time.Second), 10*time.Second)
	if !ok || at.Before(trial.Opening) || at.After(trial.Opening.Add(time.Minute)) {
		t.Errorf("after the evening somebody asks at %s, %v; want just after %s", at, ok, trial.Opening)
	}
	if _, ok := s.Next(trial.Opening.Add(s.Day-time.Second), time.Minute); ok {
		t.Error("somebody asks after the day")
	}
	noon, _ := s.Next(trial.Opening.Add(3*time.Hour), time.Hour)
	early, _ := s.Next(trial.Opening, time.Hour)
	if busy, calm := noon.Sub(trial.Opening.Add(3*time.Hour)), early.Sub(trial.Opening); busy >= calm {
		t.Errorf("at noon the next one asks after %s, in the morning after %s", busy, calm)
	}
}

func TestJournal_RefusesWhatIsBehindTheLog(t *testing.T) {
	t.Parallel()
	j := trial.NewJournal()
	trial.Add(j, outcry.Request{ID: "req_1", State: outcry.RequestOpen})
	closing := []outcry.Event{{Kind: outcry.EventClosed, Request: "req_1", Closing: &outcry.Closing{Reason: outcry.ClosedEnough}}}
	kept, err := j.Commit(t.Context(), outcry.Batch{Request: "req_1", Events: closing})
	if err != nil || len(kept) != 1 || kept[0].Seq == 0 {
		t.Fatalf("it kept %v, %v", kept, err)
	}
	if _, err := j.Commit(t.Context(), outcry.Batch{Request: "req_1", Events: closing}); outcry.CodeOf(err) != "stale" {
		t.Errorf("a batch behind the log gives %v, want stale", err)
	}
	if r, err := j.Request(t.Context(), "req_1"); err != nil || r.State != outcry.RequestClosed {
		t.Errorf("the request is %v, %v; want closed", r.State, err)
	}
	if log, err := j.RequestLog(t.Context(), "req_1", 0, 10); err != nil || len(log) != 1 {
		t.Errorf("its log has %d events, %v; want 1", len(log), err)
	}
	trial.Drop(j, "req_1")
	if _, err := j.Request(t.Context(), "req_1"); outcry.KindOf(err) != outcry.NotFound {
		t.Errorf("a request that was dropped gives %v", err)
	}
}
