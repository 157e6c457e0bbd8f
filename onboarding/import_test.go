package onboarding_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/unicode"

	"outcry"
	"outcry/onboarding"
)

// take imports a text and gives the report with the shops by their names.
func (h *hall) take(text string, plan onboarding.Plan) (onboarding.Report, map[string]outcry.Listing) {
	h.t.Helper()
	if plan.TimeZone == "" {
		plan.TimeZone = "Europe/London"
	}
	report, err := h.Import(h.t.Context(), h.actor("op"), strings.NewReader(text), plan)
	if err != nil {
		h.t.Fatal(err)
	}
	return report, h.listings()
}

// listings are the shops in the store by their names.
func (h *hall) listings() map[string]outcry.Listing {
	h.t.Helper()
	all := map[string]outcry.Listing{}
	err := h.store.EachListing(h.t.Context(), func(l outcry.Listing) error {
		all[l.Name] = l
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return all
}

const osmFile = `"id","latitude","longitude","amenity","brand","craft","cuisine","disused:shop","name","opening_hours","phone","shop","website","addr:housenumber","addr:street"
"node/1",55.9377371,-3.2029994,,,,,,"Edinburgh Shoes","Mo-Fr 09:00-19:00; Sa-Su 10:00-18:00","+44 131 228 3565","shoes","http://example.org/","8","Alvanley Terrace"
"node/2",55.9456712,-3.2061679,"restaurant",,,"italian",,"Bella","Tu-Su 12:00-22:00",,,,,
"node/3",55.9442938,-3.2047762,,,"plumber",,,"Drips","24/7",,,,,
"node/4",55.9372862,-3.249504,,"Greggs",,,,,,,"bakery",,,
"node/5",55.9372862,-3.249504,,,,,"bakery","Gone",,,"vacant",,,
"node/6",55.9372862,-3.249504,,,,,"bakery","Long Gone",,,,,,
`

func TestImport_PlacesOfOpenStreetMap(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	report, shops := h.take(osmFile, onboarding.Plan{})
	if report.Rows != 6 || report.Taken != 4 || report.Added != 4 || report.Updated != 0 || len(report.Skipped) != 2 {
		t.Fatalf("the report is %+v", report)
	}
	shoes := shops["Edinburgh Shoes"]
	if shoes.Source != "node/1" || shoes.Place != (outcry.Place{Lat: 55.9377371, Lon: -3.2029994}) || shoes.TimeZone != "Europe/London" ||
		shoes.Hours != "Mo-Fr 09:00-19:00; Sa-Su 10:00-18:00" || shoes.State != outcry.ShopActive || shoes.Owner != "mem_op" ||
		shoes.PriceLevel != 2 || shoes.ServiceRadiusM != 5000 || shoes.Contact != "+44 131 228 3565, http://example.org/, 8 Alvanley Terrace" {
		t.Errorf("the shoe shop is %+v", shoes.Shop)
	}
	if !slices.Equal(shoes.Codes, []outcry.Code{"osm:shop=shoes", "shopify:aa-8"}) {
		t.Errorf("the shoe shop sells %q", shoes.Codes)
	}
	for name, want := range map[string]struct {
		code outcry.Code
		can  []outcry.Capability
		far  int
	}{
		"Bella":           {"osm:amenity=restaurant.cuisine=italian", []outcry.Capability{outcry.Pickup, outcry.Reserve}, 5000},
		"Drips":           {"osm:craft=plumber", []outcry.Capability{outcry.Pickup, outcry.Visit}, 20000},
		"Greggs":          {"osm:shop=bakery", []outcry.Capability{outcry.Pickup}, 5000},
		"Edinburgh Shoes": {"osm:shop=shoes", []outcry.Capability{outcry.Pickup}, 5000},
	} {
		got := shops[name]
		if !slices.Contains(got.Codes, want.code) || !slices.Equal(got.Capabilities, want.can) || got.ServiceRadiusM != want.far {
			t.Errorf("%s sells %q, can %q within %d m; want %+v", name, got.Codes, got.Capabilities, got.ServiceRadiusM, want)
		}
		if h.listed(got.ID).Name != name {
			t.Errorf("%s is not selected from", name)
		}
	}
	if s := report.Skipped[0]; s.Row != 6 || s.Name != "Gone" || s.Source != "node/5" || !strings.Contains(s.Reason, "disused:shop=bakery") {
		t.Errorf("the vacant shop was skipped as %+v", s)
	}
	if s := report.Skipped[1]; s.Row != 7 || !strings.Contains(s.Reason, "disused:shop=bakery") {
		t.Errorf("the former shop was skipped as %+v", s)
	}
	if n := report.Notes; len(n) != 1 || n[0].Row != 5 || n[0].Name != "Greggs" || !strings.Contains(n[0].Text, "brand") {
		t.Errorf("the notes are %+v", n)
	}
}

func TestImport_TwiceUpdates(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	_, before := h.take(osmFile, onboarding.Plan{})
	id := before["Drips"].ID
	if _, err := h.Suspend(t.Context(), h.actor("op"), id, "rude"); err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer("24/7", "Mo 09:00-10:00", `"plumber"`, `"plumber;shoes"`).Replace(osmFile)
	report, after := h.take(changed, onboarding.Plan{})
	if report.Taken != 4 || report.Added != 0 || report.Updated != 4 || len(after) != 4 {
		t.Fatalf("the report is %+v, there are %d shops", report, len(after))
	}
	drips := after["Drips"]
	if drips.ID != id || drips.Hours != "Mo 09:00-10:00" || drips.State != outcry.ShopSuspended || !slices.Contains(drips.Codes, "shopify:aa-8") {
		t.Errorf("the plumber became %+v", drips)
	}
	if got := h.listed(id); got.Hours != "Mo 09:00-10:00" || got.State != outcry.ShopSuspended {
		t.Errorf("the plumber is selected from as %+v", got)
	}
	if before["Edinburgh Shoes"].ID != after["Edinburgh Shoes"].ID {
		t.Error("the shoe shop is another one now")
	}
}

func TestImport_DryRunChangesNothing(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	dry, shops := h.take(osmFile, onboarding.Plan{DryRun: true})
	if len(shops) != 0 || !dry.DryRun {
		t.Fatalf("%d shops are there after a dry run", len(shops))
	}
	wet, _ := h.take(osmFile, onboarding.Plan{})
	if dry.DryRun = false; fmt.Sprint(dry) != fmt.Sprint(wet) {
		t.Errorf("the dry run says %+v, the import %+v", dry, wet)
	}
	if again, _ := h.take(osmFile, onboarding.Plan{DryRun: true}); again.Updated != 4 || again.Added != 0 {
		t.Errorf("a dry run over what is there says %+v", again)
	}
}

func TestImport_OtherPeoplesColumns(t *testing.T) {
	t.Parallel()
	rows := "Sole Mates;55,95;-3,19;Shoe Shop;Mo-Fr 9-17;12\nCafé Doré;55,96;-3,20;osm:shop=bakery;;13\n"
	for name, text := range map[string]string{
		"semicolons":       "Title;LAT;Lng;Category;Hours;Ref\n" + rows,
		"tabs":             strings.ReplaceAll("title;lat;lon;type;opening hours;ID\n"+rows, ";", "\t"),
		"bars":             strings.ReplaceAll("shop-name;Latitude;Longitude;kind;Opening_Hours;@id\n"+rows, ";", "|"),
		"commas":           "Shop Name,y,x,business type,OPENING TIMES,osm_id\nSole Mates,55.95,-3.19,Shoe Shop,Mo-Fr 9-17,12\nCafé Doré,55.96,-3.20,osm:shop=bakery,,13\n",
		"quotes":           "\"title\";\"lat\";\"long\";\"Shop Type\";\"hours\";\"id\"\n" + rows,
		"quoted signs":     "\"title\",\"lat\",\"lng\",\"hours\",\"category\",\"a;b;c;d;e;f;g;h\",\"id\"\nSole Mates,55.95,-3.19,Mo-Fr 9-17,Shoe Shop,,12\nCafé Doré,55.96,-3.20,,osm:shop=bakery,,13\n",
		"a mark":           "\ufefftitle;lat;lng;category;hours;id\n" + rows,
		"a line of Excel":  "sep=;\r\ntitle;lat;lng;category;hours;id\r\n" + rows,
		"a point":          "name;location;category;hours;id\nSole Mates;55.95, -3.19;Shoe Shop;Mo-Fr 9-17;12\nCafé Doré;POINT (-3.20 55.96);osm:shop=bakery;;13\n",
		"a shop of a name": "shop;lat;lng;category;hours;id\n" + rows,
		"carriage returns": strings.ReplaceAll("title;lat;lng;category;hours;id\n"+rows, "\n", "\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHall(t)
			report, shops := h.take(text, onboarding.Plan{})
			if report.Taken != 2 || len(report.Skipped) != 0 {
				t.Fatalf("the report is %+v", report)
			}
			shoes, cafe := shops["Sole Mates"], shops["Café Doré"]
			if shoes.Place != (outcry.Place{Lat: 55.95, Lon: -3.19}) || shoes.Source != "12" || shoes.Hours != "Mo-Fr 9-17" ||
				!slices.Equal(shoes.Codes, []outcry.Code{"osm:shop=shoes", "shopify:aa-8"}) {
				t.Errorf("the shoe shop is %+v", shoes)
			}
			if cafe.Place != (outcry.Place{Lat: 55.96, Lon: -3.20}) || !slices.Equal(cafe.Codes, []outcry.Code{"osm:shop=bakery"}) {
				t.Errorf("the café is %+v", cafe)
			}
		})
	}
}

func TestImport_TheEncodingIsFound(t *testing.T) {
	t.Parallel()
	const text = "title,lat,lng,category\nCafé Doré – “Zoë” €,55.95,-3.19,bakery\n"
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	western := strings.NewReplacer("é", "\xe9", "–", "\x96", "“", "\x93", "”", "\x94", "ë", "\xeb", "€", "\x80").Replace(text)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte(western)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text  string
		notes int
	}{"UTF-8": {text, 0}, "UTF-16": {utf16, 0}, "Windows-1252": {western, 1}, "Windows-1252 in gzip": {packed.String(), 1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHall(t)
			report, shops := h.take(c.text, onboarding.Plan{})
			if _, ok := shops["Café Doré – “Zoë” €"]; !ok || len(report.Notes) != c.notes {
				t.Errorf("the shops are %+v, the report %+v", shops, report)
			}
		})
	}
}

