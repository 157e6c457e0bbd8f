package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"outcry/api"
)

// marker stands in values that must not come back in an error.
const marker = "s3cr3t-hunter2"

// form is a schema as far as bodies are made of it.
type form struct {
	Ref        string          `json:"$ref"`
	Type       any             `json:"type"`
	Properties map[string]form `json:"properties"`
	Items      *form           `json:"items"`
	Enum       []any           `json:"enum"`
	Format     string          `json:"format"`
	Examples   []any           `json:"examples"`
}

// description is openapi.json as far as calls are made of it.
type description struct {
	Paths map[string]map[string]struct {
		Parameters  []struct{ Name, In string }
		RequestBody struct {
			Content map[string]struct{ Schema form }
		}
	}
	Components struct{ Schemas map[string]form }
}

func describe(t *testing.T) description {
	t.Helper()
	text, err := api.Describe()
	if err != nil {
		t.Fatal(err)
	}
	var d description
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d description) resolved(f form) form {
	if f.Ref != "" {
		return d.Components.Schemas[f.Ref[strings.LastIndexByte(f.Ref, '/')+1:]]
	}
	return f
}

// sample is a value of a schema that may be sent.
func (d description) sample(f form) any {
	f = d.resolved(f)
	kind := fmt.Sprint(f.Type)
	switch {
	case len(f.Enum) > 0:
		return f.Enum[0]
	case len(f.Examples) > 0:
		return f.Examples[0]
	case f.Format == "date-time":
		return "2030-01-01T00:00:00Z"
	case strings.Contains(kind, "string"):
		return "x"
	case strings.Contains(kind, "integer"), strings.Contains(kind, "number"):
		return 1
	case strings.Contains(kind, "boolean"):
		return true
	case strings.Contains(kind, "array"):
		return []any{d.sample(*f.Items)}
	case strings.Contains(kind, "object"):
		return d.object(f)
	}
	return map[string]any{}
}

func (d description) object(f form) map[string]any {
	out := map[string]any{}
	for name, p := range f.Properties {
		out[name] = d.sample(p)
	}
	return out
}

// wrongValues are put in the place of each member of a body.
var wrongValues = []string{
	`null`, `true`, `-1`, `0`, `1.5`, `1e308`, `1e999`, `-1e400`, `9007199254740993`, `99999999999999999999999`, `1E2`, `[]`, `{}`, `[[]]`,
	`""`, `"` + marker + `"`, `{"` + marker + `": 1}`, `{"x": "` + marker + `"}`, `["` + marker + `"]`, `"\u0000"`, `"\ud800"`, `"a` + "\xff" + `b"`,
	`"` + strings.Repeat("é", 5000) + `"`, `NaN`, `Infinity`, `'x'`, `01`, `+1`, `.5`, "\"\t\"",
	strings.Repeat("[", 5000) + strings.Repeat("]", 5000), strings.Repeat(`{"a":`, 3000) + "1" + strings.Repeat("}", 3000),
}

