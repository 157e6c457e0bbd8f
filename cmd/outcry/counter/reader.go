package counter

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"outcry"
)

// The bounds of a plan's text.
const (
	MaxText  = 64 << 10 // bytes
	maxDepth = 8        // levels
	maxRules = 50
	maxWays  = 500
	maxTold  = 50 // faults
)

// Read reads a plan that is written in YAML. Whatever is wrong with it, its
// expressions included, is told at once, by an Invalid error whose fields have
// locations such as "12:15 rules[0].when": line and column, from 1, and the path.
func Read(text []byte) (*Plan, error) {
	r := reader{text: strings.Split(string(text), "\n")}
	var p Plan
	if root := r.document(text); root != nil {
		r.plan(root, &p)
	}
	if r.faults != nil {
		return nil, r.refusal()
	}
	return &p, nil
}

// reader takes a document apart.
type reader struct {
	text   []string // lines
	faults []fault
}

// fault is one thing that is wrong, at a line and column from 1.
type fault struct {
	line, column  int
	path, message string
}

func (r *reader) add(line, column int, path, format string, args ...any) {
	r.faults = append(r.faults, fault{max(line, 1), max(column, 1), path, fmt.Sprintf(format, args...)})
}

func (r *reader) fault(n *yaml.Node, path, format string, args ...any) {
	r.add(n.Line, n.Column, path, format, args...)
}

// refusal is the error of all faults, in the order of the text.
func (r *reader) refusal() error {
	slices.SortStableFunc(r.faults, func(a, b fault) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column))
	})
	var c outcry.Complaints
	for _, f := range r.faults[:min(len(r.faults), maxTold)] {
		c.Add(strings.TrimSpace(fmt.Sprintf("%d:%d %s", f.line, f.column, f.path)), "%s", f.message)
	}
	return c.Err()
}

// document reads the text as one YAML document without anchors, aliases or tags;
// nil where it is empty, which is a plan, or no such document.
func (r *reader) document(text []byte) *yaml.Node {
	switch {
	case len(text) > MaxText:
		r.add(1, 1, "", "this is too long; the file has at most %d bytes", MaxText)
		return nil
	case !utf8.Valid(text):
		r.add(1, 1, "", "this is not UTF-8; save the file as UTF-8")
		return nil
	}
	loader, err := yaml.NewLoader(bytes.NewReader(text), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		r.add(1, 1, "", "this is no YAML: %s", err)
		return nil
	}
	var root, second yaml.Node
	if err := loader.Load(&root); err != nil {
		if !errors.Is(err, io.EOF) {
			r.syntax(err)
		}
		return nil
	}
	if err := loader.Load(&second); err == nil {
		r.fault(&second, "", "a second document begins here; the file has one")
	} else if !errors.Is(err, io.EOF) {
		r.syntax(err)
	}
	if r.plainNodes(&root); len(root.Content) == 0 || r.faults != nil {
		return nil
	}
	return root.Content[0]
}

// syntax tells an error of the YAML parser with its place.
func (r *reader) syntax(err error) {
	var e *yaml.LoadError
	if !errors.As(err, &e) {
		r.add(1, 1, "", "this is no YAML: %s", err)
		return
	}
	line := min(max(e.Mark.Line, 1), len(r.text))
	words := e.Message
	switch {
	case strings.Contains(r.text[line-1], "\t"):
		words = "indent with spaces, not with a tab"
	case strings.Contains(words, "mapping values are not allowed"):
		words = "a colon does not belong here; put the text in quotes, or begin a new line"
	case strings.Contains(words, "did not find expected key"), strings.Contains(words, "'-' indicator"):
		words = "this does not line up with what is above; give it the same indent, and put texts with quotes or brackets in quotes"
	case strings.Contains(words, "did not find expected ',' or"):
		words = "a comma or a closing bracket is missing before this"
	case strings.Contains(words, "could not find expected ':'"):
		words = "a colon is missing behind the key"
	}
	r.add(line, e.Mark.Column, "", "this is no YAML: %s", words)
}

// plainNodes refuses anchors, aliases and tags.
func (r *reader) plainNodes(n *yaml.Node) {
	if len(r.faults) >= maxTold {
		return
	}
	if n.Kind == yaml.AliasNode || n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 {
		r.fault(n, "", "the file has no anchors, aliases or tags; write the value itself, in quotes where it begins with &, * or !")
		return
	}
	for _, below := range n.Content {
		r.plainNodes(below)
	}
}

// keys calls what reads each key of a mapping; others are faults.
func (r *reader) keys(n *yaml.Node, path string, known map[string]func(n *yaml.Node, path string)) {
	names := slices.Sorted(func(yield func(string) bool) {
		for name := range known {
			if !yield(name) {
				return
			}
		}
	})
	if n.Kind != yaml.MappingNode {
		r.fault(n, path, "write keys with values here; there are: %s", strings.Join(names, ", "))
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read, ok := known[key.Value]
		below := strings.TrimPrefix(path+"."+key.Value, ".")
		switch {
		case !ok || key.Kind != yaml.ScalarNode:
			r.fault(key, path, "there is no %q; there are: %s", shorten(key.Value), strings.Join(names, ", "))
		case seen[key.Value] > 0:
			r.fault(key, below, "this stands twice: on line %d as well; take one out", seen[key.Value])
		case value.Tag == "!!null":
			r.fault(value, below, "nothing stands here; write a value, or leave the key out")
		default:
			read(value, below)
		}
		seen[key.Value] = key.Line
	}
}

// list calls what reads each item of a list.
func (r *reader) list(n *yaml.Node, path string, most int, read func(n *yaml.Node, path string)) {
	switch {
	case n.Kind != yaml.SequenceNode:
		r.fault(n, path, "write a list, each item behind a dash, or []")
	case len(n.Content) > most:
		r.fault(n.Content[most], path, "there are %d; write at most %d", len(n.Content), most)
	default:
		for i, one := range n.Content {
			read(one, fmt.Sprintf("%s[%d]", path, i))
		}
	}
}

// scalar reads a text; numbers and the like are texts too where any is true.
func (r *reader) scalar(n *yaml.Node, path string, anyKind bool) (string, bool) {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!str" && !anyKind {
		r.fault(n, path, "write a text, in quotes where it looks like something else")
		return "", false
	}
	return n.Value, true
}

// mishap tells what is wrong with an expression, at its place in the text.
func (r *reader) mishap(n *yaml.Node, path string, m *mishap) {
	line, column := n.Line, n.Column
	before := []rune(n.Value)[:min(m.offset, utf8.RuneCountInString(n.Value))]
	switch {
	case n.Style&yaml.LiteralStyle != 0:
		head := string(before)
		down := strings.Count(head, "\n")
		line += 1 + down
		column = 1 + utf8.RuneCountInString(head[strings.LastIndexByte(head, '\n')+1:])
		if line <= len(r.text) {
			column += indent(r.text[line-1]) - indent(strings.Split(n.Value, "\n")[down])
		}
	case n.Style&yaml.FoldedStyle != 0: // its lines are not those of the text
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		column += 1 + len(before)
	default:
		column += len(before)
	}
	r.add(line, column, path, "%s", m.words)
}

// indent is how many spaces a line begins with.
func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
