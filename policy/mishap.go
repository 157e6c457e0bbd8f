package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"cel.dev/cel-go/cel"
)

// mishap is what is wrong with an expression, and at which of its characters,
// from 0.
type mishap struct {
	offset int
	words  string
}

var (
	undeclared = regexp.MustCompile(`^undeclared reference to '([^']*)'`)
	overload   = regexp.MustCompile(`^found no matching overload for '([^']+)' applied to '(.*)'$`)
	unexpected = regexp.MustCompile(`^Syntax error: (?:mismatched|extraneous) input '(.*)' expecting`)
	selection  = regexp.MustCompile(`^type '([^']+)' does not support field selection`)
	unclear    = regexp.MustCompile(`^Syntax error: (?:no viable alternative at input|token recognition error at:) '(.*)'`)
)

// mishapOf tells the first thing that CEL finds wrong with an expression, in the
// words of a policy.
func mishapOf(source string, issues *cel.Issues) *mishap {
	errs := issues.Errors()
	if len(errs) == 0 {
		return &mishap{words: issues.Err().Error()}
	}
	first := errs[0]
	m := &mishap{offset: offsetOf(source, first.Location.Line(), first.Location.Column())}
	switch msg := first.Message; {
	case undeclared.MatchString(msg):
		m.unknown(source, undeclared.FindStringSubmatch(msg)[1])
	case overload.MatchString(msg):
		f := overload.FindStringSubmatch(msg)
		m.words = mismatch(f[1], f[2])
	case unexpected.MatchString(msg):
		m.words = fmt.Sprintf("%q is not expected here", shorten(unexpected.FindStringSubmatch(msg)[1]))
		if strings.Contains(msg, "'<EOF>'") {
			m.words = "the expression breaks off here"
		}
	case unclear.MatchString(msg):
		m.words = fmt.Sprintf("%q cannot be read; is a quote or a bracket missing?", shorten(strings.TrimSpace(unclear.FindStringSubmatch(msg)[1])))
	case strings.Contains(msg, "missing ')'"), strings.Contains(msg, "missing ']'"):
		m.words = "a bracket is not closed; an expression with a comma or a bracket stands in quotes"
	case selection.MatchString(msg):
		m.words = fmt.Sprintf("%s has nothing behind a dot", kindOf(selection.FindStringSubmatch(msg)[1]))
	case strings.Contains(msg, "recursion"):
		m.words = fmt.Sprintf("it is nested too deeply; at most %d brackets may be in each other", maxNesting)
	default:
		m.words = "this cannot be read: " + shorten(strings.TrimPrefix(msg, "Syntax error: "))
	}
	return m
}

// unknown says that there is no such name. CEL tells it at the dot, or by its
// first part only; the whole name is meant.
func (m *mishap) unknown(source, name string) {
	chars := []rune(source)
	part := func(i int) bool {
		return i >= 0 && i < len(chars) && (chars[i] == '_' || chars[i] == '.' || unicode.IsLetter(chars[i]) || unicode.IsDigit(chars[i]))
	}
	from, to := min(m.offset, len(chars)), min(m.offset, len(chars))
	for part(from - 1) {
		from--
	}
	for part(to) {
		to++
	}
	if strings.HasPrefix(string(chars[from:to]), name) {
		name, m.offset = string(chars[from:to]), from
	}
	switch near := nearestFact(name); {
	case to < len(chars) && chars[to] == '(':
		m.words = fmt.Sprintf("there is no function %q; there are size, min, max, contains, startsWith, endsWith, exists, exists_one and all", shorten(name))
	case near != "":
		m.words = fmt.Sprintf("there is no %q; did you mean %s?", shorten(name), near)
	default:
		m.words = fmt.Sprintf("there is no %q; docs/policy.md lists what there is, such as shop.rating", shorten(name))
	}
}

// nearestFact is the fact that a name that there is not means, perhaps: one that
// is like it, or one of the same last part; else "".
func nearestFact(name string) string {
	var names []string
	for _, f := range facts {
		names = append(names, f.Name)
	}
	if near := nearest(name, names); near != "" {
		return near
	}
	last := name[strings.LastIndexByte(name, '.')+1:]
	if i := slices.IndexFunc(names, func(n string) bool { return strings.HasSuffix(n, "."+last) }); i >= 0 {
		return names[i]
	}
	return ""
}

// mismatch says that an operator or a function does not go with what it is
// applied to.
func mismatch(function, arguments string) string {
	name := function
	switch {
	case function == "_?_:_":
		return "write CONDITION ? ONE : OTHER, with a condition that is true or false, and both others of one kind"
	case function == "@in":
		name = "in"
	case !unicode.IsLetter(rune(function[0])): // an operator, such as _<_
		name = strings.ReplaceAll(function, "_", "")
	}
	var kinds []string
	for one := range strings.SplitSeq(strings.Trim(arguments, "()"), ", ") {
		kinds = append(kinds, kindOf(one))
	}
	return fmt.Sprintf("%q does not go with %s", name, strings.Join(kinds, " and "))
}

// offsetOf is the character of an expression at a line, from 1, and a column,
// from 0.
func offsetOf(source string, line, column int) int {
	offset := 0
	for range line - 1 {
		n := strings.IndexByte(source, '\n')
		if n < 0 {
			break
		}
		offset += len([]rune(source[:n+1]))
		source = source[n+1:]
	}
	return offset + max(column, 0)
}

// shorten bounds what is repeated of a text.
func shorten(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "..."
	}
	return s
}
