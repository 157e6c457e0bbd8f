package counter

import (
	"fmt"
	"strings"

	"cel.dev/cel-go/cel"
)

// template is a text with expressions in braces; {{ and }} are braces.
type template struct{ parts []part }

// part is a text, or an expression.
type part struct {
	text string
	x    *expression
}

// compileTemplate makes a template of its text.
func compileTemplate(source string) (*template, *mishap) {
	t := &template{}
	var plain strings.Builder
	chars := []rune(source)
	for i := 0; i < len(chars); i++ {
		c := chars[i]
		switch {
		case c != '{' && c != '}':
			plain.WriteRune(c)
		case i+1 < len(chars) && chars[i+1] == c:
			plain.WriteRune(c)
			i++
		case c == '}':
			return nil, &mishap{i, "this brace opens nowhere; write }} for a brace"}
		default:
			to := i + 1
			for to < len(chars) && chars[to] != '}' {
				to++
			}
			if to == len(chars) {
				return nil, &mishap{i, "this brace is not closed; write {{ for a brace"}
			}
			x, m := compile(string(chars[i+1:to]), cel.DynType)
			if m != nil {
				m.offset += i + 1
				return nil, m
			}
			t.parts = append(t.parts, part{text: plain.String()}, part{x: x})
			plain.Reset()
			i = to
		}
	}
	t.parts = append(t.parts, part{text: plain.String()})
	return t, nil
}

// offer says whether the template asks about the offer.
func (t *template) offer() bool {
	for _, p := range t.parts {
		if p.x != nil && p.x.offer {
			return true
		}
	}
	return false
}

// fill writes the text for what is seen, cut to so many characters.
func (t *template) fill(s *scene, most int) (string, error) {
	var b strings.Builder
	for _, p := range t.parts {
		b.WriteString(p.text)
		if p.x == nil {
			continue
		}
		words, err := p.x.words(s)
		if err != nil {
			return "", fmt.Errorf("fill in the text: %w", err)
		}
		b.WriteString(words)
	}
	if r := []rune(b.String()); len(r) > most {
		return string(r[:most]), nil
	}
	return b.String(), nil
}
