package api_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestWebhooks_TheSecretIsShownOnce(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	staff := m.join("staff@example.org")
	shop := m.trade(staff, m.operate(), "Crumb")
	path := "/v1/shops/" + shop + "/webhooks"
	made := staff.must(http.StatusCreated, "POST", path, map[string]any{"url": "https://till.example/", "events": []string{"order", "call"}})
	secret, id := dig(made, "secret"), dig(made, "id")
	if !strings.HasPrefix(secret, "whsec_") || dig(made, "state") != "active" || dig(made, "shop_id") != shop || dig(made, "created_at") == "" {
		t.Errorf("the webhook is %v", made)
	}
	turned := staff.must(http.StatusOK, "POST", "/v1/webhooks/"+id+"/rotate", map[string]any{"keep_former_s": 60})
	if fresh := dig(turned, "secret"); fresh == secret || !strings.HasPrefix(fresh, "whsec_") || dig(turned, "former_until") == "" {
		t.Errorf("rotated it is %v", turned)
	}
	staff.must(http.StatusOK, "POST", "/v1/webhooks/"+id+"/rotate", nil)
	for _, shown := range []string{path, "/v1/webhooks/" + id + "/deliveries", "/v1/shops/" + shop} {
		got := staff.send("GET", shown, "")
		if got.status != http.StatusOK || strings.Contains(string(got.body), "whsec_") {
			t.Errorf("%s: %d %s", shown, got.status, got.body)
		}
	}
	list := items(staff.must(http.StatusOK, "GET", path, nil))
	if len(list) != 1 || dig(list[0], "id") != id || dig(list[0], "state") != "active" || dig(list[0], "former_until") == "" {
		t.Errorf("listed are %v", list)
	}
	staff.must(http.StatusNoContent, "DELETE", "/v1/webhooks/"+id, nil)
	if left := items(staff.must(http.StatusOK, "GET", path, nil)); len(left) != 0 {
		t.Errorf("after removing it there is %v", left)
	}
}

func TestWebhooks_TheSameRegistrationAgainIsOne(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	staff := m.join("staff@example.org")
	path := "/v1/shops/" + m.trade(staff, m.operate(), "Crumb") + "/webhooks"
	body := `{"url": "https://till.example/", "events": ["order"]}`
	first := staff.send("POST", path, body, "Idempotency-Key", "k1")
	again := staff.send("POST", path, body, "Idempotency-Key", "k1")
	if first.status != http.StatusCreated || again.status != http.StatusCreated || first.text("secret") != again.text("secret") {
		t.Errorf("first %d %s, again %d %s", first.status, first.body, again.status, again.body)
	}
	if twice := staff.send("POST", path, body); twice.status != http.StatusConflict || twice.text("code") != "exists" {
		t.Errorf("the same URL once more: %d %s", twice.status, twice.body)
	}
}

func TestWebhooks_FaultsAreNamed(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	staff := m.join("staff@example.org")
	path := "/v1/shops/" + m.trade(staff, m.operate(), "Crumb") + "/webhooks"
	for body, want := range map[string]string{
		`{"url": "http://till.example/", "events": ["call"]}`:        "body.url",
		`{"url": "https://169.254.169.254/", "events": ["call"]}`:    "link-local",
		`{"url": "https://till.example/", "events": []}`:             "body.events",
		`{"url": "https://till.example/", "events": ["offers"]}`:     "body.events",
		`{"url": "https://till.example/"}`:                           "body.events",
		`{"url": "https://ada:x@till.example/", "events": ["call"]}`: "body.url",
	} {
		got := staff.send("POST", path, body)
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(string(got.body), want) || strings.Contains(string(got.body), "ada:x") {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
}
