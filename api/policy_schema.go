package api

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"outcry/policy"
)

// Schema describes a policy that is sent. No member is required: what is left out
// is as in the default, and in a branch as above it.
func (PolicyChange) Schema(r huma.Registry) *huma.Schema {
	const name = "PolicyChange"
	shared := &huma.Schema{Ref: "#/components/schemas/" + name}
	if r.Map()[name] != nil {
		return shared
	}
	s := policySchema(reflect.TypeFor[policy.Policy](), "")
	least := 0.0
	s.Properties["version"] = &huma.Schema{
		Type: huma.TypeInteger, Minimum: &least, Description: "the version that the change was made to, unless If-Match says it",
	}
	s.Properties["text"] = &huma.Schema{
		Type: huma.TypeString, Description: "the policy in YAML, in the place of the other members",
	}
	s.PrecomputeMessages()
	r.Map()[name] = s
	return shared
}

// policySchema describes a part of a policy, which stands at the path; the parts
// of a branch stand where those of the policy do.
func policySchema(t reflect.Type, path string) *huma.Schema {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	s := &huma.Schema{Description: keyWords(path)}
	switch t.Kind() {
	case reflect.Struct:
		s.Type, s.AdditionalProperties, s.Properties = huma.TypeObject, false, map[string]*huma.Schema{}
		for f := range t.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.IsExported() {
				s.Properties[name] = policySchema(f.Type, strings.TrimPrefix(path+"."+name, "."))
			}
		}
	case reflect.Slice:
		s.Type = huma.TypeArray
		if t.Elem() == reflect.TypeFor[policy.Branch]() {
			path = ""
		}
		s.Items = policySchema(t.Elem(), path)
		s.Items.Description = ""
	case reflect.Float64:
		s.Type = huma.TypeNumber
	case reflect.Int:
		s.Type = huma.TypeInteger
	case reflect.Bool:
		s.Type = huma.TypeBoolean
	default:
		s.Type = huma.TypeString
	}
	return s
}

// keyWords tells the key at a path: what it does, its unit and its bounds; "" for
// what is no key.
func keyWords(path string) string {
	for _, k := range policy.Keys() {
		if k.Name != path {
			continue
		}
		words := k.Meaning
		if k.Low != k.High {
			words += fmt.Sprintf("; from %g to %g", k.Low, k.High)
		}
		if k.Unit != "" {
			words += " (" + k.Unit + ")"
		}
		return words
	}
	return ""
}
