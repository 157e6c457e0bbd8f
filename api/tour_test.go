package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestAPI_NineSteps(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	operator, staff, buyer := m.operate(), m.join("staff@example.org"), m.guest()
	shop := m.trade(staff, operator, "Crumb")

	code := dig(staff.must(http.StatusCreated, "POST", "/v1/shops/"+shop+"/pairings", nil), "code")
	paired := m.stranger().must(http.StatusCreated, "POST", "/v1/pairings/"+code, map[string]any{"name": "till"})
	if dig(paired, "shop_id") != shop {
		t.Fatalf("paired with %v", paired)
	}
	till := caller{m, dig(paired, "key")}
	till.must(http.StatusOK, "POST", "/v1/shops/"+shop+"/book/acknowledge", map[string]any{"version": 1})

	request := buyer.must(http.StatusCreated, "POST", "/v1/requests", need())
	id := dig(request, "id")
	counts, _ := request["counts"].(map[string]any)
	if dig(request, "state") != "open" || counts["called"] != 1.0 || counts["waiting"] != 1.0 {
		t.Fatalf("the request is %v", request)
	}
	call := till.called(shop)
	seen := till.must(http.StatusOK, "GET", "/v1/calls/"+call, nil)
	if got, _ := seen["request"].(map[string]any); dig(got, "note") != "two loaves" || got["place_cell"] == nil {
		t.Errorf("the shop sees %v", seen)
	}
	offer := till.must(http.StatusCreated, "POST", "/v1/calls/"+call+"/offer", map[string]any{"price": pounds, "message": "warm"})
	if offer["version"] != 1.0 || dig(offer, "state") != "live" {
		t.Errorf("the offer is %v", offer)
	}
	offerID := dig(offer, "id")
	till.must(http.StatusCreated, "POST", "/v1/calls/"+call+"/messages", map[string]any{"text": "sliced?"})
	buyer.must(http.StatusCreated, "POST", "/v1/requests/"+id+"/threads/"+shop+"/messages", map[string]any{"text": "yes"})
	thread := till.must(http.StatusOK, "GET", "/v1/calls/"+call+"/messages?limit=1", nil)
	if len(items(thread)) != 1 || dig(thread, "next") == "" {
		t.Errorf("a page of the thread is %v", thread)
	}

	board := buyer.must(http.StatusOK, "GET", "/v1/requests/"+id+"/board", nil)
	offers, _ := board["offers"].([]any)
	if first, _ := offers[0].(map[string]any); len(offers) != 1 || first["rank"] != 1.0 || dig(first, "shop", "name") != "Crumb" {
		t.Fatalf("the board is %v", board)
	}
	order := buyer.must(http.StatusCreated, "POST", "/v1/offers/"+offerID+"/accept", map[string]any{"version": 1, "contact": "at the door"})
	orderID := dig(order, "id")
	if dig(order, "state") != "placed" || dig(order, "buyer", "contact") != "at the door" || dig(order, "shop", "contact") != "0131 496 0000" {
		t.Errorf("the order is %v", order)
	}
	again := buyer.send("POST", "/v1/offers/"+offerID+"/accept", `{"version": 1}`)
	if again.status != http.StatusConflict || again.text("code") != "already_accepted" {
		t.Errorf("accepting again: %d %s", again.status, again.body)
	}
	late := till.send("POST", "/v1/calls/"+call+"/offer", `{"price": {"amount": 1, "currency": "GBP"}}`)
	if late.status != http.StatusConflict || late.text("code") != "call_closed" {
		t.Errorf("offering after the end: %d %s", late.status, late.body)
	}
	till.must(http.StatusOK, "POST", "/v1/orders/"+orderID+"/confirm", nil)
	till.must(http.StatusOK, "POST", "/v1/orders/"+orderID+"/fulfil", nil)
	buyer.must(http.StatusOK, "POST", "/v1/orders/"+orderID+"/complete", nil)
	buyer.must(http.StatusCreated, "POST", "/v1/orders/"+orderID+"/rating", map[string]any{"stars": 5, "text": "good"})
	if got := till.must(http.StatusOK, "GET", "/v1/orders/"+orderID, nil); dig(got, "state") != "completed" {
		t.Errorf("the order is %v", got)
	}
	for _, c := range []caller{buyer, till} {
		if got := c.must(http.StatusOK, "GET", "/v1/orders?mine=true", nil); len(items(got)) != 1 {
			t.Errorf("the orders of one side are %v", got)
		}
	}
}

