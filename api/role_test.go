package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"outcry"
	"outcry/api"
)

// roles are who calls, those who may least first: a stranger; a member without
// any part in the deal; the staff of another shop that was not called; a key of
// the buyer that may only read; the buyer; the shop's staff; its paired shop
// server; the operator.
var roles = []string{"stranger", "other", "rival", "reader", "buyer", "staff", "till", "operator"}

// row is a call and what each role is answered, in the order of roles.
type row struct {
	path string // with SHOP, REQUEST, CALL, OFFER, ORDER, KEY and PAIRING for the ids of a scene
	body string
	want string
	// stage is how far the deal has come before: "" is asked, then offered,
	// placed, confirmed, fulfilled, completed.
	stage string
}

const (
	roleBid    = `{"price": {"amount": 450, "currency": "GBP"}}`
	roleNeed   = `{"code": "osm:shop=bakery", "place": {"lat": 55.95, "lon": -3.19}, "radius_m": 3000, "deadline_s": 60}`
	roleSignal = `{"names": {"en": "Thing"}}`
	roleShop   = `{"name": "New", "place": {"lat": 55.95, "lon": -3.19}, "service_radius_m": 500, "time_zone": "UTC"}`
)

// rows say what each role is answered on every route. Whoever adds a route adds
// a row: what is nobody's to do is to stay so.
var rows = map[string]row{
	//                                                                            stra oth riv read buy sta til ope
	"POST /v1/members":             {body: `{"guest": true}`, want: "201 201 201 201 201 201 201 201"},
	"POST /v1/operator":            {body: `{"code": "x", "email": "a@example.org", "password": "0123456789"}`, want: "403 403 403 403 403 403 403 403"},
	"POST /v1/sessions":            {body: `{"email": "a@example.org", "password": "0123456789"}`, want: "401 401 401 401 401 401 401 401"},
	"DELETE /v1/sessions/current":  {want: "401 204 204 403 204 204 409 204"},
	"GET /v1/me":                   {want: "401 200 200 200 200 200 200 200"},
	"PATCH /v1/me":                 {body: `{"name": "Ada"}`, want: "401 200 200 403 200 200 403 200"},
	"POST /v1/keys":                {body: `{"name": "k"}`, want: "401 201 201 403 201 201 403 201"},
	"GET /v1/keys":                 {want: "401 200 200 200 200 200 200 200"},
	"DELETE /v1/keys/{id}":         {path: "/v1/keys/KEY", want: "401 404 404 403 204 404 403 404"},
	"POST /v1/shops/{id}/pairings": {path: "/v1/shops/SHOP/pairings", want: "401 404 404 403 404 201 403 201"},
	"POST /v1/pairings/{code}":     {path: "/v1/pairings/BBBB-CCCC", want: "404 404 404 404 404 404 404 404"},

	"POST /v1/shops":                       {body: roleShop, want: "401 201 201 403 201 201 403 201"},
	"GET /v1/shops":                        {want: "401 200 200 200 200 200 200 200"},
	"GET /v1/shops/{id}":                   {path: "/v1/shops/SHOP", want: "401 200 200 200 200 200 200 200"},
	"PATCH /v1/shops/{id}":                 {path: "/v1/shops/SHOP", body: `{"contact": "x"}`, want: "401 404 404 403 404 200 200 200"},
	"POST /v1/shops/{id}/approve":          {path: "/v1/shops/SHOP/approve", want: "401 403 403 403 403 403 403 200"},
	"POST /v1/shops/{id}/suspend":          {path: "/v1/shops/SHOP/suspend", body: `{"reason": "x"}`, want: "401 403 403 403 403 403 403 200"},
	"POST /v1/shops/{id}/restore":          {path: "/v1/shops/SHOP/restore", want: "401 403 403 403 403 403 403 200"},
	"POST /v1/shops/{id}/pause":            {path: "/v1/shops/SHOP/pause", body: `{"for_s": 60}`, want: "401 404 404 403 404 200 200 200"},
	"POST /v1/shops/{id}/resume":           {path: "/v1/shops/SHOP/resume", want: "401 404 404 403 404 200 200 200"},
	"GET /v1/shops/{id}/figures":           {path: "/v1/shops/SHOP/figures", want: "401 404 404 404 404 200 200 200"},
	"POST /v1/shops/import":                {path: "/v1/shops/import?time_zone=UTC", body: `{"data": "name,lat,lon,kind\nA,1,1,bakery\n"}`, want: "401 403 403 403 403 403 403 200"},
	"GET /v1/signals":                      {path: "/v1/signals?q=bread", want: "200 200 200 200 200 200 200 200"},
	"GET /v1/signals/{code}":               {path: "/v1/signals/osm:shop=bakery", want: "200 200 200 200 200 200 200 200"},
	"PUT /v1/signals/{code}":               {path: "/v1/signals/my:thing", body: roleSignal, want: "401 403 403 403 403 403 403 200"},
	"POST /v1/signals/import":              {body: `{"data": "1 - A\n"}`, want: "401 403 403 403 403 403 403 200"},
	"POST /v1/signals/{code}/retire":       {path: "/v1/signals/osm:shop=anime/retire", want: "401 403 403 403 403 403 403 200"},
	"GET /v1/signals/{code}/distribution":  {path: "/v1/signals/osm:shop=bakery/distribution", want: "401 403 403 403 403 403 403 200"},
	"DELETE /v1/signals/picks":             {want: "401 403 403 403 403 403 403 204"},
	"PUT /v1/shops/{id}/book":              {path: "/v1/shops/SHOP/book", body: `{"codes": ["osm:shop=bakery"]}`, want: "401 404 404 403 404 200 200 200"},
	"GET /v1/shops/{id}/book":              {path: "/v1/shops/SHOP/book", want: "401 404 404 404 404 200 200 200"},
	"POST /v1/shops/{id}/book/acknowledge": {path: "/v1/shops/SHOP/book/acknowledge", body: `{"version": 1}`, want: "401 404 404 403 404 200 200 200"},

	"POST /v1/requests":                         {body: roleNeed, want: "401 201 201 403 201 201 403 201"},
	"GET /v1/requests":                          {want: "401 200 200 200 200 200 403 200"},
	"POST /v1/requests/preview":                 {body: roleNeed, want: "200 200 200 200 200 200 200 200"},
	"GET /v1/requests/{id}":                     {path: "/v1/requests/REQUEST", want: "401 404 404 200 200 404 404 200"},
	"POST /v1/requests/{id}/withdraw":           {path: "/v1/requests/REQUEST/withdraw", want: "401 404 404 403 200 404 404 404"},
	"POST /v1/requests/{id}/extend":             {path: "/v1/requests/REQUEST/extend", body: `{"deadline_s": 900}`, want: "401 404 404 403 200 404 404 404"},
	"POST /v1/requests/{id}/widen":              {path: "/v1/requests/REQUEST/widen", body: `{"radius_m": 5000}`, want: "401 404 404 403 200 404 404 404"},
	"GET /v1/requests/{id}/selection":           {path: "/v1/requests/REQUEST/selection", want: "401 404 404 200 200 404 404 200"},
	"GET /v1/requests/{id}/selection/{shop_id}": {path: "/v1/requests/REQUEST/selection/SHOP", want: "401 404 404 200 200 404 404 200"},
	"GET /v1/policy":                            {want: "401 200 200 200 200 200 200 200"},
	"GET /v1/policy/text":                       {want: "401 200 200 200 200 200 200 200"},
	"GET /v1/policy/versions":                   {want: "401 200 200 200 200 200 200 200"},
	"GET /v1/policy/versions/{version}":         {path: "/v1/policy/versions/0", want: "401 200 200 200 200 200 200 200"},
	"PUT /v1/policy":                            {body: "POLICY", want: "401 403 403 403 403 403 403 200"},
	"POST /v1/policy/dry-run":                   {body: `{"policy": POLICY, "request_id": "REQUEST"}`, want: "401 403 403 403 403 403 403 200"},

	"GET /v1/shops/{id}/calls":     {path: "/v1/shops/SHOP/calls", want: "401 404 404 404 404 200 200 200"},
	"GET /v1/shops/{id}/events":    {path: "/v1/shops/SHOP/events?wait=0s", want: "401 404 404 404 404 200 200 404"},
	"GET /v1/shops/{id}/line":      {path: "/v1/shops/SHOP/line", want: "401 404 404 404 404 422 422 404"},
	"GET /v1/calls/{id}":           {path: "/v1/calls/CALL", want: "401 404 404 404 404 200 200 200"},
	"POST /v1/calls/{id}/decline":  {path: "/v1/calls/CALL/decline", body: `{"reason": "sold out"}`, want: "401 404 404 403 404 200 200 404"},
	"POST /v1/calls/{id}/offer":    {path: "/v1/calls/CALL/offer", body: roleBid, want: "401 404 404 403 404 201 201 404"},
	"PUT /v1/offers/{id}":          {path: "/v1/offers/OFFER", body: roleBid, stage: "offered", want: "401 404 404 403 404 200 200 404"},
	"DELETE /v1/offers/{id}":       {path: "/v1/offers/OFFER", stage: "offered", want: "401 404 404 403 404 200 200 404"},
	"GET /v1/requests/{id}/board":  {path: "/v1/requests/REQUEST/board", stage: "offered", want: "401 404 404 200 200 404 404 200"},
	"GET /v1/requests/{id}/events": {path: "/v1/requests/REQUEST/events?wait=0s", want: "401 404 404 200 200 404 404 200"},

	"POST /v1/shops/{id}/webhooks":     {path: "/v1/shops/SHOP/webhooks", body: `{"url": "https://till.example/NEW", "events": ["order"]}`, want: "401 404 404 403 404 201 409 409"},
	"GET /v1/shops/{id}/webhooks":      {path: "/v1/shops/SHOP/webhooks", want: "401 404 404 404 404 200 200 200"},
	"DELETE /v1/webhooks/{id}":         {path: "/v1/webhooks/WEBHOOK", want: "401 404 404 403 404 204 404 404"},
	"POST /v1/webhooks/{id}/rotate":    {path: "/v1/webhooks/WEBHOOK/rotate", want: "401 404 404 403 404 200 200 200"},
	"POST /v1/webhooks/{id}/test":      {path: "/v1/webhooks/WEBHOOK/test", want: "401 404 404 403 404 200 200 200"},
	"GET /v1/webhooks/{id}/deliveries": {path: "/v1/webhooks/WEBHOOK/deliveries", want: "401 404 404 404 404 200 200 200"},
	"POST /v1/deliveries/{id}/replay":  {path: "/v1/deliveries/DELIVERY/replay", want: "401 404 404 403 404 202 202 202"},

	"POST /v1/offers/{id}/accept":                       {path: "/v1/offers/OFFER/accept", body: `{"version": 1}`, stage: "offered", want: "401 404 404 403 201 404 404 404"},
	"GET /v1/orders":                                    {want: "401 200 200 200 200 200 200 200"},
	"GET /v1/orders/{id}":                               {path: "/v1/orders/ORDER", stage: "placed", want: "401 404 404 200 200 200 200 200"},
	"POST /v1/orders/{id}/confirm":                      {path: "/v1/orders/ORDER/confirm", stage: "placed", want: "401 404 404 403 403 200 200 403"},
	"POST /v1/orders/{id}/refuse":                       {path: "/v1/orders/ORDER/refuse", stage: "placed", want: "401 404 404 403 403 200 200 403"},
	"POST /v1/orders/{id}/fulfil":                       {path: "/v1/orders/ORDER/fulfil", stage: "confirmed", want: "401 404 404 403 403 200 200 403"},
	"POST /v1/orders/{id}/complete":                     {path: "/v1/orders/ORDER/complete", stage: "fulfilled", want: "401 404 404 403 200 403 403 403"},
	"POST /v1/orders/{id}/cancel":                       {path: "/v1/orders/ORDER/cancel", stage: "placed", want: "401 404 404 403 200 200 200 403"},
	"POST /v1/orders/{id}/rating":                       {path: "/v1/orders/ORDER/rating", body: `{"stars": 4}`, stage: "completed", want: "401 404 404 403 201 201 409 403"},
	"GET /v1/calls/{id}/messages":                       {path: "/v1/calls/CALL/messages", want: "401 404 404 404 404 200 200 200"},
	"POST /v1/calls/{id}/messages":                      {path: "/v1/calls/CALL/messages", body: `{"text": "hello"}`, want: "401 404 404 403 404 201 201 404"},
	"GET /v1/requests/{id}/threads/{shop_id}/messages":  {path: "/v1/requests/REQUEST/threads/SHOP/messages", want: "401 404 404 200 200 200 200 200"},
	"POST /v1/requests/{id}/threads/{shop_id}/messages": {path: "/v1/requests/REQUEST/threads/SHOP/messages", body: `{"text": "hello"}`, want: "401 404 404 403 201 201 201 404"},

	"GET /v1/stats":         {want: "401 403 403 403 403 403 403 200"},
	"GET /v1/audit":         {want: "401 403 403 403 403 403 403 200"},
	"GET /v1/export/{file}": {path: "/v1/export/orders.csv", want: "401 403 403 403 403 403 403 200"},
}

