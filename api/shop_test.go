package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// own are the members of a shop that only its staff and the operator see.
func own(shop map[string]any) string {
	return fmt.Sprintf("%v %v %v %v", shop["contact"], shop["quiet_hours"], shop["paused_until"], shop["limits"])
}

func TestShop_QuietHoursAndLimitsAreForItsStaffAndTheOperator(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	staff, operator, other := m.join("staff@example.org"), m.operate(), m.join("other@example.org")
	body := bakery("Crumb")
	body["quiet_hours"], body["limits"] = "Mo-Su 22:00-07:00", map[string]any{"open": 3, "hourly": 10}
	made := staff.must(http.StatusCreated, "POST", "/v1/shops", body)
	shop := "/v1/shops/" + dig(made, "id")
	operator.must(http.StatusOK, "POST", shop+"/approve", nil)
	staff.must(http.StatusOK, "PATCH", shop, map[string]any{"paused_until": "2030-01-02T12:04:05.678+09:00"})

	const all = "0131 496 0000 Mo-Su 22:00-07:00 2030-01-02T03:04:05.678Z map[hourly:10 open:3]"
	for name, c := range map[string]struct {
		caller caller
		list   string
		want   string
	}{
		"its staff":    {staff, "?mine=true", all},
		"the operator": {operator, "", all},
		"another":      {other, "", "<nil> <nil> <nil> <nil>"},
		"a guest":      {m.guest(), "", "<nil> <nil> <nil> <nil>"},
	} {
		if got := own(c.caller.must(http.StatusOK, "GET", shop, nil)); got != c.want {
			t.Errorf("%s sees %s, want %s", name, got, c.want)
		}
		list := items(c.caller.must(http.StatusOK, "GET", "/v1/shops"+c.list, nil))
		if len(list) != 1 || own(list[0]) != c.want {
			t.Errorf("%s lists %v, want %s", name, list, c.want)
		}
	}
}

func TestShop_ChangesWhenItIsCalled(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	staff := m.join("staff@example.org")
	shop := "/v1/shops/" + m.trade(staff, m.operate(), "Crumb")
	for _, c := range []struct{ body, want string }{
		{`{"limits": {"open": 5}}`, "<nil> <nil> map[hourly:0 open:5]"},
		{`{"limits": {"hourly": 1000}, "quiet_hours": "Su"}`, "Su <nil> map[hourly:1000 open:5]"},
		{`{"paused_until": "2030-01-01T00:00:00Z"}`, "Su 2030-01-01T00:00:00.000Z map[hourly:1000 open:5]"},
		{`{"price_level": 3}`, "Su 2030-01-01T00:00:00.000Z map[hourly:1000 open:5]"},
		{`{"paused_until": null}`, "Su <nil> map[hourly:1000 open:5]"},
		{`{"paused_until": "2030-01-01T00:00:00Z", "quiet_hours": ""}`, "<nil> 2030-01-01T00:00:00.000Z map[hourly:1000 open:5]"},
		{`{"paused_until": "", "limits": {"open": 0, "hourly": 0}}`, "<nil> <nil> map[hourly:0 open:0]"},
	} {
		staff.must(http.StatusOK, "PATCH", shop, c.body)
		if got := own(staff.must(http.StatusOK, "GET", shop, nil)); got != "0131 496 0000 "+c.want {
			t.Errorf("after %s it is %s, want %s", c.body, got, c.want)
		}
	}
	for _, c := range []struct{ body, location string }{
		{`{"paused_until": "tomorrow"}`, "body.paused_until"},
		{`{"paused_until": "2001-01-01T00:00:00Z"}`, "body.paused_until"},
		{`{"paused_until": "2100-01-01T00:00:00.001Z"}`, "body.paused_until"},
		{`{"paused_until": 5}`, "body.paused_until"},
		{`{"quiet_hours": "at night"}`, "body.quiet_hours"},
		{`{"quiet_hours": "24/7"}`, "body.quiet_hours"},
		{`{"limits": {"open": -1}}`, "body.limits.open"},
		{`{"limits": {"hourly": 1001}}`, "body.limits.hourly"},
		{`{"limits": {"hourly": 1.5}}`, "body.limits.hourly"},
		{`{"limits": 5}`, "body.limits"},
		{`{"limits": {}}`, "body"},
	} {
		got := staff.send("PATCH", shop, c.body)
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(string(got.body), `"location":"`+c.location+`"`) {
			t.Errorf("%s: want 422 at %s, got %d %s", c.body, c.location, got.status, got.body)
		}
	}
	if got := staff.send("PATCH", shop, `{"limits": {"daily": 5}}`); got.status != http.StatusBadRequest || got.text("code") != "unknown_member" {
		t.Errorf("an unknown limit is answered %d %s", got.status, got.body)
	}
	if got := staff.send("POST", "/v1/shops", `{"paused_until": null}`); got.status != http.StatusBadRequest || got.text("code") != "unknown_member" {
		t.Errorf("a new shop that is paused is answered %d %s", got.status, got.body)
	}
}

