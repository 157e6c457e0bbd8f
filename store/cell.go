package store

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A wholeCell, longCell or realCell is a number that is read as the driver gives
// it. For an int database/sql goes by way of text, which is a good part of what
// a row costs.
type (
	wholeCell int
	longCell  int64
	realCell  float64
)

// Scan takes an integer that fits.
func (c *wholeCell) Scan(from any) error {
	n, is := from.(int64)
	if *c = wholeCell(n); !is || int64(*c) != n {
		return fmt.Errorf("a column is %v, want an integer", from)
	}
	return nil
}

// Scan takes an integer.
func (c *longCell) Scan(from any) error {
	n, is := from.(int64)
	if *c = longCell(n); !is {
		return fmt.Errorf("a column is %v, want an integer", from)
	}
	return nil
}

// Scan takes a floating point number.
func (c *realCell) Scan(from any) error {
	x, is := from.(float64)
	if *c = realCell(x); !is {
		return fmt.Errorf("a column is %v, want a floating point number", from)
	}
	return nil
}

// listFrom reads the text that listJSON wrote.
func listFrom[T ~string](text string) (items []T, err error) {
	if items, plain := plainList[T](text); plain {
		return items, nil
	}
	err = fromJSON(text, &items)
	return items, err
}

// plainList reads a list of strings that stands there without spaces and
// escapes, as nearly all do; plain is false for any other. The strings share
// their memory with text.
func plainList[T ~string](text string) (items []T, plain bool) {
	rest, begins := strings.CutPrefix(text, `["`)
	rest, ends := strings.CutSuffix(rest, `"]`)
	if !begins || !ends || !utf8.ValidString(rest) {
		return nil, false
	}
	for i := range len(rest) {
		if rest[i] < ' ' || rest[i] == '\\' {
			return nil, false
		}
	}
	items = make([]T, 0, 1+strings.Count(rest, `","`))
	for more := true; more; {
		var one string
		one, rest, more = strings.Cut(rest, `","`)
		if strings.Contains(one, `"`) {
			return nil, false
		}
		items = append(items, T(one))
	}
	return items, true
}
