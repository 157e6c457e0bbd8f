package policy

import (
	"unicode"

	"go.yaml.in/yaml/v4"
)

// locate finds the place in a text where a character of a scalar stands, counted
// from 0: its line and column, from 1. It goes along both the text and the
// scalar, past quotes, escapes, indents and folded lines; where it cannot follow,
// as behind an escaped number, it stays on the line.
func locate(text string, n *yaml.Node, offset int) (line, column int) {
	rest := []rune(text)
	at := start(rest, n)
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		for at < len(rest) && rest[at] != '\n' { // past the sign, and what stands behind it
			at++
		}
	}
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		at++
	}
	for i, want := range []rune(n.Value) {
		at = next(rest, at, want)
		if i == offset || at == len(rest) {
			break
		}
		if !unicode.IsSpace(want) {
			at++
		}
	}
	return placeOf(rest, min(at, len(rest)))
}

// start is where a node begins in the text.
func start(text []rune, n *yaml.Node) int {
	line, column := 1, 1
	for i, c := range text {
		if line == n.Line && column == n.Column {
			return i
		}
		column++
		if c == '\n' {
			line, column = line+1, 1
		}
	}
	return len(text)
}

// next is where a character of a scalar stands in the text, from at on. A space
// stands for all spaces and ends of lines that come, and is behind them.
func next(text []rune, at int, want rune) int {
	if unicode.IsSpace(want) {
		for at < len(text) && (unicode.IsSpace(text[at]) || blank(text[at:])) {
			at++
			if !unicode.IsSpace(text[at-1]) {
				at++ // the letter of the escape
			}
		}
		return at
	}
	for i := at; i < len(text); i++ {
		switch {
		case text[i] == want:
			return i
		case !unicode.IsSpace(text[i]) && text[i] != '\'' && text[i] != '\\':
			return at // an escape that is not looked into
		}
	}
	return at
}

// blank says whether an escaped space or end of a line comes.
func blank(text []rune) bool {
	return len(text) > 1 && text[0] == '\\' && (text[1] == 'n' || text[1] == 't' || text[1] == ' ')
}

// placeOf is the line and column of a character of a text.
func placeOf(text []rune, at int) (line, column int) {
	line, column = 1, 1
	for _, c := range text[:at] {
		column++
		if c == '\n' {
			line, column = line+1, 1
		}
	}
	return line, column
}
