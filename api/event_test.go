package api_test

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// hear follows events over a real connection until it has heard the names; it
// gives the events as they came.
func (c caller) hear(path, after string, names ...string) []string {
	c.t.Helper()
	web := httptest.NewServer(c.Handler)
	c.t.Cleanup(web.Close)
	r, err := http.NewRequestWithContext(c.t.Context(), "GET", web.URL+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	if after != "" {
		r.Header.Set("Last-Event-ID", after)
	}
	res, err := web.Client().Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") ||
		res.Header.Get("X-Accel-Buffering") != "no" {
		c.t.Fatalf("%s is answered %d %v", path, res.StatusCode, res.Header)
	}
	var events []string
	lines, id, name := bufio.NewScanner(res.Body), "", ""
	for len(names) > 0 && lines.Scan() {
		key, value, _ := strings.Cut(lines.Text(), ": ")
		switch key {
		case "id":
			id = value
		case "event":
			name = value
		case "data":
			if events = append(events, id+" "+name+" "+value); name == names[0] {
				names = names[1:]
			}
		}
	}
	if len(names) > 0 {
		c.t.Fatalf("%s ended without %v: %v", path, names, lines.Err())
	}
	return events
}

func TestEvents_BothSidesHearLiveAndAgain(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	operator, staff, buyer := m.operate(), m.join("staff@example.org"), m.guest()
	shop := m.trade(staff, operator, "Crumb")
	id := dig(buyer.must(http.StatusCreated, "POST", "/v1/requests", need()), "id")
	heard := staff.hear("/v1/shops/"+shop+"/events", "", "hello", "call")
	if !strings.Contains(heard[1], `"place_cell"`) || strings.Contains(strings.Join(heard, ""), "55.951") {
		t.Errorf("the shop heard %v", heard)
	}
	call := staff.called(shop)
	staff.must(http.StatusCreated, "POST", "/v1/calls/"+call+"/offer", roleBid)
	events := buyer.hear("/v1/requests/"+id+"/events", "", "called", "offer")
	if !strings.Contains(events[1], `"name":"Crumb"`) || !strings.Contains(events[1], `"rank":1`) || !strings.Contains(events[1], `"counts"`) {
		t.Errorf("the offer is told as %s", events[1])
	}
	cursor, _, _ := strings.Cut(events[0], " ")
	if again := buyer.hear("/v1/requests/"+id+"/events", cursor, "offer"); len(again) != 1 || again[0] != events[1] {
		t.Errorf("after %s came %v, want %s", cursor, again, events[1])
	}
	poll := buyer.live().must(http.StatusOK, "GET", "/v1/requests/"+id+"/events?wait=0s&after="+cursor, nil)
	if len(items(poll)) != 1 || poll["next"] == nil {
		t.Errorf("a poll gives %v", poll)
	}
}

// live calls the server's own handler, with its live line.
func (c caller) live() caller {
	m := *c.market
	m.handler = c.Handler
	return caller{&m, c.token}
}

func TestEvents_WrongCursorsAreRefused(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	buyer := m.guest()
	id := dig(buyer.must(http.StatusCreated, "POST", "/v1/requests", need()), "id")
	for query, location := range map[string]string{
		"?after=x": "query.after", "?after=-1": "query.after", "?after=99999999999999999999": "query.after",
		"?wait=forever": "query.wait", "?wait=25h": "query.wait", "?wait=-1s": "query.wait",
	} {
		got := buyer.live().send("GET", "/v1/requests/"+id+"/events"+query, "")
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(string(got.body), location) {
			t.Errorf("%s: %d %s", query, got.status, got.body)
		}
	}
}