// TestRoutes_EveryRole calls every route that openapi.json tells as every role.
func TestRoutes_EveryRole(t *testing.T) {
	t.Parallel()
	routes := described(t)
	for name := range rows {
		if !slices.Contains(routes, name) {
			t.Errorf("there is no route %s any more", name)
		}
	}
	s := newScene(t)
	for _, name := range routes {
		r, ok := rows[name]
		if !ok {
			t.Errorf("the route %s has no row: say what each role is answered", name)
			continue
		}
		t.Run(name, func(t *testing.T) { s.over(t).play(name, r) })
	}
}

// described are the routes of openapi.json, as METHOD PATH.
func described(t *testing.T) []string {
	t.Helper()
	text, err := api.Describe()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	var routes []string
	for path, methods := range doc.Paths {
		for method := range methods {
			routes = append(routes, strings.ToUpper(method)+" "+path)
		}
	}
	slices.Sort(routes)
	return routes
}

// scene is a market with one of each role and a deal between buyer and shop.
type scene struct {
	*market
	shop    string
	callers map[string]caller
	ids     map[string]string
}

func newScene(t *testing.T) *scene {
	m := newMarket(t, freely)
	s := &scene{market: m, callers: map[string]caller{"stranger": m.stranger(), "operator": m.operate()}}
	for _, role := range []string{"other", "rival", "buyer", "staff"} {
		s.callers[role] = m.join(role + "@example.org")
	}
	s.shop = s.trade(s.callers["staff"], s.callers["operator"], "Crumb")
	far := bakery("Far")
	far["place"] = map[string]any{"lat": 51.5, "lon": 0.0}
	s.callers["rival"].must(http.StatusCreated, "POST", "/v1/shops", far)
	key := s.callers["buyer"].must(http.StatusCreated, "POST", "/v1/keys", map[string]any{"name": "reader", "scopes": []string{"read"}})
	s.callers["reader"] = caller{m, dig(key, "key")}
	code := dig(s.callers["staff"].must(http.StatusCreated, "POST", "/v1/shops/"+s.shop+"/pairings", nil), "code")
	s.callers["till"] = caller{m, dig(m.stranger().must(http.StatusCreated, "POST", "/v1/pairings/"+code, nil), "key")}
	return s
}

