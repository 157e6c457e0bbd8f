package policy_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"outcry"
	"outcry/policy"
)

// refused are texts that Read refuses, and what it says of each: each fault, or
// the beginning of it, with line and column.
type refused map[string]struct {
	text string
	want []string
}

func (r refused) check(t *testing.T) {
	t.Helper()
	for name, c := range r {
		p, err := policy.Read([]byte(c.text))
		if err == nil {
			t.Errorf("%s: taken as %+v", name, p)
			continue
		}
		if outcry.KindOf(err) != outcry.Invalid {
			t.Errorf("%s: %v is not Invalid", name, err)
		}
		begins(t, name, policy.FaultsOf(err), c.want)
	}
}

func TestRead_SaysWhereATextIsNoYAML(t *testing.T) {
	t.Parallel()
	refused{
		"nothing":           {"", []string{"1:1: there is nothing in it"}},
		"comments only":     {"# soon\n", []string{"1:1: there is nothing in it"}},
		"a tab":             {"waves:\n\tmargin: 2\n", []string{"2:1: indent with spaces, not with a tab"}},
		"a tab further on":  {"waves:\n  margin: 2\n\ttrigger: 1\n", []string{"3:1: indent with spaces, not with a tab"}},
		"a crooked indent":  {"waves:\n  margin: 2\n trigger: 3\n", []string{"3:2: this does not line up with what is above"}},
		"an open bracket":   {"waves: {margin: 2\nranking:\n  price: 4\n", []string{"2:8: a comma is missing before this, or the bracket of line 1"}},
		"an open quote":     {"waves:\n  margin: \"2\n", []string{"2:11: the quote of line 2 is not closed"}},
		"two colons":        {"waves: margin: 2\n", []string{"1:14: a colon does not belong here"}},
		"a reserved sign":   {"waves: @2\n", []string{"1:8: nothing begins with '@'; put it in quotes"}},
		"two documents":     {"waves: {margin: 1}\n---\nwaves: {margin: 2}\n", []string{"2:1: a second document begins here"}},
		"not UTF-8":         {"waves:\n  margin: \xff\n", []string{"2:11: this byte is not UTF-8"}},
		"a control":         {"waves:\n  margin: 1\x00\n", []string{"2:12: a control character does not belong here"}},
		"an old Mac's end":  {"waves: {}\rscore: {}\r", []string{"1:10: a control character does not belong here"}},
		"an unseen end":     {"waves: {}\u2028score: {}\n", []string{"1:10: a control character does not belong here"}},
		"turned round":      {"waves: {} # \u202e\n", []string{"1:13: a control character does not belong here"}},
		"too long":          {"# " + strings.Repeat("x", policy.MaxText), []string{"1:1: this is too long; a policy has at most 65536 bytes"}},
		"too deep":          {"waves:\n  ends: " + strings.Repeat("[", 30000), []string{"2:21: this is nested too deeply"}},
		"deep by dashes":    {strings.Repeat("- ", 30000), []string{"1:25: this is nested too deeply"}},
		"broken JSON":       {"{\"waves\": {\"margin\": 2}", []string{"1:24: a comma is missing before this, or the bracket of line 1 is not closed"}},
		"a lone surrogate":  {`{"offers": "\ud83c"}`, []string{"1:"}},
		"Windows's lines":   {"waves:\r\n  margin: 2\r\n  margn: 3\r\n", []string{"3:3: waves: there is no \"margn\""}},
		"behind a BOM":      {"\ufeffwavs: 2\n", []string{"1:1: there is no \"wavs\"; did you mean waves?"}},
		"letters are no 1s": {"# äöü 먹다 🍲\nwaves: {  margin: {}}\n", []string{"2:19: waves.margin: write a number from 0.1 to 1000000"}},
	}.check(t)
}

