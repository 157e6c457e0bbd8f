package policy_test

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"outcry"
	"outcry/policy"
)

// The tree of these tests: food, in it restaurants, in them sushi; and repairs.
var (
	food    = []outcry.Code{"osm:food"}
	dinner  = []outcry.Code{"osm:dinner", "osm:food"}
	sushi   = []outcry.Code{"osm:sushi", "osm:dinner", "osm:food"}
	repairs = []outcry.Code{"osm:repairs"}
)

func reading(t testing.TB, text string) *policy.Rules {
	t.Helper()
	r, err := policy.ReadRules([]byte(text))
	if err != nil {
		t.Fatal(strings.Join(policy.Lines("policy.yaml", err), "\n"))
	}
	return r
}

const nested = `
waves: {trigger: 1.1, stop_s: 3}
branches:
- code: osm:sushi
  waves: {margin: 4}
- code: osm:food
  waves: {margin: 2, ends: [0.5, 1]}
  score:
    add: [{name: near_by, points: 0.5, why: it is near}]
- code: osm:dinner
  waves: {margin: 3, stop_at_enough: false}
  selecting:
    least_rating: 3
    require: [{name: rated, when: shop.rating > 4.9, why: not the best}]
- code: osm:repairs
  selecting:
`

func TestRules_BranchesInheritMemberByMember(t *testing.T) {
	t.Parallel()
	r := reading(t, nested)
	base := policy.Default()
	base.Waves.Trigger, base.Waves.StopS = 1.1, 3
	inFood := base
	inFood.Waves.Margin, inFood.Waves.Ends = 2, []float64{0.5, 1}
	inFood.Score.Add = []policy.Addition{{Name: "near_by", Points: "0.5", Why: "it is near"}}
	atDinner := inFood
	atDinner.Waves.Margin, atDinner.Waves.StopAtEnough, atDinner.Selecting.LeastRating = 3, false, 3
	atDinner.Selecting.Require = []policy.Requirement{{Name: "rated", When: "shop.rating > 4.9", Why: "not the best"}}
	withSushi := atDinner
	withSushi.Waves.Margin = 4
	apart := base
	apart.Waves.Margin = 4
	for name, c := range map[string]struct {
		path []outcry.Code
		want policy.Policy
	}{
		"no branch": {[]outcry.Code{"osm:toys", "osm:things"}, base},
		"no code":   {nil, base},
		"one":       {food, inFood},
		"two":       {dinner, atDinner},
		"three":     {sushi, withSushi},
		"below":     {append([]outcry.Code{"osm:nigiri"}, sushi...), withSushi},
		"elsewhere": {[]outcry.Code{"osm:sushi", "osm:toys"}, apart},
		"no change": {repairs, base},
	} {
		got := *r.For(c.path).Policy
		got.Branches = nil
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
		if err := got.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRules_BranchesInheritExpressions(t *testing.T) {
	t.Parallel()
	r := reading(t, nested+"- code: osm:bare\n  score: {add: []}\n")
	s, q := someShop(), someRequest()
	for _, c := range []struct {
		path         []outcry.Code
		plain, meets bool
		parts        int
	}{
		{repairs, true, true, 0},
		{food, false, true, 1},
		{dinner, false, false, 1},
		{sushi, false, false, 1},
		{append([]outcry.Code{"osm:bare"}, sushi...), false, false, 0},
		{append([]outcry.Code{"osm:bare"}, food...), true, true, 0},
	} {
		rules := r.For(c.path)
		meets, _, _ := rules.Requires(s, q)
		if parts := rules.Additions(s, q); rules.Plain() != c.plain || meets != c.meets || len(parts) != c.parts {
			t.Errorf("%v: plain %v, meets %v, parts %+v", c.path, rules.Plain(), meets, parts)
		}
	}
}

// A branch that is made in Go gives all of each part that it has.
func TestRules_BranchesMadeInGoGiveWholeParts(t *testing.T) {
	t.Parallel()
	p := policy.Default()
	waves := policy.Default().Waves
	waves.Ends, waves.StopAtEnough = []float64{1}, false
	p.Branches = []policy.Branch{{Code: "osm:food", Waves: &waves}}
	r := compiled(t, p)
	waves.Margin, waves.Ends[0] = 77, 0.5 // whoever made it may go on with it
	p.Branches[0].Code = "osm:other"
	got := r.For(food).Policy
	if !slices.Equal(got.Waves.Ends, []float64{1}) || got.Waves.StopAtEnough || got.Waves.Margin != policy.Default().Waves.Margin || got.Score.Base != 1.35 {
		t.Errorf("%+v", got)
	}
	if len(r.Policy().Waves.Ends) != 3 {
		t.Errorf("the policy itself has ends %v", r.Policy().Waves.Ends)
	}
}

func TestRead_ChecksBranches(t *testing.T) {
	t.Parallel()
	refused{
		"no code":         {"branches:\n- waves: {margin: 2}\n", []string{"2:3: branches[0].code: write a signal code as scheme:id"}},
		"a word":          {"branches:\n- code: food\n", []string{"2:9: branches[0].code: write a signal code as scheme:id"}},
		"a code twice":    {"branches:\n- code: osm:a\n- code: osm:b\n- code: osm:a\n", []string{"4:9: branches[2].code: branches[0] is of this code as well"}},
		"out of bounds":   {"branches:\n- {code: osm:a, waves: {margin: 0}}\n", []string{"2:33: branches[0].waves.margin: write a number from 0.1 to 1000000"}},
		"wrong ends":      {"branches:\n- {code: osm:a, waves: {ends: []}}\n", []string{"2:31: branches[0].waves.ends: write 1 to 20 growing shares"}},
		"one weight":      {"branches:\n- {code: osm:a, ranking: {price: 50}}\n", []string{"2:34: branches[0].ranking.price: write ranking.near, ranking.rating, ranking.soon as well"}},
		"another sum":     {"branches:\n- {code: osm:a, ranking: {price: 50, near: 50, rating: 0, soon: 1}}\n", []string{"2:26: branches[0].ranking: let the four weights add up to 100; they add up to 101"}},
		"half a pair":     {"branches:\n- {code: osm:a, promises: {weight: 3}}\n", []string{"2:36: branches[0].promises.weight: write promises.prior as well"}},
		"a wrong pair":    {"branches:\n- {code: osm:a, waves: {load_full: .1, load_from: .2}}\n", []string{"2:36: branches[0].waves.load_full: write at least load_from, 0.2"}},
		"learning":        {"branches:\n- {code: osm:a, learning: {}}\n", []string{"2:17: branches[0]: learning is the shop's, whatever is asked"}},
		"limits":          {"branches:\n- {code: osm:a, limits: {}}\n", []string{"2:17: branches[0]: limits is the shop's, whatever is asked"}},
		"branches within": {"branches:\n- {code: osm:a, branches: []}\n", []string{"2:17: branches[0]: there is no \"branches\""}},
		"a bad rule": {"branches:\n- code: osm:a\n  selecting:\n    require:\n    - {name: x, when: shop.fax, why: y}\n",
			[]string{"5:23: branches[0].selecting.require[0].when: there is no \"shop.fax\""}},
	}.check(t)
}

// However branches come to stand above each other, what holds is a good policy.
func TestRules_EveryPathGivesAGoodPolicy(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 7))
	pick := func(low, high float64) string {
		return strconv.FormatFloat(low+random.Float64()*(high-low), 'f', 3, 64)
	}
	pieces := []func() string{
		func() string {
			w := random.IntN(101)
			return "ranking: {price: " + strconv.Itoa(w) + ", near: " + strconv.Itoa(100-w) + ", rating: 0, soon: 0}"
		},
		func() string { w := pick(0.1, 9); return "promises: {prior: " + w + ", weight: " + w + "}" },
		func() string { return "waves: {load_from: " + pick(0, 0.5) + ", load_full: " + pick(0.5, 1) + "}" },
		func() string { return "waves: {margin: " + pick(1, 9) + ", most_calls: 7}" },
		func() string { return "score: {base: " + pick(0, 9) + "}" },
	}
	var b strings.Builder
	b.WriteString("branches:\n")
	var codes []outcry.Code
	for i := range 40 {
		code := "osm:" + strconv.Itoa(i)
		codes = append(codes, outcry.Code(code))
		b.WriteString("- {code: \"" + code + "\", " + pieces[random.IntN(len(pieces))]() + "}\n")
	}
	r := reading(t, b.String())
	for range 500 {
		random.Shuffle(len(codes), func(i, j int) { codes[i], codes[j] = codes[j], codes[i] })
		path := slices.Clone(codes[:random.IntN(5)])
		if err := r.For(path).Policy.Check(); err != nil {
			t.Fatalf("%v: %v", path, err)
		}
	}
}