// over is the scene for a sub-test.
func (s *scene) over(t *testing.T) *scene {
	m := *s.market
	m.t = t
	next := &scene{market: &m, shop: s.shop, callers: map[string]caller{}, ids: map[string]string{"SHOP": s.shop}}
	for role, c := range s.callers {
		next.callers[role] = caller{&m, c.token}
	}
	next.ids["KEY"] = dig(next.callers["buyer"].must(http.StatusCreated, "POST", "/v1/keys", map[string]any{"name": "spare"}), "id")
	return next
}

// prepare brings a deal to a stage.
func (s *scene) prepare(stage string) {
	buyer, staff := s.callers["buyer"], s.callers["staff"]
	s.ids["REQUEST"] = dig(buyer.must(http.StatusCreated, "POST", "/v1/requests", need()), "id")
	s.ids["CALL"] = staff.called(s.shop)
	policy := buyer.must(http.StatusOK, "GET", "/v1/policy", nil)
	s.ids["POLICY"] = mustJSON(s.t, policy)
	s.prepareWebhook()
	stages := []string{"offered", "placed", "confirmed", "fulfilled", "completed"}
	for _, step := range stages[:slices.Index(stages, stage)+1] {
		switch step {
		case "offered":
			s.ids["OFFER"] = dig(staff.must(http.StatusCreated, "POST", "/v1/calls/"+s.ids["CALL"]+"/offer", roleBid), "id")
		case "placed":
			s.ids["ORDER"] = dig(buyer.must(http.StatusCreated, "POST", "/v1/offers/"+s.ids["OFFER"]+"/accept", `{"version": 1}`), "id")
		case "confirmed":
			staff.must(http.StatusOK, "POST", "/v1/orders/"+s.ids["ORDER"]+"/confirm", nil)
		case "fulfilled":
			staff.must(http.StatusOK, "POST", "/v1/orders/"+s.ids["ORDER"]+"/fulfil", nil)
		case "completed":
			buyer.must(http.StatusOK, "POST", "/v1/orders/"+s.ids["ORDER"]+"/complete", nil)
		}
	}
}

