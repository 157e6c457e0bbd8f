package policy_test

import (
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
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

// figure is what stands in a policy at a path.
func figure(p *policy.Policy, path string) reflect.Value {
	v := reflect.ValueOf(p).Elem()
	for name := range strings.SplitSeq(path, ".") {
		for i := range v.NumField() {
			if tag, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ","); tag == name {
				v = v.Field(i)
				break
			}
		}
	}
	return v
}

// bound are figures that are bounded by others as well.
var bound = []string{"promises.prior", "promises.weight", "waves.load_from", "waves.load_full"}

func TestCheck_NamesEachFigureOutOfItsBounds(t *testing.T) {
	t.Parallel()
	p := policy.Default()
	if err := p.Check(); err != nil {
		t.Fatalf("the default: %v", err)
	}
	for _, k := range policy.Keys() {
		p := policy.Default()
		v := figure(&p, k.Name)
		switch v.Kind() {
		case reflect.Float64:
			for _, bad := range []float64{k.Low - 0.001, k.High + 0.001, math.NaN(), math.Inf(1), math.Inf(-1)} {
				v.SetFloat(bad)
				if got := fields(p.Check()); !slices.Equal(got, []string{"body." + k.Name}) {
					t.Errorf("%s is %v: complaints about %v", k.Name, bad, got)
				}
			}
			for _, good := range []float64{k.Low, k.High} {
				v.SetFloat(good)
				if got := fields(p.Check()); slices.Contains(got, "body."+k.Name) && !slices.Contains(bound, k.Name) {
					t.Errorf("%s is %v: refused", k.Name, good)
				}
			}
		case reflect.Int:
			for x, ok := range map[int64]bool{int64(k.Low) - 1: false, int64(k.High) + 1: false, int64(k.Low): true, int64(k.High): true} {
				v.SetInt(x)
				if got := fields(p.Check()); (got == nil) != ok || !ok && !slices.Equal(got, []string{"body." + k.Name}) {
					t.Errorf("%s is %v: complaints about %v", k.Name, x, got)
				}
			}
		default: // what is neither has tests of its own
		}
	}
}

func TestCheck_HoldsFiguresAgainstEachOther(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*policy.Policy)
		want   []string
	}{
		"weights of 99.9":          {func(p *policy.Policy) { p.Ranking.Soon -= 0.1 }, []string{"body.ranking"}},
		"weights of 100 otherwise": {func(p *policy.Policy) { p.Ranking = policy.Ranking{Price: 100} }, nil},
		"more kept than given":     {func(p *policy.Policy) { p.Promises.Prior = 2.1 }, []string{"body.promises.prior"}},
		"all kept":                 {func(p *policy.Policy) { p.Promises.Prior = 2 }, nil},
		"full before it begins":    {func(p *policy.Policy) { p.Waves.LoadFrom = 0.36 }, []string{"body.waves.load_full"}},
		"full as it begins":        {func(p *policy.Policy) { p.Waves.LoadFrom = 0.35 }, nil},
		"more calls than counted":  {func(p *policy.Policy) { p.Waves.MostCalls = outcry.MaxCalls + 1 }, []string{"body.waves.most_calls"}},
		"three faults": {func(p *policy.Policy) { p.Score.Base = 11; p.Offers.ValidForS = 0; p.Ranking.Near = math.NaN() },
			[]string{"body.score.base", "body.ranking.near", "body.offers.valid_for_s"}},
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

func TestCheck_RulesHaveANameAnExpressionAndWords(t *testing.T) {
	t.Parallel()
	many := make([]policy.Addition, policy.MaxExpressions+1)
	for i := range many {
		many[i] = policy.Addition{Name: "a" + strings.Repeat("b", i), Points: "1", Why: "why"}
	}
	for name, c := range map[string]struct {
		rule policy.Addition
		want string
	}{
		"all there":            {policy.Addition{Name: "far_2", Points: "1", Why: "it is far"}, ""},
		"no name":              {policy.Addition{Points: "1", Why: "why"}, "name"},
		"two words":            {policy.Addition{Name: "too far", Points: "1", Why: "why"}, "name"},
		"capital letters":      {policy.Addition{Name: "Far", Points: "1", Why: "why"}, "name"},
		"a long name":          {policy.Addition{Name: strings.Repeat("a", 41), Points: "1", Why: "why"}, "name"},
		"a score's own name":   {policy.Addition{Name: "price", Points: "1", Why: "why"}, "name"},
		"no expression":        {policy.Addition{Name: "a", Points: " ", Why: "why"}, "points"},
		"a long expression":    {policy.Addition{Name: "a", Points: strings.Repeat("1+", 500) + "1", Why: "why"}, "points"},
		"no words":             {policy.Addition{Name: "a", Points: "1", Why: "\n"}, "why"},
		"many words":           {policy.Addition{Name: "a", Points: "1", Why: strings.Repeat("ä", 201)}, "why"},
		"what nobody sees":     {policy.Addition{Name: "a", Points: "1", Why: "why\u202e"}, "why"},
		"hidden in expression": {policy.Addition{Name: "a", Points: "1\u2028", Why: "why"}, "points"},
	} {
		p := policy.Default()
		p.Score.Add = []policy.Addition{c.rule}
		var want []string
		if c.want != "" {
			want = []string{"body.score.add[0]." + c.want}
		}
		if got := fields(p.Check()); !slices.Equal(got, want) {
			t.Errorf("%s: complaints about %v, want %v", name, got, want)
		}
	}
	p := policy.Default()
	p.Score.Add = many
	if got := fields(p.Check()); !slices.Equal(got, []string{"body.score.add"}) {
		t.Errorf("%d rules: complaints about %v", len(many), got)
	}
	p.Score.Add = many[:policy.MaxExpressions]
	if err := p.Check(); err != nil {
		t.Errorf("%d rules: %v", policy.MaxExpressions, err)
	}
	p.Selecting.Require = []policy.Requirement{{Name: "price", When: "true", Why: "a part's name is free here"}, {Name: "price", When: "true", Why: "but not twice"}}
	if got := fields(p.Check()); !slices.Equal(got, []string{"body.selecting.require[1].name"}) {
		t.Errorf("a name twice: complaints about %v", got)
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

func TestLimits_TakeTheLowerOfPolicyAndShop(t *testing.T) {
	t.Parallel()
	l := policy.Default().Limits
	for _, c := range []struct {
		by           outcry.Answering
		open, hourly int
		want         policy.ShopLimit
	}{
		{outcry.ByPerson, 0, 0, policy.ShopLimit{Open: 6, Hourly: 20}},
		{outcry.ByPerson, 2, 100, policy.ShopLimit{Open: 2, Hourly: 20}},
		{outcry.BySoftware, 0, 0, policy.ShopLimit{}},
		{outcry.BySoftware, 3, 0, policy.ShopLimit{Open: 3}},
	} {
		if got := l.Of(c.by, c.open, c.hourly); got != c.want {
			t.Errorf("%v with %d and %d: %+v, want %+v", c.by, c.open, c.hourly, got, c.want)
		}
	}
}
