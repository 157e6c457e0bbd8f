package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"outcry"
	"outcry/onboarding"
)

// upload is a file that was sent, and how it is to be read.
type upload struct {
	data  io.Reader
	plan  onboarding.Plan
	where string // where the plan was given: "query" or "body"
}

// openUpload takes a file out of a body. The plan comes beside it: in the query,
// in the parts of a form, or in a JSON object that holds the file's text as
// data.
func openUpload(contentType string, body []byte, query ImportPlan) (upload, error) {
	media, params, _ := mime.ParseMediaType(contentType)
	switch {
	case media == "multipart/form-data":
		return openForm(body, params["boundary"], query)
	case media == "application/json" && bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) && !isGeoJSON(body):
		return openObject(body, query)
	}
	plan, err := query.plan("query")
	return upload{bytes.NewReader(body), plan, "query"}, err
}

// isGeoJSON says whether a JSON object is a file of its own.
func isGeoJSON(body []byte) bool {
	var head struct {
		Type string `json:"type"`
	}
	return json.Unmarshal(body, &head) == nil && head.Type != ""
}

// plan is the plan of the onboarding unit. where is where it was given.
func (p ImportPlan) plan(where string) (onboarding.Plan, error) {
	columns, err := p.columns(where)
	return onboarding.Plan{
		Format: p.Format, Columns: columns, Source: p.Source, Kind: p.Kind, TimeZone: p.TimeZone, Languages: p.Languages,
		ServiceRadiusM: p.ServiceRadiusM, PriceLevel: p.PriceLevel, Capabilities: p.Capabilities,
		State: outcry.ShopState(p.State), DryRun: p.DryRun,
	}, err
}

// columns are their columns for our fields.
func (p ImportPlan) columns(where string) (map[string]string, error) {
	columns := map[string]string{}
	if p.Columns != "" && decode([]byte(p.Columns), &columns) != nil {
		return nil, outcry.BadField(where+".columns", "write a JSON object of texts, for example {\"name\": \"Shop name\"}")
	}
	for _, pair := range p.Map {
		ours, theirs, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, outcry.BadField(where+".map", "write our field, = and the heading of their column, for example name=Shop name")
		}
		columns[strings.TrimSpace(ours)] = strings.TrimSpace(theirs)
	}
	return columns, nil
}

// importObject is a JSON body with the file's text in it.
type importObject struct {
	ImportPlan
	Columns map[string]string `json:"columns"`
	Data    json.RawMessage   `json:"data"`
}

// openObject takes the file out of a JSON object. What the object does not say
// the query may.
func openObject(body []byte, query ImportPlan) (upload, error) {
	object := importObject{ImportPlan: query}
	var members map[string]json.RawMessage
	for _, into := range []any{new(any), &members, &object} {
		if err := decode(body, into); err != nil {
			return upload{}, malformed(http.StatusBadRequest, []error{&huma.ErrorDetail{Location: "body", Message: err.Error()}})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if !slices.Contains(importMembers, name) {
			return upload{}, newProblem(http.StatusBadRequest, "unknown_member", "the input has parts that there are not; see errors").
				at("body."+printable(name, maxToken), "there is no such member; write one of "+strings.Join(importMembers, ", "))
		}
	}
	plan, err := object.plan("body")
	if len(object.Columns) > 0 {
		plan.Columns = object.Columns
	}
	var text string
	data := []byte(object.Data)
	if decode(data, &text) == nil {
		data = []byte(text)
	}
	if len(data) == 0 {
		return upload{}, outcry.BadField("body.data", "write the file's text, or GeoJSON")
	}
	return upload{bytes.NewReader(data), plan, "body"}, err
}

var importMembers = []string{
	"capabilities", "columns", "data", "dry_run", "format", "kind", "languages", "price_level", "service_radius_m", "source", "state", "time_zone",
}

// openForm takes the file and the plan out of the parts of a form.
func openForm(body []byte, boundary string, plan ImportPlan) (upload, error) {
	broken := func() error {
		return newProblem(http.StatusBadRequest, "body_broken", "the form cannot be read; send it again").at("body", "send multipart/form-data with a part file")
	}
	if boundary == "" {
		return upload{}, broken()
	}
	var file []byte
	for parts := multipart.NewReader(bytes.NewReader(body), boundary); ; {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return upload{}, broken()
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return upload{}, broken()
		}
		if part.FormName() == "file" {
			file = data
		} else if err := plan.set(part.FormName(), string(data)); err != nil {
			return upload{}, err
		}
	}
	if len(file) == 0 {
		return upload{}, outcry.BadField("body.file", "send the file as the part file")
	}
	p, err := plan.plan("body")
	return upload{bytes.NewReader(file), p, "body"}, err
}

// set takes the part of a form that has the name.
func (p *ImportPlan) set(name, text string) error {
	list := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
	texts := map[string]*string{
		"format": &p.Format, "columns": &p.Columns, "source": &p.Source, "kind": &p.Kind, "time_zone": &p.TimeZone, "state": &p.State,
	}
	var err error
	switch name {
	case "languages":
		p.Languages = list
	case "capabilities":
		p.Capabilities = list
	case "map":
		p.Map = append(p.Map, text)
	case "service_radius_m":
		p.ServiceRadiusM, err = strconv.Atoi(text)
	case "price_level":
		p.PriceLevel, err = strconv.Atoi(text)
	case "dry_run":
		p.DryRun, err = strconv.ParseBool(text)
	default:
		to, ok := texts[name]
		if !ok {
			return newProblem(http.StatusBadRequest, "unknown_member", "the form has parts that there are not; see errors").
				at("body."+printable(name, maxToken), "there is no such part; write file or one of "+strings.Join(importMembers, ", "))
		}
		*to = strings.TrimSpace(text)
	}
	if err != nil {
		return outcry.BadField("body."+name, "write a value as /openapi.json tells")
	}
	return nil
}