func TestAPI_Operating(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	operator, staff, buyer := m.operate(), m.join("staff@example.org"), m.guest()
	shop := m.trade(staff, operator, "Crumb")
	id := dig(buyer.must(http.StatusCreated, "POST", "/v1/requests", need()), "id")
	offer := dig(staff.must(http.StatusCreated, "POST", "/v1/calls/"+staff.called(shop)+"/offer",
		map[string]any{"price": pounds, "message": "=cmd()"}), "id")
	buyer.must(http.StatusCreated, "POST", "/v1/offers/"+offer+"/accept", map[string]any{"version": 1})

	if got := operator.must(http.StatusOK, "GET", "/v1/stats", nil); got["requests_asked"] != 1.0 || got["orders_placed"] != 1.0 {
		t.Errorf("stats are %v", got)
	}
	audit := operator.must(http.StatusOK, "GET", "/v1/audit", nil)
	if list := items(audit); len(list) != 1 || dig(list[0], "action") != "approve-shop" || dig(list[0], "target") != shop {
		t.Errorf("the audit is %v", audit)
	}
	for file, want := range map[string]string{
		"requests.csv": "two loaves", "requests.jsonl": `"id":"` + id + `"`, "offers.csv": ",'=cmd(),", "offers.jsonl": `"price":{"amount":450`,
		"orders.csv": "placed", "orders.jsonl": `"offer_id":"` + offer + `"`,
	} {
		got := operator.send("GET", "/v1/export/"+file, "")
		if got.status != http.StatusOK || !strings.Contains(string(got.body), want) {
			t.Errorf("%s lacks %s: %d %s", file, want, got.status, got.body)
		}
		if strings.HasSuffix(file, ".csv") && strings.Count(string(got.body), "\n") != 2 {
			t.Errorf("%s is not a line of headings and one row: %s", file, got.body)
		}
	}
	selection := operator.must(http.StatusOK, "GET", "/v1/requests/"+id+"/selection", nil)
	if selection["called"] != 1.0 {
		t.Errorf("the selection is %v", selection)
	}
	why := buyer.must(http.StatusOK, "GET", "/v1/requests/"+id+"/selection/"+shop, nil)
	if why["called"] == nil || fmt.Sprint(why["eligible"]) != "true" {
		t.Errorf("the verdict is %v", why)
	}
}

func TestAPI_PolicyIsChangedByItsVersion(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	operator, staff := m.operate(), m.join("staff@example.org")
	m.trade(staff, operator, "Crumb")
	policy := staff.must(http.StatusOK, "GET", "/v1/policy", nil)
	if policy["version"] != 0.0 {
		t.Fatalf("the first policy is %v", policy)
	}
	waves, _ := policy["waves"].(map[string]any)
	waves["most_calls"] = 7
	if got := operator.must(http.StatusOK, "PUT", "/v1/policy", policy); got["version"] != 1.0 {
		t.Errorf("the new policy is %v", got)
	}
	data := operator.send("PUT", "/v1/policy", mustJSON(t, policy))
	if data.status != http.StatusConflict || data.text("code") != "policy_changed" {
		t.Errorf("a change of an old version: %d %s", data.status, data.body)
	}
	for match, location := range map[string]string{`"2"`: "body.version", "one": "header.If-Match", `"-1"`: "header.If-Match"} {
		both := operator.send("PUT", "/v1/policy", mustJSON(t, policy), "If-Match", match)
		if both.status != http.StatusUnprocessableEntity || !strings.Contains(string(both.body), location) {
			t.Errorf("If-Match %s beside version 0: %d %s", match, both.status, both.body)
		}
	}
	waves["most_calls"] = 0
	delete(policy, "version")
	if got := operator.send("PUT", "/v1/policy", mustJSON(t, policy)); !strings.Contains(string(got.body), "body.version") {
		t.Errorf("a change of no version: %d %s", got.status, got.body)
	}
	bad := operator.send("PUT", "/v1/policy", mustJSON(t, policy), "If-Match", `"1"`)
	if bad.status != http.StatusUnprocessableEntity || !strings.Contains(string(bad.body), "body.waves.most_calls") {
		t.Errorf("a wrong policy: %d %s", bad.status, bad.body)
	}
	wrong := operator.send("POST", "/v1/policy/dry-run", mustJSON(t, map[string]any{"policy": policy, "request": need()}))
	if wrong.status != http.StatusUnprocessableEntity || !strings.Contains(string(wrong.body), "body.policy.waves.most_calls") {
		t.Errorf("a trial of a wrong policy: %d %s", wrong.status, wrong.body)
	}
	waves["most_calls"] = 1
	wrong = operator.send("POST", "/v1/policy/dry-run", mustJSON(t, map[string]any{"policy": policy, "request": map[string]any{"radius_m": 0}}))
	if wrong.status != http.StatusUnprocessableEntity || !strings.Contains(string(wrong.body), "body.request.radius_m") {
		t.Errorf("a trial on a wrong request: %d %s", wrong.status, wrong.body)
	}
	trial := operator.must(http.StatusOK, "POST", "/v1/policy/dry-run", map[string]any{"policy": policy, "request": need()})
	if present, _ := trial["present"].([]any); len(present) != 1 {
		t.Errorf("the trial gives %v", trial)
	}
}

