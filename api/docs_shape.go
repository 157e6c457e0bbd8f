package api

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// docsSections are all calls, by the part of the interface.
func docsSections(doc *huma.OpenAPI) []docsSection {
	var sections []docsSection
	for _, tag := range doc.Tags {
		first, _, _ := strings.Cut(tag.Name, " ")
		s := docsSection{ID: "part-" + strings.ToLower(first), Name: tag.Name}
		for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
			item := doc.Paths[path]
			for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
				if op != nil && slices.Contains(op.Tags, tag.Name) {
					s.Calls = append(s.Calls, docsCallOf(op))
				}
			}
		}
		sections = append(sections, s)
	}
	return sections
}

func docsCallOf(op *huma.Operation) docsCall {
	c := docsCall{
		ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary, Who: "any member", Status: fmt.Sprint(op.DefaultStatus),
	}
	switch {
	case op.Description != "":
		c.Who = "the operator"
	case op.Security == nil:
		c.Who = "anybody"
	}
	for _, p := range op.Parameters {
		about := cmp.Or(p.Description, p.Schema.Description)
		c.Params = append(c.Params, docsParam{p.Name, p.In, docsType(p.Schema), about})
	}
	if op.RequestBody != nil {
		c.Body = docsBody(op.RequestBody.Content)
	}
	if answer := op.Responses[c.Status]; answer != nil {
		c.Answer = docsBody(answer.Content)
	}
	return c
}

// docsBody is the shape of a body; nil where there is none.
func docsBody(content map[string]*huma.MediaType) *docsShape {
	if json := content["application/json"]; json != nil && json.Schema != nil && json.Schema.Format != "binary" {
		return &docsShape{Name: refName(json.Schema), Type: docsType(json.Schema)}
	}
	if len(content) > 0 {
		return &docsShape{Type: strings.Join(slices.Sorted(maps.Keys(content)), ", ")}
	}
	return nil
}

// docsShapes are all shapes with their members.
func docsShapes(doc *huma.OpenAPI) []docsShape {
	all := doc.Components.Schemas.Map()
	var shapes []docsShape
	for _, name := range slices.Sorted(maps.Keys(all)) {
		s := docsShape{Name: name, Type: "object"}
		for _, field := range slices.Sorted(maps.Keys(all[name].Properties)) {
			p := all[name].Properties[field]
			about := p.Description
			if slices.Contains(all[name].Required, field) {
				about = strings.TrimSpace("always. " + about)
			}
			s.Fields = append(s.Fields, docsParam{Name: field, Type: docsType(p), About: about})
		}
		shapes = append(shapes, s)
	}
	return shapes
}

// refName is the name of the shape that a schema refers to; "" for others.
func refName(s *huma.Schema) string {
	return s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
}

// docsType writes a schema's type in a few words.
func docsType(s *huma.Schema) string {
	switch {
	case s == nil:
		return ""
	case s.Ref != "":
		return refName(s)
	case s.Type == huma.TypeArray:
		return "list of " + docsType(s.Items)
	case len(s.Enum) > 0:
		words := make([]string, len(s.Enum))
		for i, e := range s.Enum {
			words[i] = fmt.Sprint(e)
		}
		return strings.Join(words, " | ")
	case s.Format == "date-time":
		return "time"
	case s.Type == "":
		return "any JSON"
	}
	return s.Type
}