func TestRead_SaysWhatOfYAMLAPolicyHasNot(t *testing.T) {
	t.Parallel()
	refused{
		"an anchor":       {"waves: &w\n  margin: 2\n", []string{"1:8: a policy has no anchors; leave out &w"}},
		"an alias":        {"waves: *w\n", []string{"1:8: a policy has no aliases"}},
		"a bomb":          {bomb(), []string{"1:4: a policy has no anchors", "2:4: a policy has no anchors"}},
		"a tag":           {"waves: !!map {margin: 2}\n", []string{"1:8: a policy has no tags; leave out !!map"}},
		"a merge":         {"waves:\n  <<: {margin: 1}\n", []string{"2:3: waves: there is no \"<<\"; there are: ends, margin,"}},
		"a list":          {"- 1\n", []string{"1:1: write keys with values here; there are: selecting, score,"}},
		"a word":          {"hello", []string{"1:1: write keys with values here"}},
		"a list as a key": {"? [a]\n: 1\n", []string{"1:3: a key is a word"}},
	}.check(t)
}

func TestRead_SaysWhichKeysThereAreNot(t *testing.T) {
	t.Parallel()
	refused{
		"a slip":             {"wavs: 1\n", []string{"1:1: there is no \"wavs\"; did you mean waves?"}},
		"a slip further in":  {"waves:\n  margin: 2\n  triger: 1\n", []string{"3:3: waves: there is no \"triger\"; did you mean trigger?"}},
		"in the wrong part":  {"score:\n  margin: 2\n", []string{"2:3: score: there is no \"margin\" here; it belongs to waves"}},
		"in no part":         {"margin: 2\n", []string{"1:1: there is no \"margin\" here; it belongs to waves"}},
		"out of thin air":    {"colour: red\n", []string{"1:1: there is no \"colour\"; there are: selecting,"}},
		"a very long key":    {strings.Repeat("k", 100) + ": 1\n", []string{"1:1: there is no such key; there are: selecting,"}},
		"twice":              {"waves:\n  margin: 1\n  trigger: 1\n  margin: 2\n", []string{"4:3: waves.margin: this stands twice: on line 2 as well; take one out"}},
		"a part twice":       {"waves: {margin: 1}\nscore: {base: 1}\nwaves: {margin: 2}\n", []string{"3:1: waves: this stands twice: on line 1 as well"}},
		"twice in JSON":      {"{\"waves\": {\"margin\": 2, \"margin\": 3}}", []string{"1:25: waves.margin: this stands twice: on line 1"}},
		"unknown and twice":  {"a: 1\na: 2\n", []string{"1:1: there is no \"a\"", "2:1: there is no \"a\""}},
		"small letters only": {"Waves: {margin: 2}\n", []string{"1:1: there is no \"Waves\"; did you mean waves?"}},
	}.check(t)
}

