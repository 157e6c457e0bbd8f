package form

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"outcry"
)

// mostTold is how many faults are told at once.
const mostTold = 20

// tell adds the faults of a validation in plain words, in the order of their
// places, one a place.
func (f *Form) tell(e *jsonschema.ValidationError, location string, bad *outcry.Complaints) {
	var all outcry.Complaints
	f.gather(e, location, &all)
	slices.SortStableFunc(all, func(a, b outcry.Field) int { return cmp.Compare(a.Location, b.Location) })
	all = slices.CompactFunc(all, func(a, b outcry.Field) bool { return a.Location == b.Location })
	*bad = append(*bad, all[:min(len(all), mostTold)]...)
}

func (f *Form) gather(e *jsonschema.ValidationError, location string, bad *outcry.Complaints) {
	at := place(location, e.InstanceLocation)
	part := f.part(e.SchemaURL)
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		for _, name := range k.Missing {
			f.missing(at, part, name, bad)
		}
	case *kind.DependentRequired:
		for _, name := range k.Missing {
			bad.Add(at+"."+name, "this is needed together with %s", k.Prop)
		}
	case *kind.AdditionalProperties:
		unknown(at, part, k.Properties, bad)
	case *kind.FalseSchema:
		bad.Add(at, "leave this out")
	case *kind.AnyOf, *kind.OneOf, *kind.Not:
		bad.Add(at, "write %s", describe(part))
	default:
		if len(e.Causes) == 0 {
			bad.Add(at, "write %s", describe(part))
			return
		}
		for _, c := range e.Causes {
			f.gather(c, location, bad)
		}
	}
}

// missing says that a member is needed, and what to write there.
func (f *Form) missing(at string, part map[string]any, name string, bad *outcry.Complaints) {
	members, _ := part["properties"].(map[string]any)
	member, ok := members[name].(map[string]any)
	if !ok {
		bad.Add(at+"."+name, "this is needed")
		return
	}
	bad.Add(at+"."+name, "this is needed; write %s", describe(f.meant(member)))
}

// meant follows a reference to the form's own $defs.
func (f *Form) meant(part map[string]any) map[string]any {
	if ref, ok := part["$ref"].(string); ok {
		return f.part(ref)
	}
	return part
}

// unknown says that a form has no such members, and which it has.
func unknown(at string, part map[string]any, names []string, bad *outcry.Complaints) {
	members, _ := part["properties"].(map[string]any)
	has := strings.Join(slices.Sorted(maps.Keys(members)), ", ")
	for _, name := range names {
		if len(name) > maxKey || !plainName(name) {
			bad.Add(at, "leave out what the form does not have; it has %s", has)
			continue
		}
		bad.Add(at+"."+name, "the form does not have this; it has %s", has)
	}
}

// place is where in the attributes a fault is: body.attributes.diet[0].
func place(location string, steps []string) string {
	var b strings.Builder
	b.WriteString(location)
	for _, s := range steps {
		switch {
		case strings.Trim(s, "0123456789") == "" && s != "":
			fmt.Fprintf(&b, "[%s]", s)
		case len(s) > maxKey || !plainName(s):
			return b.String()
		default:
			b.WriteString("." + s)
		}
	}
	return b.String()
}
