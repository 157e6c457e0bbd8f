package api_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"outcry"
	"outcry/api"
	"outcry/server"
	"outcry/wire"
)

// market is a whole market in memory, called over HTTP.
type market struct {
	*server.Server
	t       *testing.T
	handler http.Handler
	limits  api.Limits
}

// freely has no bounds on how often anybody calls.
var freely = api.Limits{Member: api.Rate{PerSecond: -1}, Stranger: api.Rate{PerSecond: -1}, Joining: api.Rate{PerSecond: -1}}

// newMarket opens a market and runs it until the test ends.
func newMarket(t *testing.T, limits api.Limits) *market {
	t.Helper()
	s, err := server.New(t.Context(), server.Config{Limits: limits})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	m := &market{Server: s, t: t, limits: limits}
	m.handler = api.New(m.config())
	return m
}

// caller calls a market with a token; "" is a stranger.
type caller struct {
	*market
	token string
}

// reply is what a call was answered.
type reply struct {
	status int
	header http.Header
	body   []byte
	said   map[string]any
}

// stranger calls without a token.
func (m *market) stranger() caller { return caller{m, ""} }

// send makes a call with that body as it stands; headers are name, value, name,
// value.
func (c caller) send(method, path, body string, headers ...string) reply {
	c.t.Helper()
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, path, in)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r.WithContext(c.t.Context()))
	out := reply{status: w.Code, header: w.Header(), body: w.Body.Bytes()}
	if out.status >= 400 && method != http.MethodHead {
		c.checkProblem(method+" "+path, out)
	}
	if bytes.HasPrefix(bytes.TrimSpace(out.body), []byte("{")) {
		if err := json.Unmarshal(out.body, &out.said); err != nil {
			c.t.Fatalf("%s %s answered what is not JSON: %s", method, path, out.body)
		}
	}
	return out
}

// documented are the codes that the table of errors tells, with their status.
var documented = sync.OnceValue(func() map[string]string {
	codes, err := api.ErrorCodes()
	if err != nil {
		panic(err)
	}
	out := map[string]string{}
	for _, c := range codes {
		out[c.Code] = c.Status
	}
	return out
})

// checkProblem checks that a refusal is a whole problem report, of a code that
// is told in the table of errors.
func (m *market) checkProblem(call string, got reply) {
	m.t.Helper()
	var p wire.Problem
	in := json.NewDecoder(bytes.NewReader(got.body))
	in.DisallowUnknownFields()
	if err := in.Decode(&p); err != nil || got.header.Get("Content-Type") != "application/problem+json" {
		m.t.Fatalf("%s: status %d is no problem report: %s %s", call, got.status, got.header.Get("Content-Type"), got.body)
	}
	if p.Status != got.status || p.Title != http.StatusText(got.status) || p.Detail == "" || p.Type != "/docs#"+p.Code ||
		p.RequestID == "" || got.header.Get("Idempotency-Replayed") == "" && p.RequestID != got.header.Get("X-Request-Id") {
		m.t.Errorf("%s: the problem is not whole: %s", call, got.body)
	}
	if status, ok := documented()[p.Code]; !ok || !strings.Contains(status, strconv.Itoa(got.status)) {
		m.t.Errorf("%s: the code %q with status %d is not in errors.tsv", call, p.Code, got.status)
	}
	for _, f := range p.Errors {
		if f.Location == "" || f.Message == "" {
			m.t.Errorf("%s: an empty complaint: %s", call, got.body)
		}
	}
	if wait := got.header.Get("Retry-After"); (got.status == 429 || got.status == 503) != (wait != "") {
		m.t.Errorf("%s: status %d has Retry-After %q", call, got.status, wait)
	}
}

// must makes a call with a body as JSON, which is to be answered so; what it
// says is the answer's body.
func (c caller) must(status int, method, path string, body any) map[string]any {
	c.t.Helper()
	text := ""
	switch body := body.(type) {
	case nil:
	case string:
		text = body
	default:
		data, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		text = string(data)
	}
	got := c.send(method, path, text)
	if got.status != status {
		c.t.Fatalf("%s %s: status %d, want %d: %s", method, path, got.status, status, got.body)
	}
	return got.said
}