func TestRead_SaysWhichValuesAreWrongAndWhatToWrite(t *testing.T) {
	t.Parallel()
	refused{
		"no number":       {"waves:\n  margin: much\n", []string{"2:11: waves.margin: write a number from 0.1 to 1000000"}},
		"nothing there":   {"waves:\n  margin:\n", []string{"2:10: waves.margin: write a number from 0.1 to 1000000"}},
		"in quotes":       {"waves: {margin: \"2\"}", []string{"1:17: waves.margin: write a number from 0.1 to 1000000, without quotes"}},
		"NaN":             {"ranking:\n  price: .nan\n  near: .NaN\n  rating: NaN\n  soon: nan\n", []string{"2:10: ranking.price: write", "3:9: ranking.near: write", "4:11: ranking.rating: write", "5:9: ranking.soon: write a number from 0 to 100"}},
		"infinite":        {"score: {base: .inf, per_km: -.inf, per_star: 1e999}", []string{"1:15: score.base:", "1:29: score.per_km:", "1:46: score.per_star: write a number from 0 to 1"}},
		"out of bounds":   {"waves:\n  margin: 0\n", []string{"2:11: waves.margin: write a number from 0.1 to 1000000"}},
		"in another base": {"waves: {margin: 0x10, trigger: 1_000, tick_s: 0b1}", []string{"1:17: waves.margin:", "1:32: waves.trigger:", "1:47: waves.tick_s:"}},
		"half a call":     {"waves: {most_calls: 1.5}", []string{"1:21: waves.most_calls: write a whole number from 1 to 1024"}},
		"very many calls": {"waves: {most_calls: 1e99}", []string{"1:21: waves.most_calls: write a whole number from 1 to 1024"}},
		"yes":             {"waves: {stop_at_enough: yes}", []string{"1:25: waves.stop_at_enough: write true or false"}},
		"true in quotes":  {"waves: {stop_at_enough: 'true'}", []string{"1:25: waves.stop_at_enough: write true or false"}},
		"one for a list":  {"waves: {ends: 1}", []string{"1:15: waves.ends: write 1 to 20 growing shares"}},
		"words in a list": {"waves: {ends: [1/3, x, 1]}", []string{"1:21: waves.ends[1]: write 1 to 20 growing shares"}},
		"shrinking":       {"waves: {ends: [2/3, 1/3, 1]}", []string{"1:15: waves.ends: write 1 to 20 growing shares"}},
		"a third of none": {"waves: {ends: [1/0, 1]}", []string{"1:16: waves.ends[0]: write 1 to 20 growing shares"}},
		"too many":        {"waves:\n  ends:\n" + strings.Repeat("  - 1\n", 21), []string{"23:5: waves.ends: there are 21; write at most 20"}},
		"a sum":           {"ranking:\n  price: 50\n", []string{"2:3: ranking: let the four weights add up to 100; they add up to 90"}},
		"a pair":          {"promises: {prior: 3}", []string{"1:19: promises.prior: write at most the weight, 2"}},
		"in its order":    {"score: {base: 11}\nranking: {near: -1}\nlearning: {person: {offers: 2}}\n", []string{"1:15: score.base:", "2:17: ranking.near:", "3:29: learning.person.offers: write a number from 0.01 to 1"}},
		"in its line":     {"waves: {margin: 0, triger: 1, trigger: -1}\n", []string{"1:17: waves.margin:", "1:20: waves: there is no", "1:40: waves.trigger:"}},
		"an empty rule":   {"score:\n  add:\n  - {}\n", []string{"3:5: score.add[0].name: write one word", "3:5: score.add[0].points: write an expression", "3:5: score.add[0].why: say in words"}},
		"a number's name": {"score:\n  add:\n  - {name: 12, points: 1, why: x}\n", []string{"3:12: score.add[0].name: write a text, in quotes"}},
		"rules of none":   {"selecting:\n  require:\n", []string{"2:11: selecting.require: write a list of rules, each behind a dash, or []"}},
		"branches as one": {"branches: {code: osm:a}\n", []string{"1:11: branches: write a list, each behind a dash, or []"}},
	}.check(t)
}

// bomb is a text that would grow to some 10^9 items.
func bomb() string {
	var b strings.Builder
	b.WriteString("a: &a [x,x,x,x,x,x,x,x,x,x]\n")
	for _, name := range "bcdefghi" {
		b.WriteString(string(name) + ": &" + string(name) + " [" + strings.Repeat("*"+string(name-1)+",", 10) + "]\n")
	}
	return b.String()
}

// begins checks that there is a fault for each of what is wanted, which it begins
// with; of a bomb, that the first ones are those.
func begins(t *testing.T, name string, got []policy.Fault, want []string) {
	t.Helper()
	for i, w := range want {
		if i >= len(got) || !strings.HasPrefix(got[i].String(), w) {
			t.Errorf("%s: fault %d of %v, want %q", name, i, got, w)
			return
		}
	}
	if len(got) != len(want) && name != "a bomb" {
		t.Errorf("%s: %v, want %d faults", name, got, len(want))
	}
}

func TestRead_TellsNoMoreThanAReaderBears(t *testing.T) {
	t.Parallel()
	_, err := policy.Read([]byte("branches:\n" + strings.Repeat("- code: none\n", 300)))
	if n := len(policy.FaultsOf(err)); n != policy.MaxFaults {
		t.Errorf("%d faults are told, want %d", n, policy.MaxFaults)
	}
	_, err = policy.Read([]byte("branches:\n" + strings.Repeat("- code: osm:a\n", 501)))
	begins(t, "branches", policy.FaultsOf(err), []string{"502:3: branches: there are 501; write at most 500"})
}

