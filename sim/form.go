package sim

import (
	"encoding/json"
	"math"
	"reflect"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"

	"outcry"
)

// Signals knows the tree of codes.
type Signals interface {
	Get(code outcry.Code) (outcry.Signal, bool)
}

// maxAbove is how far up a tree a form is looked for.
const maxAbove = 64

// formsOf are the forms of a code: for each side its own, or that of the nearest
// code above it that has one.
func formsOf(signals Signals, code outcry.Code) outcry.Forms {
	var forms outcry.Forms
	for range maxAbove {
		s, ok := signals.Get(code)
		if !ok {
			break
		}
		if forms.Request == nil && len(s.Forms.Request) > 0 {
			forms.Request = s.Forms.Request
		}
		if forms.Offer == nil && len(s.Forms.Offer) > 0 {
			forms.Offer = s.Forms.Offer
		}
		code = s.Parent
	}
	return forms
}

// schema is the part of JSON Schema that forms are made of.
type schema struct {
	Type       typeNames          `json:"type"`
	Enum       []any              `json:"enum"`
	Const      any                `json:"const"`
	Default    any                `json:"default"`
	Properties map[string]*schema `json:"properties"`
	Required   []string           `json:"required"`
	Minimum    *float64           `json:"minimum"`
	Maximum    *float64           `json:"maximum"`
	Above      *float64           `json:"exclusiveMinimum"`
	Below      *float64           `json:"exclusiveMaximum"`
	MultipleOf float64            `json:"multipleOf"`
	MinLength  int                `json:"minLength"`
	MaxLength  *int               `json:"maxLength"`
	Pattern    string             `json:"pattern"`
	Format     string             `json:"format"`
	Items      *schema            `json:"items"`
	MinItems   int                `json:"minItems"`
	Unique     bool               `json:"uniqueItems"`
	MaxItems   *int               `json:"maxItems"`
}

// typeNames are a schema's types: one name or a list of them.
type typeNames []string

// UnmarshalJSON takes a name or a list of names.
func (t *typeNames) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, (*[]string)(t))
	}
	var one string
	err := json.Unmarshal(b, &one)
	*t = typeNames{one}
	return err
}

// UnmarshalJSON takes a schema, or true and false as one that says nothing.
func (s *schema) UnmarshalJSON(b []byte) error {
	if b[0] == 't' || b[0] == 'f' {
		*s = schema{}
		return nil
	}
	type plain schema
	return json.Unmarshal(b, (*plain)(s))
}

// kind is the type that a value is made of: the first that is not null.
func (s *schema) kind() string {
	for _, t := range s.Type {
		if t != "null" {
			return t
		}
	}
	if len(s.Properties) > 0 {
		return "object"
	}
	return "string"
}

// isChoice says whether a value is one of a few.
func (s *schema) isChoice() bool { return len(s.Enum) > 0 || s.kind() == "boolean" }

// bounds are the least and the most that a number may be; ten apart where only
// one is said.
func (s *schema) bounds() (low, high, step float64) {
	step = s.MultipleOf
	if step <= 0 {
		step = 1
		if s.kind() == "number" {
			step = 0.01
		}
	}
	low, high = 1, math.NaN()
	if s.Minimum != nil {
		low = *s.Minimum
	}
	if s.Above != nil {
		low = *s.Above + step
	}
	if s.Maximum != nil {
		high = *s.Maximum
	}
	if s.Below != nil {
		high = *s.Below - step
	}
	if math.IsNaN(high) {
		high = low + 10*max(1, step)
	}
	if s.Minimum == nil && s.Above == nil && low > high {
		low = high - 10*max(1, step)
	}
	return low, high, step
}

// allows says whether a schema takes a value as it was read from JSON.
func (s *schema) allows(value any) bool {
	if s.Const != nil && !equal(s.Const, value) {
		return false
	}
	if len(s.Enum) > 0 && !slices.ContainsFunc(s.Enum, func(x any) bool { return equal(x, value) }) {
		return false
	}
	if len(s.Type) > 0 && !slices.ContainsFunc(s.Type, func(t string) bool { return isOf(t, value) }) {
		return false
	}
	switch v := value.(type) {
	case float64:
		return s.allowsNumber(v)
	case string:
		return s.allowsText(v)
	case []any:
		return s.allowsItems(v)
	case map[string]any:
		return s.allowsMembers(v)
	}
	return true
}

// equal says whether two values as read from JSON are the same.
func equal(a, b any) bool { return reflect.DeepEqual(a, b) }

// isOf says whether a value is of a type of JSON Schema.
func isOf(name string, value any) bool {
	switch v := value.(type) {
	case nil:
		return name == "null"
	case bool:
		return name == "boolean"
	case float64:
		return name == "number" || name == "integer" && v == math.Trunc(v)
	case string:
		return name == "string"
	case []any:
		return name == "array"
	case map[string]any:
		return name == "object"
	}
	return false
}

func (s *schema) allowsNumber(v float64) bool {
	if s.Minimum != nil && v < *s.Minimum || s.Maximum != nil && v > *s.Maximum ||
		s.Above != nil && v <= *s.Above || s.Below != nil && v >= *s.Below {
		return false
	}
	if s.MultipleOf > 0 {
		times := v / s.MultipleOf
		return math.Abs(times-math.Round(times)) < 1e-9*max(1, math.Abs(times))
	}
	return true
}

func (s *schema) allowsText(v string) bool {
	n := utf8.RuneCountInString(v)
	if n < s.MinLength || s.MaxLength != nil && n > *s.MaxLength {
		return false
	}
	if s.Pattern != "" {
		re, err := regexp.Compile(s.Pattern)
		if err != nil || !re.MatchString(v) {
			return false
		}
	}
	layouts := map[string]string{"date": time.DateOnly, "date-time": time.RFC3339, "time": "15:04:05Z07:00"}
	if layout, ok := layouts[s.Format]; ok {
		_, err := time.Parse(layout, v)
		return err == nil
	}
	return true
}

func (s *schema) allowsItems(v []any) bool {
	if len(v) < s.MinItems || s.MaxItems != nil && len(v) > *s.MaxItems {
		return false
	}
	return s.Items == nil || !slices.ContainsFunc(v, func(item any) bool { return !s.Items.allows(item) })
}

func (s *schema) allowsMembers(v map[string]any) bool {
	for _, name := range s.Required {
		if _, ok := v[name]; !ok {
			return false
		}
	}
	for name, member := range s.Properties {
		if value, ok := v[name]; ok && !member.allows(value) {
			return false
		}
	}
	return true
}
