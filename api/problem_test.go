package api_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"outcry"
	"outcry/api"
)

// answering is a market whose streams do as serve does.
func answering(t *testing.T, log io.Writer, serve func(http.ResponseWriter) error) (buyer caller, path string) {
	m := newMarket(t, freely)
	buyer = m.guest()
	path = "/v1/requests/" + dig(buyer.must(http.StatusCreated, "POST", "/v1/requests", need()), "id") + "/events"
	buyer.market = m.over(func(c *api.Config) {
		c.Live = live{func(w http.ResponseWriter, _ *http.Request) error { return serve(w) }}
		c.Log = slog.New(slog.NewTextHandler(log, nil))
	})
	return buyer, path
}

func TestProblem_EachKindHasItsStatus(t *testing.T) {
	t.Parallel()
	var err error
	buyer, path := answering(t, io.Discard, func(http.ResponseWriter) error { return err })
	for kind, want := range map[outcry.Kind]int{
		outcry.Invalid: 422, outcry.Unauthorized: 401, outcry.NotFound: 404, outcry.Forbidden: 403, outcry.Conflict: 409,
		outcry.Closed: 409, outcry.Limited: 429, outcry.Unavailable: 503, outcry.Internal: 500, "unheard of": 500,
	} {
		code := map[int]string{
			422: "invalid", 401: "bad_token", 404: "not_found", 403: "guest", 409: "stale", 429: "too_often", 503: "busy", 500: "internal",
		}[want]
		decided := &outcry.Error{Op: "do", Kind: kind, Code: code, Msg: "no", Retry: 7, Err: errDisk,
			Fields: []outcry.Field{{Location: "body.x", Message: "write y"}}}
		if want == 500 {
			decided.Code, decided.Msg = "stale", marker
		}
		err = fmt.Errorf("while doing: %w", decided)
		got := buyer.send("GET", path, "")
		if got.status != want || got.text("code") != code || strings.Contains(string(got.body), marker) {
			t.Errorf("%s: want %d %s, got %d %s", kind, want, code, got.status, got.body)
		}
		if wait := got.header.Get("Retry-After"); wait != "" && wait != "7" {
			t.Errorf("%s: Retry-After is %s", kind, wait)
		}
		if want != 500 && !strings.Contains(string(got.body), `{"location":"body.x","message":"write y"}`) {
			t.Errorf("%s: the complaint is lost: %s", kind, got.body)
		}
		if want == 401 && got.header.Get("WWW-Authenticate") != "Bearer" {
			t.Errorf("%s: no challenge", kind)
		}
	}
}

func TestProblem_AFaultIsLoggedAndNotShown(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	buyer, path := answering(t, &log, func(http.ResponseWriter) error { return errDisk })
	got := buyer.send("GET", path, "", "X-Request-Id", "my-call.7")
	if got.status != http.StatusInternalServerError || strings.Contains(string(got.body), marker) || got.text("request_id") != "my-call.7" {
		t.Errorf("the fault is answered %d %s", got.status, got.body)
	}
	if !strings.Contains(log.String(), marker) || !strings.Contains(log.String(), "my-call.7") {
		t.Errorf("the log has not both the cause and the id: %s", log.String())
	}
	odd := buyer.send("GET", path, "", "X-Request-Id", "a b\nc")
	if id := odd.text("request_id"); id == "" || strings.ContainsAny(id, " \n") {
		t.Errorf("an id that breaks the log was taken: %q", id)
	}
}

func TestProblem_TooLateIsMaybe(t *testing.T) {
	t.Parallel()
	buyer, path := answering(t, io.Discard, func(http.ResponseWriter) error { return fmt.Errorf("wait: %w", context.DeadlineExceeded) })
	if got := buyer.send("GET", path, ""); got.status != http.StatusServiceUnavailable || got.text("code") != "maybe" {
		t.Errorf("a call that took too long: %d %s", got.status, got.body)
	}
}

func TestPanic_IsAnswered(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	buyer, path := answering(t, &log, func(http.ResponseWriter) error { panic("oh " + marker) })
	got := buyer.send("GET", path, "")
	if got.status != http.StatusInternalServerError || got.text("code") != "internal" || strings.Contains(string(got.body), marker) {
		t.Errorf("a panic is answered %d %s", got.status, got.body)
	}
	if !strings.Contains(log.String(), marker) || !strings.Contains(log.String(), got.text("request_id")) {
		t.Errorf("the panic is not in the log: %s", log.String())
	}
}

func TestPanic_AfterTheFirstByteBreaksTheConnection(t *testing.T) {
	t.Parallel()
	buyer, path := answering(t, io.Discard, func(w http.ResponseWriter) error {
		_, _ = io.WriteString(w, "data: ")
		panic("oh")
	})
	web := httptest.NewServer(buyer.handler)
	defer web.Close()
	r, err := http.NewRequestWithContext(t.Context(), "GET", web.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+buyer.token)
	res, err := web.Client().Do(r)
	if err == nil {
		_, err = io.ReadAll(res.Body)
		_ = res.Body.Close()
	}
	if err == nil {
		t.Error("half an answer looks whole")
	}
}

func TestReady_SaysWhyNot(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely).over(func(c *api.Config) {
		c.Ready = func(context.Context) error { return errors.New("no " + marker) }
	})
	got := m.stranger().send("GET", "/readyz", "")
	if got.status != http.StatusServiceUnavailable || got.text("code") != "not_ready" || strings.Contains(string(got.body), marker) {
		t.Errorf("not ready is %d %s", got.status, got.body)
	}
	if got := m.stranger().send("GET", "/healthz", ""); got.status != http.StatusOK {
		t.Errorf("health is %d", got.status)
	}
}

func TestAudit_ACallThatCannotBeNotedFails(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	operator, staff := m.operate(), m.join("staff@example.org")
	shop := m.trade(staff, operator, "Crumb")
	notes := &audits{err: errDisk}
	operator.market = m.over(func(c *api.Config) { c.Audits = notes })
	if got := operator.send("POST", "/v1/shops/"+shop+"/suspend", `{"reason": "late"}`); got.status != http.StatusInternalServerError {
		t.Errorf("an act that was not noted is answered %d", got.status)
	}
	notes.err = nil
	operator.must(http.StatusOK, "POST", "/v1/shops/"+shop+"/suspend", `{"reason": "late"}`)
	if last := notes.list[len(notes.list)-1]; last.Action != "suspend-shop" || last.Target != shop || last.Detail != "late" || last.Actor == "" {
		t.Errorf("the audit has %+v", last)
	}
}