func TestShop_PausedIsNotCalledUntilItGoesOn(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	staff, buyer := m.join("staff@example.org"), m.join("buyer@example.org")
	shop := "/v1/shops/" + m.trade(staff, m.operate(), "Crumb")
	matching := func(want float64) {
		t.Helper()
		if got := buyer.must(http.StatusOK, "POST", "/v1/requests/preview", need()); got["matching_shops"] != want {
			t.Errorf("%v shops could be called, want %v", got["matching_shops"], want)
		}
	}
	matching(1)
	for _, c := range []struct {
		body      string
		near, far time.Duration
	}{
		{"", 70 * 365 * 24 * time.Hour, 80 * 365 * 24 * time.Hour},
		{"{}", 70 * 365 * 24 * time.Hour, 80 * 365 * 24 * time.Hour},
		{`{"for_s": 7200}`, 119 * time.Minute, 121 * time.Minute},
		{fmt.Sprintf(`{"until": %q}`, time.Now().Add(time.Hour).Format(time.RFC3339Nano)), 59 * time.Minute, 61 * time.Minute},
	} {
		paused := staff.must(http.StatusOK, "POST", shop+"/pause", c.body)
		until, err := time.Parse("2006-01-02T15:04:05.000Z", dig(paused, "paused_until"))
		if wait := time.Until(until); err != nil || wait < c.near || wait > c.far {
			t.Errorf("%s pauses until %s, %v", c.body, until, err)
		}
		matching(0)
	}
	for _, c := range []struct{ body, location string }{
		{`{"for_s": 0}`, "body.for_s"}, {`{"for_s": 1e300}`, "body.for_s"}, {`{"for_s": "2h"}`, "body.for_s"},
		{`{"until": "2001-01-01T00:00:00Z"}`, "body.until"}, {`{"until": "9999-01-01T00:00:00Z"}`, "body.until"}, {`{"until": "18:30"}`, "body.until"},
		{`{"until": "2030-01-01T00:00:00Z", "for_s": 60}`, "body.for_s"},
	} {
		got := staff.send("POST", shop+"/pause", c.body)
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(string(got.body), `"location":"`+c.location+`"`) {
			t.Errorf("%s: want 422 at %s, got %d %s", c.body, c.location, got.status, got.body)
		}
	}
	matching(0)
	if again := staff.must(http.StatusOK, "POST", shop+"/resume", nil); again["paused_until"] != nil || dig(again, "name") != "Crumb" {
		t.Errorf("goes on as %v", again)
	}
	matching(1)
}

func TestRequest_LeastRatingIsKeptAndHeeded(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	buyer := m.join("buyer@example.org")
	m.trade(m.join("staff@example.org"), m.operate(), "Crumb") // nobody rated it: 4 stars
	for stars, want := range map[float64]struct{ shown, shops any }{4: {4.0, 1.0}, 4.1: {4.1, 0.0}, 5: {5.0, 0.0}, 1: {1.0, 1.0}, 0: {nil, 1.0}} {
		body := need()
		body["least_rating"] = stars
		if got := buyer.must(http.StatusOK, "POST", "/v1/requests/preview", body); got["matching_shops"] != want.shops {
			t.Errorf("%g stars: %v shops could be called, want %v", stars, got["matching_shops"], want.shops)
		}
		made := buyer.must(http.StatusCreated, "POST", "/v1/requests", body)
		got := buyer.must(http.StatusOK, "GET", "/v1/requests/"+dig(made, "id"), nil)
		if made["least_rating"] != want.shown || got["least_rating"] != want.shown {
			t.Errorf("%g stars are shown as %v, then %v", stars, made["least_rating"], got["least_rating"])
		}
	}
}

func TestShop_OwnRulesLeaveItOutAndSaySo(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	staff, buyer := m.join("staff@example.org"), m.join("buyer@example.org")
	shop := m.trade(staff, m.operate(), "Crumb")
	ask := func() string {
		return dig(buyer.must(http.StatusCreated, "POST", "/v1/requests", need()), "id")
	}
	why := func(request string) string {
		return dig(buyer.must(http.StatusOK, "GET", "/v1/requests/"+request+"/selection/"+shop, nil), "rule")
	}
	// Quiet on all days but one that is far from today in every zone.
	days := strings.Fields("Su Mo Tu We Th Fr Sa")
	loud := (int(time.Now().Weekday()) + 3) % 7
	quiet := strings.Join(append(days[:loud:loud], days[loud+1:]...), ",") + " 00:00-24:00"
	for _, c := range []struct{ change, rule string }{
		{fmt.Sprintf(`{"quiet_hours": %q}`, quiet), "quiet_hours"},
		{`{"quiet_hours": "", "paused_until": "2030-01-01T00:00:00Z"}`, "paused"},
	} {
		staff.must(http.StatusOK, "PATCH", "/v1/shops/"+shop, c.change)
		if got := why(ask()); got != c.rule {
			t.Errorf("after %s it is left out by %q, want %s", c.change, got, c.rule)
		}
	}
	staff.must(http.StatusOK, "PATCH", "/v1/shops/"+shop, `{"paused_until": null, "limits": {"open": 1}}`)
	ask()
	staff.called(shop)
	if got := why(ask()); got != "open_calls" {
		t.Errorf("with one call open of one that may be it is left out by %q", got)
	}
}