// brokenBodies are wrong as a whole.
var brokenBodies = []string{
	``, ` `, `{`, `}`, `[`, `[]`, `null`, `true`, `"x"`, `1`, `{}`, `{} {}`, `{}x`, `{"a"}`, `{"a":}`, `{a: 1}`, `{"a": 1,}`, `{"": ""}`,
	`{"` + marker + `": "` + marker + `"}`, "\xef\xbb\xbf{}", "\x00", "{\"a\": \"\n\"}", `{"a": 1, "a": 2}`, `{"A": 1, "a": 1}`,
	strings.Repeat("[", 30000), strings.Repeat(`{"a":`, 12000), strings.Repeat("9", 60000), `"` + strings.Repeat("a", 60000) + `"`,
	`{"x": ` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`,
}

// TestMalformed_NeverAFault sends every call dozens to hundreds of wrong bodies,
// some thousand in all, as the buyer, the shop and the operator by turns: each is
// refused by a problem report or does what it says, and none is a fault of the
// server or comes back in the answer.
func TestMalformed_NeverAFault(t *testing.T) {
	t.Parallel()
	d, s := describe(t), newScene(t)
	for path, methods := range d.Paths {
		for method, op := range methods {
			body, ok := op.RequestBody.Content["application/json"]
			if !ok {
				continue
			}
			name := strings.ToUpper(method) + " " + path
			t.Run(name, func(t *testing.T) {
				scene := s.over(t)
				scene.mend()
				scene.prepare("offered")
				target := scene.filled(strings.NewReplacer("{code}", "osm:shop=bakery").Replace(pathOf(name)))
				bodies := append(slices.Clone(brokenBodies), d.spoilt(d.resolved(body.Schema))...)
				for i, b := range bodies {
					role := []string{"buyer", "staff", "operator"}[i%3]
					scene.callers[role].endures(strings.ToUpper(method), target, b)
				}
			})
		}
	}
}

// mend puts a scene right after wrong bodies that were right.
func (s *scene) mend() {
	buyer, operator := s.callers["buyer"], s.callers["operator"]
	operator.must(http.StatusOK, "POST", "/v1/shops/"+s.shop+"/restore", nil)
	operator.must(http.StatusOK, "PATCH", "/v1/shops/"+s.shop, bakery("Crumb"))
	operator.must(http.StatusOK, "PATCH", "/v1/shops/"+s.shop, map[string]any{
		"hours": "", "languages": []string{"en"}, "quiet_hours": "", "paused_until": nil, "limits": map[string]any{"open": 0, "hourly": 0},
	})
	operator.must(http.StatusOK, "PUT", "/v1/shops/"+s.shop+"/book", map[string]any{"codes": []string{"osm:shop=bakery"}})
	list := buyer.must(http.StatusOK, "GET", "/v1/requests?mine=true&limit=200", nil)
	for _, request := range items(list) {
		if dig(request, "state") == "open" {
			buyer.must(http.StatusOK, "POST", "/v1/requests/"+dig(request, "id")+"/withdraw", nil)
		}
	}
}

// pathOf is the path of a route with the names of a scene's ids.
func pathOf(name string) string {
	_, path, _ := strings.Cut(name, " ")
	if r := rows[name]; r.path != "" {
		path = r.path
	}
	return path
}

// spoilt are bodies of a schema with one thing wrong in each.
func (d description) spoilt(f form) []string {
	whole := d.object(f)
	var out []string
	for _, name := range slices.Sorted(maps.Keys(whole)) {
		rest := maps.Clone(whole)
		delete(rest, name)
		text, _ := json.Marshal(rest)
		others := strings.TrimSuffix(string(text), "}")
		if len(rest) > 0 {
			others += ","
		}
		for _, v := range wrongValues {
			out = append(out, fmt.Sprintf("%s%q: %s}", others, name, v))
		}
		value, _ := json.Marshal(whole[name])
		out = append(out,
			string(text),
			fmt.Sprintf("%s%q: %s, %q: %s}", others, name, value, name, value),
			fmt.Sprintf("%s%q: %s}", others, strings.ToUpper(name), value),
			fmt.Sprintf("%s%q: %s, \"%s_\": 1}", others, name, value, name),
		)
	}
	return out
}

// endures sends a body and checks the answer.
func (c caller) endures(method, path, body string) {
	c.t.Helper()
	got := c.send(method, path, body)
	if got.status >= 500 {
		c.t.Errorf("%s %s with %.200q: status %d: %s", method, path, body, got.status, got.body)
	}
	if got.status >= 400 && strings.Contains(string(got.body), marker) && !strings.Contains(body, `{"`+marker) {
		c.t.Errorf("%s %s with %.200q: the answer repeats it: %s", method, path, body, got.body)
	}
}

func TestMalformed_UnknownAndDuplicateMembersAre400(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	guest := m.guest()
	for _, c := range []struct{ body, location, code string }{
		{`{"radius": 1}`, "body.radius", "unknown_member"},
		{`{"Radius_m": 100}`, "body.Radius_m", "unknown_member"},
		{`{"place": {"lat": 1, "lon": 1, "lng": 2}}`, "body.place.lng", "unknown_member"},
		{`{"radius_m": 1, "radius_m": 1}`, "body.radius_m", "invalid_json"},
		{`{"place": {"lat": 1, "lat": 1}}`, "body.place.lat", "invalid_json"},
		{`{"radius_m": 1} {}`, "body", "invalid_json"},
		{`{"radius_m": 1e999}`, "body.radius_m", "invalid_json"},
		{"{\"note\": \"\xc3\x28\"}", "body.note", "invalid_json"},
		{`{"note": "\ud800"}`, "body.note", "invalid_json"},
		{`{"languages": ["en", "\u0000"]}`, "body", "invalid_json"},
		{`{"languages": ["en", en]}`, "body.languages[1]", "invalid_json"},
		{`{"radius_m": `, "body.radius_m", "invalid_json"},
	} {
		got := guest.send("POST", "/v1/requests", c.body)
		if got.status != http.StatusBadRequest || got.text("code") != c.code || !strings.Contains(string(got.body), `"location":"`+c.location+`"`) {
			t.Errorf("%q: want 400 %s at %s, got %d %s", c.body, c.code, c.location, got.status, got.body)
		}
	}
}