func TestImport_LettersMayComeInPieces(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	text := iotest.OneByteReader(strings.NewReader("title,lat,lng,category\nCafé “빵” 🍞,55.95,-3.19,bakery\n"))
	report, err := h.Import(t.Context(), h.actor("op"), text, onboarding.Plan{TimeZone: "UTC"})
	if _, ok := h.listings()["Café “빵” 🍞"]; err != nil || !ok || len(report.Notes) != 0 {
		t.Errorf("the shops are %+v, the report %+v, %v", h.listings(), report, err)
	}
}

func TestImport_AnotherChangeInBetweenIsListedToo(t *testing.T) {
	t.Parallel()
	in := &overtaken{}
	h := newHall(t, func(c *onboarding.Config) { in.Listings = c.Listings; c.Listings = in })
	op := h.actor("op")
	in.meanwhile = func() {
		for _, l := range h.listings() {
			if _, err := h.Suspend(t.Context(), op, l.ID, "rude"); err != nil {
				t.Error(err)
			}
		}
	}
	_, shops := h.take(osmFile, onboarding.Plan{})
	for name, l := range shops {
		if h.listed(l.ID).State != outcry.ShopSuspended {
			t.Errorf("%s is selected from as %s: what came in between is lost", name, h.listed(l.ID).State)
		}
	}
}

