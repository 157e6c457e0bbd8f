package api_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"outcry/api"
)

func TestBounds_EachMemberAndEachAddress(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	one, two := m.guest(), m.guest()
	m = m.over(func(c *api.Config) {
		c.Limits = api.Limits{Member: api.Rate{PerSecond: 0.001, Burst: 3}, Stranger: api.Rate{PerSecond: 0.001, Burst: 2}, Joining: api.Rate{PerSecond: -1}}
	})
	one.market, two.market = m, m
	for range 3 {
		one.must(http.StatusOK, "GET", "/v1/me", nil)
	}
	got := one.send("GET", "/v1/me", "")
	if got.status != http.StatusTooManyRequests || got.text("code") != "too_often" || got.header.Get("Retry-After") != "1000" {
		t.Errorf("the fourth call of three: %d %v %s", got.status, got.header, got.body)
	}
	two.must(http.StatusOK, "GET", "/v1/me", nil)
	for range 2 {
		m.stranger().must(http.StatusOK, "GET", "/v1/signals?q=bread", nil)
	}
	for _, c := range []caller{m.stranger(), {m, "ocs_guess"}} {
		if got := c.send("GET", "/v1/me", ""); got.status != http.StatusTooManyRequests {
			t.Errorf("the third call of two strangers, with the token %q: %d %s", c.token, got.status, got.body)
		}
	}
}

func TestBounds_AShopServerCountsByItself(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	m := s.market.over(func(c *api.Config) { c.Limits = api.Limits{Member: api.Rate{PerSecond: 0.001, Burst: 1}} })
	staff, till := caller{m, s.callers["staff"].token}, caller{m, s.callers["till"].token}
	staff.must(http.StatusOK, "GET", "/v1/me", nil)
	till.must(http.StatusOK, "GET", "/v1/me", nil)
	if got := till.send("GET", "/v1/me", ""); got.status != http.StatusTooManyRequests {
		t.Errorf("the second call of one: %d", got.status)
	}
}

func TestBounds_Joining(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely).over(func(c *api.Config) {
		c.Limits = api.Limits{Joining: api.Rate{PerSecond: 0.001, Burst: 2}}
	})
	m.guest()
	m.guest()
	if got := m.stranger().send("POST", "/v1/members", `{"guest": true}`); got.status != http.StatusTooManyRequests {
		t.Errorf("the third guest of two: %d %s", got.status, got.body)
	}
}

func TestBounds_RoomForSoManyAtOnce(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	begun, end := make(chan struct{}), make(chan struct{})
	kept := newOnces()
	kept.begin = func() { begun <- struct{}{}; <-end }
	m = m.over(func(c *api.Config) { c.Onces, c.Limits.Open = kept, 1 })
	first := make(chan reply)
	go func() { first <- m.stranger().send("POST", "/v1/members", `{"guest": true}`, keyHeader, "k") }()
	<-begun
	got := m.stranger().send("GET", "/v1/signals", "")
	if got.status != http.StatusServiceUnavailable || got.text("code") != "overloaded" || got.header.Get("Retry-After") != "1" {
		t.Errorf("with no room: %d %s", got.status, got.body)
	}
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		if got := m.stranger().send("GET", path, ""); got.status != http.StatusOK {
			t.Errorf("with no room %s is answered %d", path, got.status)
		}
	}
	close(end)
	<-first
	m.stranger().must(http.StatusOK, "GET", "/v1/signals", nil)
}

// failing is a body that breaks off with an error.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestBody_Bounds(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	exactly := `{"guest": true, "name": "` + strings.Repeat(" ", 64<<10-28) + `"}`
	if len(exactly) != 64<<10-1 {
		t.Fatalf("the body has %d bytes", len(exactly))
	}
	for _, c := range []struct {
		body  io.Reader
		kind  string
		other [2]string // a header
		want  string
	}{
		{strings.NewReader(exactly + " "), "application/json", [2]string{}, "201 "},
		{strings.NewReader(exactly + "  "), "application/json", [2]string{}, "413 body_too_large"},
		{io.MultiReader(strings.NewReader(exactly), strings.NewReader("  ")), "application/json", [2]string{}, "413 body_too_large"}, // no length
		{failing{errors.New("gone")}, "application/json", [2]string{}, "400 body_broken"},
		{failing{io.ErrUnexpectedEOF}, "application/json", [2]string{}, "400 body_broken"},
		{failing{os.ErrDeadlineExceeded}, "application/json", [2]string{}, "408 body_too_slow"},
		{strings.NewReader(`{"guest": true}`), "", [2]string{}, "201 "},
		{strings.NewReader(`{"guest": true}`), "application/json; charset=UTF-8", [2]string{}, "201 "},
		{strings.NewReader(`{"guest": true}`), "application/json; charset=latin1", [2]string{}, "415 wrong_content_type"},
		{strings.NewReader(`{"guest": true}`), "application/x-www-form-urlencoded", [2]string{}, "415 wrong_content_type"},
		{strings.NewReader(`{"guest": true}`), "application/merge-patch+json", [2]string{}, "415 wrong_content_type"},
		{strings.NewReader(`{"guest": true}`), ";;;", [2]string{}, "415 wrong_content_type"},
		{strings.NewReader(`{"guest": true}`), "application/json", [2]string{"Content-Encoding", "gzip"}, "415 wrong_content_type"},
		{strings.NewReader(`{"guest": true}`), "application/json", [2]string{"Accept", "text/html, é;q=x,,"}, "201 "},
	} {
		r := httptest.NewRequest("POST", "/v1/members", c.body)
		r.Header.Set("Content-Type", c.kind)
		if c.kind == "" {
			r.Header.Del("Content-Type")
		}
		if c.other[0] != "" {
			r.Header.Set(c.other[0], c.other[1])
		}
		w := httptest.NewRecorder()
		m.handler.ServeHTTP(w, r)
		got := reply{status: w.Code, header: w.Header(), body: w.Body.Bytes()}
		if got.status >= 400 {
			m.checkProblem(c.want, got)
		}
		if status, code, _ := strings.Cut(c.want, " "); !strings.HasPrefix(http.StatusText(got.status), http.StatusText(atoi(status))) ||
			!strings.Contains(string(got.body), code) {
			t.Errorf("%q %v: want %s, got %d %s", c.kind, c.other, c.want, got.status, got.body)
		}
	}
}

func atoi(text string) int {
	n := 0
	for _, c := range text {
		n = 10*n + int(c-'0')
	}
	return n
}

func TestBody_CallsWithoutOneTakeNone(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	guest := m.guest()
	if got := guest.send("GET", "/v1/me", `{"a": 1}`); got.status != http.StatusBadRequest || got.text("code") != "unknown_member" {
		t.Errorf("a body that nobody reads: %d %s", got.status, got.body)
	}
	guest.must(http.StatusOK, "GET", "/v1/me", " {} ")
}
