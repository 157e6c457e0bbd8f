package api_test

import (
	"bytes"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"outcry/api"
)

func TestDocs_AreCurrent(t *testing.T) {
	t.Parallel()
	for file, write := range map[string]func() ([]byte, error){"../docs/openapi.json": api.Describe, "../docs/errors.md": api.ErrorsPage} {
		want, err := write()
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(file)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is stale: go run ./internal/gen/openapi (%v)", file, err)
		}
	}
}

func TestOpenAPI_TellsEveryCallWhole(t *testing.T) {
	t.Parallel()
	m := &market{t: t, handler: api.New(api.Config{})}
	got := m.stranger().send("GET", "/openapi.json", "")
	if got.status != http.StatusOK || got.text("openapi") != "3.1.0" {
		t.Fatalf("openapi.json is answered %d: %s", got.status, got.text("openapi"))
	}
	seen := map[string]bool{}
	paths, _ := got.said["paths"].(map[string]any)
	for path, item := range paths {
		methods, _ := item.(map[string]any)
		for method, x := range methods {
			op, _ := x.(map[string]any)
			id := dig(op, "operationId")
			tags, _ := op["tags"].([]any)
			if id == "" || seen[id] || dig(op, "summary") == "" || len(tags) != 1 {
				t.Errorf("%s %s: name %q (once?), summary %q, tags %v", method, path, id, dig(op, "summary"), tags)
			}
			seen[id] = true
			responses, _ := op["responses"].(map[string]any)
			problem, _ := responses["default"].(map[string]any)
			content, _ := problem["content"].(map[string]any)
			if content["application/problem+json"] == nil {
				t.Errorf("%s %s: no problem is told", method, path)
			}
		}
	}
	if len(seen) < 50 {
		t.Errorf("only %d calls are told", len(seen))
	}
}

func TestDocsPage_HasEveryCallAndNothingFromElsewhere(t *testing.T) {
	t.Parallel()
	m := &market{t: t, handler: api.New(api.Config{})}
	page := m.stranger().send("GET", "/docs", "")
	text := string(page.body)
	for _, route := range described(t) {
		method, path, _ := strings.Cut(route, " ")
		if !strings.Contains(text, "<b>"+method+"</b> "+path+"</code>") {
			t.Errorf("the page lacks %s", route)
		}
	}
	for code := range documented() {
		if !strings.Contains(text, `<tr id="`+code+`">`) {
			t.Errorf("the page lacks the code %s", code)
		}
	}
	if found := regexp.MustCompile(`(?i)<script|style=|\son\w+=|https?://|<img|@import`).FindString(text); found != "" {
		t.Errorf("the page has %q", found)
	}
	for _, id := range regexp.MustCompile(`id="([^"]*)"`).FindAllStringSubmatch(text, -1) {
		if strings.ContainsAny(id[1], " \t") || id[1] == "" {
			t.Errorf("the id %q has a space", id[1])
		}
	}
	policy := page.header.Get("Content-Security-Policy")
	if !strings.HasPrefix(policy, "default-src 'none'; style-src 'self';") || page.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the page is sent with %v", page.header)
	}
	css := m.stranger().send("GET", "/docs.css", "")
	if css.status != http.StatusOK || !strings.HasPrefix(css.header.Get("Content-Type"), "text/css") || bytes.Contains(css.body, []byte("url(")) {
		t.Errorf("the style is answered %d %v", css.status, css.header)
	}
}

func TestMetrics_LabelsAreClosedSets(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	guest := m.guest()
	for _, path := range []string{"/v1/requests/one", "/v1/requests/two", "/v1/nothing/at/all", "/x/y"} {
		guest.send("GET", path, "")
	}
	guest.send("BREW", "/v1/me", "")
	text := string(m.stranger().send("GET", "/metrics", "").body)
	for _, want := range []string{
		`outcry_http_calls_total{method="GET",route="/v1/requests/{id}",status="4xx"} 2`,
		`outcry_http_calls_total{method="GET",route="none",status="4xx"} 2`,
		`outcry_http_calls_total{method="other",route="none",status="4xx"} 1`,
		`outcry_http_calls_total{method="POST",route="/v1/members",status="2xx"} 1`,
		"outcry_requests_total 0",
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("the metrics lack %s", want)
		}
	}
	if strings.Contains(text, "/v1/requests/one") {
		t.Error("a path became a label")
	}
}