// the last part of what an answer says under a path of names.
func (r reply) text(names ...string) string { return dig(r.said, names...) }

// dig is the text under a path of names; "" where there is none.
func dig(from map[string]any, names ...string) string {
	for i, name := range names {
		if i == len(names)-1 {
			s, _ := from[name].(string)
			return s
		}
		from, _ = from[name].(map[string]any)
	}
	return ""
}

const password = "correct horse battery"

// join puts a member into the market that is signed in, without the cost of a
// password; twice for one address is the same member.
func (m *market) join(email string) caller {
	m.t.Helper()
	return m.enter(outcry.Member{Email: email, Name: email[:3], Locale: "en"})
}

// operate is join for the operator.
func (m *market) operate() caller {
	m.t.Helper()
	return m.enter(outcry.Member{Email: "operator@example.org", Name: "Operator", Locale: "en", Operator: true})
}

func (m *market) enter(as outcry.Member) caller {
	m.t.Helper()
	as.ID, as.Created = outcry.NewID(outcry.MemberPrefix, time.Unix(0, 0), strings.NewReader(as.Email+"0123456789")), time.Now()
	secret := "ocs_" + (rand.Text() + rand.Text())[:43]
	hash := sha256.Sum256([]byte(secret))
	err := m.Store.AddMember(m.t.Context(), as, "")
	if err == nil {
		err = m.Store.AddToken(m.t.Context(), outcry.Token{
			ID: outcry.NewID(outcry.KeyPrefix, time.Now(), rand.Reader), Hash: hex.EncodeToString(hash[:]), Member: as.ID,
			Created: time.Now(), Expires: time.Now().Add(time.Hour),
		})
	}
	if err != nil {
		m.t.Fatal(err)
	}
	return caller{m, secret}
}

// guest joins as one.
func (m *market) guest() caller {
	m.t.Helper()
	g := m.stranger().must(http.StatusCreated, "POST", "/v1/members", map[string]any{"guest": true})
	return caller{m, dig(g, "token")}
}

// bakery is the body of a shop at the centre of Edinburgh.
func bakery(name string) map[string]any {
	return map[string]any{
		"name": name, "place": map[string]any{"lat": 55.95, "lon": -3.19}, "service_radius_m": 5000, "time_zone": "Europe/London",
		"capabilities": []string{"pickup"}, "contact": "0131 496 0000",
	}
}

// trade registers, approves and stocks a bakery.
func (m *market) trade(staff, operator caller, name string) (shop string) {
	m.t.Helper()
	shop = dig(staff.must(http.StatusCreated, "POST", "/v1/shops", bakery(name)), "id")
	operator.must(http.StatusOK, "POST", "/v1/shops/"+shop+"/approve", nil)
	staff.must(http.StatusOK, "PUT", "/v1/shops/"+shop+"/book", map[string]any{"codes": []string{"osm:shop=bakery"}})
	return shop
}

// need is the body of a request that bakeries meet.
func need() map[string]any {
	return map[string]any{
		"code": "osm:shop=bakery", "place": map[string]any{"lat": 55.951, "lon": -3.191}, "radius_m": 3000, "deadline_s": 600,
		"wanted_offers": 3, "note": "two loaves",
	}
}

// items are those of a page.
func items(page map[string]any) []map[string]any {
	list, _ := page["items"].([]any)
	var out []map[string]any
	for _, x := range list {
		item, _ := x.(map[string]any)
		out = append(out, item)
	}
	return out
}

// called is the call that a request made to a shop.
func (c caller) called(shop string) string {
	c.t.Helper()
	calls := c.must(http.StatusOK, "GET", "/v1/shops/"+shop+"/calls?state=waiting", nil)
	if len(items(calls)) == 0 {
		c.t.Fatalf("shop %s was not called", shop)
	}
	return dig(items(calls)[0], "id")
}

var pounds = map[string]any{"amount": 450, "currency": "GBP"}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