func TestImport_NamedColumns(t *testing.T) {
	t.Parallel()
	const text = "Bezeichnung,Nord,Ost,Sparte,Offen,Nummer,Umkreis,Ruf,name\nSchuh Schmidt,48.1,11.5,Shoe Shop,Mo 9-17,7,2 km,089 1,wrong\n"
	h := newHall(t)
	plan := onboarding.Plan{
		Source: "kammer", TimeZone: "Europe/Berlin", Languages: []string{"de"}, PriceLevel: 3, Capabilities: []string{"deliver"}, State: outcry.ShopPending,
		Columns: map[string]string{
			"name": "BEZEICHNUNG", "lat": "Nord", "lon": "Ost", "kind": "Sparte", "hours": "Offen", "id": "Nummer", "radius": "Umkreis", "contact": "Ruf",
		},
	}
	_, shops := h.take(text, plan)
	got := shops["Schuh Schmidt"]
	if got.Source != "kammer/7" || got.Place != (outcry.Place{Lat: 48.1, Lon: 11.5}) || got.Hours != "Mo 9-17" || got.ServiceRadiusM != 2000 ||
		got.Contact != "089 1" || got.TimeZone != "Europe/Berlin" || got.Languages[0] != "de" || got.PriceLevel != 3 ||
		!slices.Equal(got.Capabilities, []outcry.Capability{outcry.Deliver}) || got.State != outcry.ShopPending {
		t.Errorf("the shop is %+v", got)
	}
}

