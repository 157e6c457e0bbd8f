package dial_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"outcry"
	"outcry/wire/dial"
)

// server answers calls without a network, so that it can stand in a bubble.
type server func(*http.Request) *http.Response

// errDown is what a call to a server that is down ends with.
var errDown = errors.New("connection refused")

func (s server) RoundTrip(r *http.Request) (*http.Response, error) {
	res := s(r)
	if res == nil {
		return nil, errDown
	}
	res.Request = r
	return res, nil
}

func (s server) caller() dial.Caller {
	return dial.Caller{Server: "http://market.test/", Token: "ocs_secret", HTTP: &http.Client{Transport: s}}
}

// answer is an answer with a body and headers given as name, value, ...
func answer(status int, body string, header ...string) *http.Response {
	h := http.Header{}
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

const problemType = "application/problem+json"

func TestDo_SendsWhatTheContractAsks(t *testing.T) {
	t.Parallel()
	var got *http.Request
	var body string
	c := server(func(r *http.Request) *http.Response {
		data, _ := io.ReadAll(r.Body)
		got, body = r, string(data)
		return answer(200, `{"id":"off_1"}`)
	}).caller()
	var into struct{ ID string }
	err := c.Do(t.Context(), dial.Call{
		Method: "PUT", Path: dial.Path("v1", "offers", "a/b"), Body: map[string]int{"x": 1}, Version: 3,
	}, &into)
	if err != nil || into.ID != "off_1" {
		t.Fatalf("got %v, %v", into, err)
	}
	want := []string{"http://market.test/v1/offers/a%2Fb", `"3"`, "Bearer ocs_secret", "application/json", `{"x":1}`}
	have := []string{got.URL.String(), got.Header.Get("If-Match"), got.Header.Get("Authorization"), got.Header.Get("Content-Type"), body}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Error(diff)
	}
}

func TestDo_AProblemIsAnErrorWithItsFields(t *testing.T) {
	t.Parallel()
	c := server(func(*http.Request) *http.Response {
		return answer(422, `{"title":"Unprocessable","detail":"the input has errors; see errors","code":"invalid",
			"errors":[{"location":"body.place.lat","message":"write a latitude"}]}`, "Content-Type", problemType)
	}).caller()
	err := c.Do(t.Context(), dial.Call{Method: "POST", Path: "/v1/requests"}, nil)
	want := &outcry.Error{Kind: outcry.Invalid, Code: "invalid", Msg: "the input has errors; see errors",
		Fields: []outcry.Field{{Location: "body.place.lat", Message: "write a latitude"}}}
	var got *outcry.Error
	if !errors.As(err, &got) {
		t.Fatalf("%v is no *outcry.Error", err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDo_ALateAnswerIsClosed(t *testing.T) {
	t.Parallel()
	c := server(func(*http.Request) *http.Response {
		return answer(409, `{"detail":"closed at 09:58:58: enough offers","code":"call_closed"}`, "Content-Type", problemType)
	}).caller()
	err := c.Do(t.Context(), dial.Call{Method: "POST", Path: "/v1/calls/x/offer"}, nil)
	if outcry.KindOf(err) != outcry.Closed {
		t.Errorf("got %v", err)
	}
}

func TestDo_RepeatsAPostUnderOneKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var keys []string
		start := time.Now()
		c := server(func(r *http.Request) *http.Response {
			keys = append(keys, r.Header.Get("Idempotency-Key"))
			switch len(keys) {
			case 1:
				return nil
			case 2:
				return answer(503, `{"code":"overloaded","detail":"too busy"}`, "Content-Type", problemType, "Retry-After", "2")
			case 3:
				return answer(409, `{"code":"idempotency_running","detail":"the first try runs"}`, "Content-Type", problemType)
			}
			return answer(201, `{}`)
		}).caller()
		if err := c.Do(t.Context(), dial.Call{Method: "POST", Path: "/v1/requests"}, nil); err != nil {
			t.Fatal(err)
		}
		if len(keys) != 4 || keys[0] == "" || len(slices.Compact(slices.Clone(keys))) != 1 {
			t.Errorf("the tries had the keys %q", keys)
		}
		if took := time.Since(start); took < 2*time.Second {
			t.Errorf("came again after %s, but was asked to wait 2 s", took)
		}
	})
}

func TestDo_TellsAfterSomeTriesThatNobodyAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := 0
		c := server(func(*http.Request) *http.Response { n++; return nil }).caller()
		err := c.Do(t.Context(), dial.Call{Method: "GET", Path: "/v1/me"}, nil)
		if outcry.CodeOf(err) != "unreachable" || !errors.Is(err, errDown) || n != 4 {
			t.Errorf("got %v after %d tries", err, n)
		}
	})
}

func TestDo_DoesNotWaitLongerThanItsCallerWould(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := 0
		c := server(func(*http.Request) *http.Response {
			n++
			return answer(429, `{"code":"limited","detail":"too many"}`, "Content-Type", problemType, "Retry-After", "60")
		}).caller()
		err := c.Do(t.Context(), dial.Call{Method: "POST", Path: "/v1/sessions"}, nil)
		var e *outcry.Error
		if !errors.As(err, &e) || e.Kind != outcry.Limited || e.Retry != 60 || n != 1 {
			t.Errorf("got %v after %d tries", err, n)
		}
	})
}

func TestDo_NeverRepeatsWhatHasNoKey(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"PUT", "PATCH", "DELETE"} {
		n := 0
		c := server(func(*http.Request) *http.Response { n++; return nil }).caller()
		if err := c.Do(t.Context(), dial.Call{Method: method, Path: "/v1/x"}, nil); err == nil || n != 1 {
			t.Errorf("%s was tried %d times: %v", method, n, err)
		}
	}
}

func TestDo_SaysWhenTheAnswerIsNoneOfOurs(t *testing.T) {
	t.Parallel()
	for _, status := range []int{404, 200} {
		c := server(func(*http.Request) *http.Response {
			return answer(status, "<h1>welcome</h1>", "Content-Type", "text/html")
		}).caller()
		var into struct{}
		if err := c.Do(t.Context(), dial.Call{Method: "GET", Path: "/v1/me"}, &into); outcry.CodeOf(err) != "foreign_answer" {
			t.Errorf("got %v", err)
		}
	}
}

func TestDo_AnAddressThatIsNoneSaysHowToWriteOne(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "localhost", "localhost:7480", "ftp://host", "http://", "://"} {
		err := dial.Caller{Server: address}.Do(t.Context(), dial.Call{Method: "GET", Path: "/v1/me"}, nil)
		if outcry.KindOf(err) != outcry.Invalid || !strings.Contains(err.Error(), "http://HOST:PORT") {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestDo_TheCallersOwnCancellingStaysWhatItIs(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c := server(func(*http.Request) *http.Response { cancel(); return nil }).caller()
	if err := c.Do(ctx, dial.Call{Method: "GET", Path: "/v1/me"}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestBackoff_GrowsAndStaysBounded(t *testing.T) {
	t.Parallel()
	var b dial.Backoff
	for i := range 40 {
		low, high := 125*time.Millisecond<<min(i, 6), 250*time.Millisecond<<min(i, 6)
		if d := b.Next(); d < min(low, 7500*time.Millisecond) || d > min(high, 15*time.Second) {
			t.Errorf("wait %d is %s, not between %s and %s", i, d, low, high)
		}
	}
	b.Reset()
	if d := b.Next(); d > 250*time.Millisecond {
		t.Errorf("after a reset the wait is %s", d)
	}
}
