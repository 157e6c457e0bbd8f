package policy

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// maxList bounds the lists of a policy; those of branches have a bound of their
// own.
const maxList = 20

// Read reads a policy that is written in YAML, of which JSON is a part. What the
// text leaves out is as in Default, and what a branch leaves out is as in the
// policy above it. Whatever is wrong with it, its expressions included, is told
// at once, by an Invalid error whose fields have locations such as
// "12:15 waves.margin": line and column, from 1, and the path.
func Read(text []byte) (Policy, error) {
	rules, err := read(text)
	if err != nil {
		return Policy{}, err
	}
	return rules.policy.clone(), nil
}

// ReadRules reads a policy as Read does, and makes it ready to be used.
func ReadRules(text []byte) (*Rules, error) { return read(text) }

// read is Read; the policy is compiled on the way, since that finds what is wrong
// with the expressions.
func read(text []byte) (*Rules, error) {
	text = []byte(strings.TrimPrefix(string(text), "\ufeff"))
	root, faults := parse(text)
	if faults != nil {
		return nil, refusal(text, faults)
	}
	r := reader{text: text, nodes: map[string]*yaml.Node{}}
	p := Default()
	r.read(root, reflect.ValueOf(&p).Elem(), "")
	rules, flaws := compile(p)
	for _, f := range flaws {
		r.flaw(f)
	}
	if r.faults != nil {
		return nil, refusal(text, r.faults)
	}
	return rules, nil
}

// reader takes a document apart.
type reader struct {
	text   []byte
	nodes  map[string]*yaml.Node // by path
	faults []Fault
}

func (r *reader) fault(n *yaml.Node, path, format string, args ...any) {
	r.faults = append(r.faults, Fault{max(n.Line, 1), max(n.Column, 1), path, fmt.Sprintf(format, args...)})
}

// flaw takes what the policy's own check found to its place in the text. What
// follows from a fault that is told already is left out.
func (r *reader) flaw(f flaw) {
	if slices.ContainsFunc(r.faults, func(told Fault) bool {
		below, ok := strings.CutPrefix(told.Path, f.path)
		return ok && (below == "" || below[0] == '.' || below[0] == '[')
	}) {
		return
	}
	path := f.path
	for r.nodes[path] == nil && path != "" {
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	n := r.nodes[path]
	line, column := n.Line, n.Column
	if f.offset >= 0 && path == f.path {
		line, column = locate(string(r.text), n, f.offset)
	}
	r.faults = append(r.faults, Fault{line, column, f.path, f.message})
}

// read reads a node into v, which stands at the path.
func (r *reader) read(n *yaml.Node, v reflect.Value, path string) {
	r.nodes[path] = n
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		r.read(n, v.Elem(), path)
	case reflect.Struct:
		r.mapping(n, v, path)
	case reflect.Slice:
		r.list(n, v, path)
	default:
		r.scalar(n, v, path)
	}
}

// mapping reads a struct. A key without anything behind it leaves all as it is.
func (r *reader) mapping(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" && path != "" {
		return
	}
	if n.Kind != yaml.MappingNode {
		r.fault(n, path, "write keys with values here; there are: %s", strings.Join(members(v.Type()), ", "))
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		name := key.Value
		below := strings.TrimPrefix(path+"."+name, ".")
		f, ok := member(v.Type(), name)
		switch {
		case key.Kind != yaml.ScalarNode:
			r.fault(key, path, "a key is a word")
		case !ok:
			r.fault(key, path, "%s", unknownKey(name, v.Type(), path))
		case seen[name] > 0:
			r.fault(key, below, "this stands twice: on line %d as well; take one out", seen[name])
		default:
			r.read(value, v.FieldByIndex(f.Index), below)
		}
		seen[name] = key.Line
	}
	if b, ok := reflect.TypeAssert[*Branch](v.Addr()); ok {
		b.given = r.given(path)
	}
}