func TestImport_EachSkippedRowSaysWhy(t *testing.T) {
	t.Parallel()
	const head = "name,lat,lon,kind,id\n"
	for name, c := range map[string]struct{ row, says string }{
		"no place":         {"A,,,bakery,1", "no place"},
		"half a place":     {"A,55.9,,bakery,1", "cannot be read"},
		"a place in words": {"A,here,there,bakery,1", "cannot be read"},
		"not a number":     {"A,NaN,1,bakery,1", "cannot be read"},
		"off the globe":    {"A,95,200,bakery,1", "off the globe"},
		"turned round":     {"A,126.9,37.5,bakery,1", "exchanged"},
		"a grid's metres":  {"A,325000,673000,bakery,1", "metres of a map grid"},
		"the null island":  {"A,0,0,bakery,1", "stands for none"},
		"no kind":          {"A,55.9,-3.1,,1", "no kind"},
		"a silent kind":    {"A,55.9,-3.1,yes,1", `"yes" does not say what it sells`},
		"an unknown kind":  {"A,55.9,-3.1,qwrtz,1", `"qwrtz" is not known`},
		"vacant":           {"A,55.9,-3.1,vacant,1", "no shop at the place"},
		"many values":      {"A,55.9,-3.1,bakery,1,2", "6 values under 5 headings"},
		"nothing":          {",,,,", "empty"},
		"a quote left":     {"\"A,55.9,-3.1,bakery,1\n" + strings.Repeat("B,55.9,-3.1,bakery,2\n", 4000), "quote that is not closed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHall(t)
			report, shops := h.take(head+c.row+"\n", onboarding.Plan{})
			if len(shops) != 0 || len(report.Skipped) != 1 || report.Skipped[0].Row != 2 || !strings.Contains(report.Skipped[0].Reason, c.says) {
				t.Errorf("the report is %+v; want a skip that says %q", report, c.says)
			}
		})
	}
}

func TestImport_TheSameIdTwice(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	report, shops := h.take("name,lat,lon,kind,id\n\nA,1,1,bakery,1\nB,2,2,bakery,1\nC,3,3,bakery,\nC,3,3,bakery,\nC,4,4,bakery,\n", onboarding.Plan{})
	if report.Taken != 3 || len(report.Skipped) != 2 || report.Skipped[0].Row != 4 || !strings.Contains(report.Skipped[0].Reason, "row 3") ||
		report.Skipped[1].Row != 6 || shops["A"].Source != "1" || shops["B"].ID != "" {
		t.Errorf("the report is %+v", report)
	}
	if again, _ := h.take("name,lat,lon,kind\nC,3,3,bakery\n", onboarding.Plan{}); again.Updated != 1 {
		t.Errorf("a row without an id is not known again: %+v", again)
	}
}

func TestImport_AnIdOfAnotherFileIsNotOverwritten(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.take("name,lat,lon,kind,id\nA,55.9,-3.1,bakery,1\n", onboarding.Plan{})
	report, shops := h.take("name,lat,lon,kind,id\nB,48.1,11.5,bakery,1\n", onboarding.Plan{})
	if report.Taken != 0 || len(report.Skipped) != 1 || !strings.Contains(report.Skipped[0].Reason, `"A"`) || shops["A"].Place.Lat != 55.9 {
		t.Errorf("the report is %+v, the shops %+v", report, shops)
	}
	if report, _ := h.take("name,lat,lon,kind,id\nB,48.1,11.5,bakery,1\n", onboarding.Plan{Source: "munich"}); report.Added != 1 {
		t.Errorf("with a source of its own: %+v", report)
	}
}

