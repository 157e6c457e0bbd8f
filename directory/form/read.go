package form

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"outcry"
)

// The bounds of schemas and attributes.
const (
	// MaxSchema is the largest schema, in bytes.
	MaxSchema = 16 << 10
	// MaxAttributes are the largest attributes, in bytes.
	MaxAttributes = 16 << 10
	maxDepth      = 16  // objects and lists within each other
	maxPattern    = 200 // bytes of a regular expression
	maxNumber     = 40  // characters of a number
	maxExponent   = 2   // digits of its exponent
)

// read reads a schema and refuses what could make checking slow or reach out.
func read(text []byte) (map[string]any, error) {
	if len(text) > MaxSchema {
		return nil, fmt.Errorf("the form is larger than %d bytes", MaxSchema)
	}
	if !jsontext.Value(text).IsValid() {
		return nil, errors.New("the form is not valid JSON, or a name stands twice in it")
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("the form is not valid JSON: %w", err)
	}
	schema, ok := value.(map[string]any)
	if !ok || schema["type"] != "object" {
		return nil, errors.New(`the form must be a schema with "type": "object"`)
	}
	if d, said := schema["$schema"]; said && d != draft {
		return nil, fmt.Errorf("the form must be in draft 2020-12: %s", draft)
	}
	if hugeNumber(schema) {
		return nil, fmt.Errorf("a number in the form has more than %d characters or an exponent beyond %d digits", maxNumber, maxExponent)
	}
	defs, _ := schema["$defs"].(map[string]any)
	if err := within(schema, 0, false); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(defs)) {
		if err := within(defs[name], 0, true); err != nil {
			return nil, err
		}
	}
	return schema, nil
}

// within checks a part of a schema and all below it. inDefs says that it is
// referred to and so may not refer to others, which makes circles impossible.
func within(part any, depth int, inDefs bool) error {
	if depth > maxDepth {
		return fmt.Errorf("the form is more than %d deep", maxDepth)
	}
	switch part := part.(type) {
	case []any:
		for _, p := range part {
			if err := within(p, depth+1, inDefs); err != nil {
				return err
			}
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(part)) {
			if err := member(name, part[name], inDefs); err != nil {
				return err
			}
			if err := within(part[name], depth+1, inDefs); err != nil {
				return err
			}
		}
	}
	return nil
}

// member checks one keyword.
func member(name string, value any, inDefs bool) error {
	text, isText := value.(string)
	switch {
	case (name == "$ref") && isText && (inDefs || !strings.HasPrefix(text, "#/$defs/") || strings.Count(text, "/") != 2):
		return errors.New(`"$ref" may only point to "#/$defs/NAME", and what stands there may not refer on`)
	case (name == "$dynamicRef" || name == "$id" || name == "$anchor" || name == "$dynamicAnchor") && isText:
		return fmt.Errorf("%q is not used in forms; write the part itself, or a $ref to $defs", name)
	case name == "pattern" && isText:
		return pattern(text)
	case name == "patternProperties":
		patterns, _ := value.(map[string]any)
		for p := range patterns {
			if err := pattern(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// pattern checks a regular expression, which runs in linear time (RE2).
func pattern(text string) error {
	if len(text) > maxPattern {
		return fmt.Errorf("a regular expression is longer than %d bytes", maxPattern)
	}
	if _, err := regexp.Compile(text); err != nil {
		return errors.New("a regular expression is not RE2: without look-ahead, look-behind and references back")
	}
	return nil
}

// child is what stands at a step below a part of a JSON value; nil for nothing.
func child(part any, step string) any {
	switch part := part.(type) {
	case map[string]any:
		return part[step]
	case []any:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(part) {
			return part[i]
		}
	}
	return nil
}

// object reads attributes; nothing and null are an empty object.
func object(attributes []byte, location string) (map[string]any, outcry.Complaints) {
	var bad outcry.Complaints
	text := bytes.TrimSpace(attributes)
	if len(text) == 0 || bytes.Equal(text, []byte("null")) {
		return map[string]any{}, nil
	}
	if len(text) > MaxAttributes {
		bad.Add(location, "write at most %d bytes of attributes", MaxAttributes)
		return nil, bad
	}
	if !jsontext.Value(text).IsValid() {
		bad.Add(location, "write a JSON object in which no name stands twice")
		return nil, bad
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	o, ok := value.(map[string]any)
	if err != nil || !ok {
		bad.Add(location, `write an object, such as {"name": "value"}`)
		return nil, bad
	}
	if hugeNumber(value) {
		bad.Add(location, "write numbers of at most %d characters, with exponents of at most %d digits", maxNumber, maxExponent)
		return nil, bad
	}
	if deep(value) > maxDepth {
		bad.Add(location, "write objects and lists at most %d deep", maxDepth)
		return nil, bad
	}
	return o, nil
}

// deep is how many objects and lists stand within each other.
func deep(value any) int {
	most := 0
	switch value := value.(type) {
	case map[string]any:
		for _, v := range value {
			most = max(most, deep(v))
		}
	case []any:
		for _, v := range value {
			most = max(most, deep(v))
		}
	default:
		return 0
	}
	return most + 1
}

// hugeNumber says whether a value has a number that would take long to compare:
// 1e999999999 is short to write.
func hugeNumber(value any) bool {
	switch value := value.(type) {
	case map[string]any:
		for _, v := range value {
			if hugeNumber(v) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(value, hugeNumber)
	case json.Number:
		i := strings.IndexAny(string(value), "eE")
		return len(value) > maxNumber || i >= 0 && len(strings.TrimLeft(string(value[i+1:]), "+-0")) > maxExponent
	}
	return false
}

// The bounds of attributes where no form holds.
const (
	maxMembers = 32
	maxKey     = 64  // bytes of a member's name
	maxText    = 200 // characters of a text
)

// Flat says what is wrong with attributes where no form holds: they may be a
// flat object of at most 32 members, each a text of at most 200 characters, a
// number, true or false.
func Flat(attributes []byte, location string) outcry.Complaints {
	value, bad := object(attributes, location)
	if bad != nil {
		return bad
	}
	if len(value) > maxMembers {
		bad.Add(location, "write at most %d attributes", maxMembers)
		return bad
	}
	for _, name := range slices.Sorted(maps.Keys(value)) {
		if len(name) > maxKey || !plainName(name) {
			bad.Add(location, "write names of 1 to %d letters, digits, points, hyphens and underscores", maxKey)
			continue
		}
		if !short(value[name]) {
			bad.Add(location+"."+name, "write a text of at most %d characters, a number, true or false", maxText)
		}
	}
	return bad
}

// plainName says whether a member's name is safe to repeat.
func plainName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(c rune) bool {
		return c != '_' && c != '-' && c != '.' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	})
}

// short says whether a value is one that a flat object may have.
func short(value any) bool {
	switch value := value.(type) {
	case string:
		return len([]rune(value)) <= maxText
	case json.Number, bool:
		return true
	}
	return false
}
