package policy

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"outcry"
)

// maxBranches bounds the branches of a policy.
const maxBranches = 500

// maxWhy bounds what a rule says of itself, in characters.
const maxWhy = 200

// flaw is one thing that is wrong with a policy: its path, and for an expression
// the character from 0, else -1.
type flaw struct {
	path, message string
	offset        int
}

// Check says what is wrong with a policy, each fault by its place: an Invalid
// error with locations such as "body.waves.margin". Whether the expressions can
// be read is Compile's to say.
func (p *Policy) Check() error { return complaints(p.check()) }

// complaints is the error of flaws, at places in a body.
func complaints(flaws []flaw) error {
	var c outcry.Complaints
	for _, f := range flaws {
		if f.offset >= 0 {
			f.message = fmt.Sprintf("at character %d: %s", f.offset+1, f.message)
		}
		c.Add("body."+f.path, "%s", f.message)
	}
	return c.Err()
}

// inspection collects flaws.
type inspection struct{ flaws []flaw }

func (in *inspection) add(path, format string, args ...any) {
	in.flaws = append(in.flaws, flaw{path, fmt.Sprintf(format, args...), -1})
}

func (p *Policy) check() []flaw {
	var in inspection
	all := func(string) bool { return true }
	in.parts(reflect.ValueOf(*p), "", all)
	if n := len(p.Branches); n > maxBranches {
		in.add("branches", "there are %d; write at most %d", n, maxBranches)
		return in.flaws
	}
	seen := map[outcry.Code]int{}
	for i := range p.Branches {
		b, path := &p.Branches[i], fmt.Sprintf("branches[%d]", i)
		if _, err := outcry.ParseCode(string(b.Code)); err != nil {
			in.add(path+".code", "write a signal code as scheme:id, for example osm:shop=bakery")
		} else if before, twice := seen[b.Code]; twice {
			in.add(path+".code", "branches[%d] is of this code as well; make them one", before)
		}
		seen[b.Code] = i
		in.together(b, path)
		in.parts(reflect.ValueOf(*b), path+".", b.gives)
	}
	return in.flaws
}

// parts checks the keys that are given of a policy or a branch.
func (in *inspection) parts(v reflect.Value, path string, given func(key string) bool) {
	for i := range keys {
		k := &keys[i]
		part, rest, _ := strings.Cut(k.Name, ".")
		from := at(v, part)
		if !from.IsValid() || !given(k.Name) {
			continue
		}
		if from.Kind() == reflect.Pointer {
			from = from.Elem()
		}
		in.value(k, at(from, rest), path+k.Name)
	}
	in.bonds(v, path, given)
}

// value checks one value against what its key says.
func (in *inspection) value(k *Key, v reflect.Value, path string) {
	switch v := v.Interface().(type) {
	case float64:
		if !(v >= k.Low && v <= k.High) {
			in.add(path, "%s", k.remedy())
		}
	case int:
		if float64(v) < k.Low || float64(v) > k.High {
			in.add(path, "%s", k.remedy())
		}
	case []float64:
		in.ends(v, path)
	case []Requirement:
		var names names
		in.length(len(v), path)
		for i, r := range v {
			in.rule(rule{r.Name, "when", r.When, r.Why}, fmt.Sprintf("%s[%d]", path, i), &names)
		}
	case []Addition:
		names := names{reserved: parts}
		in.length(len(v), path)
		for i, a := range v {
			in.rule(rule{a.Name, "points", a.Points, a.Why}, fmt.Sprintf("%s[%d]", path, i), &names)
		}
	}
}

func (in *inspection) ends(ends []float64, path string) {
	n := len(ends)
	ok := n >= 1 && n <= maxList && ends[n-1] == 1
	for i, e := range ends {
		ok = ok && e > 0 && e <= 1 && (i == 0 || e > ends[i-1])
	}
	if !ok {
		in.add(path, "%s", keyOf("waves.ends").remedy())
	}
}

func (in *inspection) length(n int, path string) {
	if n > MaxExpressions {
		in.add(path, "there are %d; write at most %d", n, MaxExpressions)
	}
}