func TestRules_KeepWhatHoldsForACode(t *testing.T) {
	t.Parallel()
	r := reading(t, nested)
	first := r.For(sushi)
	if r.For(sushi) != first || r.For(append([]outcry.Code{"osm:nigiri"}, sushi...)) != first || r.For(dinner) == first {
		t.Error("what holds for a code is worked out anew")
	}
	// Other nodes of the same tree, all at once.
	var all sync.WaitGroup
	got := make([]*policy.Branched, 16)
	r = reading(t, nested)
	for i := range got {
		all.Go(func() { got[i] = r.For([][]outcry.Code{food, sushi, dinner, repairs}[i%4]) })
	}
	all.Wait()
	for i, b := range got {
		if b != got[i%4] {
			t.Errorf("%d: another than at first", i)
		}
	}
}

func TestRules_AllocateNothingOnTheHotPath(t *testing.T) {
	r := reading(t, nested)
	r.For(sushi)
	if n := testing.AllocsPerRun(100, func() { r.For(sushi); r.For(repairs); r.For(nil) }); n != 0 {
		t.Errorf("%v allocations each time", n)
	}
}

// However many ways through the tree there are, what is kept ready is bounded.
func TestRules_KeepNoMoreThanTheirBound(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("branches:\n")
	for i := range 100 {
		b.WriteString("- {code: \"osm:" + strconv.Itoa(i) + "\", waves: {margin: " + strconv.Itoa(i+1) + "}}\n")
	}
	r := reading(t, b.String())
	anew := 0
	for i := range 10000 {
		path := []outcry.Code{outcry.Code("osm:" + strconv.Itoa(i%100)), outcry.Code("osm:" + strconv.Itoa(i/100))}
		one := r.For(path)
		if one.Policy.Waves.Margin != float64(i%100+1) {
			t.Fatalf("%v has margin %v", path, one.Policy.Waves.Margin)
		}
		if one != r.For(path) {
			anew++
		}
	}
	if anew < 5000 || anew > 6000 {
		t.Errorf("%d of 10000 are worked out each time, want all but 4096", anew)
	}
}

