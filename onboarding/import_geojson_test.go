package onboarding_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"outcry"
	"outcry/onboarding"
)

// feature is the text of a collection of one feature.
func feature(properties, geometry string) string {
	return `{"type":"FeatureCollection","name":"x","crs":{"type":"name"},"features":[{"type":"Feature","id":"way/7","properties":` +
		properties + `,"geometry":` + geometry + `}]}`
}

func TestImport_GeoJSONPlaces(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		geometry string
		want     outcry.Place
	}{
		"a point":        {`{"type":"Point","coordinates":[-3.19,55.95,12.5]}`, outcry.Place{Lat: 55.95, Lon: -3.19}},
		"a polygon":      {`{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,2],[0,2],[0,0]],[[1,1],[2,1],[2,1.5],[1,1]]]}`, outcry.Place{Lat: 1, Lon: 2}},
		"a triangle":     {`{"type":"Polygon","coordinates":[[[0,0],[3,0],[0,3],[0,0]]]}`, outcry.Place{Lat: 1, Lon: 1}},
		"many polygons":  {`{"type":"MultiPolygon","coordinates":[[[[10,10],[12,10],[12,12],[10,12],[10,10]]],[[[50,50],[51,50],[51,51],[50,50]]]]}`, outcry.Place{Lat: 11, Lon: 11}},
		"a line":         {`{"type":"LineString","coordinates":[[1,1],[3,1]]}`, outcry.Place{Lat: 1, Lon: 2}},
		"some points":    {`{"type":"MultiPoint","coordinates":[[1,1],[3,3]]}`, outcry.Place{Lat: 2, Lon: 2}},
		"a flat ring":    {`{"type":"Polygon","coordinates":[[[1,1],[1,1],[1,1],[1,1]]]}`, outcry.Place{Lat: 1, Lon: 1}},
		"a collection":   {`{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[5,6]},{"type":"Point","coordinates":[7,8]}]}`, outcry.Place{Lat: 6, Lon: 5}},
		"only its lat":   {`null`, outcry.Place{Lat: 8, Lon: 9}},
		"no coordinates": {`{"type":"Point","coordinates":[]}`, outcry.Place{}},
		"words":          {`{"type":"Point","coordinates":["a","b"]}`, outcry.Place{}},
		"a number":       {`7`, outcry.Place{}},
		"deep nothing":   {`{"type":"Polygon","coordinates":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`, outcry.Place{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHall(t)
			report, shops := h.take(feature(`{"name":"A","shop":"bakery","lat":8,"lon":"9"}`, c.geometry), onboarding.Plan{})
			if c.want == (outcry.Place{}) {
				if len(report.Skipped) != 1 || report.Skipped[0].Row != 1 {
					t.Errorf("the report is %+v; want it skipped", report)
				}
				return
			}
			got := shops["A"].Place
			if math.Abs(got.Lat-c.want.Lat) > 1e-9 || math.Abs(got.Lon-c.want.Lon) > 1e-9 || shops["A"].Source != "way/7" {
				t.Errorf("it is at %+v as %q, want %+v; %+v", got, shops["A"].Source, c.want, report)
			}
		})
	}
}

func TestImport_GeoJSONProperties(t *testing.T) {
	t.Parallel()
	const point = `{"type":"Point","coordinates":[-3.19,55.95]}`
	for name, c := range map[string]struct {
		properties string
		name       string
		code       outcry.Code
	}{
		"OSM":            {`{"name":"A","amenity":"restaurant","cuisine":"italian"}`, "A", "osm:amenity=restaurant.cuisine=italian"},
		"tags inside":    {`{"type":"node","tags":{"name":"A","shop":"bakery"}}`, "A", "osm:shop=bakery"},
		"others' names":  {`{"Title":"A","Categories":["Food","Bakery"]}`, "A", "osm:shop=bakery"},
		"a path":         {`{"Title":"A","category":"Shopping > Shoe Shop"}`, "A", "osm:shop=shoes"},
		"no name":        {`{"shop":"bakery"}`, "Bakery", "osm:shop=bakery"},
		"a wrong key":    {`{"name":"A","shop":"estate_agent"}`, "A", "osm:office=estate_agent"},
		"a tag in words": {`{"name":"A","kind":"shop=bakery"}`, "A", "osm:shop=bakery"},
		"a tag beside":   {`{"name":"A","shop":"yes","craft":"plumber"}`, "A", "osm:craft=plumber"},
		"an odd kind":    {`{"name":"A","shop":"italian_restaurant"}`, "A", "osm:amenity=restaurant.cuisine=italian"},
		"null values":    {`{"name":"A","shop":"bakery","opening_hours":null,"brand":{"x":1},"phone":[["x"]]}`, "A", "osm:shop=bakery"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHall(t)
			report, shops := h.take(feature(c.properties, point), onboarding.Plan{})
			if got, ok := shops[c.name]; !ok || !slices.Contains(got.Codes, c.code) {
				t.Errorf("the shops are %+v, the report %+v", shops, report)
			}
		})
	}
}

func TestImport_GeoJSONOfSomethingElseIsSkipped(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	report, _ := h.take(`{"features":[7,"x",null,{"properties":7},{"geometry":"x"},
		{"id":1,"properties":{"name":"A","shop":"bakery"},"geometry":{"type":"Point","coordinates":[1,2]}}]}`, onboarding.Plan{})
	if report.Rows != 6 || report.Taken != 1 || len(report.Skipped) != 5 {
		t.Errorf("the report is %+v", report)
	}
}