func TestLines_AreAsACompilerWritesThem(t *testing.T) {
	t.Parallel()
	_, err := policy.Read([]byte("waves:\n  margin: 0\n  triger: 1\n"))
	want := []string{
		"policy.yaml:2:11: waves.margin: write a number from 0.1 to 1000000",
		"policy.yaml:3:3: waves: there is no \"triger\"; did you mean trigger?",
	}
	if diff := cmp.Diff(want, policy.Lines("policy.yaml", err)); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if got := policy.Lines("policy.yaml", errDisk); !reflect.DeepEqual(got, []string{"policy.yaml: " + errDisk.Error()}) {
		t.Errorf("another error: %q", got)
	}
	if got := policy.FaultsOf(outcry.BadField("body.waves.margin", "no")); got != nil {
		t.Errorf("an error about a body: %v", got)
	}
}

func TestRead_TakesWhatIsLeftOutFromTheDefault(t *testing.T) {
	t.Parallel()
	for text, change := range map[string]func(*policy.Policy){
		"{}":                              func(*policy.Policy) {},
		"waves:\n":                        func(*policy.Policy) {},
		"branches: []\n":                  func(*policy.Policy) {},
		"waves: {margin: 2}":              func(p *policy.Policy) { p.Waves.Margin = 2 },
		"{\"waves\":\n\t{\"margin\": 2}}": func(p *policy.Policy) { p.Waves.Margin = 2 },
		"waves:\n  ends: [1/4, .5, 1.0]\n": func(p *policy.Policy) {
			p.Waves.Ends = []float64{0.25, 0.5, 1}
		},
		"promises:\n  calling: false # who cares\nlimits:\n  software: {open: 1e2}\n": func(p *policy.Policy) {
			p.Promises.Calling, p.Limits.Software.Open = false, 100
		},
		"learning: {person: {weight: +3., half_life: 1.5e1}}": func(p *policy.Policy) { p.Learning.Person.Weight = 3 },
		"score:\n  add:\n  - name: one\n    points: 0.5\n    why: >\n      told\n      in two lines\n": func(p *policy.Policy) {
			p.Score.Add = []policy.Addition{{Name: "one", Points: "0.5", Why: "told in two lines\n"}}
		},
		`{"score": {"add": [{"name": "one", "points": "1", "why": "a \ud83c\udf72 \u00e9 \/ 🍲"}]}}`: func(p *policy.Policy) {
			p.Score.Add = []policy.Addition{{Name: "one", Points: "1", Why: "a 🍲 é / 🍲"}}
		},
	} {
		got, err := policy.Read([]byte(text))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		want := policy.Default()
		change(&want)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q reads %+v, want %+v", text, got, want)
		}
	}
}

func TestRead_ReadsBackWhatJSONWrites(t *testing.T) {
	t.Parallel()
	p := policy.Default()
	for i, k := range policy.Keys() {
		if v := figure(&p, k.Name); v.Kind() == reflect.Float64 && !strings.HasPrefix(k.Name, "ranking.") {
			v.SetFloat(min(v.Float()+float64(i)/1000, k.High))
		}
	}
	p.Promises.Prior, p.Waves.LoadFull = p.Promises.Weight, 1
	p.Selecting.Require, p.Score.Add = typical().Selecting.Require, typical().Score.Add
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	back, err := policy.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back, p) {
		t.Errorf("%+v, want %+v", back, p)
	}
}

// A text of the allowed length is read, whatever is in it, in little time.
func TestRead_TakesNoLongTimeForAnyText(t *testing.T) {
	t.Parallel()
	for _, piece := range []string{"a:\n", "- ", "[", "{a: ", "? ", "#\n", "\n", "\"\n", "'a\n", "&a ", "*a ", "!!a ", "a: b: ", "|\n ", "[[],", "{a: b},", "waves: {}\n", "  \t", ": ", ",", "%A\n", "---\n", "a: &a a\n", "é"} {
		text := strings.Repeat(piece, policy.MaxText/len(piece))
		if _, err := policy.Read([]byte(text)); err == nil {
			t.Errorf("%q, many times, is taken for a policy", piece)
		}
	}
}
