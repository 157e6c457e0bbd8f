package form

import (
	"encoding/json"
	"fmt"
	"strings"
)

// describe says what a part of a schema asks for, so that it reads well after
// "write": "a whole number from 1 to 60".
func describe(part map[string]any) string {
	said := constraint(part)
	if text, ok := part["description"].(string); ok && text != "" {
		said += " (" + text + ")"
	}
	return said
}

func constraint(part map[string]any) string {
	if list, ok := part["enum"].([]any); ok {
		return "one of " + join(list)
	}
	if value, ok := part["const"]; ok {
		return word(value)
	}
	switch kindOf(part) {
	case "integer":
		return "a whole number" + limits(part)
	case "number":
		return "a number" + limits(part)
	case "boolean":
		return "true or false"
	case "string":
		return text(part)
	case "array":
		return list(part)
	case "object":
		return "an object with the fields of the form"
	}
	for _, word := range []string{"anyOf", "oneOf"} {
		if ways, ok := part[word].([]any); ok {
			return either(ways)
		}
	}
	return "what the form asks for"
}

// kindOf is the type that a part asks for; "" where it is not one.
func kindOf(part map[string]any) string {
	switch t := part["type"].(type) {
	case string:
		return t
	case []any:
		for _, one := range t {
			if s, ok := one.(string); ok && s != "null" {
				return s
			}
		}
	}
	return ""
}

// limits says the bounds and the step of a number.
func limits(part map[string]any) string {
	low, hasLow := amount(part, "minimum")
	high, hasHigh := amount(part, "maximum")
	above, hasAbove := amount(part, "exclusiveMinimum")
	below, hasBelow := amount(part, "exclusiveMaximum")
	step, hasStep := amount(part, "multipleOf")
	said := ""
	switch {
	case hasLow && hasHigh:
		said = fmt.Sprintf(" from %s to %s", low, high)
	case hasLow:
		said = fmt.Sprintf(" of at least %s", low)
	case hasHigh:
		said = fmt.Sprintf(" of at most %s", high)
	}
	if hasAbove {
		said += " above " + above
	}
	if hasBelow {
		said += " below " + below
	}
	if hasStep {
		said += " in steps of " + step
	}
	return said
}

func amount(part map[string]any, name string) (string, bool) {
	n, ok := part[name].(json.Number)
	return n.String(), ok
}

// formats are how texts of a format are written.
var formats = map[string]string{
	"date":      "a date as 2026-05-31",
	"time":      "a time as 15:04:05Z",
	"date-time": "a date and time as 2026-05-31T15:04:05Z",
	"email":     "an email address",
	"uri":       "an address as https://example.org",
	"uuid":      "a UUID",
	"duration":  "a duration as PT30M",
}

// text says what a text must be.
func text(part map[string]any) string {
	format, _ := part["format"].(string)
	if said, ok := formats[format]; ok {
		return said
	}
	if pattern, ok := part["pattern"].(string); ok && part["description"] == nil {
		return "a text that matches " + pattern
	}
	if _, ok := part["pattern"]; ok {
		return "a text in the form that is asked for"
	}
	low, hasLow := amount(part, "minLength")
	high, hasHigh := amount(part, "maxLength")
	switch {
	case hasLow && hasHigh:
		return fmt.Sprintf("a text of %s to %s characters", low, high)
	case hasHigh:
		return fmt.Sprintf("a text of at most %s characters", high)
	case hasLow:
		return fmt.Sprintf("a text of at least %s characters", low)
	}
	return "a text"
}

// list says what a list must be.
func list(part map[string]any) string {
	said := "a list"
	if different, _ := part["uniqueItems"].(bool); different {
		said = "a list of different values"
	}
	low, hasLow := amount(part, "minItems")
	high, hasHigh := amount(part, "maxItems")
	switch {
	case hasLow && hasHigh:
		said += fmt.Sprintf(", %s to %s of them", low, high)
	case hasHigh:
		said += fmt.Sprintf(", at most %s of them", high)
	case hasLow:
		said += fmt.Sprintf(", at least %s of them", low)
	}
	if items, ok := part["items"].(map[string]any); ok {
		said += ", each " + constraint(items)
	}
	return said
}

// either says that one of several ways will do.
func either(ways []any) string {
	var said []string
	for _, w := range ways {
		if part, ok := w.(map[string]any); ok {
			said = append(said, constraint(part))
		}
	}
	return strings.Join(said, ", or ")
}

// join names the values of an enumeration.
func join(values []any) string {
	said := make([]string, len(values))
	for i, v := range values {
		said[i] = word(v)
	}
	return strings.Join(said, ", ")
}

func word(value any) string {
	if s, ok := value.(string); ok {
		return s
	}
	text, err := json.Marshal(value)
	if err != nil {
		return "the value of the form"
	}
	return string(text)
}