// prepareWebhook registers a webhook that nobody answers, to which something was
// sent; another that was there before goes.
func (s *scene) prepareWebhook() {
	staff, path := s.callers["staff"], "/v1/shops/"+s.shop+"/webhooks"
	for _, old := range items(staff.must(http.StatusOK, "GET", path, nil)) {
		staff.must(http.StatusNoContent, "DELETE", "/v1/webhooks/"+dig(old, "id"), nil)
	}
	hook := dig(staff.must(http.StatusCreated, "POST", path, `{"url": "https://till.invalid.example:8443/", "events": ["book"]}`), "id")
	sent := outcry.Delivery{Webhook: hook, Seq: 1, Type: outcry.ToldBook, State: outcry.DeliveryFailed, At: time.Now()}
	if err := s.Store.SaveOutbox(s.t.Context(), outcry.Outbox{Deliveries: []outcry.Delivery{sent}}); err != nil {
		s.t.Fatal(err)
	}
	s.ids["WEBHOOK"], s.ids["DELIVERY"] = hook, sent.ID()
}

// play calls a route as every role, and compares what is not theirs with what
// there is not.
func (s *scene) play(name string, r row) {
	s.prepare(r.stage)
	method, path, _ := strings.Cut(name, " ")
	if r.path != "" {
		path = r.path
	}
	if name == "DELETE /v1/sessions/current" { // its sessions end
		for _, role := range []string{"other", "rival", "buyer", "staff"} {
			s.callers[role] = s.join(role + "@example.org")
		}
		s.callers["operator"] = s.operate()
	}
	var got []string
	for _, role := range roles {
		if strings.HasSuffix(name, "/line") { // what is no WebSocket is refused by the line itself
			s.callers[role] = s.callers[role].live()
		}
		answer := s.callers[role].send(method, s.filled(path), s.filled(r.body))
		got = append(got, fmt.Sprint(answer.status))
		if answer.status != http.StatusNotFound || role == "operator" {
			continue
		}
		missing := s.callers[role].send(method, s.elsewhere(path), s.filled(r.body))
		if answer.text("code") != missing.text("code") || answer.text("detail") != missing.text("detail") || missing.status != http.StatusNotFound {
			s.t.Errorf("%s: what is not the caller's: %s; what there is not: %s", role, answer.body, missing.body)
		}
	}
	if strings.Join(got, " ") != r.want {
		s.t.Errorf("got  %s\nwant %s", strings.Join(got, " "), r.want)
	}
	s.callers["buyer"].send("POST", "/v1/requests/"+s.ids["REQUEST"]+"/withdraw", "") // so that few stay open
	s.callers["buyer"].send("DELETE", "/v1/keys/"+s.ids["KEY"], "")
	if name == "POST /v1/shops/{id}/suspend" {
		s.callers["operator"].must(http.StatusOK, "POST", "/v1/shops/"+s.shop+"/restore", nil)
	}
	if name == "POST /v1/shops/{id}/pause" {
		s.callers["staff"].must(http.StatusOK, "POST", "/v1/shops/"+s.shop+"/resume", nil)
	}
}

// filled puts the scene's ids into a text.
func (s *scene) filled(text string) string {
	for name, id := range s.ids {
		text = strings.ReplaceAll(text, name, id)
	}
	return text
}

// elsewhere puts ids of things that there are not into a path.
func (s *scene) elsewhere(path string) string {
	tail := strings.Repeat("0", 26)
	return strings.NewReplacer("SHOP", "shop_"+tail, "REQUEST", "req_"+tail, "CALL", "call_"+tail+"00", "OFFER", "off_"+tail+"00",
		"ORDER", "ord_"+tail, "KEY", "key_"+tail, "WEBHOOK", "hook_"+tail, "DELIVERY", "dlv_"+tail+strings.Repeat("0", 13)).Replace(path)
}
