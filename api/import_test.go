package api_test

import (
	"bytes"
	"compress/gzip"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const shopFile = "title,latitude,longitude,type\nCrumb,55.95,-3.19,bakery\nNowhere,x,y,bakery\nCrust,55.96,-3.2,bakery\n"

// imports checks that an import has taken two shops and told of the third.
func imports(t *testing.T, got reply) {
	t.Helper()
	skips, _ := got.said["skips"].([]any)
	if got.status != http.StatusOK || got.said["taken"] != 2.0 || got.said["skipped"] != 1.0 || len(skips) != 1 {
		t.Fatalf("the import is answered %d %s", got.status, got.body)
	}
	skip, _ := skips[0].(map[string]any)
	if skip["row"] != 3.0 || dig(skip, "name") != "Nowhere" || dig(skip, "reason") == "" {
		t.Errorf("the skipped row is %v", skip)
	}
}

func TestImport_InEveryWay(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	operator := m.operate()
	const path = "/v1/shops/import"
	imports(t, operator.send("POST", path+"?time_zone=Europe/London&dry_run=true", shopFile, "Content-Type", "text/csv"))
	if shops := operator.must(200, "GET", "/v1/shops", nil); len(items(shops)) != 0 {
		t.Errorf("a dry run has made %v", shops)
	}
	mapped := strings.Replace(shopFile, "title", "trading as", 1)
	imports(t, operator.send("POST", path+"?time_zone=Europe/London&map=name%3Dtrading%20as", mapped, "Content-Type", "text/csv"))
	imports(t, operator.send("POST", path+"?time_zone=Europe/London&columns=%7B%22name%22:%22trading%20as%22%7D", mapped, "Content-Type", "text/csv"))
	imports(t, operator.send("POST", path, mustJSON(t, map[string]any{
		"time_zone": "Europe/London", "columns": map[string]string{"name": "trading as"}, "data": mapped,
	})))
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte(shopFile))
	_ = z.Close()
	imports(t, operator.send("POST", path+"?time_zone=Europe/London", packed.String(), "Content-Type", "application/gzip"))
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	_ = parts.WriteField("time_zone", "Europe/London")
	_ = parts.WriteField("languages", "en, gd")
	_ = parts.WriteField("map", "name=trading as")
	file, _ := parts.CreateFormFile("file", "shops.csv")
	_, _ = file.Write([]byte(mapped))
	_ = parts.Close()
	imports(t, operator.send("POST", path, form.String(), "Content-Type", parts.FormDataContentType()))
	shops := operator.must(200, "GET", "/v1/shops?mine=true", nil)
	if n := len(items(shops)); n != 2 {
		t.Errorf("the same file again has made %d shops", n)
	}
	geo := `{"type": "FeatureCollection", "features": [{"type": "Feature", "id": "n1", "properties": {"name": "Kiln", "shop": "pottery"},
		"geometry": {"type": "Point", "coordinates": [-3.2, 55.9]}}]}`
	for _, kind := range []string{"application/geo+json", "application/json"} {
		if got := operator.send("POST", path+"?time_zone=Europe/London", geo, "Content-Type", kind); got.said["taken"] != 1.0 {
			t.Errorf("GeoJSON as %s: %d %s", kind, got.status, got.body)
		}
	}
}

func TestImport_WhatIsWrongIsNamedWhereItWasGiven(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	operator := m.operate()
	for _, c := range []struct{ query, body, kind, want string }{
		{"?time_zone=Local", shopFile, "text/csv", "query.time_zone"},
		{"?time_zone=Mars", `{"data": "x"}`, "application/json", "body.time_zone"},
		{"", `{"data": "x", "time_zone": "UTC", "colums": {}}`, "application/json", "body.colums"},
		{"", `{"data": "x", "time_zone": "UTC", "columns": {"nam": "x"}}`, "application/json", "body.columns.nam"},
		{"", `{"data": "x", "time_zone": 5}`, "application/json", "body.time_zone"},
		{"", `{"data": "x", "data": "y"}`, "application/json", "body.data"},
		{"", `{"time_zone": "UTC"}`, "application/json", "body.data"},
		{"?time_zone=UTC&map=name", shopFile, "text/csv", "query.map"},
		{"?time_zone=UTC&columns=name", shopFile, "text/csv", "query.columns"},
		{"?time_zone=UTC&price_level=9", shopFile, "text/csv", "query.price_level"},
		{"?time_zone=UTC", "x", "multipart/form-data", "body"},
		{"?time_zone=UTC", "--b\r\nContent-Disposition: form-data; name=\"time_zone\"\r\n\r\nUTC\r\n--b--\r\n", "multipart/form-data; boundary=b", "body.file"},
		{"?time_zone=UTC", "--b\r\nContent-Disposition: form-data; name=\"dry_run\"\r\n\r\nhm\r\n--b--\r\n", "multipart/form-data; boundary=b", "body.dry_run"},
		{"?time_zone=UTC", "--b\r\nContent-Disposition: form-data; name=\"fyle\"\r\n\r\nx\r\n--b--\r\n", "multipart/form-data; boundary=b", "body.fyle"},
		{"?time_zone=UTC", "<shops/>", "application/xml", "header.Content-Type"},
	} {
		got := operator.send("POST", "/v1/shops/import"+c.query, c.body, "Content-Type", c.kind)
		if got.status < 400 || got.status >= 500 || !strings.Contains(string(got.body), `"location":"`+c.want+`"`) {
			t.Errorf("%s %s %.40s: want a complaint at %s, got %d %s", c.query, c.kind, c.body, c.want, got.status, got.body)
		}
	}
}

func TestImport_NeverAFault(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	operator := m.operate()
	for _, kind := range []string{"text/csv", "application/json", "application/geo+json", "application/gzip", "multipart/form-data; boundary=b"} {
		for _, body := range brokenBodies {
			for _, path := range []string{"/v1/shops/import?time_zone=UTC", "/v1/signals/import"} {
				r := httptest.NewRequest("POST", path, strings.NewReader(body))
				r.Header.Set("Content-Type", kind)
				r.Header.Set("Authorization", "Bearer "+operator.token)
				w := httptest.NewRecorder()
				m.handler.ServeHTTP(w, r)
				if w.Code >= 500 {
					t.Errorf("%s %s %.40q: %d %s", path, kind, body, w.Code, w.Body)
				}
			}
		}
	}
}

func TestImport_Signals(t *testing.T) {
	t.Parallel()
	m := newMarket(t, freely)
	operator := m.operate()
	got := operator.send("POST", "/v1/signals/import", "gid://shopify/TaxonomyCategory/aa : Apparel\ngid://shopify/TaxonomyCategory/aa-8 : Apparel > Shoes\nrubbish\n",
		"Content-Type", "text/plain")
	if got.status != http.StatusOK || got.said["taken"] != 2.0 || got.said["added"] != 2.0 || got.said["skipped"] != 1.0 {
		t.Errorf("Shopify's lines: %d %s", got.status, got.body)
	}
	shoes := m.stranger().must(200, "GET", "/v1/signals/shopify:aa-8", nil)
	if path, _ := shoes["path"].([]any); len(path) != 2 || path[1] != "Shoes" {
		t.Errorf("the code is %v", shoes)
	}
	dry := operator.send("POST", "/v1/signals/import?dry_run=true", "187 - Apparel\n", "Content-Type", "text/plain")
	if dry.status != http.StatusOK || dry.said["taken"] != 1.0 || m.stranger().send("GET", "/v1/signals/google:187", "").status != http.StatusNotFound {
		t.Errorf("a dry run of Google's lines: %d %s", dry.status, dry.body)
	}
}
