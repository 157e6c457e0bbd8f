package policy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// The bounds of a policy's text.
const (
	// MaxText is how many bytes it may have.
	MaxText = 64 << 10
	// maxDepth is how deeply it may be nested; a policy needs seven levels.
	maxDepth = 12
)

// parse reads a text as one YAML document without anchors, aliases or tags. Where
// there are faults there is no document.
func parse(text []byte) (*yaml.Node, []Fault) {
	if f := unreadable(text); f != nil {
		return nil, f
	}
	loader, err := yaml.NewLoader(bytes.NewReader(surrogates(text)), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		return nil, []Fault{{1, 1, "", "this is no YAML: " + err.Error()}}
	}
	var root, second yaml.Node
	switch err := loader.Load(&root); {
	case errors.Is(err, io.EOF), err == nil && len(root.Content) == 0:
		return nil, []Fault{{1, 1, "", "there is nothing in it; write what is to be otherwise than by default, or {} for the default"}}
	case err != nil:
		return nil, []Fault{syntaxFault(text, err)}
	}
	switch err := loader.Load(&second); {
	case err == nil:
		return nil, []Fault{{max(second.Line, 1), max(second.Column, 1), "", "a second document begins here; a policy is one"}}
	case !errors.Is(err, io.EOF):
		return nil, []Fault{syntaxFault(text, err)}
	}
	if f := fancy(&root, nil); f != nil {
		return nil, f
	}
	return root.Content[0], nil
}

// unreadable says why a text is none.
func unreadable(text []byte) []Fault {
	if len(text) > MaxText {
		return []Fault{{1, 1, "", fmt.Sprintf("this is too long; a policy has at most %d bytes", MaxText)}}
	}
	line, column := 1, 1
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			return []Fault{{line, column, "", "this byte is not UTF-8; save the file as UTF-8"}}
		case hidden(r), r == '\r' && !bytes.HasPrefix(text[i+n:], []byte("\n")):
			return []Fault{{line, column, "", "a control character does not belong here; take it out"}}
		case r == '\n':
			line, column = line+1, 0
		}
		i, column = i+n, column+1
	}
	return nil
}

// fancy finds what a policy does not have: anchors, aliases and tags. What an
// alias stands for is not looked at, so that no text grows.
func fancy(n *yaml.Node, faults []Fault) []Fault {
	switch {
	case len(faults) >= MaxFaults:
		return faults
	case n.Kind == yaml.AliasNode:
		return append(faults, Fault{n.Line, n.Column, "", "a policy has no aliases; write the value itself instead of *" + shorten(n.Value)})
	case n.Anchor != "":
		faults = append(faults, Fault{n.Line, n.Column, "", "a policy has no anchors; leave out &" + shorten(n.Anchor)})
	case n.Style&yaml.TaggedStyle != 0:
		faults = append(faults, Fault{n.Line, n.Column, "", "a policy has no tags; leave out " + shorten(n.Tag)})
	}
	for _, below := range n.Content {
		faults = fancy(below, faults)
	}
	return faults
}

// syntaxFault tells an error of the YAML parser in words, with its place.
func syntaxFault(text []byte, err error) Fault {
	var e *yaml.LoadError
	if !errors.As(err, &e) {
		return Fault{1, 1, "", "this is no YAML: " + err.Error()}
	}
	f := Fault{Line: max(e.Mark.Line, 1), Column: max(e.Mark.Column, 1)}
	lines := strings.Split(string(text), "\n")
	f.into(lines)
	at := charAt(lines[f.Line-1], f.Column)
	switch m := e.Message; {
	case at == '\t', strings.Contains(m, "tab character"):
		f.Message = "indent with spaces, not with a tab"
	case strings.Contains(m, "exceeded max depth"):
		f.Message = fmt.Sprintf("this is nested too deeply; a policy has at most %d levels", maxDepth)
	case strings.Contains(m, "cannot start any token"):
		f.Message = fmt.Sprintf("nothing begins with %q; put it in quotes", at)
	case strings.Contains(m, "mapping values are not allowed"):
		f.Message = "a colon does not belong here; put the text in quotes, or begin a new line"
	case strings.Contains(m, "unexpected end of stream"):
		f.Message = fmt.Sprintf("the quote of line %d is not closed", e.ContextMark.Line)
		f.Line, f.Column = e.ContextMark.Line, e.ContextMark.Column
	case strings.Contains(m, "did not find expected ',' or"):
		f.Message = fmt.Sprintf("a comma is missing before this, or the bracket of line %d is not closed", e.ContextMark.Line)
	case strings.Contains(m, "did not find expected key"), strings.Contains(m, "'-' indicator"):
		f.Message = "this does not line up with what is above; give it the same indent"
	case strings.Contains(m, "could not find expected ':'"):
		f.Message = "a colon is missing behind the key"
	case strings.Contains(m, "unknown anchor"):
		f.Message = "a policy has no aliases; write the value itself"
	default:
		f.Message = "this is no YAML: " + shorten(m)
	}
	return f
}

// charAt is the character at a column of a line; 0 where there is none.
func charAt(line string, column int) rune {
	if chars := []rune(line); column <= len(chars) {
		return chars[column-1]
	}
	return 0
}
