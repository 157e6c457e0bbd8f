package policy_test

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"outcry"
	"outcry/policy"
)

// fields are the parts that an error complains about.
func fields(err error) (found []string) {
	var e *outcry.Error
	if errors.As(err, &e) && e.Kind == outcry.Invalid {
		for _, f := range e.Fields {
			found = append(found, f.Location)
		}
	}
	return found
}

// figure is one number of a policy, where it stands and its bounds.
type figure struct {
	location  string
	at        *float64
	low, high float64
}

func figures(p *policy.Policy) []figure {
	s, w, r := &p.Selecting, &p.Waves, &p.Ranking
	return []figure{
		{"body.selecting.seen_within_s", &s.SeenWithinS, 0, 86400},
		{"body.selecting.patience_s", &s.PatienceS, 0, 30 * 86400},
		{"body.selecting.base", &s.Base, 0, 10},
		{"body.selecting.per_km", &s.PerKm, 0, 10},
		{"body.selecting.per_star", &s.PerStar, 0, 1},
		{"body.selecting.per_level", &s.PerLevel, 0, 1},
		{"body.selecting.exponent", &s.Exponent, 0, 16},
		{"body.selecting.person_answers", &s.PersonAnswers, 0.01, 1},
		{"body.selecting.software_answers", &s.SoftwareAnswers, 0.01, 1},
		{"body.waves.margin", &w.Margin, 0.1, 100},
		{"body.waves.trigger", &w.Trigger, 0, 100},
		{"body.waves.tick_s", &w.TickS, 0.1, 3600},
		{"body.waves.stop_s", &w.StopS, 0, 3600},
		{"body.waves.half_life_s", &w.HalfLifeS, 0.1, 86400},
		{"body.ranking.price", &r.Price, 0, 100},
		{"body.ranking.near", &r.Near, 0, 100},
		{"body.ranking.rating", &r.Rating, 0, 100},
		{"body.ranking.soon", &r.Soon, 0, 100},
		{"body.offers.valid_for_s", &p.Offers.ValidForS, 1, 86400},
	}
}

func TestCheck_NamesEachFigureOutOfItsBounds(t *testing.T) {
	t.Parallel()
	if err := policy.Default().Check(); err != nil {
		t.Fatalf("the default: %v", err)
	}
	var p policy.Policy
	for i := range figures(&p) {
		p = policy.Default()
		f := figures(&p)[i]
		for _, bad := range []float64{f.low - 0.001, f.high + 0.001, math.NaN(), math.Inf(1), math.Inf(-1)} {
			*f.at = bad
			if got := fields(p.Check()); !slices.Contains(got, f.location) || len(slices.DeleteFunc(got, func(s string) bool {
				return s == f.location || s == "body.ranking"
			})) > 0 {
				t.Errorf("%s is %v: complaints about %v", f.location, bad, got)
			}
		}
		for _, good := range []float64{f.low, f.high} {
			*f.at = good
			if got := fields(p.Check()); slices.Contains(got, f.location) {
				t.Errorf("%s is %v: refused", f.location, good)
			}
		}
	}
}

func TestCheck_NamesCountsOutOfTheirBounds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*policy.Policy)
		want   []string
	}{
		"no calls":                    {func(p *policy.Policy) { p.Waves.MostCalls = 0 }, []string{"body.waves.most_calls"}},
		"more calls than are counted": {func(p *policy.Policy) { p.Waves.MostCalls = outcry.MaxCalls + 1 }, []string{"body.waves.most_calls"}},
		"all calls that are counted":  {func(p *policy.Policy) { p.Waves.MostCalls = outcry.MaxCalls }, nil},
		"no requests":                 {func(p *policy.Policy) { p.Limits.OpenRequests = 0 }, []string{"body.limits.open_requests"}},
		"no requests of guests":       {func(p *policy.Policy) { p.Limits.OpenGuestRequests = 0 }, nil},
		"fewer than no requests":      {func(p *policy.Policy) { p.Limits.OpenGuestRequests = -1 }, []string{"body.limits.open_guest_requests"}},
		"weights of 99.9":             {func(p *policy.Policy) { p.Ranking.Soon -= 0.1 }, []string{"body.ranking"}},
		"weights of 100 otherwise":    {func(p *policy.Policy) { p.Ranking = policy.Ranking{Price: 100} }, nil},
		"two faults": {func(p *policy.Policy) { p.Selecting.Base = 11; p.Offers.ValidForS = 0 },
			[]string{"body.selecting.base", "body.offers.valid_for_s"}},
	} {
		p := policy.Default()
		c.change(&p)
		if got := fields(p.Check()); !slices.Equal(got, c.want) {
			t.Errorf("%s: complaints about %v, want %v", name, got, c.want)
		}
	}
}

func TestCheck_WaveEndsGrowToOne(t *testing.T) {
	t.Parallel()
	long := make([]float64, 21)
	for i := range long {
		long[i] = float64(i+1) / 21
	}
	for _, c := range []struct {
		ends []float64
		ok   bool
	}{
		{[]float64{1}, true},
		{[]float64{0.001, 0.5, 1}, true},
		{append(slices.Clone(long[:19]), 1), true},
		{nil, false},
		{long, false},
		{[]float64{0.5}, false},
		{[]float64{0.5, 0.9}, false},
		{[]float64{0, 1}, false},
		{[]float64{-0.5, 1}, false},
		{[]float64{0.5, 0.5, 1}, false},
		{[]float64{0.6, 0.5, 1}, false},
		{[]float64{1, 1}, false},
		{[]float64{1.5, 1}, false},
		{[]float64{math.NaN(), 1}, false},
		{[]float64{math.NaN()}, false},
	} {
		p := policy.Default()
		p.Waves.Ends = c.ends
		got := fields(p.Check())
		if (len(got) == 0) != c.ok || slices.ContainsFunc(got, func(s string) bool { return s != "body.waves.ends" }) {
			t.Errorf("ends %v: complaints about %v, want good: %v", c.ends, got, c.ok)
		}
	}
}

func TestSeconds_KeepsParts(t *testing.T) {
	t.Parallel()
	for s, want := range map[float64]time.Duration{0: 0, 1.5: 1500 * time.Millisecond, 86400: 24 * time.Hour} {
		if got := policy.Seconds(s); got != want {
			t.Errorf("%v s: %v, want %v", s, got, want)
		}
	}
}

func TestPolicy_ReadsBackWhatItWrites(t *testing.T) {
	t.Parallel()
	p := policy.Default()
	for i, f := range figures(&p) {
		*f.at += float64(i) / 1000
	}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var back policy.Policy
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	want := figures(&p)
	for i, f := range figures(&back) {
		if *f.at != *want[i].at {
			t.Errorf("%s reads %v, want %v", f.location, *f.at, *want[i].at)
		}
	}
	if !slices.Equal(back.Waves.Ends, p.Waves.Ends) || back.Limits != p.Limits || back.Waves.MostCalls != p.Waves.MostCalls {
		t.Errorf("%+v, want %+v", back, p)
	}
}
