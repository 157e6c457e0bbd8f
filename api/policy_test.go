package api_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"outcry/policy"
)

// within is what stands under a path of names and places; "" where there is
// nothing.
func within(v any, path ...string) string {
	for _, name := range path {
		switch of := v.(type) {
		case map[string]any:
			v = of[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(of) {
				return ""
			}
			v = of[i]
		default:
			return ""
		}
	}
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// putYAML puts a policy as text.
func (c caller) putYAML(text, match string) reply {
	c.t.Helper()
	headers := []string{"Content-Type", "application/yaml"}
	if match != "" {
		headers = append(headers, "If-Match", match)
	}
	return c.send("PUT", "/v1/policy", text, headers...)
}

func TestPolicy_TextIsReadPutAndFoundAgain(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	operator, member := m.operate(), m.guest()
	first := member.send("GET", "/v1/policy/text", "")
	if first.status != http.StatusOK || first.header.Get("Content-Type") != "application/yaml" || first.header.Get("ETag") != `"0"` ||
		!bytes.Equal(first.body, policy.DefaultText()) {
		t.Fatalf("the default: %d %v %s", first.status, first.header, first.body)
	}
	text := "# fewer calls\nwaves:\n  margin: 1.25\n"
	if got := operator.putYAML(text, first.header.Get("ETag")); got.status != http.StatusOK || got.header.Get("ETag") != `"1"` ||
		within(got.said, "waves", "margin") != "1.25" || within(got.said, "waves", "trigger") != "1" {
		t.Errorf("put: %d %v %s", got.status, got.header, got.body)
	}
	if got := operator.send("PUT", "/v1/policy", mustJSON(t, map[string]any{"version": 1, "text": "{}"})); got.status != http.StatusOK {
		t.Errorf("put in JSON: %d %s", got.status, got.body)
	}
	if got := member.send("GET", "/v1/policy/text", ""); string(got.body) != "{}" || got.header.Get("ETag") != `"2"` {
		t.Errorf("now: %v %s", got.header, got.body)
	}
	old := member.must(http.StatusOK, "GET", "/v1/policy/versions/1", nil)
	if old["text"] != text || old["by"] != dig(operator.must(http.StatusOK, "GET", "/v1/me", nil), "id") || within(old, "in_force") != "false" || old["at"] == nil {
		t.Errorf("version 1: %v", old)
	}
	def := member.must(http.StatusOK, "GET", "/v1/policy/versions/0", nil)
	if def["text"] != string(policy.DefaultText()) || def["by"] != nil || def["at"] != nil {
		t.Errorf("version 0: %v", def)
	}
	for path, status := range map[string]int{"3": 404, "-1": 422, "x": 422} {
		if got := member.send("GET", "/v1/policy/versions/"+path, ""); got.status != status {
			t.Errorf("version %s: %d %s", path, got.status, got.body)
		}
	}
	list := member.must(http.StatusOK, "GET", "/v1/policy/versions?limit=1", nil)
	if within(list, "items", "0", "version") != "2" || within(list, "items", "0", "in_force") != "true" || list["next"] == nil {
		t.Errorf("the history: %v", list)
	}
	rest := member.must(http.StatusOK, "GET", "/v1/policy/versions?after="+within(list, "next"), nil)
	if within(rest, "items", "0", "version") != "1" || rest["next"] != nil {
		t.Errorf("its rest: %v", rest)
	}
}

func TestPolicy_FaultsAreToldByTheirPlace(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	operator := m.operate()
	bad := "waves:\n  margin: 1.5\n  most_calls: 0\n"
	wrong := func(what string, got reply, location, message string) {
		t.Helper()
		if got.status != http.StatusUnprocessableEntity || within(got.said, "errors", "0", "location") != location ||
			!strings.HasPrefix(within(got.said, "errors", "0", "message"), message) {
			t.Errorf("%s: %d %s; want %q at %s", what, got.status, got.body, message, location)
		}
	}
	wrong("YAML", operator.putYAML(bad, `"0"`), "body", "3:15: waves.most_calls: write a whole number from 1")
	wrong("no YAML", operator.putYAML("waves: [", `"0"`), "body", "1:")
	wrong("text", operator.send("PUT", "/v1/policy", mustJSON(t, map[string]any{"version": 0, "text": bad})), "body.text", "3:15: waves.most_calls: ")
	wrong("members", operator.send("PUT", "/v1/policy", `{"version": 0, "waves": {"most_calls": 0}}`), "body.waves.most_calls", "write a whole number from 1")
	wrong("a branch", operator.send("PUT", "/v1/policy", `{"version": 0, "branches": [{"code": "osm:shop=bakery", "waves": {"margin": -1}}]}`),
		"body.branches[0].waves.margin", "write a number")
	wrong("no version", operator.putYAML("{}", ""), "body.version", "write the version")
	wrong("nothing", operator.send("PUT", "/v1/policy", `{"version": 0}`), "body", "write a policy")
	wrong("both", operator.send("PUT", "/v1/policy", `{"version": 0, "text": "{}", "waves": {}}`), "body.text", "write either")
	wrong("not UTF-8", operator.putYAML("waves: \xff", `"0"`), "body", "write it in UTF-8")
	wrong("tried members", operator.send("POST", "/v1/policy/dry-run", `{"policy": {"waves": {"margin": "x"}}, "since_s": 60}`),
		"body.policy.waves.margin", "write a number")
	wrong("tried text", operator.send("POST", "/v1/policy/dry-run", `{"text": "waves: 1", "since_s": 60}`), "body.text", "1:8: waves: ")
	if got := operator.send("PUT", "/v1/policy", "{}", "Content-Type", "text/plain"); got.status != http.StatusUnsupportedMediaType ||
		!strings.Contains(string(got.body), "application/json or application/yaml") {
		t.Errorf("plain text: %d %s", got.status, got.body)
	}
	if got := operator.send("PUT", "/v1/policy", `{"version": 0, "wave": {}}`); got.status != http.StatusBadRequest || got.text("code") != "unknown_member" {
		t.Errorf("an unknown member: %d %s", got.status, got.body)
	}
	if got := operator.must(http.StatusOK, "GET", "/v1/policy", nil); got["version"] != 0.0 {
		t.Errorf("it came into force: %v", got)
	}
}

func TestPolicy_MembersLeftOutAreAsInTheDefault(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	operator := m.operate()
	got := operator.must(http.StatusOK, "PUT", "/v1/policy",
		`{"version": 0, "waves": {"margin": 2}, "branches": [{"code": "osm:shop=bakery", "waves": {"most_calls": 3}}]}`)
	if within(got, "waves", "margin") != "2" || within(got, "waves", "trigger") != "1" || within(got, "branches", "0", "waves", "most_calls") != "3" {
		t.Errorf("%v", got)
	}
	// What was read may be changed and put again, branches and all.
	read := operator.must(http.StatusOK, "GET", "/v1/policy", nil)
	waves, _ := read["waves"].(map[string]any)
	waves["margin"] = 3
	if got = operator.must(http.StatusOK, "PUT", "/v1/policy", read); within(got, "waves", "margin") != "3" ||
		within(got, "branches", "0", "waves", "most_calls") != "3" || got["version"] != 2.0 {
		t.Errorf("changed: %v", got)
	}
}

func TestPolicy_PastRequestsAreReplayed(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	operator, buyer, staff := s.callers["operator"], s.callers["buyer"], s.callers["staff"]
	id := dig(buyer.must(http.StatusCreated, "POST", "/v1/requests", need()), "id")
	staff.must(http.StatusCreated, "POST", "/v1/calls/"+staff.called(s.shop)+"/offer", map[string]any{"price": pounds})
	buyer.must(http.StatusOK, "POST", "/v1/requests/"+id+"/withdraw", nil)
	open := dig(buyer.must(http.StatusCreated, "POST", "/v1/requests", need()), "id")
	nobody := "waves:\n  most_calls: 1\nselecting:\n  require:\n    - {name: never, when: \"false\", why: nobody}\n"
	for what, since := range map[string]any{"since": time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), "since_s": 3600} {
		got := operator.must(http.StatusOK, "POST", "/v1/policy/dry-run", map[string]any{"text": nobody, what: since})
		for path, want := range map[string]string{
			"requests": "1", "open": "1", "more": "false", "changed": "1", "was calls": "1", "was offers": "1", "present offers": "1",
			"present best_price_ratio": "1", "proposed calls": "0", "proposed offers": "0", "proposed requests": "1",
			"biggest 0 request_id": id, "biggest 0 present calls": "1", "biggest 0 proposed calls": "0",
			"biggest 0 was best_price amount": "450",
		} {
			if is := within(got["replay"], strings.Fields(path)...); is != want {
				t.Errorf("%s, %s: %s, want %s", what, path, is, want)
			}
		}
		if got["present"] != nil || within(got, "replay", "notes", "0") == "" {
			t.Errorf("%v", got)
		}
	}
	same := operator.must(http.StatusOK, "POST", "/v1/policy/dry-run", map[string]any{"text": "{}", "since_s": 3600, "most": 1})
	if within(same, "replay", "changed") != "0" || within(same, "replay", "biggest") != "[]" {
		t.Errorf("the default against itself: %v", same)
	}
	for body, location := range map[string]string{
		`{"text": "{}"}`: "body.request_id", `{"text": "{}", "since_s": 60, "request_id": "` + open + `"}`: "body.request_id",
		`{"since_s": 60}`: "body.policy", `{"text": "{}", "policy": {}, "since_s": 60}`: "body.policy",
		`{"text": "{}", "since": "2999-01-01T00:00:00Z"}`: "body.since", `{"text": "{}", "since_s": 0}`: "body.since_s",
		`{"text": "{}", "since_s": 60, "most": 10001}`: "body.most", `{"text": "{}", "request_id": "` + open + `", "most": 5}`: "body.most",
	} {
		got := operator.send("POST", "/v1/policy/dry-run", body)
		if got.status != http.StatusUnprocessableEntity || within(got.said, "errors", "0", "location") != location {
			t.Errorf("%s: %d %s, want %s", body, got.status, got.body, location)
		}
	}
	if got := within(buyer.must(http.StatusOK, "GET", "/v1/requests/"+open, nil), "counts", "called"); got != "1" {
		t.Errorf("%s were called for the open request", got)
	}
}