func TestAPI_WordsTeachTheSearch(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	buyer := m.guest()
	body := need()
	body["words"] = "zorgelblatt"
	buyer.must(http.StatusCreated, "POST", "/v1/requests", body)
	found := m.stranger().must(http.StatusOK, "GET", "/v1/signals?q=zorgelblatt", nil)
	if list := items(found); len(list) == 0 || dig(list[0], "code") != "osm:shop=bakery" {
		t.Errorf("what was picked for the words is not found by them: %v", found)
	}
}

func TestAPI_Members(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	account := map[string]any{"email": "ada@example.org", "password": password, "name": "Ada"}
	joined := m.stranger().must(http.StatusCreated, "POST", "/v1/members", account)
	if dig(joined, "email") != "ada@example.org" || joined["token"] != nil || fmt.Sprint(joined["guest"]) != "false" {
		t.Errorf("the new member is %v", joined)
	}
	if again := m.stranger().send("POST", "/v1/members", mustJSON(t, account)); again.status != http.StatusConflict || again.text("code") != "email_taken" {
		t.Errorf("the same address again: %d %s", again.status, again.body)
	}
	delete(account, "name")
	session := m.stranger().must(http.StatusCreated, "POST", "/v1/sessions", account)
	ada := caller{m, dig(session, "token")}
	if dig(session, "expires_at") == "" || dig(session, "member_id") != dig(joined, "id") {
		t.Errorf("the session is %v", session)
	}
	key := ada.must(http.StatusCreated, "POST", "/v1/keys", map[string]any{"name": "till", "scopes": []string{"buy"}})
	keys := ada.must(http.StatusOK, "GET", "/v1/keys", nil)
	if list := items(keys); len(list) != 1 || dig(list[0], "key") != "" || !strings.HasPrefix(dig(key, "key"), "ock_") {
		t.Errorf("the key is %v, the keys are %v", key, keys)
	}
	program := caller{m, dig(key, "key")}
	program.must(http.StatusOK, "GET", "/v1/me", nil)
	ada.must(http.StatusNoContent, "DELETE", "/v1/keys/"+dig(key, "id"), nil)
	if got := program.send("GET", "/v1/me", ""); got.status != http.StatusUnauthorized || got.text("code") != "bad_token" {
		t.Errorf("a removed key: %d %s", got.status, got.body)
	}
	ada.must(http.StatusNoContent, "DELETE", "/v1/sessions/current", nil)
	if got := ada.send("GET", "/v1/me", ""); got.status != http.StatusUnauthorized {
		t.Errorf("a session that was ended: %d %s", got.status, got.body)
	}
	guest := m.guest()
	claimed := guest.must(http.StatusOK, "PATCH", "/v1/me", map[string]any{"email": "bo@example.org", "password": password})
	if fmt.Sprint(claimed["guest"]) != "false" || dig(claimed, "email") != "bo@example.org" {
		t.Errorf("the claimed guest is %v", claimed)
	}
	mixed := m.stranger().send("POST", "/v1/members", `{"guest": true, "email": "x@example.org"}`)
	if mixed.status != http.StatusUnprocessableEntity || !strings.Contains(string(mixed.body), "body.email") {
		t.Errorf("a guest with an address: %d %s", mixed.status, mixed.body)
	}
}

func TestAPI_FirstOperator(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	code, needed, err := m.Intake.OperatorLink(t.Context())
	if err != nil || !needed {
		t.Fatalf("no link for the first operator: %v", err)
	}
	body := map[string]any{"code": code, "email": "op@example.org", "password": password, "name": "Op"}
	first := m.stranger().must(http.StatusCreated, "POST", "/v1/operator", body)
	if roles, _ := first["roles"].([]any); len(roles) != 2 || roles[1] != "operator" {
		t.Errorf("the first operator is %v", first)
	}
	again := m.stranger().send("POST", "/v1/operator", mustJSON(t, body))
	if again.status != http.StatusForbidden || again.text("code") != "link_gone" {
		t.Errorf("the link again: %d %s", again.status, again.body)
	}
}

func TestToken_OnPublicCallsABadOneIsAsNone(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	bad := caller{m, "ocs_nothing"}
	bad.must(http.StatusCreated, "POST", "/v1/members", map[string]any{"guest": true})
	for _, header := range []string{"Bearer", "Basic YTpi", "Bearer  ", "Bearer ocs_nothing"} {
		if got := m.stranger().send("GET", "/v1/me", "", "Authorization", header); got.status != http.StatusUnauthorized || got.text("code") != "bad_token" {
			t.Errorf("%q: %d %s", header, got.status, got.body)
		}
	}
}
