package pricelist

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
)

// Match is what a line expects of the attributes of a request: for each a value,
// a list of values of which any will do, or {"min": 1, "max": 4} with one or both
// ends, which belong to it.
type Match map[string]any

var errMatch = errors.New(`write a JSON object of texts, numbers, true, false, lists of them or {"min":1,"max":4}, for example {"size":[41,42]}`)

// readMatch reads a match; of an empty object nothing is left.
func readMatch(text string) (Match, error) {
	var m Match
	if json.Unmarshal([]byte(text), &m) != nil {
		return nil, errMatch
	}
	for _, want := range m {
		switch want := want.(type) {
		case []any:
			if len(want) == 0 || slices.ContainsFunc(want, func(v any) bool { return !plain(v) }) {
				return nil, errMatch
			}
		case map[string]any:
			if !isRange(want) {
				return nil, errMatch
			}
		default:
			if !plain(want) {
				return nil, errMatch
			}
		}
	}
	if len(m) == 0 {
		return nil, nil
	}
	return m, nil
}

// plain says whether a value is a text, a number, true or false.
func plain(v any) bool {
	switch v.(type) {
	case string, float64, bool:
		return true
	}
	return false
}

// isRange says whether an object is a range of numbers.
func isRange(r map[string]any) bool {
	for key, end := range r {
		if _, number := end.(float64); !number || key != "min" && key != "max" {
			return false
		}
	}
	return len(r) > 0
}

// String is the match as JSON; the same expectations give the same text.
func (m Match) String() string {
	text, err := json.Marshal(m)
	if err != nil {
		return ""
	}
	return string(text)
}

// Agrees says whether nothing that was asked contradicts the match, and how many
// attributes agree. What was not asked contradicts nothing.
func (m Match) Agrees(asked map[string]any) (agreed int, ok bool) {
	for name, want := range m {
		got, said := asked[name]
		if !said {
			continue
		}
		if !meets(got, want) {
			return 0, false
		}
		agreed++
	}
	return agreed, true
}

// meets says whether a value, or any one of a list of values, is what is wanted.
func meets(got, want any) bool {
	if list, ok := got.([]any); ok {
		return slices.ContainsFunc(list, func(one any) bool { return meets(one, want) })
	}
	switch want := want.(type) {
	case []any:
		return slices.ContainsFunc(want, func(one any) bool { return same(got, one) })
	case map[string]any:
		n, number := got.(float64)
		if low, ok := want["min"].(float64); ok && n < low {
			return false
		}
		if high, ok := want["max"].(float64); ok && n > high {
			return false
		}
		return number
	}
	return same(got, want)
}

// same compares plain values; texts without regard to capitals.
func same(a, b any) bool {
	s, ok := a.(string)
	t, too := b.(string)
	if ok && too {
		return strings.EqualFold(s, t)
	}
	return plain(a) && a == b
}