// given has the keys of a branch at the path that were read.
func (r *reader) given(path string) map[string]bool {
	if path != "" {
		path += "."
	}
	given := map[string]bool{}
	for at := range r.nodes {
		if key, ok := strings.CutPrefix(at, path); ok && keyOf(key) != nil {
			given[key] = true
		}
	}
	return given
}

// list reads a slice.
func (r *reader) list(n *yaml.Node, v reflect.Value, path string) {
	most := maxList
	if v.Type() == reflect.TypeFor[[]Branch]() {
		most = maxBranches
	}
	switch {
	case n.Kind != yaml.SequenceNode:
		r.fault(n, path, "%s", remedyAt(path))
		return
	case len(n.Content) > most:
		r.fault(n.Content[most], path, "there are %d; write at most %d", len(n.Content), most)
		return
	}
	v.SetZero()
	if len(n.Content) > 0 {
		v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	}
	for i, one := range n.Content {
		r.read(one, v.Index(i), fmt.Sprintf("%s[%d]", path, i))
	}
}

// remedyAt says what to write at a path.
func remedyAt(path string) string {
	if _, key, ok := strings.Cut(path, "]."); ok && strings.HasPrefix(path, "branches[") {
		path = key
	}
	path, _, _ = strings.Cut(path, "[")
	if k := keyOf(path); k != nil {
		return k.remedy()
	}
	return "write a list, each behind a dash, or []"
}

// expressions are the paths of what may look like a number and is a text.
var expressions = regexp.MustCompile(`\.(when|points)$`)

// scalar reads a number, a word or yes or no.
func (r *reader) scalar(n *yaml.Node, v reflect.Value, path string) {
	bare := n.Kind == yaml.ScalarNode && n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
	switch v.Kind() {
	case reflect.String:
		if n.Kind != yaml.ScalarNode || bare && n.Tag != "!!str" && !expressions.MatchString(path) || n.Tag == "!!null" {
			r.fault(n, path, "write a text, in quotes where it looks like something else")
			return
		}
		v.SetString(n.Value)
	case reflect.Bool:
		if !bare || n.Value != "true" && n.Value != "false" {
			r.fault(n, path, "write true or false")
			return
		}
		v.SetBool(n.Value == "true")
	default:
		r.number(n, v, path, bare)
	}
}

// number reads a number into v. Whether it is in its bounds is the policy's check
// to say.
func (r *reader) number(n *yaml.Node, v reflect.Value, path string, bare bool) {
	x, ok := parseNumber(n.Value)
	whole := v.Kind() != reflect.Int || x == math.Trunc(x)
	switch {
	case !bare && n.Kind == yaml.ScalarNode:
		r.fault(n, path, "%s, without quotes", remedyAt(path))
	case !ok || !whole:
		r.fault(n, path, "%s", remedyAt(path))
	case v.Kind() == reflect.Int:
		v.SetInt(int64(min(max(x, -1e9), 1e9))) // no bound is as far out
	default:
		v.SetFloat(x)
	}
}

// unknownKey says of a key that there is not what was perhaps meant.
func unknownKey(name string, in reflect.Type, path string) string {
	if len(name) > 60 {
		return "there is no such key; there are: " + strings.Join(members(in), ", ")
	}
	if near := nearest(name, members(in)); near != "" {
		return fmt.Sprintf("there is no %q; did you mean %s?", name, near)
	}
	for _, k := range keys {
		if part, last, _ := strings.Cut(k.Name, "."); last == name && part != path {
			return fmt.Sprintf("there is no %q here; it belongs to %s", name, part)
		}
	}
	if in == reflect.TypeFor[Branch]() && (name == "learning" || name == "limits") {
		return fmt.Sprintf("%s is the shop's, whatever is asked; write it outside the branches", name)
	}
	return fmt.Sprintf("there is no %q; there are: %s", name, strings.Join(members(in), ", "))
}
