package counter

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"cel.dev/cel-go/cel"
)

var (
	undeclared = regexp.MustCompile(`^undeclared reference to '([^']*)'`)
	overload   = regexp.MustCompile(`^found no matching overload for '([^']+)' applied to '(.*)'$`)
	unexpected = regexp.MustCompile(`^Syntax error: (?:mismatched|extraneous) input '(.*)' expecting`)
)

// mishapOf tells the first thing that CEL finds wrong with an expression, in the
// words of a shop.
func mishapOf(source string, issues *cel.Issues) *mishap {
	errs := issues.Errors()
	if len(errs) == 0 {
		return &mishap{words: issues.Err().Error()}
	}
	first := errs[0]
	m := &mishap{offset: offsetOf(source, first.Location.Line(), first.Location.Column())}
	switch msg := first.Message; {
	case strings.HasPrefix(msg, quoted), strings.HasPrefix(msg, hours):
		m.words = msg
	case undeclared.MatchString(msg):
		m.unknown(source, undeclared.FindStringSubmatch(msg)[1])
	case overload.MatchString(msg):
		found := overload.FindStringSubmatch(msg)
		m.words = mismatch(found[1], found[2])
	case unexpected.MatchString(msg) && !strings.Contains(msg, "'<EOF>'"):
		m.words = fmt.Sprintf("%q is not expected here", shorten(unexpected.FindStringSubmatch(msg)[1]))
	case strings.HasPrefix(msg, "Syntax error"):
		m.words = "the expression breaks off or cannot be read here; is a quote or a bracket missing?"
	default:
		m.words = "this cannot be read: " + shorten(msg)
	}
	return m
}

// unknown says that there is no such name: the whole of it, as it is written.
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
	if whole := string(chars[from:to]); whole != "" {
		name, m.offset = whole, from
	}
	if to < len(chars) && chars[to] == '(' {
		m.words = fmt.Sprintf("there is no function %q; there are open, open_now, attribute, number, min, max, round, contains, startsWith, endsWith", shorten(name))
		return
	}
	first, _, _ := strings.Cut(name, ".")
	var like []string
	for _, f := range facts {
		if strings.HasPrefix(f.Name, first+".") {
			like = append(like, f.Name)
		}
	}
	if like == nil {
		like = []string{"names that begin with request, offer and shop, such as request.quantity, offer.price and shop.hour"}
	}
	m.words = fmt.Sprintf("there is no %q; there are %s", shorten(name), strings.Join(like, ", "))
}

// mismatch says that an operator or a function does not go with what it is
// applied to.
func mismatch(function, arguments string) string {
	name := strings.TrimPrefix(function, "@")
	switch {
	case function == "_?_:_":
		return "write CONDITION ? ONE : OTHER, with a condition that is true or false, and both others of one kind"
	case !unicode.IsLetter(rune(name[0])): // an operator, such as _<_
		name = strings.ReplaceAll(name, "_", "")
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
