package sim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"regexp/syntax"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// filler fills forms in.
type filler struct {
	chance *rand.Rand
	// known are values for members by their names, the ones to take first; each is
	// taken where the form allows it.
	known map[string][]any
	// said are values that the other side has said under the same name.
	said map[string]any
	// eager is how likely a choice is made that the form leaves open.
	eager float64
	// words stand in texts that may say anything.
	words string
	// now is when dates and times of day begin; they are in its time zone.
	now time.Time
}

// fill makes an object that a form allows: all that it requires, and of the rest
// what is known or was said, and some choices; nil for no form. The error says
// which required member could not be made.
func (f filler) fill(form json.RawMessage) (json.RawMessage, error) {
	if len(form) == 0 {
		return nil, nil
	}
	var s schema
	if err := json.Unmarshal(form, &s); err != nil {
		return nil, fmt.Errorf("read form: %w", err)
	}
	object, err := f.object(&s)
	if err != nil || len(object) == 0 && len(s.Required) == 0 {
		return nil, err
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(object); err != nil {
		return nil, fmt.Errorf("write attributes: %w", err)
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

// object makes the members of an object.
func (f filler) object(s *schema) (map[string]any, error) {
	object := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		member := s.Properties[name]
		if value, ok := f.given(name, member); ok {
			object[name] = value
			continue
		}
		needed := slices.Contains(s.Required, name)
		if !needed && !(member.isChoice() && f.chance.Float64() < f.eager) {
			continue
		}
		value, ok := f.value(member)
		switch {
		case ok:
			object[name] = value
		case needed:
			return nil, fmt.Errorf("no value for the required member %q", name)
		}
	}
	return object, nil
}

// given is the value that a member has because it is known or was said.
func (f filler) given(name string, member *schema) (any, bool) {
	for _, value := range f.known[name] {
		if member.allows(value) {
			return value, true
		}
	}
	said, ok := f.said[name]
	return said, ok && member.allows(said)
}

// value makes a value; ok is false where none was found.
func (f filler) value(s *schema) (value any, ok bool) {
	switch {
	case s.Const != nil:
		return s.Const, true
	case len(s.Enum) > 0:
		return oneOf(f.chance, s.Enum), true
	case s.Default != nil && s.allows(s.Default):
		return s.Default, true
	}
	switch s.kind() {
	case "integer", "number":
		return f.number(s)
	case "boolean":
		return f.chance.Float64() < 0.7, true
	case "array":
		return f.array(s)
	case "object":
		object, err := filler{chance: f.chance, eager: f.eager, words: f.words, now: f.now}.object(s)
		return object, err == nil
	}
	text := f.text(s)
	return text, s.allows(text)
}

// number draws a number, small ones more often.
func (f filler) number(s *schema) (any, bool) {
	low, high, step := s.bounds()
	first, last := math.Ceil(low/step-1e-9), math.Floor(high/step+1e-9)
	if first > last {
		return nil, false
	}
	u := f.chance.Float64()
	steps := first + math.Floor(u*u*(last-first+1))
	// A step such as 0.01 has no exact float: take the nearest that reads well.
	value := math.Round(min(steps, last)*step*1e6) / 1e6
	return value, s.allows(value)
}

// array makes as few items as allowed, one where it may.
func (f filler) array(s *schema) (any, bool) {
	count := max(s.MinItems, 1)
	if s.MaxItems != nil {
		count = min(count, *s.MaxItems)
	}
	list := []any{}
	for tries := 0; len(list) < count && tries < 20*count; tries++ {
		item, ok := any(f.words), true
		if s.Items != nil {
			item, ok = f.value(s.Items)
		}
		if !ok {
			return nil, false
		}
		if !s.Unique || !slices.ContainsFunc(list, func(x any) bool { return equal(x, item) }) {
			list = append(list, item)
		}
	}
	return list, len(list) == count
}

// text makes a text.
func (f filler) text(s *schema) string {
	if made, ok := f.formatted(s.Format); ok {
		return made
	}
	if s.Pattern != "" {
		return textLike(f.chance, s.Pattern)
	}
	text := f.words
	for text != "" && utf8.RuneCountInString(text) < s.MinLength {
		text += " " + f.words
	}
	if s.MaxLength != nil {
		if long := []rune(text); len(long) > *s.MaxLength {
			text = string(long[:*s.MaxLength])
		}
	}
	return text
}

// formatted makes a text of one of JSON Schema's formats.
func (f filler) formatted(format string) (string, bool) {
	at := f.now.Truncate(time.Minute).Add(time.Duration(between(f.chance, 0, 8)) * 15 * time.Minute)
	switch format {
	case "date":
		return at.Format(time.DateOnly), true
	case "date-time":
		return at.Format(time.RFC3339), true
	case "time":
		return at.Format("15:04:05Z07:00"), true
	case "duration":
		return fmt.Sprintf("PT%dM", between(f.chance, 1, 12)*10), true
	case "email":
		return "hello@market.example", true
	case "uri":
		return "https://market.example/", true
	}
	return "", false
}

// textLike makes a text that a regular expression matches; "" where it cannot be
// read. Repetitions are as short as they may be.
func textLike(r *rand.Rand, pattern string) string {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return ""
	}
	var out strings.Builder
	writeLike(&out, r, re.Simplify())
	return out.String()
}

func writeLike(out *strings.Builder, r *rand.Rand, re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpLiteral:
		out.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		if n := len(re.Rune) / 2; n > 0 {
			at := 2 * r.IntN(n)
			out.WriteRune(re.Rune[at] + rune(r.IntN(int(min(re.Rune[at+1]-re.Rune[at], 25))+1)))
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		out.WriteRune('a' + rune(r.IntN(26)))
	case syntax.OpAlternate:
		writeLike(out, r, oneOf(r, re.Sub))
	case syntax.OpConcat, syntax.OpCapture, syntax.OpPlus:
		for _, sub := range re.Sub {
			writeLike(out, r, sub)
		}
	default: // what may be left out is left out, and places have no text
	}
}