func TestImport_WhatCannotBeReadIsTakenWithANote(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	report, shops := h.take("name,lat,lon,kind,hours,tz,radius,languages,price_level,capabilities,codes\n"+
		"A,1,1,bakery,ask at the bar,Mars/Olympus,far,en de ??,££££££,fly deliver,x:y osm:shop=cobbler\n"+
		"B,2,2,bakery,,Asia/Seoul,3 km,ko;en,£££,\"visit, reserve\",\n", onboarding.Plan{})
	a, b := shops["A"], shops["B"]
	if a.Hours != "" || a.TimeZone != "Europe/London" || a.ServiceRadiusM != 5000 || !slices.Equal(a.Languages, []string{"en", "de"}) || a.PriceLevel != 2 ||
		!slices.Equal(a.Capabilities, []outcry.Capability{outcry.Deliver}) || !slices.Equal(a.Codes, []outcry.Code{"osm:shop=shoes", "shopify:aa-8"}) {
		t.Errorf("A is %+v", a)
	}
	if b.TimeZone != "Asia/Seoul" || b.ServiceRadiusM != 3000 || b.Languages[0] != "ko" || b.PriceLevel != 3 ||
		!slices.Equal(b.Capabilities, []outcry.Capability{outcry.Reserve, outcry.Visit}) {
		t.Errorf("B is %+v", b)
	}
	for _, says := range []string{`"ask at the bar" cannot be read`, "Mars/Olympus", `"far"`, `"??"`, "££££££", `"fly"`, `"x:y"`} {
		if !slices.ContainsFunc(report.Notes, func(n onboarding.Note) bool { return n.Row == 2 && n.Name == "A" && strings.Contains(n.Text, says) }) {
			t.Errorf("no note says %s: %+v", says, report.Notes)
		}
	}
	if len(report.Notes) != 7 {
		t.Errorf("the notes are %+v", report.Notes)
	}
}

func TestImport_WhoMay(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	for name, c := range map[string]struct {
		actor outcry.Actor
		kind  outcry.Kind
		code  string
	}{
		"a stranger":               {outcry.Actor{}, outcry.Unauthorized, "no_token"},
		"a member":                 {h.actor("ada"), outcry.Forbidden, "operator_only"},
		"the operator's buyer key": {h.key("op", outcry.ScopeBuy), outcry.Forbidden, "operator_only"},
		"the operator's reader":    {h.key("op", outcry.ScopeRead), outcry.Forbidden, "read_only"},
		"the operator":             {h.actor("op"), "", ""},
		"the operator's key":       {h.key("op", outcry.ScopeOperate), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			// One import runs at a time, so these do too.
			_, err := h.Import(t.Context(), c.actor, strings.NewReader(osmFile), onboarding.Plan{TimeZone: "Europe/London"})
			wants(t, err, c.kind, c.code)
		})
	}
}

func TestImport_PlansFaultsAreToldAtOnce(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	_, err := h.Import(t.Context(), h.actor("op"), strings.NewReader(osmFile), onboarding.Plan{
		Format: "xls", Columns: map[string]string{"nam": "x", "name": " "}, Source: strings.Repeat("x", 41), Kind: "a\x00", TimeZone: "Local",
		Languages: []string{"?"}, ServiceRadiusM: -1, PriceLevel: 9, Capabilities: []string{"fly"}, State: outcry.ShopSuspended,
	})
	wantsFaults(t, err, "plan.format", "plan.columns.nam", "plan.columns.name", "plan.source", "plan.kind", "plan.time_zone",
		"plan.languages[0]", "plan.service_radius_m", "plan.price_level", "plan.capabilities[0]", "plan.state")
}

func TestImport_FilesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	const head = "name,lat,lon,kind\n"
	huge := head + strings.Repeat(" ", 51<<20)
	var bomb bytes.Buffer
	w := gzip.NewWriter(&bomb)
	if _, err := w.Write([]byte(huge)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text string
		plan onboarding.Plan
		code string
		at   string
	}{
		"nothing":                  {"", onboarding.Plan{}, "invalid", "file"},
		"white space":              {" \n ", onboarding.Plan{}, "invalid", "file"},
		"no place":                 {"name,kind\nA,bakery\n", onboarding.Plan{}, "invalid", "plan.columns.lat"},
		"no kind":                  {"name,lat,lon\nA,1,1\n", onboarding.Plan{}, "invalid", "plan.columns.kind"},
		"a column it has not":      {"name,lat,lon,kind\nA,1,1,bakery\n", onboarding.Plan{Columns: map[string]string{"name": "Titel"}}, "invalid", "plan.columns.name"},
		"a picture":                {"\x89PNG\r\n\x1a\n\x00\x00\x00", onboarding.Plan{}, "invalid", ""},
		"a broken package":         {bomb.String()[:1000], onboarding.Plan{}, "broken_file", ""},
		"no package":               {"\x1f\x8bnonsense", onboarding.Plan{}, "broken_file", ""},
		"a package too large":      {bomb.String(), onboarding.Plan{}, "too_large", ""},
		"a file too large":         {huge, onboarding.Plan{}, "too_large", ""},
		"too many rows":            {head + strings.Repeat("A,1,1,\n", 200_001), onboarding.Plan{}, "too_many_rows", ""},
		"JSON of another kind":     {`{"type": "Topology"}`, onboarding.Plan{}, "invalid", "file"},
		"JSON that breaks off":     {`{"type": "FeatureCollection", "features": [{"type": "Feature"`, onboarding.Plan{}, "broken_file", ""},
		"JSON that goes wrong":     {`{"features": [{"type": }]}`, onboarding.Plan{}, "broken_file", ""},
		"JSON that is a list":      {`[1]`, onboarding.Plan{Format: onboarding.GeoJSON}, "invalid", "file"},
		"features that are none":   {`{"features": 7}`, onboarding.Plan{}, "invalid", "file"},
		"JSON where CSV was meant": {`{"features": []}`, onboarding.Plan{Format: onboarding.CSV}, "invalid", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHall(t)
			c.plan.TimeZone = "Europe/London"
			_, err := h.Import(t.Context(), h.actor("op"), strings.NewReader(c.text), c.plan)
			wants(t, err, outcry.Invalid, c.code)
			var e *outcry.Error
			if c.at != "" && errors.As(err, &e) && !slices.ContainsFunc(e.Fields, func(f outcry.Field) bool { return f.Location == c.at }) {
				t.Errorf("%v; want it to complain about %s", err, c.at)
			}
			if shops := h.listings(); len(shops) != 0 {
				t.Errorf("took %d shops", len(shops))
			}
		})
	}
}

