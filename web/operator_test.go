package web_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"outcry"
	"outcry/intake"
	"outcry/web"
)

// gate lets one operator in, by the code "right".
type gate struct{ joined []intake.Joining }

func (g *gate) JoinAsOperator(_ context.Context, code string, j intake.Joining) (outcry.Member, error) {
	switch {
	case code != "right":
		return outcry.Member{}, &outcry.Error{Kind: outcry.Forbidden, Code: "link_gone", Msg: "this link was used"}
	case len(j.Password) < 10:
		return outcry.Member{}, outcry.BadField("body.password", "write 10 characters or more")
	}
	g.joined = append(g.joined, j)
	return outcry.Member{ID: "mem_1"}, nil
}

// send posts the form and gives the answer's status and page.
func send(t *testing.T, g *gate, site, code, password string) (int, string) {
	t.Helper()
	form := url.Values{"code": {code}, "email": {"<i>@example.com"}, "name": {"Ann"}, "password": {password}}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/operator", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", site)
	w := httptest.NewRecorder()
	web.New(g, slog.New(slog.DiscardHandler)).ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, string(body)
}

func TestOperator_JoinsByTheLinkOnly(t *testing.T) {
	t.Parallel()
	g := &gate{}
	if status, page := send(t, g, "same-origin", "wrong", "long enough"); status != http.StatusForbidden || !strings.Contains(page, "was used") {
		t.Errorf("a wrong code: %d", status)
	}
	if status, page := send(t, g, "same-origin", "right", "short"); status != http.StatusUnprocessableEntity || !strings.Contains(page, "10 characters or more</p>") {
		t.Errorf("a short password: %d %s", status, page)
	}
	status, page := send(t, g, "same-origin", "right", "long enough")
	if status != http.StatusCreated || len(g.joined) != 1 || !strings.Contains(page, "You operate this market") {
		t.Errorf("the right code: %d, %d joined", status, len(g.joined))
	}
	if strings.Contains(page, "<i>") {
		t.Error("what was typed stands in the page as HTML")
	}
}

func TestOperator_RefusesFormsOfOtherSites(t *testing.T) {
	t.Parallel()
	g := &gate{}
	if status, _ := send(t, g, "cross-site", "right", "long enough"); status != http.StatusForbidden || len(g.joined) != 0 {
		t.Errorf("a form of another site: %d, %d joined", status, len(g.joined))
	}
}

func TestPages_LoadTheirOwnFilesOnly(t *testing.T) {
	t.Parallel()
	site := web.New(&gate{}, slog.New(slog.DiscardHandler))
	for _, path := range []string{"/operator?code=x", "/assets/outcry.css", "/assets/mark.svg"} {
		w := httptest.NewRecorder()
		site.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Security-Policy"), "default-src 'self'") {
			t.Errorf("%s: %d with policy %q", path, w.Code, w.Header().Get("Content-Security-Policy"))
		}
	}
}