func TestMalformed_ValuesAgainstARuleAre422(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	guest := m.guest()
	for member, locations := range map[string]string{
		`"place": {"lat": 91, "lon": 181}`:                     "body.place.lat body.place.lon",
		`"place": {"lat": 1}`:                                  "body.place.lon",
		`"radius_m": 0`:                                        "body.radius_m",
		`"radius_m": 1000000000`:                               "body.radius_m",
		`"radius_m": "far"`:                                    "body.radius_m",
		`"radius_m": 1.5`:                                      "body.radius_m",
		`"deadline": "2001-01-01T00:00:00Z"`:                   "body.deadline",
		`"deadline": "tomorrow"`:                               "body.deadline",
		`"deadline_s": 2678401`:                                "body.deadline_s",
		`"code": "osm:shop=bakry"`:                             "osm:shop=bakery",
		`"budget": {"max": {"amount": -1, "currency": "XYZ"}}`: "body.budget.max.amount body.budget.max.currency",
		`"rank": "cheapest"`:                                   "body.rank",
		`"quantity": 0`:                                        "body.quantity",
		`"code": "osm:shop=bakery", "attributes": [1]`:         "body.attributes",
		`"capabilities": ["fly"]`:                              "body.capabilities[0]",
		`"needed_at": "2001-01-01T00:00:00Z"`:                  "body.needed_at",
		`"note": "` + strings.Repeat("a", 1001) + `"`:          "body.note",
		`"wanted_offers": 51`:                                  "body.wanted_offers",
		`"least_rating": 5.5`:                                  "body.least_rating",
		`"least_rating": 0.5`:                                  "body.least_rating",
		`"least_rating": "4"`:                                  "body.least_rating",
		`"code": "osm:shop=bakery", "words": "` + strings.Repeat("a", 201) + `"`: "body.words",
	} {
		got := guest.send("POST", "/v1/requests", "{"+member+"}")
		if got.status != http.StatusUnprocessableEntity || got.text("code") != "invalid" {
			t.Errorf("%s: want 422 invalid, got %d %s", member, got.status, got.body)
		}
		for location := range strings.FieldsSeq(locations) {
			if !strings.Contains(string(got.body), location) {
				t.Errorf("%s: the answer does not name %s: %s", member, location, got.body)
			}
		}
	}
}

func TestMalformed_Paths(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	guest := m.guest()
	for call, want := range map[string]string{
		"GET /v1/nothing": "404 unknown_path", "GET /": "404 unknown_path", "GET /v1/requests/": "404 unknown_path",
		"GET //v1/requests": "404 unknown_path", "GET /v1/../v1/requests": "404 unknown_path", "GET /v1/requests/%00": "404 unknown_path",
		"GET /v1/requests/%ff": "404 unknown_path", "GET /v1/requests/" + strings.Repeat("a", 600): "404 unknown_path",
		"GET /v1/requests/..%2f..": "404 not_found", "GET /v1/signals/%22;drop": "404 not_found", "GET /v1/calls/call_x": "404 not_found",
		"DELETE /v1/requests": "405 method_not_allowed", "PATCH /v1/members": "405 method_not_allowed", "BREW /v1/me": "405 method_not_allowed",
		"OPTIONS /v1/me": "405 method_not_allowed", "POST /healthz": "405 method_not_allowed", "CONNECT /v1/me": "404 unknown_path",
		"GET /v1/requests?limit=0": "422 invalid", "GET /v1/requests?limit=201": "422 invalid", "GET /v1/requests?limit=x": "422 invalid",
		"GET /v1/requests?limit=99999999999999999999": "422 invalid", "GET /v1/requests?mine=perhaps": "422 invalid",
		"GET /v1/requests?after=" + strings.Repeat("a", 300): "422 invalid", "GET /v1/requests?after=%00": "422 invalid",
		"GET /v1/requests?after=%ff": "422 invalid", "GET /v1/requests?after=%zz": "400 unknown_parameter", "GET /v1/requests?a;b": "400 unknown_parameter",
		"GET /v1/requests?limt=5": "400 unknown_parameter", "GET /v1/requests?after=zzz": "200 ", "GET /v1/shops?state=dead": "422 invalid",
		"GET /v1/orders?shop_id=shop_x": "404 not_found", "GET /v1/shops/x/calls?state=ringing": "422 invalid",
		"GET /v1/signals?q=" + strings.Repeat("%20", 201): "422 invalid", "GET /v1/signals?q=%25%5B%28&locale=%21": "200 ",
	} {
		method, path, _ := strings.Cut(call, " ")
		got := guest.send(method, path, "")
		if fmt.Sprintf("%d %s", got.status, got.text("code")) != want {
			t.Errorf("%.80s: want %s, got %d %s", call, want, got.status, got.body)
		}
	}
	if got := guest.send("DELETE", "/v1/requests", ""); got.header.Get("Allow") != "GET, HEAD, POST" {
		t.Errorf("Allow is %q", got.header.Get("Allow"))
	}
	if got := guest.send("HEAD", "/v1/me", ""); got.status != http.StatusOK {
		t.Errorf("HEAD is answered %d", got.status)
	}
}