func TestBranch_IsWrittenAsItWasRead(t *testing.T) {
	t.Parallel()
	p, err := policy.Read([]byte(nested + "- code: osm:bare\n  score: {add: []}\n"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(p.Branches)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"code":"osm:sushi","waves":{"margin":4}},` +
		`{"code":"osm:food","score":{"add":[{"name":"near_by","points":"0.5","why":"it is near"}]},"waves":{"ends":[0.5,1],"margin":2}},` +
		`{"code":"osm:dinner","selecting":{"least_rating":3,"require":[{"name":"rated","when":"shop.rating \u003e 4.9","why":"not the best"}]},` +
		`"waves":{"margin":3,"stop_at_enough":false}},{"code":"osm:repairs","selecting":{}},{"code":"osm:bare","score":{"add":[]}}]`
	if string(text) != want {
		t.Errorf("%s\nwant\n%s", text, want)
	}
	var back []policy.Branch
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back, p.Branches) {
		t.Errorf("%+v\nwant\n%+v", back, p.Branches)
	}
	for _, bad := range []string{`{"code": "osm:a", "waves": {"margn": 1}}`, `{"code": "osm:a", "waves": {"margin": null}}`, `{"Code": "osm:a"}`, `{"code": 1}`, `{"code": "osm:a", "code": "osm:b"}`, `[]`} {
		if err := json.Unmarshal([]byte(bad), new(policy.Branch)); err == nil {
			t.Errorf("%s is read as a branch", bad)
		}
	}
}