// parts are the names that the parts of a score have already.
var parts = []string{"answers", "price", "near", "rating", "promises", "spread"}

// names are those that are taken in a list.
type names struct {
	reserved []string
	seen     []string
}

// rule is what a requirement and an addition have in common.
type rule struct{ name, key, expression, why string }

var oneWord = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

func (in *inspection) rule(r rule, path string, taken *names) {
	switch {
	case !oneWord.MatchString(r.name):
		in.add(path+".name", "write one word of small letters, digits and _, at most 40")
	case slices.Contains(taken.reserved, r.name):
		in.add(path+".name", "a score has a part of that name already; write another")
	case slices.Contains(taken.seen, r.name):
		in.add(path+".name", "this list has that name already; write another")
	}
	taken.seen = append(taken.seen, r.name)
	switch n := utf8.RuneCountInString(r.expression); {
	case strings.TrimSpace(r.expression) == "":
		in.add(path+"."+r.key, "write an expression, for example shop.rating >= 4")
	case n > MaxExpression:
		in.add(path+"."+r.key, "the expression has %d characters; write at most %d", n, MaxExpression)
	}
	if n := utf8.RuneCountInString(r.why); strings.TrimSpace(r.why) == "" || n > maxWhy {
		in.add(path+".why", "say in words what it means, in at most %d characters", maxWhy)
	}
	for key, text := range map[string]string{r.key: r.expression, "why": r.why} {
		if strings.ContainsFunc(text, hidden) {
			in.add(path+"."+key, "take out the character that nobody sees")
		}
	}
}

// hidden says whether a character ends a line, or turns the text round, without
// being seen. Ends of lines and tabs that everybody knows are not.
func hidden(c rune) bool {
	switch {
	case c == '\n' || c == '\t' || c == '\r':
		return false
	case c >= 0x202a && c <= 0x202e, c >= 0x2066 && c <= 0x2069: // from right to left, and back
		return true
	}
	return unicode.IsControl(c) || c == 0x2028 || c == 0x2029 || c == 0xfeff || c == 0xfffe || c == 0xffff
}

// bonds are figures of a branch that are given together, since each is bounded by
// the others: so a branch is right wherever it stands in the tree of codes.
var bonds = [][]string{
	{"ranking.price", "ranking.near", "ranking.rating", "ranking.soon"},
	{"promises.prior", "promises.weight"},
	{"waves.load_from", "waves.load_full"},
}

// together checks that a branch gives all or none of the figures that are bound
// to each other.
func (in *inspection) together(b *Branch, path string) {
	for _, bond := range bonds {
		var given, missing []string
		for _, key := range bond {
			if b.gives(key) {
				given = append(given, key)
			} else {
				missing = append(missing, key)
			}
		}
		if given != nil && missing != nil {
			in.add(path+"."+given[0], "write %s as well: a branch gives them together", strings.Join(missing, ", "))
		}
	}
}

// bonds checks figures against each other.
func (in *inspection) bonds(v reflect.Value, path string, given func(key string) bool) {
	figure := func(key string) float64 {
		part, name, _ := strings.Cut(key, ".")
		from := at(v, part)
		if from.Kind() == reflect.Pointer {
			from = from.Elem()
		}
		return at(from, name).Float()
	}
	whole := func(bond []string) bool {
		for _, key := range bond {
			if k := keyOf(key); !given(key) || !(figure(key) >= k.Low && figure(key) <= k.High) {
				return false
			}
		}
		return true
	}
	if whole(bonds[0]) {
		sum := 0.0
		for _, key := range bonds[0] {
			sum += figure(key)
		}
		if math.Abs(sum-100) > 0.01 {
			in.add(path+"ranking", "let the four weights add up to 100; they add up to %g", sum)
		}
	}
	if whole(bonds[1]) && figure("promises.prior") > figure("promises.weight") {
		in.add(path+"promises.prior", "write at most the weight, %s", plain(figure("promises.weight")))
	}
	if whole(bonds[2]) && figure("waves.load_full") < figure("waves.load_from") {
		in.add(path+"waves.load_full", "write at least load_from, %s", plain(figure("waves.load_from")))
	}
}