func TestImport_AKindForAll(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	report, shops := h.take("name,lat,lon\nA,1,1\nB,2,2\n", onboarding.Plan{Kind: "hotel"})
	if report.Taken != 2 || !slices.Equal(shops["B"].Codes, []outcry.Code{"osm:tourism=hotel"}) || !slices.Equal(shops["A"].Capabilities, []outcry.Capability{outcry.Reserve}) {
		t.Errorf("the report is %+v, the shops %+v", report, shops)
	}
}

func TestImport_OneAtATime(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	first := &slowFile{text: strings.NewReader(osmFile)}
	first.meanwhile = func() {
		_, err := h.Import(t.Context(), h.actor("op"), strings.NewReader(osmFile), onboarding.Plan{TimeZone: "Europe/London"})
		wants(t, err, outcry.Conflict, "import_running")
	}
	report, err := h.Import(t.Context(), h.actor("op"), first, onboarding.Plan{TimeZone: "Europe/London"})
	if err != nil || report.Taken != 4 {
		t.Errorf("the first one: %+v, %v", report, err)
	}
	h.take(osmFile, onboarding.Plan{})
}

// slowFile does something else when it is read for the first time.
type slowFile struct {
	text      *strings.Reader
	meanwhile func()
}

func (s *slowFile) Read(p []byte) (int, error) {
	if s.meanwhile != nil {
		s.meanwhile()
		s.meanwhile = nil
	}
	return s.text.Read(p)
}

func TestImport_WhatWasTakenBeforeAFaultIsSelectedFrom(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	var text strings.Builder
	text.WriteString(`{"type":"FeatureCollection","features":[`)
	for i := range 600 {
		fmt.Fprintf(&text, `{"id":%d,"properties":{"name":"S%d","shop":"bakery"},"geometry":{"type":"Point","coordinates":[%d,10]}},`, i, i, i%100+1)
	}
	report, err := h.Import(t.Context(), h.actor("op"), strings.NewReader(text.String()), onboarding.Plan{TimeZone: "UTC"})
	wants(t, err, outcry.Invalid, "broken_file")
	shops := h.listings()
	if report.Taken != 500 || len(shops) != 500 {
		t.Fatalf("the report says %d were taken, there are %d", report.Taken, len(shops))
	}
	h.listed(shops["S499"].ID)
}

func TestImport_AFaultOfTheStoreIsTold(t *testing.T) {
	t.Parallel()
	h := newHall(t, func(c *onboarding.Config) { c.Shops = fullDisk{c.Shops} })
	report, err := h.Import(t.Context(), h.actor("op"), strings.NewReader(osmFile), onboarding.Plan{TimeZone: "UTC"})
	wants(t, err, outcry.Unavailable, "maybe")
	if report.Taken != 0 || len(report.Skipped) != 2 {
		t.Errorf("the report is %+v", report)
	}
}

// fullDisk takes no imports.
type fullDisk struct{ onboarding.Shops }

func (fullDisk) ImportShops(context.Context, string, []outcry.Listing) (int, error) {
	return 0, &outcry.Error{Kind: outcry.Unavailable, Code: "maybe", Retry: 1}
}
